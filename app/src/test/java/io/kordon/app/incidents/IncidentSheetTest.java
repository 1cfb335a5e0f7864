package io.kordon.app.incidents;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.app.demo.Incidents;
import io.kordon.avro.ContainerContext;
import io.kordon.avro.DecisionAction;
import io.kordon.avro.EvidenceBundle;
import io.kordon.avro.Finding;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentDecision;
import io.kordon.avro.IncidentStatus;
import io.kordon.avro.Level;
import io.kordon.avro.Owner;
import io.kordon.avro.PodContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IncidentSheetTest {
    private final Incident incident = Incidents.contained();

    @Test
    void showsWhomItIsAboutAndOnWhatThePodRuns() {
        incident.setContext(PodContext.newBuilder()
                .setNode("worker-1")
                .setOwners(List.of(owner("ReplicaSet", "tomcat-depl-89bb8c5c7")))
                .setWorkload(owner("Deployment", "tomcat-depl"))
                .setServiceAccount("tomcat-sa")
                .setLabels(Map.of("app", "tomcat"))
                .setHostNetwork(true)
                .setContainers(List.of(ContainerContext.newBuilder()
                        .setName("tomcat")
                        .setImage("tomcat:9.0.30")
                        .setId("d242ada771e9")
                        .setPrivileged(true)
                        .build()))
                .build());

        assertThat(sheet())
                .contains("  uid              uid-1")
                .contains("  node             worker-1")
                .contains("  workload         Deployment tomcat-depl")
                .contains("  owners           ReplicaSet tomcat-depl-89bb8c5c7")
                .contains("  service account  tomcat-sa")
                .contains("  shares with node network")
                .contains("  labels           app=tomcat")
                .contains("  image            tomcat:9.0.30 (container tomcat, d242ada771e9, privileged)");
    }

    @Test
    void writesTheScoresSumOutAndTheTimesWithWhatLiesBetweenThem() {
        assertThat(sheet())
                .contains("  score     100 * (1 - (1 - 0.73) * (1 - 0.47)) = 85.69")
                .anyMatch(line -> line.startsWith("  contained") && line.contains("(2.0 s later)"));
    }

    @Test
    void showsEvidenceAndTheSendersJsonIfAskedFor() {
        incident.setEvidenceOmitted(7);
        assertThat(sheet())
                .contains("evidence: 2 listed, 7 more counted")
                .anyMatch(line -> line.contains("seen by FALCO"))
                .anyMatch(line -> line.contains("rule-FALCO") && line.contains("evt-FALCO"))
                .noneMatch(line -> line.contains("\"by\":\"FALCO\""));
        assertThat(new IncidentSheet(incident, true).lines()).contains("    {\"by\":\"FALCO\"}");
    }

    @Test
    void showsStepsWithTheirResultsAndDecisions() {
        incident.getCommands().get(0).getSteps().get(0).setDetail("label set");
        incident.getCommands().get(0).getSteps().get(0).setFinishedAt(Instant.parse("2026-11-24T10:00:07Z"));
        incident.setStatus(IncidentStatus.DISMISSED);
        incident.setCloseReason("dismissed");
        incident.setDecisions(List.of(IncidentDecision.newBuilder()
                .setId("dec-1")
                .setAction(DecisionAction.DISMISS)
                .setBy("alice")
                .setReason("a drill")
                .setAt(Instant.parse("2026-11-24T11:00:00Z"))
                .build()));

        assertThat(sheet())
                .contains("  playbook contain-pod (AUTOMATIC): DONE")
                .contains("    label     DONE     2026-11-24T10:00:07Z: label set")
                .contains("  status           DISMISSED, phase RESOLUTION, because: dismissed")
                .contains("  2026-11-24T11:00:00Z DISMISS by alice: a drill");
    }

    @Test
    void showsEvidenceThatWasStoredAndWhatWasFoundInIt() {
        incident.setBundles(List.of(EvidenceBundle.newBuilder()
                .setLocation("s3://evidence/inc-1/cmd-1/")
                .setDigest("a".repeat(64))
                .setOrigin("capture")
                .setFiles(12)
                .setBytes(34_567)
                .setMissing(2)
                .setSealedAt(Instant.parse("2026-11-24T10:00:07Z"))
                .build()));
        incident.setFindings(IntStream.range(0, 12)
                .mapToObj(i -> Finding.newBuilder()
                        .setKind("indicator")
                        .setPath("/tmp/xmrig" + i)
                        .setIndicator("xmrig")
                        .setLevel(Level.CRITICAL)
                        .setDetail("a miner")
                        .build())
                .toList());
        incident.setFindingsOmitted(3);

        assertThat(sheet())
                .contains("  s3://evidence/inc-1/cmd-1/ (capture, 12 files, 34567 bytes, 2 pieces could not be had)"
                        + " 2026-11-24T10:00:07Z, sha256 " + "a".repeat(64))
                .contains("findings: 12 listed, 3 more counted")
                .contains("  CRITICAL indicator /tmp/xmrig0 is xmrig: a miner");
        assertThat(IncidentReport.growth(Incidents.contained(), incident))
                .anyMatch(line -> line.startsWith("  stored    s3://evidence/inc-1/cmd-1/"))
                .contains("  finding   CRITICAL indicator /tmp/xmrig9 is xmrig: a miner")
                .contains("  finding   2 more")
                .noneMatch(line -> line.contains("xmrig10"));
    }

    @Test
    void listsIdsAsShortAsTheyStayDifferent() {
        Incident other = Incidents.contained();
        incident.setId("inc-0123456789abcdef");
        other.setId("inc-0123456789abffff");
        other.setTitle("\u001b[31mred");

        List<String> lines = IncidentTable.lines(List.of(incident, other));

        assertThat(lines).hasSize(3);
        assertThat(lines.get(1)).startsWith("inc-0123456789abc  CRITICAL   85.69  CONTAINED");
        assertThat(lines.get(2)).startsWith("inc-0123456789abf  ").contains("·[31mred");
    }

    @Test
    void holdsTheGravestFirstWithoutTheSendersJsonAndDropsTheStalest() {
        Held held = new Held(2);
        IntStream.range(0, 3).forEach(i -> {
            Incident one = Incidents.contained();
            one.setId("inc-" + i);
            one.setSeverity(i == 2 ? Level.CRITICAL : Level.LOW);
            held.put(one);
        });

        assertThat(held.gravestFirst()).extracting(Incident::getId).containsExactly("inc-2", "inc-1");
        assertThat(held.complaint()).contains("more than 2 incidents");
        assertThat(held.gravestFirst().get(0).getEvidence())
                .allSatisfy(evidence -> assertThat(evidence.getOriginal()).isEmpty());
        assertThat(held.remove("inc-1")).isNotNull();
        assertThat(held.remove("inc-1")).isNull();
    }

    private List<String> sheet() {
        return new IncidentSheet(incident, false).lines();
    }

    private static Owner owner(String kind, String name) {
        return Owner.newBuilder().setKind(kind).setName(name).setUid("u").build();
    }
}
