package io.kordon.streams.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.incident.CommandState;
import io.kordon.streams.incident.Dossier;
import io.kordon.streams.incident.Incident;
import io.kordon.streams.incident.Mode;
import io.kordon.streams.incident.StepState;
import io.kordon.streams.incident.StepStatus;
import io.kordon.streams.incident.Verdict;
import io.kordon.streams.incident.Verdict.Action;
import io.kordon.streams.response.Command;
import io.kordon.streams.response.Responder;
import io.kordon.streams.response.Step;
import io.kordon.streams.topology.StateCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** What holds whatever evidence, results and decisions come, in whatever order, and however often. */
class ResponseInvarianceTest {
    private static final long T = 1_000_000;

    private static final Responder PLAYBOOKS = new Responder(Scenario.playbooks("""
            name: mark
            when: {score: 40}
            mode: automatic
            steps: [label]
            ---
            name: fence
            when: {score: 70}
            mode: automatic
            steps: [label, isolate]
            release-after: 1h
            ---
            name: kill
            when: {level: critical}
            mode: approval
            steps: [capture, terminate]
            """));

    /** Something that happens; what it is about is chosen among what is there by then. */
    private record Happening(int kind, int which, int detail) {}

    @Property(tries = 500)
    void aRestartBetweenAnyTwoInputsChangesNothing(@ForAll("stories") List<Happening> story) {
        Story kept = new Story(UnaryOperator.identity(), false);
        Story restarted = new Story(StateCodec::throughBytes, false);
        story.forEach(kept::happens);
        story.forEach(restarted::happens);
        assertThat(restarted.scenario.revisions).isEqualTo(kept.scenario.revisions);
        assertThat(restarted.scenario.commands).isEqualTo(kept.scenario.commands);
    }

    @Property(tries = 500)
    void whatIsToldTwiceCountsOnce(@ForAll("stories") List<Happening> story) {
        Story once = new Story(UnaryOperator.identity(), false);
        Story twice = new Story(UnaryOperator.identity(), true);
        story.forEach(once::happens);
        story.forEach(twice::happens);
        assertThat(twice.scenario.commands).isEqualTo(once.scenario.commands);
        assertThat(twice.scenario.incidents.values()).allSatisfy(incident -> {
            Incident other = once.scenario.incidents.get(incident.id());
            assertThat(incident.commands()).isEqualTo(other.commands());
            assertThat(incident.decisions()).isEqualTo(other.decisions());
            assertThat(incident.status()).isEqualTo(other.status());
        });
    }

    @Property(tries = 500)
    void replayedResultsChangeNoStatus(@ForAll("stories") List<Happening> story) {
        Story told = new Story(UnaryOperator.identity(), false);
        story.forEach(told::happens);
        Map<String, String> before = told.statuses();
        List.copyOf(told.results).forEach(told.scenario::apply);
        assertThat(told.statuses()).isEqualTo(before);
    }

    @Property(tries = 500)
    void nothingIsIssuedThatNobodyMayAskFor(@ForAll("stories") List<Happening> story) {
        Story told = new Story(StateCodec::throughBytes, false);
        for (Happening happening : story) {
            Map<String, CommandState> shown = told.states();
            Set<String> dismissed = told.dismissed();
            int before = told.scenario.commands.size();
            told.happens(happening);
            for (Command command : told.scenario.commands.subList(before, told.scenario.commands.size())) {
                CommandState was = shown.get(command.id());
                if (command.playbook().equals(CommandState.RELEASE)) {
                    assertThat(was).as("each release once").isNull();
                } else {
                    assertThat(dismissed).doesNotContain(command.incidentId());
                    assertThat(was == null || was.isWaiting()).isTrue();
                    assertThat(command.approval() != null)
                            .as("approved if it was shown to wait, or its playbook asks")
                            .isEqualTo(was != null);
                    if (was != null) {
                        assertThat(command.steps().stream().map(Step::action).toList())
                                .as("what was shown")
                                .isEqualTo(was.steps().stream()
                                        .map(StepState::action)
                                        .toList());
                    }
                    assertThat(command.mode()).isEqualTo(Mode.AUTOMATIC);
                }
            }
        }
        Statistics.label("approved")
                .collect(told.scenario.commands.stream().anyMatch(command -> command.approval() != null))
                .coverage(coverage -> coverage.check(true).percentage(share -> share > 5));
        Statistics.label("released")
                .collect(told.scenario.incidents.values().stream()
                        .flatMap(incident -> incident.commands().stream())
                        .anyMatch(command -> command.isRelease() && command.status() == StepStatus.DONE))
                .coverage(coverage -> coverage.check(true).percentage(share -> share > 5));
    }

    @Provide
    Arbitrary<List<Happening>> stories() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 13),
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.integers().between(0, 3))
                .as(Happening::new)
                .list()
                .ofMinSize(3)
                .ofMaxSize(30);
    }

    /** Makes what happens of numbers: the same numbers tell the same story. */
    private static final class Story {
        private final Signals signals = new Signals(ResponseTest.RULES, "uid-1");
        private final boolean again;
        private final List<Input> results = new ArrayList<>();
        private int told;
        final Scenario scenario;

        Story(UnaryOperator<EntityState> stored, boolean again) {
            this.scenario = new Scenario(ResponseTest.RULES, stored, PLAYBOOKS);
            this.again = again;
        }

        void happens(Happening happening) {
            told++;
            if (happening.kind() < 3) {
                scenario.observe(signals.point(happening.kind() == 0 ? "shell" : "rce", T + told));
            } else if (happening.kind() < 8) {
                report(happening);
            } else if (happening.kind() < 13) {
                decide(happening);
            } else {
                scenario.idle(1_800L * (1 + happening.detail()));
            }
            scenario.idle(0); // what is due is done now, and not by chance with what is told next
        }

        private void report(Happening happening) {
            List<CommandState> all = List.copyOf(states().values());
            if (all.isEmpty()) {
                return;
            }
            CommandState command = all.get(happening.which() % all.size());
            StepStatus rest = happening.which() % 2 == 0 ? StepStatus.REFUSED : StepStatus.WAITING;
            StepStatus status = List.of(StepStatus.DONE, StepStatus.DONE, StepStatus.FAILED, rest)
                    .get(happening.detail());
            int step = happening.kind() < 6 ? CommandState.WHOLE_RUN : happening.which() % 2;
            Input result =
                    new Input.Reported(incidentOf(command), command.id(), step, status, "said", Signals.micros(T + 5));
            if (command.issuedAt() != null) {
                results.add(result); // others are of no actuator
            }
            twice(result);
        }

        private void decide(Happening happening) {
            List<String> ids = List.copyOf(scenario.incidents.keySet());
            if (ids.isEmpty()) {
                return;
            }
            Action action = happening.kind() < 12
                    ? List.of(Action.APPROVE, Action.REJECT, Action.RELEASE, Action.APPROVE)
                            .get(happening.detail())
                    : List.of(Action.CLOSE, Action.DISMISS, Action.REOPEN, Action.RELEASE)
                            .get(happening.detail());
            Verdict verdict = new Verdict("d" + told, action, "ann", "", Signals.micros(T + told));
            twice(new Input.Decided(ids.get(happening.which() % ids.size()), verdict, null, Dossier.NONE));
        }

        private void twice(Input input) {
            scenario.apply(input);
            if (again) {
                scenario.idle(0);
                scenario.apply(input);
            }
        }

        Map<String, CommandState> states() {
            Map<String, CommandState> states = new HashMap<>();
            scenario.incidents
                    .values()
                    .forEach(incident -> incident.commands().forEach(command -> states.put(command.id(), command)));
            return states;
        }

        private String incidentOf(CommandState command) {
            return scenario.incidents.values().stream()
                    .filter(incident -> incident.hasCommand(command.id()))
                    .findFirst()
                    .orElseThrow()
                    .id();
        }

        Set<String> dismissed() {
            Set<String> ids = new HashSet<>();
            scenario.incidents.values().stream()
                    .filter(Incident::dismissed)
                    .forEach(incident -> ids.add(incident.id()));
            return ids;
        }

        Map<String, String> statuses() {
            Map<String, String> statuses = new HashMap<>();
            scenario.incidents
                    .values()
                    .forEach(incident -> statuses.put(
                            incident.id(),
                            incident.status() + " " + incident.phase() + " "
                                    + incident.commands().stream()
                                            .map(command -> command.id()
                                                    + command.status()
                                                    + command.steps().stream()
                                                            .map(StepState::status)
                                                            .toList())
                                            .toList()));
            return statuses;
        }
    }
}
