package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.kordon.avro.Owner;
import io.kordon.avro.Pod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the pods topic says, and so what must be written to it when a pod or its owner is seen or gone. Records are to be
 * written in the order in which they are given. Safe for several threads, though only one may write.
 */
final class PodLedger {
    /** How many ends are kept while they cannot be written. */
    private static final int MAX_OWED_ENDS = 10_000;

    private final String cluster;
    private final Workloads workloads;
    private final Clock clock;
    private final Map<String, Pod> written = new HashMap<>();
    /** Keys of the pods whose controller is of a kind that is followed, and has not been seen; by the controller's UID. */
    private final Map<String, Set<String>> waiting = new HashMap<>();
    /** Ends that did not reach the topic, by UID: others may bear their names by now. */
    private final Map<String, Pod> owedEnds = new LinkedHashMap<>();
    /** Keys whose last record did not. */
    private final Set<String> owed = new LinkedHashSet<>();

    PodLedger(String cluster, Workloads workloads, Clock clock) {
        this.cluster = cluster;
        this.workloads = workloads;
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
        Pod pod = state(live);
        String key = pod.getEntity().getKey();
        Pod before = written.get(key);
        boolean known = before != null && sameUid(before, pod);
        if (before != null && known && (before.getDeletedAt() != null || PodRecords.sameState(before, pod))) {
            return List.of(); // nothing new, or a late echo: what is gone does not come back
        }
        List<Pod> write = new ArrayList<>();
        if (before != null && !known) {
            forgetWait(before);
            if (before.getDeletedAt() == null) {
                write.add(PodRecords.deleted(before, endBefore(pod, before.getCreatedAt()), clock.instant()));
            }
        }
        write.add(pod);
        written.put(key, pod);
        return write;
    }

    /** What to write for a pod that is gone: its end, unless that is known, or another has its name by now. */
    synchronized List<Pod> gone(io.fabric8.kubernetes.api.model.Pod last) {
        return gone(state(last));
    }

    /** As {@link #gone(io.fabric8.kubernetes.api.model.Pod)}, for a pod that only the topic remembers. */
    synchronized List<Pod> gone(Pod pod) {
        forgetWait(pod);
        Pod before = written.get(pod.getEntity().getKey());
        if (before != null && (before.getDeletedAt() != null || !sameUid(before, pod))) {
            return List.of();
        }
        Pod deleted = PodRecords.deleted(pod, clock.instant());
        written.put(pod.getEntity().getKey(), deleted);
        return List.of(deleted);
    }

    /** What to write when an owner is seen for the first time: the pods that waited for it. */
    synchronized List<Pod> ownerSeen(String uid) {
        Set<String> keys = waiting.remove(uid);
        return keys == null ? List.of() : resolved(keys, uid);
    }

    /** What to write when an owner has got, or lost, an owner of its own: all its pods. */
    synchronized List<Pod> ownerChanged(String uid) {
        return resolved(Set.copyOf(written.keySet()), uid);
    }

    private List<Pod> resolved(Set<String> keys, String controllerUid) {
        List<Pod> write = new ArrayList<>();
        for (String key : keys) {
            Pod pod = written.get(key);
            Owner controller = pod == null ? null : controller(pod);
            if (pod == null
                    || pod.getDeletedAt() != null
                    || controller == null
                    || !controller.getUid().equals(controllerUid)) {
                continue;
            }
            Owner above = workloads.above(pod.getEntity().getNamespace(), controller);
            if (above != null && !above.equals(pod.getContext().getWorkload())) {
                Pod better = PodRecords.withWorkload(pod, above, clock.instant());
                written.put(key, better);
                write.add(better);
            }
        }
        return write;
    }

    /** Pods that the topic believes alive. */
    synchronized List<Pod> alive() {
        return written.values().stream()
                .filter(pod -> pod.getDeletedAt() == null)
                .toList();
    }

    /** How many pods are written with less than their workload, because their controller has not been seen. */
    synchronized int waiting() {
        return waiting.values().stream().mapToInt(Set::size).sum();
    }

    /** Pods that ended longer ago than {@code age}; they are forgotten here too. */
    synchronized List<Pod> expired(Duration age) {
        Instant limit = clock.instant().minus(age);
        List<Pod> expired = new ArrayList<>();
        for (Pod pod : List.copyOf(written.values())) {
            if (pod.getDeletedAt() != null && pod.getDeletedAt().isBefore(limit)) {
                expired.add(pod);
                written.remove(pod.getEntity().getKey());
            }
        }
        return expired;
    }

    /** The tombstone of an expired pod did not reach the topic. */
    synchronized void notForgotten(Pod pod) {
        written.putIfAbsent(pod.getEntity().getKey(), pod);
    }

    /** A record did not reach the topic: {@link #owed()} gives it again, or a newer one of the same pod. */
    synchronized void notWritten(Pod pod) {
        if (pod.getDeletedAt() == null) {
            owed.add(pod.getEntity().getKey());
        } else if (owedEnds.size() < MAX_OWED_ENDS) {
            owedEnds.put(uid(pod), pod);
        }
    }

    /** What has to be written again. An end is followed by what its key says now, so that this stays the key's last word. */
    synchronized List<Pod> owed() {
        List<Pod> write = new ArrayList<>(owedEnds.values());
        write.forEach(end -> owed.add(end.getEntity().getKey()));
        for (String key : owed) {
            Pod now = written.get(key);
            if (now != null && (now.getDeletedAt() == null || !owedEnds.containsKey(uid(now)))) {
                write.add(now);
            }
        }
        owedEnds.clear();
        owed.clear();
        return write;
    }

    /**
     * Of a pod that exists. What was known of its workload stays known when its controller is deleted before it, and when
     * Kordon has detached it: otherwise its own containment would decide which playbooks the pod comes under.
     */
    private Pod state(io.fabric8.kubernetes.api.model.Pod live) {
        Pod pod = PodRecords.of(cluster, live, clock.instant());
        OwnerReference reference = PodRecords.controller(live.getMetadata());
        if (reference == null && Hold.of(live).tookLabelsOff()) {
            Pod before = written.get(pod.getEntity().getKey());
            Owner known = before == null || !sameUid(before, pod)
                    ? null
                    : before.getContext().getWorkload();
            return known == null ? pod : PodRecords.withWorkload(pod, known, pod.getObservedAt());
        }
        Owner controller = controller(pod);
        if (reference == null || controller == null) {
            return pod;
        }
        Owner above = workloads.above(pod.getEntity().getNamespace(), controller);
        if (above == null) {
            Pod before = written.get(pod.getEntity().getKey());
            if (before != null && sameUid(before, pod) && controller.equals(controller(before))) {
                above = before.getContext().getWorkload();
            }
            if (workloads.follows(reference) && (above == null || above.equals(controller))) {
                waiting.computeIfAbsent(controller.getUid(), uid -> new LinkedHashSet<>())
                        .add(pod.getEntity().getKey());
            }
        }
        return above == null ? pod : PodRecords.withWorkload(pod, above, pod.getObservedAt());
    }

    private void forgetWait(Pod pod) {
        Owner controller = controller(pod);
        if (controller != null) {
            waiting.computeIfPresent(controller.getUid(), (uid, keys) -> {
                keys.remove(pod.getEntity().getKey());
                return keys.isEmpty() ? null : keys;
            });
        }
    }

    /** When a pod was gone that nobody saw go: now, or no later than the second in which its successor was created. */
    private Instant endBefore(Pod successor, Instant born) {
        Instant now = clock.instant();
        Instant latest = successor.getCreatedAt().plusSeconds(1);
        Instant end = latest.isBefore(now) ? latest : now;
        return end.isBefore(born) ? born : end;
    }

    private static @Nullable Owner controller(Pod pod) {
        List<Owner> owners = pod.getContext().getOwners();
        return owners.isEmpty() || !owners.get(0).getController() ? null : owners.get(0);
    }

    private static boolean sameUid(Pod one, Pod other) {
        return uid(one).equals(uid(other));
    }

    private static String uid(Pod pod) {
        return Objects.requireNonNullElse(pod.getEntity().getUid(), "");
    }
}
