package io.kordon.app.incidents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kordon.app.demo.Incidents;
import io.kordon.avro.Approval;
import io.kordon.avro.CommandState;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentStatus;
import io.kordon.avro.Mode;
import io.kordon.avro.StepState;
import io.kordon.avro.StepStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ApproveCommandTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private final Incident incident = Incidents.contained();

    @Test
    void asksForEachWaitingCommandByItsIdAndShowsItsSteps() {
        incident.setCommands(List.of(
                command("cmd-1", "contain-pod", StepStatus.DONE),
                command("cmd-2", "kill", StepStatus.WAITING),
                command("cmd-3", "isolate-hard", StepStatus.WAITING)));
        Question question = approve("inc-1").question(incident);

        assertThat(question.parts()).extracting(Question.Part::commandId).containsExactly("cmd-2", "cmd-3");
        assertThat(question.preview())
                .containsSequence(
                        "  runs cmd-2, playbook kill; it waits because: the budget is used up",
                        "    capture",
                        "    terminate {gracePeriodSeconds=1}")
                .noneMatch(line -> line.contains("cmd-1"));
        assertThat(question.settled()).isFalse();
    }

    @Test
    void asksOnlyForTheCommandThatIsNamed() {
        incident.setCommands(
                List.of(command("cmd-21", "a", StepStatus.WAITING), command("cmd-22", "b", StepStatus.WAITING)));

        assertThat(approve("inc-1", "--command", "cmd-22").question(incident).parts())
                .extracting(Question.Part::commandId)
                .containsExactly("cmd-22");
        assertThatThrownBy(() -> approve("inc-1", "--command", "cmd-2").question(incident))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cmd-21, cmd-22");
        assertThat(approve("inc-1", "--command", "cmd-9").question(incident).impossible())
                .contains("inc-1 has no command cmd-9");
    }

    @Test
    void saysThatNothingWaits() {
        assertThat(approve("inc-1").question(incident).impossible())
                .contains("no command of inc-1 waits for an approval (contain-pod: DONE)");
        assertThat(reject("inc-1").question(incident).impossible()).isPresent();
    }

    @Test
    void isSettledWhenAllWasApprovedOrRejectedAlready() {
        CommandState approved = command("cmd-1", "contain-pod", StepStatus.PENDING);
        approved.setApproval(approval());
        incident.setCommands(List.of(approved));
        assertThat(approve("inc-1").question(incident).settled()).isTrue();
        assertThat(reject("inc-1").question(incident).settled()).isFalse();

        incident.setCommands(List.of(command("cmd-1", "contain-pod", StepStatus.REFUSED)));
        assertThat(reject("inc-1").question(incident).settled()).isTrue();
        assertThat(reject("inc-1").settled(incident))
                .isEqualTo("no command of inc-1 waits any more (contain-pod: REFUSED)");
    }

    @Test
    void refusesToDecideOnWhatWasDismissed() {
        incident.setStatus(IncidentStatus.DISMISSED);
        incident.setCommands(List.of(command("cmd-1", "contain-pod", StepStatus.WAITING)));
        assertThat(approve("inc-1").question(incident).impossible())
                .contains("inc-1 is DISMISSED: it was no incident, and nothing of it runs any more");
        assertThat(new IncidentSheet(incident, false).lines()).noneMatch(line -> line.contains("incidents approve"));
    }

    @Test
    void showsWhatWaitsWhoApprovedAndWhatIsReleasedByItself() {
        CommandState approved = command("cmd-1", "contain-pod", StepStatus.DONE);
        approved.setApproval(approval());
        approved.setIssuedAt(NOON);
        approved.setReleaseAt(NOON.plusSeconds(3_600));
        incident.setCommands(List.of(approved, command("cmd-2", "kill", StepStatus.WAITING)));
        incident.setStatus(IncidentStatus.AWAITING_APPROVAL);

        assertThat(new IncidentSheet(incident, false).lines())
                .contains("    command cmd-1, issued 2026-11-24T12:00:00Z")
                .contains("    approved by alice at 2026-11-24T12:00:00Z: seen")
                .contains("    is released by itself at 2026-11-24T13:00:00Z")
                .contains("  playbook kill (AUTOMATIC): WAITING: the budget is used up")
                .contains("    waits for `kordon incidents approve inc-1`")
                .contains("    terminate PENDING  {gracePeriodSeconds=1}");

        Incident before = Incident.newBuilder(incident)
                .setCommands(new ArrayList<>(List.of(command("cmd-1", "contain-pod", StepStatus.WAITING))))
                .build();
        assertThat(IncidentReport.growth(before, incident))
                .contains("  approved  contain-pod by alice at 2026-11-24T12:00:00Z: seen")
                .contains("  playbook  kill (AUTOMATIC): WAITING: the budget is used up");
    }

    private static Approval approval() {
        return Approval.newBuilder()
                .setDecisionId("dec-1")
                .setBy("alice")
                .setReason("seen")
                .setAt(NOON)
                .build();
    }

    static CommandState command(String id, String playbook, StepStatus status) {
        return CommandState.newBuilder()
                .setId(id)
                .setPlaybook(playbook)
                .setMode(Mode.AUTOMATIC)
                .setStatus(status)
                .setDetail(status == StepStatus.WAITING ? "the budget is used up" : "")
                .setSteps(List.of(
                        StepState.newBuilder()
                                .setAction("capture")
                                .setStatus(StepStatus.PENDING)
                                .build(),
                        StepState.newBuilder()
                                .setAction("terminate")
                                .setStatus(StepStatus.PENDING)
                                .setParameters(Map.of("gracePeriodSeconds", "1"))
                                .build()))
                .build();
    }

    private static ApproveCommand approve(String... arguments) {
        ApproveCommand.Approve command = new ApproveCommand.Approve();
        new CommandLine(command).parseArgs(arguments);
        return command;
    }

    private static ApproveCommand reject(String... arguments) {
        ApproveCommand.Reject command = new ApproveCommand.Reject();
        new CommandLine(command).parseArgs(arguments);
        return command;
    }
}
