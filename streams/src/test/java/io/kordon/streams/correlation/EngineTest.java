package io.kordon.streams.correlation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kordon.streams.incident.CommandState;
import io.kordon.streams.incident.Evidence;
import io.kordon.streams.incident.Findings;
import io.kordon.streams.incident.Incident;
import io.kordon.streams.incident.Phase;
import io.kordon.streams.incident.Source;
import io.kordon.streams.incident.Status;
import io.kordon.streams.incident.StepStatus;
import io.kordon.streams.rule.Level;
import io.kordon.streams.rule.RuleSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineTest {
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long T = 100 * HOUR;

    private final Signals signals = new Signals(Scenario.TOMCAT, "uid-1");
    private final Scenario scenario = new Scenario(Scenario.TOMCAT);

    @Test
    void opensOneIncidentWhenTheMemoryAlertFollowsTheRce() {
        scenario.observe(signals.point("rce", T), signals.firing("memory", "m", T + 120, T + 150));

        Incident incident = scenario.only();
        assertThat(incident.severity()).isEqualTo(Level.CRITICAL);
        assertThat(incident.title()).isEqualTo("Remote code execution with abnormal memory");
        assertThat(incident.score()).isCloseTo(100 * (1 - 0.27 * 0.53 * 0.01), within(1e-9));
        assertThat(incident.findings().contributions())
                .extracting(contribution -> contribution.ruleName() + "")
                .containsExactlyInAnyOrder("rce", "memory", "null");
        assertThat(incident.findings().evidence())
                .extracting(Evidence::source)
                .containsExactly(Source.FALCO, Source.PROMETHEUS);
        assertThat(incident.findings().tactics()).containsExactly("execution", "impact");
        assertThat(incident.findings().techniques()).containsExactly("T1190", "T1496");
        assertThat(incident.subject().uid()).isEqualTo("uid-1");
        assertThat(scenario.commands).hasSize(1);
        assertThat(incident.status()).isEqualTo(Status.CONTAINING);
        assertThat(incident.phase()).isEqualTo(Phase.COORDINATION);
    }

    @Test
    void opensTheSameIncidentWhenTheMemoryAlertArrivesBeforeTheRce() {
        scenario.observe(signals.firing("memory", "m", T + 120, T + 150), signals.point("rce", T));
        Scenario other = new Scenario(Scenario.TOMCAT)
                .observe(signals.point("rce", T), signals.firing("memory", "m", T + 120, T + 150));

        assertThat(scenario.only().id()).isEqualTo(other.only().id());
        assertThat(scenario.only().findings()).isEqualTo(other.only().findings());
        assertThat(scenario.commands.get(0).id())
                .isEqualTo(other.commands.get(0).id());
    }

    @Test
    void opensNothingForEitherAlone() {
        scenario.observe(signals.point("rce", T), signals.point("rce", T + 60)).idle(5 * HOUR);
        assertThat(scenario.incidents).isEmpty();
        assertThat(scenario.state()).as("nothing is left behind").isNull();

        scenario.observe(signals.firing("memory", "m", T, T + 30)).idle(5 * HOUR);
        assertThat(scenario.incidents).isEmpty();
        assertThat(scenario.state()).isNull();
    }

    @Test
    void countsAnAlertThatBeganFortyMinutesAgoAndStillFires() {
        scenario.observe(signals.firing("memory", "m", T - 40 * MINUTE, T - 1), signals.point("rce", T));
        assertThat(scenario.only().severity()).isEqualTo(Level.CRITICAL);
    }

    @Test
    void letsNotificationsOfAFiringAlertCarryItOn() {
        scenario.observe(signals.firing("memory", "m", T, T));
        for (long at = T; at <= T + 3 * HOUR; at += 4 * MINUTE) {
            scenario.observe(signals.firing("memory", "m", T, at));
        }
        scenario.observe(signals.point("rce", T + 3 * HOUR + 14 * MINUTE));
        assertThat(scenario.incidents).hasSize(1);
    }

    @Test
    void forgetsAnAlertWhoseNotificationsStopped() {
        scenario.observe(signals.firing("memory", "m", T, T), signals.point("rce", T + 15 * MINUTE + 1));
        assertThat(scenario.incidents).isEmpty();
    }

    @Test
    void doesNotCountAnAlertThatResolvedElevenMinutesBefore() {
        scenario.observe(
                signals.firing("memory", "m", T - HOUR, T - 11 * MINUTE),
                signals.resolved("memory", "m", T - HOUR, T - 11 * MINUTE, T - 10 * MINUTE),
                signals.point("rce", T));
        assertThat(scenario.incidents).isEmpty();
    }

    @Test
    void doesNotLetAnOldFiringNotificationReviveAResolvedAlert() {
        scenario.observe(
                signals.resolved("memory", "m", T - HOUR, T - 11 * MINUTE, T - 10 * MINUTE),
                signals.firing("memory", "m", T - HOUR, T - 5 * MINUTE),
                signals.point("rce", T));
        assertThat(scenario.incidents).isEmpty();
    }

    @Test
    void countsAnAlertThatResolvedNineMinutesBefore() {
        scenario.observe(
                signals.resolved("memory", "m", T - HOUR, T - 9 * MINUTE, T - 8 * MINUTE), signals.point("rce", T));
        assertThat(scenario.incidents).hasSize(1);
    }

    @Test
    void takesTheSameEventFiveTimesAsOnePieceOfEvidence() {
        Signal rce = signals.point("rce", T);
        scenario.observe(rce, rce, rce, signals.firing("memory", "m", T, T), rce, rce);

        assertThat(scenario.only().findings().evidence()).hasSize(2);
        assertThat(scenario.only().findings().contributions()).allMatch(each -> each.matches() <= 2);
        assertThat(scenario.revisions).as("a duplicate is no news").hasSize(1);
    }

    @Test
    void amendsTheIncidentWithLateEvidenceAndIssuesNoSecondCommand() {
        scenario.observe(
                signals.point("rce", T),
                signals.firing("memory", "m", T + 60, T + 61),
                signals.point("rce", T - 30),
                signals.point("rce", T + 5 * MINUTE));

        Incident incident = scenario.only();
        assertThat(incident.revision()).isEqualTo(3);
        assertThat(incident.findings().evidence()).hasSize(4);
        assertThat(incident.timeline().firstEvidenceAt()).isEqualTo(Signals.micros(T - 30));
        assertThat(incident.timeline().lastEvidenceAt()).isEqualTo(Signals.micros(T + 5 * MINUTE));
        assertThat(scenario.commands).hasSize(1);
    }

    @Test
    void saysWhenASignalCameLaterThanItsGrace() {
        scenario.observe(signals.point("rce", T), signals.point("rce", T - 59));
        assertThat(scenario.late()).isFalse();
        scenario.observe(signals.point("rce", T - 61));
        assertThat(scenario.late()).isTrue();
    }

    @Test
    void boundsEvidenceAndCountsTheRest() {
        scenario.observe(signals.firing("memory", "m", T, T));
        for (int i = 0; i < 40; i++) {
            scenario.observe(signals.point("rce", T + i));
        }
        Findings findings = scenario.only().findings();
        assertThat(findings.evidence()).hasSize(1 + Findings.EVIDENCE_PER_RULE);
        assertThat(findings.evidenceOmitted()).isEqualTo(40 - Findings.EVIDENCE_PER_RULE);
        assertThat(findings.evidence().get(1).interval().start())
                .as("the earliest stay")
                .isEqualTo(Signals.micros(T));
    }

    @Test
    void foldsResultsInUntilTheIncidentIsContained() {
        scenario.observe(signals.point("rce", T), signals.firing("memory", "m", T, T));
        report(0, StepStatus.DONE, "labelled");
        assertThat(scenario.only().status()).isEqualTo(Status.CONTAINING);
        report(1, StepStatus.DONE, "isolated");
        report(CommandState.WHOLE_RUN, StepStatus.DONE, "");

        Incident incident = scenario.only();
        assertThat(incident.status()).isEqualTo(Status.CONTAINED);
        assertThat(incident.phase()).isEqualTo(Phase.RESOLUTION);
        assertThat(incident.timeline().containedAt()).isEqualTo(Signals.micros(T + 5));
        assertThat(incident.commands().get(0).steps())
                .extracting(step -> step.status() + " " + step.detail())
                .containsExactly("DONE labelled", "DONE isolated");
    }

    @Test
    void keepsWhatWasDoneWhenAReplayedCommandIsRefused() {
        scenario.observe(signals.point("rce", T), signals.firing("memory", "m", T, T));
        report(CommandState.WHOLE_RUN, StepStatus.DONE, "");
        report(CommandState.WHOLE_RUN, StepStatus.REFUSED, "expired");
        assertThat(scenario.only().status()).isEqualTo(Status.CONTAINED);
    }

    @Test
    void showsAFailedContainmentAsFailed() {
        scenario.observe(signals.point("rce", T), signals.firing("memory", "m", T, T));
        report(CommandState.WHOLE_RUN, StepStatus.FAILED, "403");
        assertThat(scenario.only().status()).isEqualTo(Status.CONTAINMENT_FAILED);
        assertThat(scenario.only().timeline().containedAt()).isNull();
    }

    @Test
    void closesAQuietIncidentByTheWallClockAndOpensANewOneAfterwards() {
        scenario.observe(signals.point("rce", T), signals.firing("memory", "m", T, T));
        report(CommandState.WHOLE_RUN, StepStatus.DONE, "");
        scenario.idle(29 * MINUTE);
        assertThat(scenario.only().closed()).isFalse();
        scenario.idle(HOUR);
        Incident closed = scenario.only();
        assertThat(closed.status()).isEqualTo(Status.CLOSED);
        assertThat(closed.phase()).isEqualTo(Phase.IMPROVEMENT);
        assertThat(closed.timeline().closedAt()).isEqualTo(Signals.micros(T + HOUR));

        scenario.observe(signals.point("rce", T + 3 * HOUR), signals.firing("memory", "n", T + 3 * HOUR, T + 3 * HOUR));
        assertThat(scenario.incidents).hasSize(2);
        assertThat(scenario.commands).hasSize(2);
        assertThat(scenario.commands.get(0).id())
                .isNotEqualTo(scenario.commands.get(1).id());
    }

    @Test
    void keepsAnIncidentOpenWhileMatchesComeIn() {
        scenario.observe(signals.firing("memory", "m", T, T));
        for (long at = T; at < T + 5 * HOUR; at += 10 * MINUTE) {
            scenario.observe(signals.firing("memory", "m", T, at), signals.point("rce", at));
        }
        assertThat(scenario.only().closed()).isFalse();
    }

    @Test
    void opensNoIncidentAgainForAReplayedEventOfAnEndedOne() {
        Signal rce = signals.point("rce", T);
        Signal memory = signals.resolved("memory", "m", T, T + 60, T + 61);
        scenario.observe(rce, memory).idle(10 * HOUR).observe(rce, memory);
        assertThat(scenario.incidents).hasSize(1);
    }

    @Test
    void neverMixesTwoPodsThatBearOneName() {
        Signals recreated = new Signals(Scenario.TOMCAT, "uid-2");
        scenario.observe(signals.point("rce", T), recreated.firing("memory", "m", T, T));
        assertThat(scenario.incidents).isEmpty();

        scenario.observe(recreated.point("rce", T + 1), signals.firing("memory", "n", T + 1, T + 1));
        assertThat(scenario.incidents).hasSize(2);
        assertThat(scenario.incidents.values())
                .extracting(incident -> incident.subject().uid())
                .containsExactlyInAnyOrder("uid-1", "uid-2");
    }

    @Test
    void letsASignalWithoutUidJoinThePodThatWasLastHeardOf() {
        Signals nameless = new Signals(Scenario.TOMCAT, null);
        scenario.observe(nameless.firing("memory", "m", T, T), signals.point("rce", T));
        assertThat(scenario.only().subject().uid()).isEqualTo("uid-1");
    }

    @Test
    void tellsTheUidOnceItIsKnown() {
        Signals nameless = new Signals(Scenario.TOMCAT, null);
        scenario.observe(nameless.firing("memory", "m", T, T), nameless.point("rce", T));
        assertThat(scenario.only().subject().uid()).isNull();
        scenario.observe(signals.point("rce", T + 1));
        assertThat(scenario.only().subject().uid()).isEqualTo("uid-1");
    }

    @Test
    void neverReusesTheIdOfAnIncidentThatWasForgotten() {
        Signals nameless = new Signals(Scenario.TOMCAT, null);
        scenario.observe(nameless.point("rce", T), nameless.firing("memory", "m", T, T));
        scenario.idle(2 * HOUR).idle(200 * 24 * HOUR);
        assertThat(scenario.state()).isNull();
        long later = T + 200 * 24 * HOUR;
        scenario.observe(nameless.point("rce", later), nameless.firing("memory", "n", later, later));
        assertThat(scenario.incidents).hasSize(2);
    }

    @Test
    void countsEventsWithinTheTimespan() {
        RuleSet rules = Scenario.rules("""
                title: Exec into a pod
                name: exec
                logsource: {product: falco}
                detection: {selection: {rule: Exec}, condition: selection}
                level: low
                ---
                title: Many execs
                id: many
                correlation: {type: event_count, rules: [exec], group-by: [pod], timespan: 5m, condition: {gte: 3}}
                level: high
                """);
        Signals execs = new Signals(rules, "uid-1");
        Scenario counting = new Scenario(rules);
        counting.observe(execs.point("exec", T), execs.point("exec", T + 200), execs.point("exec", T + 400));
        assertThat(counting.incidents).as("three, but not within five minutes").isEmpty();
        counting.observe(execs.point("exec", T + 100));
        assertThat(counting.only().findings().evidence()).hasSize(4);
    }

    @Test
    void asksForTheOrderOfAnOrderedCorrelation() {
        RuleSet rules = Scenario.rules("""
                title: A
                name: a
                logsource: {product: falco}
                detection: {selection: {rule: A}, condition: selection}
                ---
                title: B
                name: b
                logsource: {product: falco}
                detection: {selection: {rule: B}, condition: selection}
                ---
                title: A then B
                id: a-then-b
                correlation: {type: temporal_ordered, rules: [a, b], group-by: [pod], timespan: 5m}
                level: high
                """);
        Signals ab = new Signals(rules, "uid-1");
        Scenario ordered = new Scenario(rules);
        ordered.observe(ab.point("b", T), ab.point("a", T + 10));
        assertThat(ordered.incidents).isEmpty();
        ordered.observe(ab.point("b", T + 20));
        assertThat(ordered.only().findings().evidence())
                .extracting(Evidence::ruleTitle)
                .containsExactly("A", "B");
        assertThat(ordered.only().timeline().firstEvidenceAt()).isEqualTo(Signals.micros(T + 10));
    }

    @Test
    void opensAnIncidentForARuleThatNoCorrelationUses() {
        RuleSet rules = Scenario.rules("""
                title: Container escape
                name: escape
                logsource: {product: falco}
                detection: {selection: {rule: Escape}, condition: selection}
                level: high
                """);
        Scenario alone = new Scenario(rules);
        alone.observe(new Signals(rules, "uid-1").point("escape", T));
        assertThat(alone.only().score()).isCloseTo(73, within(1e-9));
        assertThat(alone.commands).as("below the playbook's threshold").isEmpty();
        assertThat(alone.only().status()).isEqualTo(Status.OPEN);
    }

    @Test
    void setsItsTimerForWhatIsDueNext() {
        scenario.observe(signals.point("rce", T));
        assertThat(scenario.dueAt()).isEqualTo((10 * MINUTE + 5 * MINUTE) * 1_000 + 1);
        scenario.idle(14 * MINUTE);
        assertThat(scenario.state()).isNotNull();
        scenario.idle(2 * MINUTE);
        assertThat(scenario.state()).isNull();
    }

    private void report(int step, StepStatus status, String detail) {
        List<CommandState> commands = scenario.only().commands();
        scenario.apply(new Input.Reported(
                scenario.only().id(), commands.get(0).id(), step, status, detail, Signals.micros(T + 5)));
    }
}
