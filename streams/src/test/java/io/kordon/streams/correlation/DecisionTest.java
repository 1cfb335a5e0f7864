package io.kordon.streams.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.correlation.Input.KnownPod;
import io.kordon.streams.incident.Incident;
import io.kordon.streams.incident.PodContext;
import io.kordon.streams.incident.Status;
import io.kordon.streams.incident.Subject;
import io.kordon.streams.incident.Verdict;
import io.kordon.streams.incident.Verdict.Action;
import io.kordon.streams.rule.RuleSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What analysts decide and the inventory says of incidents that are there. */
class DecisionTest {
    private static final long MINUTE = 60;
    private static final long T = 1_000_000;

    private final Signals signals = new Signals(Scenario.TOMCAT, "uid-1");
    private final Scenario scenario = new Scenario(Scenario.TOMCAT);

    @Test
    void closesAndOpensANewOneForWhatComesThen() {
        match(T);
        decide("d1", Action.CLOSE, T + 10 * MINUTE);
        Incident closed = scenario.only();
        assertThat(closed.status()).isEqualTo(Status.CLOSED);
        assertThat(closed.timeline().closedAt()).isEqualTo(Signals.micros(T + 10 * MINUTE));
        assertThat(closed.decisions()).extracting(Verdict::by).containsExactly("ann");

        scenario.observe(signals.point("rce", T + 5 * MINUTE));
        assertThat(scenario.only().findings().evidence())
                .as("it happened before")
                .hasSize(3);
        assertThat(scenario.only().status()).isEqualTo(Status.CLOSED);

        scenario.observe(signals.point("rce", T + 12 * MINUTE));
        assertThat(scenario.incidents).as("it happened afterwards").hasSize(2);
    }

    @Test
    void dismissesAndKeepsQuietWhileTheSameGoesOn() {
        match(T);
        decide("d1", Action.DISMISS, T + MINUTE);
        scenario.observe(signals.point("rce", T + 10 * MINUTE), signals.firing("memory", "m", T, T + 10 * MINUTE));
        assertThat(scenario.only().status()).isEqualTo(Status.DISMISSED);
        assertThat(scenario.commands).as("only the one from before").hasSize(1);
    }

    @Test
    void opensANewOneForARuleThatTheDismissedIncidentHadNotMatched() {
        RuleSet rules = Scenario.rules("""
                title: A drill
                name: drill
                logsource: {product: falco}
                detection: {selection: {rule: Drill}, condition: selection}
                ---
                title: Container escape
                name: escape
                logsource: {product: falco}
                detection: {selection: {rule: Escape}, condition: selection}
                level: critical
                """);
        Signals both = new Signals(rules, "uid-1");
        Scenario drilled = new Scenario(rules).observe(both.point("drill", T));
        String dismissed = drilled.only().id();
        drilled.apply(new Input.Decided(
                dismissed, new Verdict("d1", Action.DISMISS, "ann", "a drill", Signals.micros(T + MINUTE))));
        drilled.observe(both.point("drill", T + 2 * MINUTE), both.point("escape", T + 3 * MINUTE));

        assertThat(drilled.incidents).hasSize(2);
        assertThat(drilled.incidents.get(dismissed).findings().evidence()).hasSize(2);
        drilled.observe(both.point("escape", T + 4 * MINUTE), both.point("drill", T + 5 * MINUTE));
        assertThat(drilled.incidents).hasSize(2);
        assertThat(drilled.incidents.get(dismissed).status()).isEqualTo(Status.DISMISSED);
    }

    @Test
    void takesADecisionOnce() {
        match(T);
        decide("d1", Action.CLOSE, T + MINUTE);
        long revision = scenario.only().revision();
        decide("d1", Action.CLOSE, T + MINUTE);
        decide("d2", Action.CLOSE, T + 2 * MINUTE);
        assertThat(scenario.only().revision()).isEqualTo(revision);
    }

    @Test
    void reopensTheLastIncidentLongAfterItHadGoneQuiet() {
        match(T);
        scenario.idle(5 * 60 * MINUTE);
        assertThat(scenario.only().closed()).isTrue();
        decide("d1", Action.REOPEN, T + 5 * 60 * MINUTE);
        assertThat(scenario.only().closed()).isFalse();
        assertThat(scenario.only().timeline().closedAt()).isNull();
        scenario.idle(MINUTE);
        assertThat(scenario.only().closed()).isFalse();
        scenario.observe(
                signals.point("rce", T + 5 * 60 * MINUTE + 2),
                signals.firing("memory", "n", T + 5 * 60 * MINUTE, T + 5 * 60 * MINUTE + 3));
        assertThat(scenario.incidents).as("what comes joins it").hasSize(1);
        scenario.idle(2 * 60 * MINUTE);
        assertThat(scenario.only().closed()).isTrue();
    }

    @Test
    void doesNotReopenWhatALaterIncidentFollowed() {
        match(T);
        String first = scenario.only().id();
        scenario.idle(3 * 60 * MINUTE);
        match(T + 3 * 60 * MINUTE);
        scenario.apply(new Input.Decided(
                first, new Verdict("d1", Action.REOPEN, "ann", "", Signals.micros(T + 4 * 60 * MINUTE))));
        assertThat(scenario.incidents.get(first).closed()).isTrue();
    }

    @Test
    void forgetsAnIncidentThatNobodyReopensWithinADay() {
        match(T);
        String id = scenario.only().id();
        scenario.idle(2 * 60 * MINUTE).idle(30L * 60 * MINUTE);
        int revisions = scenario.revisions.size();
        scenario.apply(new Input.Decided(id, new Verdict("d1", Action.REOPEN, "ann", "", Signals.micros(T))));
        assertThat(scenario.revisions).hasSize(revisions);
    }

    @Test
    void closesTheIncidentOfAPodThatIsGoneOnceItsLastEventsCanHaveArrived() {
        match(T);
        identified("uid-1", T + MINUTE);
        scenario.observe(signals.point("rce", T + 30));
        assertThat(scenario.only().closed()).isFalse();
        scenario.idle(70 * MINUTE);
        assertThat(scenario.only().closeReason()).isEqualTo("deleted");
        assertThat(scenario.only().timeline().closedAt()).isEqualTo(Signals.micros(T + MINUTE));
    }

    @Test
    void keepsWhatComesWithoutUidAfterADeletionApart() {
        scenario.observe(signals.point("rce", T));
        identified("uid-1", T + MINUTE);
        Signals nameless = new Signals(Scenario.TOMCAT, null);
        scenario.observe(nameless.firing("memory", "m", T + 2 * MINUTE, T + 2 * MINUTE));
        assertThat(scenario.incidents).as("another pod of that name").isEmpty();
        scenario.observe(nameless.point("rce", T + 3 * MINUTE));
        assertThat(scenario.only().subject().uid()).isNull();
    }

    @Test
    void learnsThePodsNameAndPlaceWhenTheInventoryCatchesUp() {
        Signals nameless = new Signals(Scenario.TOMCAT, null);
        scenario.observe(nameless.point("rce", T), nameless.firing("memory", "m", T, T));
        assertThat(scenario.only().context()).isNull();
        String id = scenario.only().id();
        identified("uid-7", null);
        assertThat(scenario.only().id()).isEqualTo(id);
        assertThat(scenario.only().subject().uid()).isEqualTo("uid-7");
        assertThat(scenario.only().subject().node()).isEqualTo("worker-1");
        assertThat(scenario.only().context().serviceAccount()).isEqualTo("tomcat");
        long revision = scenario.only().revision();
        identified("uid-7", null);
        assertThat(scenario.only().revision()).as("nothing new").isEqualTo(revision);
    }

    @Test
    void makesNoStateOfAPodThatNothingIsKnownOf() {
        identified("uid-1", null);
        assertThat(scenario.remembersNothing()).isTrue();
    }

    private void identified(String uid, Long deletedAt) {
        PodContext context = new PodContext(
                "worker-1", List.of(), null, Map.of("app", "tomcat"), "tomcat", List.of(), false, false, false);
        Subject pod =
                new Subject(Signals.KEY, Subject.Kind.POD, "demo", "tomcat", "tomcat-1", uid, null, null, "worker-1");
        scenario.apply(new Input.Identified(List.of(new KnownPod(
                pod, context, Signals.micros(T - 1_000), deletedAt == null ? null : Signals.micros(deletedAt)))));
    }

    private void match(long at) {
        scenario.observe(signals.point("rce", at), signals.firing("memory", "m" + at, at, at));
    }

    private void decide(String id, Action action, long at) {
        scenario.apply(
                new Input.Decided(scenario.only().id(), new Verdict(id, action, "ann", "because", Signals.micros(at))));
    }
}
