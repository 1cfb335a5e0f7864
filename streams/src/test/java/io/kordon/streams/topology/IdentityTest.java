package io.kordon.streams.topology;

import static io.kordon.streams.topology.Events.CLUSTER;
import static io.kordon.streams.topology.Events.GIB;
import static io.kordon.streams.topology.Events.NAMESPACE;
import static io.kordon.streams.topology.Events.NOON;
import static io.kordon.streams.topology.Events.POD;
import static io.kordon.streams.topology.Events.UID;
import static io.kordon.streams.topology.Events.memory;
import static io.kordon.streams.topology.Events.pod;
import static io.kordon.streams.topology.Events.rce;
import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.AuditEvent;
import io.kordon.avro.ContainerContext;
import io.kordon.avro.Decision;
import io.kordon.avro.DecisionAction;
import io.kordon.avro.Entity;
import io.kordon.avro.EntityKind;
import io.kordon.avro.FalcoEvent;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentStatus;
import io.kordon.avro.ObjectRef;
import io.kordon.avro.Pod;
import io.kordon.avro.PodContext;
import io.kordon.schemas.EntityKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whom an event is about: names, UIDs, containers, and an inventory that comes late. */
class IdentityTest {
    private static final String KEY = EntityKey.pod(CLUSTER, NAMESPACE, POD);
    private static final String CONTAINER = "3ad7b26ded6d";
    private static final String OTHER_UID = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
    private static final Instant HOURS_AGO = NOON.minus(Duration.ofHours(5));

    private final TopologyHarness kordon = new TopologyHarness(NOON);

    @AfterEach
    void close() {
        kordon.close();
    }

    @Test
    void healsAnEventThatNamesOnlyAContainer() {
        kordon.pod(running(UID, HOURS_AGO, CONTAINER + "0123456789abcdef"))
                .falco(ofContainer(NOON))
                .alert(memory(3 * GIB, NOON, NOON));

        Incident incident = onlyIncident();
        assertThat(incident.getKey()).isEqualTo(KEY);
        assertThat(incident.getEntity().getUid()).isEqualTo(UID);
        assertThat(incident.getEvidence()).hasSize(2);
        assertThat(kordon.signals())
                .allSatisfy(signal -> assertThat(signal.key()).isEqualTo(KEY));
    }

    @Test
    void healsAnEventOfAContainerWhosePodIsKnownOnlyLater() {
        kordon.falco(ofContainer(NOON)).alert(memory(3 * GIB, NOON, NOON));
        assertThat(kordon.incidents()).isEmpty();

        kordon.pod(running(UID, HOURS_AGO, CONTAINER + "0123456789abcdef"));

        Incident incident = onlyIncident();
        assertThat(incident.getKey()).isEqualTo(KEY);
        assertThat(incident.getEvidence()).hasSize(2);
        assertThat(incident.getEvidence())
                .allSatisfy(evidence -> assertThat(evidence.getOriginal()).isNotEmpty());
        assertThat(kordon.commands()).hasSize(1);
        assertThat(kordon.state(EntityKey.container(CLUSTER, CONTAINER))).isNull();
    }

    @Test
    void neverTakesTwoPodsWithOneNameForOne() {
        kordon.pod(running(UID, HOURS_AGO, "aaaaaaaaaaaa"))
                .falco(rce(NOON))
                .pod(deleted(running(UID, HOURS_AGO, "aaaaaaaaaaaa"), NOON.plusSeconds(60)))
                .pod(running(OTHER_UID, NOON.plusSeconds(61), "bbbbbbbbbbbb"))
                .alert(memory(3 * GIB, NOON.plusSeconds(120), NOON.plusSeconds(130)));
        assertThat(kordon.incidents()).isEmpty();

        kordon.falco(rce(NOON.plusSeconds(150)));
        assertThat(onlyIncident().getEntity().getUid()).isEqualTo(OTHER_UID);
    }

    @Test
    void findsThePodThatLivedAtTheEventsTimeThoughItIsGone() {
        kordon.pod(deleted(running(UID, HOURS_AGO, "aaaaaaaaaaaa"), NOON.plusSeconds(60)))
                .pod(running(OTHER_UID, NOON.plusSeconds(61), "bbbbbbbbbbbb"))
                .falco(rce(NOON));
        assertThat(kordon.signals())
                .singleElement()
                .satisfies(signal ->
                        assertThat(signal.value().getEntity().getUid()).isEqualTo(UID));
    }

    @Test
    void tellsTheUidAndThePlaceOfAnOpenIncidentOnceTheInventoryKnows() {
        kordon.falco(rce(NOON)).alert(memory(3 * GIB, NOON, NOON));
        Incident before = onlyIncident();
        assertThat(before.getContext()).isNull();

        kordon.pod(running(UID, HOURS_AGO, "aaaaaaaaaaaa"));

        Incident after = onlyIncident();
        assertThat(after.getId()).isEqualTo(before.getId());
        assertThat(after.getRevision()).isGreaterThan(before.getRevision());
        assertThat(after.getEntity().getUid()).isEqualTo(UID);
        assertThat(after.getContext().getNode()).isEqualTo("worker-1");
    }

    @Test
    void closesTheIncidentOfAPodThatTheInventorySawGo() {
        Pod pod = running(UID, HOURS_AGO, "aaaaaaaaaaaa");
        kordon.pod(pod).falco(rce(NOON)).alert(memory(3 * GIB, NOON, NOON));
        kordon.incidents();
        kordon.pod(deleted(pod, NOON.plusSeconds(30))).idle(Duration.ofMinutes(70));
        assertThat(onlyIncident().getCloseReason()).isEqualTo("deleted");
    }

    @Test
    void closesTheIncidentOfAPodThatOnlyTheAuditLogSawGo() {
        kordon.audit(deletion("system:node:worker-1", UID, NOON.minusSeconds(600)))
                .falco(rce(NOON))
                .alert(memory(3 * GIB, NOON, NOON));
        kordon.pod(running(OTHER_UID, NOON.minusSeconds(500), "bbbbbbbbbbbb"));
        kordon.incidents();
        kordon.audit(deletion("system:node:worker-1", OTHER_UID, NOON.plusSeconds(30)))
                .idle(Duration.ofMinutes(70));
        assertThat(onlyIncident().getCloseReason()).isEqualTo("deleted");
    }

    @Test
    void takesAnOrdinaryDeletionForTheBeginningOfTheEndOnly() {
        kordon.pod(running(UID, HOURS_AGO, "aaaaaaaaaaaa"))
                .audit(deletion("alice", UID, NOON.minusSeconds(5)))
                .falco(rce(NOON))
                .alert(memory(3 * GIB, NOON.minusSeconds(1), NOON));
        assertThat(onlyIncident().getEntity().getUid())
                .as("in its last seconds")
                .isEqualTo(UID);
    }

    @Test
    void correlatesACallOnThePodWhoseTokenMadeIt() {
        kordon.pod(running(UID, HOURS_AGO, "aaaaaaaaaaaa"));
        FalcoEvent read = FalcoEvent.newBuilder(rce(NOON))
                .setRule("Read of the token")
                .setOutputFields(
                        Map.of("fd.name", "/run/secrets/kubernetes.io/serviceaccount/token", "proc.name", "cat"))
                .build();
        AuditEvent call = AuditEvent.newBuilder(
                        deletion("system:serviceaccount:tomcat:tomcat", null, NOON.plusSeconds(30)))
                .setVerb("list")
                .setTarget(null)
                .setActor(EntityKey.podEntity(CLUSTER, NAMESPACE, POD, UID).build())
                .setEntity(EntityKey.podEntity(CLUSTER, NAMESPACE, POD, UID).build())
                .setObject(ObjectRef.newBuilder().setResource("secrets").build())
                .setExtra(Map.of("authentication.kubernetes.io/pod-name", List.of(POD)))
                .build();
        kordon.falco(read).audit(call);
        assertThat(onlyIncident().getKey()).isEqualTo(KEY);
    }

    @Test
    void letsAnalystsCloseAndDismissAndReopen() {
        kordon.falco(rce(NOON)).alert(memory(3 * GIB, NOON, NOON));
        Incident incident = onlyIncident();
        decide("d1", incident, DecisionAction.DISMISS);
        Incident dismissed = onlyIncident();
        assertThat(dismissed.getStatus()).isEqualTo(IncidentStatus.DISMISSED);
        assertThat(dismissed.getDecisions()).singleElement().satisfies(decision -> {
            assertThat(decision.getBy()).isEqualTo("ann");
            assertThat(decision.getReason()).isEqualTo("a load test");
        });
        decide("d2", incident, DecisionAction.REOPEN);
        assertThat(onlyIncident().getStatus()).isEqualTo(IncidentStatus.CONTAINING);
        decide("d3", incident, DecisionAction.CLOSE);
        assertThat(onlyIncident().getStatus()).isEqualTo(IncidentStatus.CLOSED);
        decide("d3", incident, DecisionAction.CLOSE);
        assertThat(kordon.incidents()).as("the same decision again").isEmpty();
        assertThat(kordon.metrics
                        .counter("kordon.streams.decisions", "action", "close", "outcome", "taken")
                        .count())
                .isEqualTo(1);
    }

    private void decide(String id, Incident incident, DecisionAction action) {
        kordon.decision(Decision.newBuilder()
                .setId(id)
                .setIncidentId(incident.getId())
                .setKey(incident.getKey())
                .setAction(action)
                .setBy("ann")
                .setReason("a load test")
                .setAt(NOON.plusSeconds(200))
                .build());
    }

    private Incident onlyIncident() {
        List<Incident> incidents = kordon.incidents();
        assertThat(incidents).hasSize(1);
        return incidents.get(0);
    }

    private static Pod running(String uid, Instant createdAt, String containerId) {
        Pod pod = pod(POD, uid, createdAt);
        return Pod.newBuilder(pod)
                .setContext(PodContext.newBuilder(pod.getContext())
                        .setContainers(List.of(new ContainerContext("tomcat", "tomcat:9", containerId, false)))
                        .build())
                .build();
    }

    private static Pod deleted(Pod pod, Instant at) {
        return Pod.newBuilder(pod).setDeletedAt(at).setObservedAt(at).build();
    }

    /** As Falco writes it when it has not learned the pod from the container's runtime. */
    private static FalcoEvent ofContainer(Instant time) {
        return FalcoEvent.newBuilder(rce(time))
                .setEntity(Entity.newBuilder()
                        .setKey(EntityKey.container(CLUSTER, CONTAINER))
                        .setKind(EntityKind.CONTAINER)
                        .setCluster(CLUSTER)
                        .setContainerId(CONTAINER)
                        .setNode("worker-1")
                        .build())
                .build();
    }

    private static AuditEvent deletion(String user, String uid, Instant at) {
        return AuditEvent.newBuilder()
                .setId("audit-" + at)
                .setEntity(EntityKey.podEntity(CLUSTER, NAMESPACE, POD, uid).build())
                .setTarget(EntityKey.podEntity(CLUSTER, NAMESPACE, POD, uid).build())
                .setTime(at)
                .setReceivedAt(at.plusSeconds(1))
                .setAuditId("a")
                .setStage("ResponseComplete")
                .setVerb("delete")
                .setUsername(user)
                .setObject(ObjectRef.newBuilder()
                        .setResource("pods")
                        .setNamespace(NAMESPACE)
                        .setName(POD)
                        .build())
                .setResponseCode(200)
                .setOriginal("{}")
                .build();
    }
}
