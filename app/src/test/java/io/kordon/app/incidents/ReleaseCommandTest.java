package io.kordon.app.incidents;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.app.demo.Incidents;
import io.kordon.avro.CommandState;
import io.kordon.avro.Decision;
import io.kordon.avro.DecisionAction;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentDecision;
import io.kordon.avro.IncidentStatus;
import io.kordon.avro.StepStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReleaseCommandTest {
    private final ReleaseCommand release = new ReleaseCommand();
    private final Decision decision = Decision.newBuilder()
            .setId("dec-1")
            .setIncidentId("inc-1")
            .setKey("k")
            .setAction(DecisionAction.RELEASE)
            .setBy("alice")
            .setAt(Instant.EPOCH)
            .build();

    @Test
    void showsWhatIsUndoneAndWaitsForTheReleasesOwnResult() {
        Question question = release.question(Incidents.contained());
        assertThat(question.preview())
                .contains("  undoes cmd-1, playbook contain-pod: DONE")
                .contains("    isolate")
                .contains("    cordon");
        assertThat(question.parts()).hasSize(1);

        Awaited awaited = new Awaited(decision, question.parts().get(0).settled());
        awaited.look(Incidents.contained());
        assertThat(awaited.taken()).as("says nothing of the decision").isNull();

        awaited.look(revision(7, StepStatus.PENDING, IncidentStatus.CONTAINED));
        assertThat(awaited.taken()).isNotNull();
        assertThat(awaited.shown()).as("not answered yet").isNull();

        Incident done = revision(8, StepStatus.DONE, IncidentStatus.RELEASED);
        awaited.look(done);
        assertThat(awaited.shown()).isSameAs(done);
        assertThat(release.succeeded(decision, done)).isTrue();
        assertThat(release.outcome(decision, done)).contains("  release: DONE: all is as it was");
    }

    @Test
    void endsWhenAReleaseFailsAndIsNoSuccessThen() {
        Question question = release.question(Incidents.contained());
        Incident failed = revision(7, StepStatus.FAILED, IncidentStatus.CONTAINED);
        assertThat(question.parts().get(0).settled().test(failed)).isTrue();
        assertThat(release.succeeded(decision, failed)).isFalse();
    }

    @Test
    void isNotMisledByAnEarlierRelease() {
        Incident again = revision(7, StepStatus.FAILED, IncidentStatus.CONTAINED);
        Question question = release.question(again);
        assertThat(question.parts().get(0).settled().test(again)).isFalse();
    }

    @Test
    void takesTheResultOfAReleaseThatSomebodyElseAskedFor() {
        Question question = release.question(revision(7, StepStatus.PENDING, IncidentStatus.CONTAINED));
        Incident done = revision(8, StepStatus.DONE, IncidentStatus.RELEASED);
        assertThat(question.parts().get(0).settled().test(done)).isTrue();
        assertThat(release.succeeded(decision, done)).isTrue();
    }

    @Test
    void asksForNothingWhereNothingIsHeld() {
        Incident incident = Incidents.contained();
        incident.setStatus(IncidentStatus.RELEASED);
        assertThat(release.question(incident).settled()).isTrue();

        incident.setStatus(IncidentStatus.AWAITING_APPROVAL);
        incident.setCommands(List.of(ApproveCommandTest.command("cmd-1", "kill", StepStatus.WAITING)));
        assertThat(release.question(incident).impossible()).contains("nothing was done about inc-1");
    }

    @Test
    void asksForNothingWhereAClosedIncidentIsReleasedAlready() {
        Incident closed = revision(8, StepStatus.DONE, IncidentStatus.CLOSED);
        assertThat(release.question(closed).settled()).isTrue();
        assertThat(release.settled(closed)).isEqualTo("inc-1 is released already (CLOSED)");

        List<CommandState> more = new ArrayList<>(closed.getCommands());
        more.add(ApproveCommandTest.command("cmd-2", "kill-pod", StepStatus.DONE));
        closed.setCommands(more);
        assertThat(release.question(closed).parts()).as("contained again since").hasSize(1);
        assertThat(release.question(revision(8, StepStatus.FAILED, IncidentStatus.CLOSED))
                        .parts())
                .as("could not be undone")
                .hasSize(1);
    }

    @Test
    void doesNotClaimThatEvidenceOrADeletedPodIsUndone() {
        Incident incident = Incidents.contained();
        CommandState kill = ApproveCommandTest.command("cmd-2", "kill-pod", StepStatus.DONE);
        kill.getSteps().forEach(step -> step.setStatus(StepStatus.DONE));
        incident.setCommands(List.of(kill));
        assertThat(release.question(incident).preview())
                .contains("  undoes cmd-2, playbook kill-pod: DONE")
                .noneMatch(line -> line.contains("capture") || line.contains("terminate"));
    }

    private static Incident revision(long revision, StepStatus status, IncidentStatus incidentStatus) {
        Incident incident = Incidents.contained();
        incident.setRevision(revision);
        incident.setStatus(incidentStatus);
        List<CommandState> commands = new ArrayList<>(incident.getCommands());
        CommandState own = ApproveCommandTest.command("cmd-release", ReleaseCommand.PLAYBOOK, status);
        own.setDetail(status == StepStatus.DONE ? "all is as it was" : "");
        commands.add(own);
        incident.setCommands(commands);
        incident.setDecisions(List.of(IncidentDecision.newBuilder()
                .setId("dec-1")
                .setAction(DecisionAction.RELEASE)
                .setBy("alice")
                .setAt(Instant.EPOCH)
                .build()));
        return incident;
    }
}
