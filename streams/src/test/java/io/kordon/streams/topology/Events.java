package io.kordon.streams.topology;

import io.kordon.avro.AlertStatus;
import io.kordon.avro.Entity;
import io.kordon.avro.FalcoEvent;
import io.kordon.avro.FalcoPriority;
import io.kordon.avro.Owner;
import io.kordon.avro.Pod;
import io.kordon.avro.PodContext;
import io.kordon.avro.PrometheusEvent;
import io.kordon.schemas.EntityKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Builds events as the gateway writes them. */
final class Events {
    static final String CLUSTER = "demo";
    static final String NAMESPACE = "tomcat";
    static final String POD = "tomcat-depl-89bb8c5c7-lspcw";
    static final String UID = "0f8fad5b-d9cb-469f-a165-70867728950e";
    static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    static final double GIB = 1024 * 1024 * 1024;

    private Events() {}

    static FalcoEvent rce(Instant time) {
        return rce(POD, time);
    }

    static FalcoEvent rce(String pod, Instant time) {
        return FalcoEvent.newBuilder()
                .setId("falco-" + pod + "-" + time)
                .setEntity(entity(pod))
                .setTime(time)
                .setReceivedAt(time.plusMillis(200))
                .setRule("RCE: Tomcat runs curl without a terminal")
                .setPriority(FalcoPriority.CRITICAL)
                .setSource("syscall")
                .setHostname("worker-1")
                .setOutput("curl spawned by java")
                .setOutputFields(Map.of("proc.name", "curl"))
                .setOriginal("{\"rule\":\"RCE: Tomcat runs curl without a terminal\"}")
                .build();
    }

    static PrometheusEvent memory(double bytes, Instant startsAt, Instant receivedAt) {
        return memory(POD, bytes, startsAt, receivedAt);
    }

    static PrometheusEvent memory(String pod, double bytes, Instant startsAt, Instant receivedAt) {
        return PrometheusEvent.newBuilder()
                .setId("alert-" + pod + "-" + startsAt + "-firing")
                .setEntity(entity(pod))
                .setStatus(AlertStatus.FIRING)
                .setStartsAt(startsAt)
                .setReceivedAt(receivedAt)
                .setAlertname("PodMemoryAbove2GiB")
                .setValue(bytes)
                .setLabels(Map.of("alertname", "PodMemoryAbove2GiB", "namespace", NAMESPACE, "pod", pod))
                .setAnnotations(Map.of("value", Double.toString(bytes), "summary", "much memory"))
                .setFingerprint("fp-" + pod)
                .setOriginal("{\"labels\":{\"alertname\":\"PodMemoryAbove2GiB\"}}")
                .build();
    }

    static PrometheusEvent resolved(PrometheusEvent firing, Instant endsAt, Instant receivedAt) {
        return PrometheusEvent.newBuilder(firing)
                .setId(firing.getId().replace("firing", "resolved"))
                .setStatus(AlertStatus.RESOLVED)
                .setEndsAt(endsAt)
                .setReceivedAt(receivedAt)
                .build();
    }

    static Pod pod(String name, String uid, Instant createdAt) {
        return Pod.newBuilder()
                .setEntity(EntityKey.podEntity(CLUSTER, NAMESPACE, name, uid).build())
                .setContext(PodContext.newBuilder()
                        .setNode("worker-1")
                        .setOwners(List.of(new Owner("ReplicaSet", "tomcat-depl-89bb8c5c7", "rs-uid", true)))
                        .setLabels(Map.of("app", "tomcat"))
                        .build())
                .setPhase("Running")
                .setCreatedAt(createdAt)
                .setObservedAt(createdAt.plus(Duration.ofSeconds(1)))
                .build();
    }

    static Entity entity(String pod) {
        return EntityKey.podEntity(CLUSTER, NAMESPACE, pod, null).build();
    }
}
