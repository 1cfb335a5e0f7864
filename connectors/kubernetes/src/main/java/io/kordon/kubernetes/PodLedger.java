package io.kordon.kubernetes;

import io.kordon.avro.Pod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the pods topic says, and so what must be written to it when a pod is seen or gone. Safe for several threads:
 * informers of several namespaces and Kafka's callbacks share it.
 */
final class PodLedger {
    private final String cluster;
    private final Clock clock;
    private final Map<String, Pod> written = new HashMap<>();

    PodLedger(String cluster, Clock clock) {
        this.cluster = cluster;
        this.clock = clock;
    }

    /** Takes note of a record that the topic holds already; null where it holds a tombstone. */
    synchronized void load(String key, @Nullable Pod pod) {
        if (pod == null) {
            written.remove(key);
        } else if (pod.getEntity().getCluster().equals(cluster)) {
            written.put(key, pod);
        }
    }

    /** What to write for a pod that exists: nothing, its state, or first the end of another that bore its name. */
    synchronized List<Pod> seen(io.fabric8.kubernetes.api.model.Pod live) {
        Pod pod = PodRecords.of(cluster, live, clock.instant());
        String key = pod.getEntity().getKey();
        Pod before = written.get(key);
        if (before != null && PodRecords.sameState(before, pod)) {
            return List.of();
        }
        List<Pod> write = new ArrayList<>();
        if (before != null && before.getDeletedAt() == null && !sameUid(before, pod)) {
            write.add(PodRecords.deleted(before, clock.instant()));
        }
        if (before != null && before.getDeletedAt() != null && sameUid(before, pod)) {
            return List.of(); // a late echo: what is gone does not come back
        }
        write.add(pod);
        written.put(key, pod);
        return write;
    }

    /** What to write for a pod that is gone: its end, unless that is known, or another has its name by now. */
    List<Pod> gone(io.fabric8.kubernetes.api.model.Pod last) {
        return gone(PodRecords.of(cluster, last, clock.instant()));
    }

    /** As {@link #gone(io.fabric8.kubernetes.api.model.Pod)}, for a pod that only the topic remembers. */
    synchronized List<Pod> gone(Pod pod) {
        Pod before = written.get(pod.getEntity().getKey());
        if (before != null && (before.getDeletedAt() != null || !sameUid(before, pod))) {
            return List.of();
        }
        Pod deleted = PodRecords.deleted(pod, clock.instant());
        written.put(pod.getEntity().getKey(), deleted);
        return List.of(deleted);
    }

    /** Pods that the topic believes alive. */
    synchronized List<Pod> alive() {
        return written.values().stream()
                .filter(pod -> pod.getDeletedAt() == null)
                .toList();
    }

    /** Keys of pods that ended longer ago than {@code age}; they are forgotten here too. */
    synchronized List<String> expired(Duration age) {
        Instant limit = clock.instant().minus(age);
        List<String> keys = new ArrayList<>();
        written.entrySet().removeIf(entry -> {
            Instant deletedAt = entry.getValue().getDeletedAt();
            boolean expired = deletedAt != null && deletedAt.isBefore(limit);
            if (expired) {
                keys.add(entry.getKey());
            }
            return expired;
        });
        return keys;
    }

    /**
     * A record did not reach the topic. The next sight of a live pod shall write it again; one that has gone counts as
     * alive until somebody finds it missing.
     */
    synchronized void notWritten(Pod pod) {
        String key = pod.getEntity().getKey();
        Pod before = written.get(key);
        if (before != null && sameUid(before, pod)) {
            if (pod.getDeletedAt() == null) {
                written.remove(key);
            } else {
                written.put(key, Pod.newBuilder(pod).setDeletedAt(null).build());
            }
        }
    }

    private static boolean sameUid(Pod one, Pod other) {
        return Objects.equals(one.getEntity().getUid(), other.getEntity().getUid());
    }
}
