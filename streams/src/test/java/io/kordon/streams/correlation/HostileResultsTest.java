package io.kordon.streams.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.incident.Bundle;
import io.kordon.streams.incident.CommandState;
import io.kordon.streams.incident.Dossier;
import io.kordon.streams.incident.Status;
import io.kordon.streams.incident.StepStatus;
import io.kordon.streams.incident.Verdict;
import io.kordon.streams.incident.Verdict.Action;
import io.kordon.streams.response.Command;
import io.kordon.streams.response.Playbook;
import io.kordon.streams.response.Responder;
import io.kordon.streams.topology.StateCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Results that are late, replayed or nobody's, texts without end, and what an earlier release has left. */
class HostileResultsTest {
    private static final long HOUR = 3_600;
    private static final long T = 1_000_000;
    private static final String CONTAIN = """
            name: contain
            when: {score: 70}
            mode: automatic
            steps: [isolate, cordon]
            release-after: 4h
            """;

    private final Signals signals = new Signals(ResponseTest.RULES, "uid-1");
    private Scenario scenario = scenario(CONTAIN);

    @Test
    void doesNotTakeBackAFailureThatMayHaveTouchedThePod() {
        scenario.observe(signals.point("rce", T));
        report(0, StepStatus.FAILED);
        report(CommandState.WHOLE_RUN, StepStatus.FAILED);
        report(0, StepStatus.REFUSED);
        report(1, StepStatus.REFUSED);
        report(CommandState.WHOLE_RUN, StepStatus.REFUSED);
        CommandState contain = command();
        assertThat(contain.status()).as("a replay, refused as expired").isEqualTo(StepStatus.FAILED);
        assertThat(contain.steps().get(0).status()).isEqualTo(StepStatus.FAILED);
        assertThat(scenario.only().holds()).as("something may be there").isTrue();
    }

    @Test
    void doesNotLetAResultTurnDownWhatNobodyHasIssued() {
        scenario = scenario(CONTAIN.replace("automatic", "approval"));
        scenario.observe(signals.point("rce", T));
        report(CommandState.WHOLE_RUN, StepStatus.REFUSED);
        report(CommandState.WHOLE_RUN, StepStatus.FAILED);
        report(0, StepStatus.FAILED);
        report(CommandState.WHOLE_RUN, StepStatus.WAITING);
        assertThat(command().status()).isEqualTo(StepStatus.WAITING);
        assertThat(command().detail()).isEqualTo("the playbook asks for an approval");
        assertThat(command().steps().get(0).status()).isEqualTo(StepStatus.PENDING);
        decide("d1", Action.APPROVE);
        assertThat(scenario.commands).hasSize(1);
    }

    @Test
    void doesNotLetAReleaseWaitForAnApproval() {
        scenario.observe(signals.point("rce", T));
        report(CommandState.WHOLE_RUN, StepStatus.DONE);
        decide("d1", Action.RELEASE);
        report(1, CommandState.WHOLE_RUN, StepStatus.WAITING, "", T + 6);
        assertThat(scenario.only().waiting(null)).isEmpty();
        decide("d2", Action.RELEASE);
        assertThat(scenario.commands).as("the first one is under way").hasSize(2);
    }

    @Test
    void countsTheTimeLimitFromTheIssueWhereTheActuatorsClockIsSlow() {
        scenario.observe(signals.point("rce", T));
        report(CommandState.WHOLE_RUN, StepStatus.DONE, "", T - 24 * HOUR);
        scenario.idle(3 * HOUR);
        assertThat(scenario.commands).as("not given back at once").hasSize(1);
        scenario.idle(2 * HOUR);
        assertThat(scenario.commands).extracting(Command::playbook).containsExactly("contain", "release");
    }

    @Test
    void keepsAsMuchOfATextAsARecordCanCarry() {
        String book = "x".repeat(1_022) + "\uD83D\uDE00".repeat(100_000);
        scenario.observe(signals.point("rce", T));
        report(0, StepStatus.FAILED, book, T);
        report(CommandState.WHOLE_RUN, StepStatus.FAILED, book, T);
        scenario.apply(new Input.Reported(
                scenario.only().id(),
                command().id(),
                0,
                StepStatus.FAILED,
                book,
                true,
                Signals.micros(T),
                new Bundle(book, book, book, book, 1, 1, 0, Signals.micros(T))));
        scenario.apply(new Input.Decided(
                scenario.only().id(),
                new Verdict(book, Action.ATTACH, book, book, Signals.micros(T)),
                null,
                Dossier.NONE));
        assertThat(command().detail()).hasSize(1_023).endsWith("x…");
        assertThat(StateCodec.bytes(scenario.state())).hasSizeLessThan(16 * 1_024);
        assertThat(StateCodec.throughBytes(scenario.state())).isEqualTo(scenario.state());
    }

    @Test
    void choosesTheStrongestOfMorePlaybooksThanAnIncidentHasRoomFor() {
        String many = IntStream.range(0, 60)
                .mapToObj(i -> "name: p" + i + "\nwhen: {score: " + i + "}\nmode: automatic\nsteps: [isolate]\n")
                .collect(Collectors.joining("---\n"));
        scenario = scenario(many);
        scenario.observe(signals.point("rce", T));
        assertThat(scenario.commands).hasSize(30);
        assertThat(scenario.commands.get(0).playbook())
                .as("still the weakest first")
                .isEqualTo("p30");
        assertThat(scenario.commands.get(29).playbook()).isEqualTo("p59");
        scenario.observe(signals.point("shell", T + 1));
        assertThat(scenario.only().commands()).as("no more, whoever publishes").hasSize(30);
        decide("d1", Action.RELEASE);
        assertThat(scenario.commands).as("but it can be released").hasSize(31);
    }

    @Test
    void releasesOnceForADecisionThatIsToldAgainAfterItWasForgotten() {
        scenario = scenario(CONTAIN + "---\nname: more\nwhen: {score: 99}\nmode: automatic\nsteps: [detach]\n");
        scenario.observe(signals.point("rce", T));
        report(CommandState.WHOLE_RUN, StepStatus.DONE);
        decide("d1", Action.RELEASE);
        report(1, CommandState.WHOLE_RUN, StepStatus.DONE, "", T);
        for (int i = 0; i < 30; i++) {
            decide("e" + i, Action.RELEASE);
        }
        scenario.observe(signals.point("shell", T + 1));
        decide("d1", Action.RELEASE);
        assertThat(scenario.commands).extracting(Command::playbook).containsExactly("contain", "release", "more");
    }

    @Test
    void releasesWhatAnEarlierReleaseOfKordonHasContained() throws IOException {
        Schema before = new Schema.Parser()
                .parse(Path.of("..", "schemas", "src", "history", "EntityState", "1.avsc")
                        .toFile());
        scenario = new Scenario(
                ResponseTest.RULES, state -> StateCodec.throughBytes(state, before), new Responder(contain()));
        scenario.observe(signals.point("rce", T));
        assertThat(scenario.state()
                        .generations()
                        .get(0)
                        .incidents()
                        .get(0)
                        .incident()
                        .commands())
                .as("when it was issued was not kept")
                .allMatch(command -> command.issuedAt() == null);
        report(CommandState.WHOLE_RUN, StepStatus.DONE);
        assertThat(scenario.only().status()).isEqualTo(Status.CONTAINED);
        decide("d1", Action.RELEASE);
        assertThat(scenario.commands).extracting(Command::playbook).containsExactly("contain", "release");
    }

    private static List<Playbook> contain() {
        return Scenario.playbooks(CONTAIN);
    }

    private static Scenario scenario(String playbooks) {
        return new Scenario(ResponseTest.RULES, StateCodec::throughBytes, new Responder(Scenario.playbooks(playbooks)));
    }

    private CommandState command() {
        return scenario.only().commands().get(0);
    }

    private void report(int step, StepStatus status) {
        report(step, status, "", T + 5);
    }

    private void report(int step, StepStatus status, String detail, long at) {
        report(0, step, status, detail, at);
    }

    private void report(int command, int step, StepStatus status, String detail, long at) {
        String id = scenario.only().commands().get(command).id();
        scenario.apply(new Input.Reported(scenario.only().id(), id, step, status, detail, Signals.micros(at)));
    }

    private void decide(String id, Action action) {
        scenario.apply(
                new Input.Decided(scenario.only().id(), new Verdict(id, action, "ann", "", Signals.micros(T + 60))));
    }
}
