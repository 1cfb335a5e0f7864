package io.kordon.streams.topology;

import static io.kordon.streams.topology.Events.GIB;
import static io.kordon.streams.topology.Events.NOON;
import static io.kordon.streams.topology.Events.POD;
import static io.kordon.streams.topology.Events.UID;
import static io.kordon.streams.topology.Events.memory;
import static io.kordon.streams.topology.Events.pod;
import static io.kordon.streams.topology.Events.rce;
import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.Command;
import io.kordon.avro.Decision;
import io.kordon.avro.DecisionAction;
import io.kordon.avro.EvidenceBundle;
import io.kordon.avro.Finding;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentStatus;
import io.kordon.avro.Level;
import io.kordon.avro.Mode;
import io.kordon.avro.OnFailure;
import io.kordon.avro.Owner;
import io.kordon.avro.Pod;
import io.kordon.avro.Result;
import io.kordon.avro.Source;
import io.kordon.avro.StepStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Approvals, releases and attachments on their way through the topics. */
class ResponseTopologyTest {
    private static final String PLAYBOOKS = """
            name: contain
            when: {score: 85}
            mode: automatic
            steps: [isolate: {allow: dns, timeout: 30s}, capture: {on-failure: continue}]
            ---
            name: kill
            when: {score: 85}
            mode: approval
            steps: [capture, terminate]
            """;

    private final TopologyHarness kordon = new TopologyHarness(NOON, PLAYBOOKS);

    @AfterEach
    void close() {
        kordon.close();
    }

    @Test
    void sendsOnlyWhatIsToBeRunNow() {
        Command contain = open();
        assertThat(contain.getPlaybook()).isEqualTo("contain");
        assertThat(contain.getSources()).containsExactly(Source.FALCO, Source.PROMETHEUS);
        assertThat(contain.getWorkload().getKind()).isEqualTo("Deployment");
        assertThat(contain.getSteps().get(0).getParameters()).containsEntry("allow", "dns");
        assertThat(contain.getSteps().get(0).getTimeoutMillis()).isEqualTo(30_000);
        assertThat(contain.getSteps().get(0).getOnFailure()).isEqualTo(OnFailure.STOP);
        assertThat(contain.getSteps().get(1).getOnFailure()).isEqualTo(OnFailure.CONTINUE);
        assertThat(kordon.commands()).isEmpty();
    }

    @Test
    void sendsWhatWasApprovedWithWhoDidAndKeepsTheBundle() {
        Command contain = open();
        EvidenceBundle bundle = bundle("capture");
        kordon.result(Result.newBuilder(result(contain, 1)).setBundle(bundle).build())
                .result(result(contain, -1));
        Incident waits = incident();
        assertThat(waits.getStatus()).isEqualTo(IncidentStatus.AWAITING_APPROVAL);
        assertThat(waits.getBundles()).containsExactly(bundle);
        assertThat(waits.getCommands().get(1).getStatus()).isEqualTo(StepStatus.WAITING);
        assertThat(waits.getCommands().get(1).getMode()).isEqualTo(Mode.APPROVAL);

        kordon.decision(decision(waits, "d1", DecisionAction.APPROVE)
                .setCommandId(waits.getCommands().get(1).getId())
                .build());
        Command kill = kordon.commands().get(0).value();
        assertThat(kill.getId()).isEqualTo(waits.getCommands().get(1).getId());
        assertThat(kill.getMode()).isEqualTo(Mode.AUTOMATIC);
        assertThat(kill.getApproval().getBy()).isEqualTo("ann");
        assertThat(incident().getCommands().get(1).getApproval()).isEqualTo(kill.getApproval());
    }

    @Test
    void releasesAnIncidentThatIsLongOver() {
        Command contain = open();
        kordon.result(result(contain, -1)).idle(Duration.ofHours(3)).idle(Duration.ofDays(30));
        Incident closed = incident();
        assertThat(closed.getStatus()).isEqualTo(IncidentStatus.CLOSED);
        assertThat(closed.getEvidence())
                .noneMatch(evidence -> evidence.getOriginal().isEmpty());

        kordon.decision(decision(closed, "d1", DecisionAction.RELEASE).build());
        Command release = kordon.commands().get(0).value();
        assertThat(release.getPlaybook()).isEqualTo("release");
        assertThat(release.getSteps()).extracting(step -> step.getAction()).containsExactly("release");
        kordon.result(result(release, -1));
        Incident released = incident();
        assertThat(released.getCommands())
                .extracting(command -> command.getStatus())
                .contains(StepStatus.DONE);
        assertThat(released.getEvidence())
                .as("what the senders wrote is still there")
                .isEqualTo(closed.getEvidence());
    }

    @Test
    void doesNotBelieveAnActuatorWhoseClockIsFast() {
        Command contain = open();
        kordon.result(Result.newBuilder(result(contain, -1))
                .setFinishedAt(NOON.plus(Duration.ofDays(30_000)))
                .build());
        assertThat(incident().getTimeline().getContainedAt()).isEqualTo(NOON);
    }

    @Test
    void joinsWhatAnExaminationFound() {
        open();
        Incident incident = incident();
        Finding finding = Finding.newBuilder()
                .setKind("indicator")
                .setPath("/tmp/xmrig")
                .setSha256("f".repeat(64))
                .setIndicator("a miner")
                .setLevel(Level.CRITICAL)
                .build();
        kordon.decision(decision(incident, "d1", DecisionAction.ATTACH)
                .setBundle(bundle("inspect"))
                .setFindings(List.of(finding))
                .build());
        Incident attached = incident();
        assertThat(attached.getFindings()).containsExactly(finding);
        assertThat(attached.getBundles()).extracting(EvidenceBundle::getOrigin).containsExactly("inspect");
        assertThat(attached.getDecisions().get(0).getAction()).isEqualTo(DecisionAction.ATTACH);
        assertThat(kordon.metrics
                        .counter("kordon.streams.decisions", "action", "attach", "outcome", "taken")
                        .count())
                .isEqualTo(1);
    }

    private Command open() {
        Pod known = pod(POD, UID, NOON.minus(Duration.ofHours(5)));
        known.getContext().setWorkload(new Owner("Deployment", "tomcat-depl", "d-uid", true));
        kordon.pod(known).falco(rce(NOON)).alert(memory(3 * GIB, NOON, NOON));
        return kordon.commands().get(0).value();
    }

    private Incident incident() {
        List<Incident> incidents = kordon.incidents();
        assertThat(incidents).hasSize(1);
        return incidents.get(0);
    }

    private static Decision.Builder decision(Incident incident, String id, DecisionAction action) {
        return Decision.newBuilder()
                .setId(id)
                .setIncidentId(incident.getId())
                .setKey(incident.getKey())
                .setAction(action)
                .setBy("ann")
                .setReason("because")
                .setAt(NOON.plusSeconds(60));
    }

    private static EvidenceBundle bundle(String origin) {
        return EvidenceBundle.newBuilder()
                .setLocation("file:///evidence/1/")
                .setDigest("a".repeat(64))
                .setOrigin(origin)
                .setFiles(3)
                .setBytes(1_000)
                .setSealedAt(NOON)
                .build();
    }

    private static Result result(Command command, int step) {
        return Result.newBuilder()
                .setCommandId(command.getId())
                .setIncidentId(command.getIncidentId())
                .setKey(command.getKey())
                .setEntity(command.getEntity())
                .setStep(step)
                .setAction("any")
                .setStatus(StepStatus.DONE)
                .setObserved(Map.of())
                .setStartedAt(NOON.plusSeconds(2))
                .setFinishedAt(NOON.plusSeconds(3))
                .build();
    }
}
