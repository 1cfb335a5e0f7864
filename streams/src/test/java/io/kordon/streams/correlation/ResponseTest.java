package io.kordon.streams.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.incident.CommandState;
import io.kordon.streams.incident.Dossier;
import io.kordon.streams.incident.Incident;
import io.kordon.streams.incident.Mode;
import io.kordon.streams.incident.OnFailure;
import io.kordon.streams.incident.Phase;
import io.kordon.streams.incident.Source;
import io.kordon.streams.incident.Status;
import io.kordon.streams.incident.StepState;
import io.kordon.streams.incident.StepStatus;
import io.kordon.streams.incident.Verdict;
import io.kordon.streams.incident.Verdict.Action;
import io.kordon.streams.response.Command;
import io.kordon.streams.response.Responder;
import io.kordon.streams.response.SourceLimits;
import io.kordon.streams.response.Step;
import io.kordon.streams.rule.CorrelationRule;
import io.kordon.streams.rule.RuleSet;
import io.kordon.streams.topology.StateCodec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Playbooks are chosen, held, approved and rejected. State goes through its record at every turn. */
class ResponseTest {
    static final RuleSet RULES = Scenario.rules("""
            title: A process that should not be there
            name: rce
            logsource: {product: falco}
            detection: {selection: {rule: RCE}, condition: selection}
            level: high
            ---
            title: A shell
            name: shell
            logsource: {product: falco}
            detection: {selection: {rule: Shell}, condition: selection}
            level: critical
            ---
            title: Far too much memory
            name: leak
            logsource: {product: prometheus}
            detection: {selection: {alertname: Leak}, condition: selection}
            level: critical
            """);

    private static final String PLAYBOOKS = """
            name: kill
            when: {score: 99.5}
            mode: approval
            steps: [capture: {timeout: 10m}, terminate: {gracePeriodSeconds: 1}]
            ---
            name: contain
            when: {score: 90}
            mode: automatic
            steps: [label, detach, isolate: {allow: 'dns', timeout: 30s, on-failure: continue}]
            ---
            name: mark
            when: {score: 70}
            mode: automatic
            steps: [label]
            """;

    private static final long MINUTE = 60;
    private static final long T = 1_000_000;

    private final Signals signals = new Signals(RULES, "uid-1");
    private final Scenario scenario = scenario(PLAYBOOKS);

    @Test
    void choosesTheWeakestFirstAndStepsUpWhenTheScoreDoes() {
        scenario.observe(signals.point("rce", T));
        assertThat(issued()).containsExactly("mark");
        scenario.observe(signals.point("shell", T + 1));
        assertThat(issued()).containsExactly("mark", "contain");
        scenario.observe(signals.point("rce", T + 2), signals.point("shell", T + 3));
        assertThat(issued()).as("once per incident").hasSize(2);

        Scenario atOnce = scenario(PLAYBOOKS).observe(signals.point("shell", T));
        assertThat(atOnce.commands).extracting(Command::playbook).containsExactly("mark", "contain");
    }

    @Test
    void carriesWhatThePlaybookSaysOfEachStep() {
        scenario.observe(signals.point("shell", T));
        Command contain = scenario.commands.get(1);
        Step isolate = contain.steps().get(2);
        assertThat(isolate.parameters()).containsEntry("allow", "dns");
        assertThat(isolate.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(isolate.onFailure()).isEqualTo(OnFailure.CONTINUE);
        assertThat(contain.sources()).containsExactly(Source.FALCO);
        assertThat(contain.approval()).isNull();
        assertThat(state("contain").steps().get(2).parameters()).containsEntry("allow", "dns");
    }

    @Test
    void letsAlertsAloneMarkButNotContain() {
        scenario.observe(signals.firing("leak", "a", T, T));
        assertThat(issued()).containsExactly("mark");
        CommandState held = state("contain");
        assertThat(held.status()).isEqualTo(StepStatus.WAITING);
        assertThat(held.detail()).contains("prometheus alone", "detach, isolate");
        assertThat(held.issuedAt()).isNull();
        assertThat(scenario.only().status()).as("marking goes on").isEqualTo(Status.CONTAINING);
        report("mark", CommandState.WHOLE_RUN, StepStatus.DONE);
        assertThat(scenario.only().status()).isEqualTo(Status.AWAITING_APPROVAL);
        assertThat(scenario.only().phase()).isEqualTo(Phase.COORDINATION);
    }

    @Test
    void containsByItselfOnceASourceThatMayHasSeenSomething() {
        scenario.observe(signals.firing("leak", "a", T, T), signals.point("rce", T + 1));
        assertThat(issued()).containsExactly("mark", "contain");
        assertThat(scenario.commands.get(1).sources()).containsExactlyInAnyOrder(Source.FALCO, Source.PROMETHEUS);
        Scenario other = scenario(PLAYBOOKS).observe(signals.point("rce", T + 1), signals.firing("leak", "a", T, T));
        assertThat(other.commands)
                .extracting(Command::id)
                .containsExactlyElementsOf(
                        scenario.commands.stream().map(Command::id).toList());
    }

    @Test
    void takesAMatchOfACorrelationForWhatItMustRestOn() {
        RuleSet rules = new Book()
                .detections("a", "b")
                .correlation("files", CorrelationRule.Type.EVENT_COUNT, "a")
                .groupBy("pod", "file")
                .bound(CorrelationRule.Operator.GTE, 2)
                .add()
                .set();
        Signals files = new Signals(rules, "uid-1");
        Scenario derived = new Scenario(
                rules,
                StateCodec::throughBytes,
                new Responder(Scenario.playbooks("name: fence\nmode: automatic\nsteps: [isolate]\n")));
        Map<String, String> same = Map.of("file", "x");
        derived.observe(files.grouped("a", T, same)).observe(files.grouped("a", T + 1, same));
        assertThat(derived.only().findings().evidence())
                .extracting(evidence -> evidence.source())
                .containsOnly(Source.CORRELATION);
        assertThat(derived.commands)
                .singleElement()
                .satisfies(command -> assertThat(command.sources()).containsExactly(Source.FALCO));
    }

    @Test
    void runsWhatWaitedWhenAnAnalystApproves() {
        scenario.observe(signals.point("shell", T), signals.point("rce", T + 1));
        CommandState shown = state("kill");
        assertThat(shown.status()).isEqualTo(StepStatus.WAITING);
        assertThat(shown.mode()).isEqualTo(Mode.APPROVAL);
        assertThat(issued()).as("it is not in the topic").containsExactly("mark", "contain");

        decide("d1", Action.APPROVE, shown.id());
        Command kill = scenario.commands.get(2);
        assertThat(kill.id()).isEqualTo(shown.id());
        assertThat(kill.mode()).isEqualTo(Mode.AUTOMATIC);
        assertThat(kill.approval().by()).isEqualTo("ann");
        assertThat(kill.steps().get(0).timeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(state("kill").status()).isEqualTo(StepStatus.PENDING);
        assertThat(state("kill").approval().decisionId()).isEqualTo("d1");
        assertThat(scenario.only().decisions()).extracting(Verdict::id).containsExactly("d1");

        decide("d1", Action.APPROVE, shown.id());
        decide("d2", Action.APPROVE, shown.id());
        assertThat(scenario.commands).as("asked twice").hasSize(3);
    }

    @Test
    void issuesWhatWasShownThoughThePlaybookIsGone() {
        scenario.observe(signals.point("shell", T), signals.point("rce", T + 1));
        Engine later = new Engine(RULES, new Responder(List.of()), new Grouping(PlainKeys.PLAIN), Policy.DEFAULT);
        Outcome outcome = later.apply(scenario.state(), decided("d1", Action.APPROVE, null), 0);
        assertThat(outcome.commands()).singleElement().satisfies(command -> {
            assertThat(command.playbook()).isEqualTo("kill");
            assertThat(command.steps()).extracting(Step::action).containsExactly("capture", "terminate");
        });
    }

    @Test
    void approvesAllThatWaitsWhereNoCommandIsNamed() {
        scenario.observe(signals.firing("leak", "a", T, T), signals.firing("leak", "b", T + 1, T + 1));
        report("mark", CommandState.WHOLE_RUN, StepStatus.DONE);
        decide("d1", Action.APPROVE, null);
        assertThat(issued()).containsExactly("mark", "contain");
        assertThat(scenario.only().status()).isEqualTo(Status.CONTAINING);
    }

    @Test
    void refusesWhatAnAnalystRejects() {
        scenario.observe(signals.point("shell", T), signals.point("rce", T + 1));
        reportAll();
        decide("d1", Action.REJECT, null);
        CommandState kill = state("kill");
        assertThat(kill.status()).isEqualTo(StepStatus.REFUSED);
        assertThat(kill.detail()).isEqualTo("rejected by ann: because");
        assertThat(scenario.only().status()).as("the rest stands").isEqualTo(Status.CONTAINED);
        decide("d2", Action.APPROVE, kill.id());
        scenario.observe(signals.point("rce", T + 5));
        assertThat(issued()).as("no means no").containsExactly("mark", "contain");
    }

    @Test
    void waitsWhenABudgetHoldsACommandAndRunsItWhenApproved() {
        scenario.observe(signals.point("shell", T));
        report("mark", CommandState.WHOLE_RUN, StepStatus.DONE);
        report("contain", CommandState.WHOLE_RUN, StepStatus.WAITING, "budget of the namespace is spent");
        assertThat(scenario.only().status()).isEqualTo(Status.AWAITING_APPROVAL);
        assertThat(state("contain").detail()).isEqualTo("budget of the namespace is spent");

        scenario.observe(signals.point("shell", T + 1));
        assertThat(scenario.commands).as("more evidence is no approval").hasSize(2);
        decide("d1", Action.APPROVE, null);
        assertThat(issued()).containsExactly("mark", "contain", "contain");
        assertThat(scenario.commands.get(2).id())
                .isEqualTo(scenario.commands.get(1).id());

        report("contain", CommandState.WHOLE_RUN, StepStatus.WAITING, "an echo of the first issue");
        assertThat(scenario.only().status()).isEqualTo(Status.CONTAINING);
        report("contain", CommandState.WHOLE_RUN, StepStatus.DONE);
        report("contain", CommandState.WHOLE_RUN, StepStatus.WAITING, "a late echo");
        assertThat(scenario.only().status()).isEqualTo(Status.CONTAINED);
    }

    @Test
    void approvesOnAnIncidentThatWentQuietButNotOnOneThatWasDismissed() {
        scenario.observe(signals.point("shell", T), signals.point("rce", T + 1));
        reportAll();
        scenario.idle(3 * 60 * MINUTE);
        assertThat(scenario.only().closeReason()).isEqualTo(Incident.QUIET);
        decide("d1", Action.APPROVE, null);
        assertThat(issued()).containsExactly("mark", "contain", "kill");

        Scenario drill = scenario(PLAYBOOKS).observe(signals.point("shell", T), signals.point("rce", T + 1));
        String id = drill.only().id();
        drill.apply(new Input.Decided(id, verdict("d1", Action.DISMISS)));
        drill.apply(new Input.Decided(id, verdict("d2", Action.APPROVE)));
        assertThat(drill.commands).hasSize(2);
        assertThat(drill.only().decisions()).extracting(Verdict::id).containsExactly("d1");
    }

    @Test
    void isContainedWhenAllThatDoesNotWaitIsDone() {
        scenario.observe(signals.point("shell", T), signals.point("rce", T + 1));
        report("mark", CommandState.WHOLE_RUN, StepStatus.DONE);
        assertThat(scenario.only().timeline().containedAt()).isNull();
        report("contain", CommandState.WHOLE_RUN, StepStatus.DONE);
        assertThat(scenario.only().timeline().containedAt()).isEqualTo(Signals.micros(T + 5));
        assertThat(scenario.only().status()).as("but kill waits").isEqualTo(Status.AWAITING_APPROVAL);
    }

    @Test
    void saysNothingOfContainmentWhereThePodWasOnlyMarked() {
        scenario.observe(signals.point("rce", T));
        report("mark", CommandState.WHOLE_RUN, StepStatus.DONE);
        assertThat(scenario.only().status()).isEqualTo(Status.OPEN);
        assertThat(scenario.only().timeline().containedAt()).isNull();
    }

    @Test
    void containsForEvidenceThatComesWithinGraceAfterQuiet() {
        scenario.observe(signals.point("rce", T)).idle(125 * MINUTE);
        assertThat(scenario.only().closed()).isTrue();
        scenario.observe(signals.point("shell", T + 59 * MINUTE));
        assertThat(issued()).containsExactly("mark", "contain");
        assertThat(scenario.incidents).hasSize(1);
    }

    @Test
    void remembersThatAStepOnceChangedTheCluster() {
        scenario.observe(signals.point("shell", T));
        step("contain", 1, true);
        step("contain", 1, false);
        assertThat(state("contain").steps()).extracting(StepState::changed).containsExactly(false, true, false);
    }

    private static Scenario scenario(String playbooks) {
        return new Scenario(
                RULES, StateCodec::throughBytes, new Responder(Scenario.playbooks(playbooks), SourceLimits.DEFAULT));
    }

    private List<String> issued() {
        return scenario.commands.stream().map(Command::playbook).toList();
    }

    private CommandState state(String playbook) {
        return scenario.only().commands().stream()
                .filter(command -> command.playbook().equals(playbook))
                .findFirst()
                .orElseThrow();
    }

    private void reportAll() {
        Set.of("mark", "contain").forEach(name -> report(name, CommandState.WHOLE_RUN, StepStatus.DONE));
    }

    private void report(String playbook, int step, StepStatus status) {
        report(playbook, step, status, "");
    }

    private void report(String playbook, int step, StepStatus status, String detail) {
        scenario.apply(new Input.Reported(
                scenario.only().id(), state(playbook).id(), step, status, detail, Signals.micros(T + 5)));
    }

    private void step(String playbook, int step, boolean changed) {
        scenario.apply(new Input.Reported(
                scenario.only().id(),
                state(playbook).id(),
                step,
                StepStatus.DONE,
                "",
                changed,
                Signals.micros(T + 5),
                null));
    }

    private void decide(String id, Action action, String commandId) {
        scenario.apply(decided(id, action, commandId));
    }

    private Input.Decided decided(String id, Action action, String commandId) {
        return new Input.Decided(scenario.only().id(), verdict(id, action), commandId, Dossier.NONE);
    }

    private static Verdict verdict(String id, Action action) {
        return new Verdict(id, action, "ann", "because", Signals.micros(T + MINUTE));
    }
}
