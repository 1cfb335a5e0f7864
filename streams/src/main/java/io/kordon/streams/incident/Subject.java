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

    /** Longest part of a name, in characters. Kubernetes' own names end at 253; users' may be longer. */
    public static final int MAX_PART = 1_024;

    private static final int MAX_KEY = 4 * MAX_PART;

    public Subject {
        checkLength("key", key, MAX_KEY);
        checkLength("cluster", cluster, MAX_PART);
        checkLength("namespace", namespace, MAX_PART);
        checkLength("name", name, MAX_PART);
        checkLength("uid", uid, MAX_PART);
        checkLength("container", container, MAX_PART);
        checkLength("containerId", containerId, MAX_PART);
        checkLength("node", node, MAX_PART);
    }

    /** What a key names. */
    public enum Kind {
        UNKNOWN,
        POD,
        NODE,
        USER,
        NAMESPACE,
        CLUSTER,
        CONTAINER
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

    /** The same under another key, as a group's. */
    public Subject under(String otherKey) {
        return new Subject(otherKey, kind, cluster, namespace, name, uid, container, containerId, node);
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

    /** Names go into keys, state and every record about the entity: one that is a book would make them too large to send. */
    private static void checkLength(String part, @Nullable String text, int limit) {
        if (text != null && text.length() > limit) {
            throw new IllegalArgumentException("the " + part + " of an entity has " + text.length()
                    + " characters, more than " + limit + ": " + text.substring(0, 64) + "…");
        }
    }
}
