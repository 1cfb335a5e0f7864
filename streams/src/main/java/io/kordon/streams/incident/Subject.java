package io.kordon.streams.incident;

import org.jspecify.annotations.Nullable;

/**
 * What a signal or an incident is about.
 *
 * @param key entity key, {@code cluster/namespace/pod} for a pod
 * @param uid UID of the pod; null for other kinds, and while nobody has said it
 * @param container container name, where the event named one
 * @param containerId container id as the sender wrote it
 * @param node node of the pod, where known
 */
public record Subject(
        String key,
        Kind kind,
        String cluster,
        @Nullable String namespace,
        @Nullable String name,
        @Nullable String uid,
        @Nullable String container,
        @Nullable String containerId,
        @Nullable String node) {

    /** What a key names. */
    public enum Kind {
        UNKNOWN,
        POD,
        NODE,
        USER,
        NAMESPACE,
        CLUSTER
    }

    /** This pod as the inventory knows it. */
    public Subject of(@Nullable String knownUid, @Nullable String knownNode) {
        return new Subject(
                key,
                kind,
                cluster,
                namespace,
                name,
                knownUid,
                container,
                containerId,
                knownNode != null ? knownNode : node);
    }

    /** The entity itself, without the container that one event happened in. */
    public Subject entity() {
        return new Subject(key, kind, cluster, namespace, name, uid, null, null, node);
    }

    /**
     * This subject, its UID and node filled from another that is about the same entity. Senders disagree on nodes (Falco
     * may write its own pod's name); the smallest is taken, so that the order of arrival does not show.
     */
    Subject filledFrom(Subject other) {
        String either = node == null || (other.node != null && other.node.compareTo(node) < 0) ? other.node : node;
        return new Subject(
                key,
                kind,
                cluster,
                namespace != null ? namespace : other.namespace,
                name != null ? name : other.name,
                uid != null ? uid : other.uid,
                container,
                containerId,
                either);
    }
}
