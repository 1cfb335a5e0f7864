package io.kordon.streams.topology;

import io.kordon.avro.ContainerContext;
import io.kordon.avro.Entity;
import io.kordon.avro.Pod;
import io.kordon.avro.PodContext;
import io.kordon.avro.PodHistory;
import io.kordon.schemas.EntityKey;
import io.kordon.streams.correlation.Input.KnownPod;
import io.kordon.streams.incident.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which pods bore a name, and which of them an event is about. */
final class Identities {
    /** Pods, and states of one pod with other containers, that are remembered of one name. */
    static final int MAX_PODS = 8;

    /** Phase of a deletion that only the audit log told of: nothing else is known of the pod. */
    private static final String DELETED = "Deleted";

    private static final Comparator<Pod> ORDER =
            Comparator.comparing(Pod::getCreatedAt).thenComparing(Pod::getObservedAt);

    private Identities() {}

    /** A deletion as the audit log tells it; the UID may be missing. */
    static Pod deletion(Entity pod, Instant at) {
        return Pod.newBuilder()
                .setEntity(pod)
                .setContext(PodContext.newBuilder().build())
                .setPhase(DELETED)
                .setCreatedAt(Instant.EPOCH)
                .setDeletedAt(at)
                .setObservedAt(at)
                .build();
    }

    /** The history with one more state of a pod; the same history if that says nothing new. */
    static PodHistory with(@Nullable PodHistory history, Pod pod) {
        List<Pod> known = history == null ? List.of() : history.getPods();
        List<Pod> next = isDeletion(pod) ? deleted(known, pod) : updated(known, pod);
        next.sort(ORDER);
        return new PodHistory(new ArrayList<>(next.subList(Math.max(0, next.size() - MAX_PODS), next.size())));
    }

    private static boolean isDeletion(Pod pod) {
        return pod.getPhase().equals(DELETED);
    }

    /** States of a pod with other containers stay: what those did may still be on its way. */
    private static List<Pod> updated(List<Pod> known, Pod pod) {
        List<Pod> next = new ArrayList<>();
        for (Pod other : known) {
            boolean same = String.valueOf(uid(other)).equals(uid(pod));
            if (!same || !containers(other).equals(containers(pod))) {
                next.add(same ? ended(other, pod.getDeletedAt()) : other);
            }
        }
        next.add(pod);
        return next;
    }

    private static List<Pod> deleted(List<Pod> known, Pod deletion) {
        List<Pod> next = new ArrayList<>();
        String uid = uid(deletion);
        boolean found = false;
        for (Pod pod : known) {
            boolean meant = uid == null
                    ? pod.getDeletedAt() == null && !pod.getCreatedAt().isAfter(deletion.getDeletedAt())
                    : uid.equals(uid(pod));
            found |= meant;
            next.add(meant ? ended(pod, deletion.getDeletedAt()) : pod);
        }
        if (!found && uid != null) {
            next.add(deletion);
        }
        return next;
    }

    /** The earliest end that anybody told of. */
    private static Pod ended(Pod pod, @Nullable Instant at) {
        boolean earlier = at != null && (pod.getDeletedAt() == null || at.isBefore(pod.getDeletedAt()));
        return earlier ? Pod.newBuilder(pod).setDeletedAt(at).build() : pod;
    }

    /**
     * The pod that an event speaks of: a container's owner; by its UID where the event has one; else the latest of that name
     * that lived at one of these times, epoch microseconds. Null if none is known.
     */
    static @Nullable Pod pod(PodHistory history, Subject subject, long... times) {
        List<Pod> pods = history.getPods();
        String uid = subject.uid();
        if (subject.kind() == Subject.Kind.CONTAINER) {
            return last(pods, pod -> true);
        }
        if (uid != null) {
            return last(pods, pod -> uid.equals(uid(pod)) && !isDeletion(pod));
        }
        for (long at : times) {
            Pod pod = last(pods, each -> !isDeletion(each) && known(each).lived(at));
            if (pod != null) {
                return pod;
            }
        }
        return null;
    }

    /** The subject, now that its pod is known. */
    static Subject identified(Subject subject, Pod pod) {
        if (subject.kind() != Subject.Kind.CONTAINER) {
            return subject.of(uid(pod), pod.getContext().getNode());
        }
        Subject owner = SubjectRecords.subject(pod.getEntity());
        return new Subject(
                owner.key(),
                owner.kind(),
                owner.cluster(),
                owner.namespace(),
                owner.name(),
                owner.uid(),
                containerName(pod, subject.containerId()),
                subject.containerId(),
                pod.getContext().getNode());
    }

    private static @Nullable Pod last(List<Pod> pods, Predicate<Pod> test) {
        for (int i = pods.size() - 1; i >= 0; i--) {
            if (test.test(pods.get(i))) {
                return pods.get(i);
            }
        }
        return null;
    }

    /** Keys of the containers of all these pods, by which events are healed that name no pod. */
    static Set<String> containerKeys(@Nullable PodHistory history) {
        Set<String> keys = new LinkedHashSet<>();
        if (history != null) {
            history.getPods().forEach(pod -> keys.addAll(containerKeys(pod)));
        }
        return keys;
    }

    static List<String> containerKeys(Pod pod) {
        return containers(pod).stream()
                .map(id -> EntityKey.container(pod.getEntity().getCluster(), id))
                .toList();
    }

    private static List<String> containers(Pod pod) {
        return pod.getContext().getContainers().stream()
                .map(ContainerContext::getId)
                .filter(Objects::nonNull)
                .filter(id -> !id.isEmpty())
                .sorted()
                .toList();
    }

    /** Name of the container with that id, as far as senders write it. */
    static @Nullable String containerName(Pod pod, @Nullable String id) {
        return pod.getContext().getContainers().stream()
                .filter(container -> id != null
                        && !id.isEmpty()
                        && container.getId() != null
                        && container.getId().startsWith(id))
                .map(ContainerContext::getName)
                .findFirst()
                .orElse(null);
    }

    static List<KnownPod> known(PodHistory history) {
        return history.getPods().stream().map(Identities::known).toList();
    }

    private static KnownPod known(Pod pod) {
        return new KnownPod(
                SubjectRecords.subject(pod.getEntity()),
                isDeletion(pod) ? null : SubjectRecords.context(pod.getContext()),
                Micros.of(pod.getCreatedAt()),
                Micros.ofNullable(pod.getDeletedAt()));
    }

    private static @Nullable String uid(Pod pod) {
        return pod.getEntity().getUid();
    }
}
