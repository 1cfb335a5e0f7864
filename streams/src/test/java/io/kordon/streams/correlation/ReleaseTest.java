package io.kordon.streams.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.incident.Bundle;
import io.kordon.streams.incident.CommandState;
import io.kordon.streams.incident.Dossier;
import io.kordon.streams.incident.Finding;
import io.kordon.streams.incident.Incident;
import io.kordon.streams.incident.Mode;
import io.kordon.streams.incident.Phase;
import io.kordon.streams.incident.Status;
import io.kordon.streams.incident.StepStatus;
import io.kordon.streams.incident.Verdict;
import io.kordon.streams.incident.Verdict.Action;
import io.kordon.streams.response.Command;
import io.kordon.streams.response.Responder;
import io.kordon.streams.response.Step;
import io.kordon.streams.rule.Level;
import io.kordon.streams.topology.StateCodec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was contained is given back: by an analyst, by a time limit, and however long the incident has been over. */
class ReleaseTest {
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long T = 1_000_000;

    private static final String CONTAIN = """
            name: contain
            when: {score: 70}
            mode: automatic
            steps: [label, isolate, cordon]
            """;
    private static final String STRONGER = "---\nname: stronger\nwhen: {score: 99}\nmode: automatic\nsteps: [detach]\n";

    private final Signals signals = new Signals(ResponseTest.RULES, "uid-1");
    private Scenario scenario = scenario(CONTAIN);

    @Test
    void issuesTheReleaseOfEverythingThatTheIncidentHolds() {
        contain();
        decide("d1", Action.RELEASE);
        Command release = last();
        assertThat(release.playbook()).isEqualTo("release");
        assertThat(release.steps()).extracting(Step::action).containsExactly("release");
        assertThat(release.mode()).isEqualTo(Mode.AUTOMATIC);
        assertThat(release.incidentId()).isEqualTo(scenario.only().id());
        assertThat(scenario.only().status())
                .as("not before the API server says so")
                .isEqualTo(Status.CONTAINED);
        assertThat(scenario.only().phase()).isEqualTo(Phase.COORDINATION);

        report(release.id(), StepStatus.DONE);
        assertThat(scenario.only().status()).isEqualTo(Status.RELEASED);
        assertThat(scenario.only().phase()).isEqualTo(Phase.RESOLUTION);
        assertThat(scenario.only().timeline().containedAt()).as("it was").isNotNull();
    }

    @Test
    void asksTheActuatorOnceHoweverManyAskForIt() {
        contain();
        decide("d1", Action.RELEASE);
        decide("d1", Action.RELEASE);
        decide("d2", Action.RELEASE);
        report(last().id(), StepStatus.DONE);
        decide("d3", Action.RELEASE);
        assertThat(releases()).hasSize(1);
        assertThat(scenario.only().decisions()).extracting(Verdict::id).containsExactly("d1", "d2", "d3");
        assertThat(scenario.only().status()).isEqualTo(Status.RELEASED);
    }

    @Test
    void releasesAgainWhatWasContainedSince() {
        scenario = scenario(CONTAIN + STRONGER);
        contain();
        decide("d1", Action.RELEASE);
        report(last().id(), StepStatus.DONE);
        scenario.observe(signals.point("shell", T + 10));
        assertThat(scenario.only().status()).isEqualTo(Status.CONTAINING);
        report(last().id(), StepStatus.DONE);
        assertThat(scenario.only().status()).isEqualTo(Status.CONTAINED);
        decide("d2", Action.RELEASE);
        assertThat(releases()).hasSize(2);
        report(last().id(), StepStatus.DONE);
        assertThat(scenario.only().status()).isEqualTo(Status.RELEASED);
    }

    @Test
    void countsWhatWasApprovedAfterAReleaseAsContainedSince() {
        scenario = scenario(CONTAIN + STRONGER.replace("automatic", "approval"));
        scenario.observe(signals.point("shell", T));
        report(last().id(), StepStatus.DONE);
        decide("d1", Action.RELEASE);
        report(last().id(), StepStatus.DONE);
        assertThat(scenario.only().status()).isEqualTo(Status.AWAITING_APPROVAL);
        decide("d2", Action.APPROVE);
        report(last().id(), StepStatus.DONE);
        assertThat(scenario.only().status()).isEqualTo(Status.CONTAINED);
        decide("d3", Action.RELEASE);
        assertThat(releases()).hasSize(2);
    }

    @Test
    void showsAReleaseThatFailedAndLetsItBeAskedForAgain() {
        contain();
        decide("d1", Action.RELEASE);
        report(last().id(), StepStatus.FAILED);
        assertThat(scenario.only().status()).isEqualTo(Status.CONTAINMENT_FAILED);
        assertThat(command("release").detail()).isEqualTo("said by the API server");
        decide("d2", Action.RELEASE);
        assertThat(releases()).hasSize(2);
        report(last().id(), StepStatus.DONE);
        assertThat(scenario.only().status()).isEqualTo(Status.RELEASED);
    }

    @Test
    void staysBoundedThoughAReleaseIsAskedForAllDay() {
        contain();
        for (int i = 0; i < 200; i++) {
            decide("d" + i, Action.RELEASE);
            report(last().id(), StepStatus.FAILED);
        }
        assertThat(releases()).hasSize(200);
        assertThat(scenario.only().commands()).hasSizeLessThanOrEqualTo(21);
        assertThat(command("contain").status()).isEqualTo(StepStatus.DONE);
    }

    @Test
    void findsNothingToUndoWhereNothingWasEverIssued() {
        scenario = scenario(CONTAIN.replace("automatic", "approval"));
        scenario.observe(signals.point("rce", T));
        decide("d1", Action.RELEASE);
        assertThat(scenario.commands).isEmpty();
        assertThat(scenario.only().decisions()).isEmpty();
    }

    @Test
    void releasesAnIncidentThatWasDismissed() {
        contain();
        decide("d1", Action.DISMISS);
        decide("d2", Action.RELEASE);
        assertThat(releases()).hasSize(1);
        assertThat(scenario.only().status()).isEqualTo(Status.DISMISSED);
    }

    @Test
    void releasesByItselfWhenTheTimeIsOver() {
        scenario = scenario(CONTAIN + "release-after: 4h\n");
        contain();
        assertThat(command("contain").releaseAt()).isEqualTo(Signals.micros(T + 5 + 4 * HOUR));
        scenario.idle(4 * HOUR);
        assertThat(releases()).as("counted from the end of the run").isEmpty();
        scenario.idle(6);
        assertThat(releases()).hasSize(1);
        assertThat(command("release").detail()).isEqualTo("by kordon: the time limit of contain is over");
        assertThat(scenario.only().decisions()).isEmpty();
        scenario.idle(10 * MINUTE);
        assertThat(releases()).hasSize(1);
        report(last().id(), StepStatus.DONE);
        assertThat(command("contain").releaseAt()).isNull();
        scenario.idle(HOUR).idle(2 * DAY);
        assertThat(releases()).hasSize(1);
    }

    @Test
    void givesTheSameReleaseInAReplayAndSetsItsTimer() {
        scenario = scenario(CONTAIN + "release-after: 4h\n");
        contain();
        scenario.idle(95 * MINUTE);
        assertThat(scenario.only().closed()).isTrue();
        assertThat(scenario.dueAt()).isLessThanOrEqualTo((4 * HOUR + 6) * 1_000);
        scenario.idle(3 * HOUR);
        Scenario again = scenario(CONTAIN + "release-after: 4h\n");
        again.observe(signals.point("rce", T));
        again.apply(reported(again, again.commands.get(0).id(), StepStatus.DONE));
        again.idle(9 * HOUR);
        assertThat(again.commands.get(1).id()).isEqualTo(last().id());
    }

    @Test
    void doesNotLetTheLimitOfOnePlaybookEndWhatAnotherHoldsForGood() {
        scenario = scenario(CONTAIN + "release-after: 1h\n" + STRONGER);
        scenario.observe(signals.point("shell", T));
        scenario.commands.stream().toList().forEach(command -> report(command.id(), StepStatus.DONE));
        scenario.idle(10 * HOUR);
        assertThat(releases()).isEmpty();
        decide("d1", Action.RELEASE);
        assertThat(releases()).hasSize(1);
    }

    @Test
    void hasNoLimitWhereAnAnalystWasFaster() {
        scenario = scenario(CONTAIN + "release-after: 1h\n");
        contain();
        decide("d1", Action.RELEASE);
        scenario.idle(2 * HOUR);
        assertThat(releases()).hasSize(1);
    }

    @Test
    void knowsAContainedIncidentForNinetyDaysAndLetsNothingJoinIt() {
        contain();
        scenario.idle(3 * HOUR).idle(80 * DAY);
        Incident before = scenario.only();
        scenario.observe(signals.point("rce", T + 20));
        assertThat(scenario.only()).as("a replay").isEqualTo(before);
        decide("d0", Action.REOPEN);
        assertThat(scenario.only().closed()).isTrue();
        scenario.observe(signals.point("rce", T + 80 * DAY));
        assertThat(scenario.incidents).as("what comes now is another incident").hasSize(2);

        decide("d1", Action.RELEASE, before.id());
        Command release = last();
        assertThat(release.incidentId()).isEqualTo(before.id());
        scenario.apply(new Input.Reported(
                before.id(), release.id(), CommandState.WHOLE_RUN, StepStatus.DONE, "", Signals.micros(T)));
        assertThat(scenario.incidents.get(before.id()).decisions()).hasSize(1);
        assertThat(scenario.incidents.get(before.id()).findings()).isEqualTo(before.findings());
        assertThat(releases()).hasSize(1);
    }

    @Test
    void forgetsAContainedIncidentAfterNinetyDays() {
        contain();
        scenario.idle(3 * HOUR).idle(100 * DAY).idle(1);
        assertThat(scenario.remembersNothing()).isTrue();
    }

    @Test
    void forgetsAReleasedIncidentAfterADay() {
        contain();
        decide("d1", Action.RELEASE);
        report(last().id(), StepStatus.DONE);
        scenario.idle(3 * HOUR).idle(3 * DAY).idle(1);
        assertThat(scenario.state().generations().get(0).incidents()).isEmpty();
    }

    @Test
    void keepsTheLatestOfManyContainedIncidentsOfOnePod() {
        for (int i = 0; i < 30; i++) {
            long at = T + 3 * DAY * i;
            scenario.observe(signals.point("rce", at));
            Incident opened = List.copyOf(scenario.incidents.values()).get(i);
            scenario.apply(new Input.Reported(
                    opened.id(), last().id(), CommandState.WHOLE_RUN, StepStatus.DONE, "", Signals.micros(at)));
            scenario.idle(3 * DAY);
        }
        scenario.idle(1);
        assertThat(scenario.state().generations().get(0).incidents())
                .hasSize(Generation.MAX_RETIRED)
                .allMatch(TrackedIncident::retired);
        assertThat(StateCodec.bytes(scenario.state())).hasSizeLessThan(64 * 1_024);
        List<String> ids = new ArrayList<>(scenario.incidents.keySet());
        decide("d1", Action.RELEASE, ids.get(0));
        assertThat(releases()).as("forgotten").isEmpty();
        decide("d2", Action.RELEASE, ids.get(29));
        assertThat(releases()).hasSize(1);
    }

    @Test
    void keepsBundlesAndFindingsWithTheIncident() {
        contain();
        Bundle first = bundle("a".repeat(64), T + 1);
        scenario.apply(new Input.Reported(
                scenario.only().id(), last().id(), 0, StepStatus.DONE, "", true, Signals.micros(T + 5), first));
        scenario.apply(new Input.Reported(
                scenario.only().id(), last().id(), 0, StepStatus.DONE, "", false, Signals.micros(T + 6), first));
        Bundle second = bundle("b".repeat(64), T + 2);
        List<Finding> many = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            Level level = i == 149 ? Level.CRITICAL : Level.LOW;
            many.add(new Finding("changed", null, "/tmp/" + "x".repeat(2_000) + i, null, i, null, level, "d" + i));
        }
        scenario.apply(new Input.Decided(
                scenario.only().id(),
                new Verdict("d1", Action.ATTACH, "ann", "", Signals.micros(T)),
                null,
                new Dossier(List.of(second), many, 0)));
        Dossier dossier = scenario.only().dossier();
        assertThat(dossier.bundles()).containsExactly(first, second);
        assertThat(dossier.findings()).hasSize(100);
        assertThat(dossier.findings().get(0).level()).as("the worst first").isEqualTo(Level.CRITICAL);
        assertThat(dossier.omitted()).isEqualTo(50);
        for (int i = 0; i < 60; i++) {
            scenario.apply(new Input.Decided(
                    scenario.only().id(),
                    new Verdict("e" + i, Action.ATTACH, "ann", "", Signals.micros(T)),
                    null,
                    new Dossier(List.of(bundle("c" + i, T + 3 + i)), List.of(), 0)));
        }
        assertThat(scenario.only().dossier().bundles()).hasSize(50);
        assertThat(StateCodec.bytes(scenario.state())).hasSizeLessThan(150 * 1_024);
    }

    private static Bundle bundle(String digest, long at) {
        return new Bundle("file:///evidence/" + digest, digest, null, "capture", 7, 1_000, 0, Signals.micros(at));
    }

    private static Scenario scenario(String playbooks) {
        return new Scenario(ResponseTest.RULES, StateCodec::throughBytes, new Responder(Scenario.playbooks(playbooks)));
    }

    /** Opens the incident and has the actuator say that all was done. */
    private void contain() {
        scenario.observe(signals.point("rce", T));
        report(last().id(), StepStatus.DONE);
        assertThat(scenario.only().status()).isEqualTo(Status.CONTAINED);
    }

    private Command last() {
        return scenario.commands.get(scenario.commands.size() - 1);
    }

    private List<Command> releases() {
        return scenario.commands.stream()
                .filter(command -> command.playbook().equals("release"))
                .toList();
    }

    private CommandState command(String playbook) {
        return scenario.only().commands().stream()
                .filter(command -> command.playbook().equals(playbook))
                .findFirst()
                .orElseThrow();
    }

    private void report(String commandId, StepStatus status) {
        scenario.apply(reported(scenario, commandId, status));
    }

    private static Input.Reported reported(Scenario scenario, String commandId, StepStatus status) {
        String detail = status == StepStatus.FAILED ? "said by the API server" : "";
        return new Input.Reported(
                scenario.only().id(), commandId, CommandState.WHOLE_RUN, status, detail, Signals.micros(T + 5));
    }

    private void decide(String id, Action action) {
        decide(id, action, scenario.only().id());
    }

    private void decide(String id, Action action, String incidentId) {
        scenario.apply(new Input.Decided(incidentId, new Verdict(id, action, "ann", "", Signals.micros(T + MINUTE))));
    }
}
