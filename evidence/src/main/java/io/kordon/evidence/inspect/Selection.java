package io.kordon.evidence.inspect;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which containers are meant; null stands for any.
 *
 * @param container beginning of the id, as Falco and kubectl write them
 */
public record Selection(
        @Nullable String namespace,
        @Nullable String pod,
        @Nullable String uid,
        @Nullable String container) {
    public static final Selection ALL = new Selection(null, null, null, null);

    private static final int SHORTEST_ID = 8;

    /**
     * Reads what a person gives.
     *
     * @param pod {@code NAMESPACE/NAME}
     * @param container an id or its beginning, also with the runtime in front: {@code containerd://…}
     * @throws IllegalArgumentException naming what cannot be meant
     */
    public static Selection of(@Nullable String pod, @Nullable String uid, @Nullable String container) {
        String namespace = null;
        String name = null;
        if (pod != null) {
            int slash = pod.indexOf('/');
            if (slash < 1 || slash == pod.length() - 1 || pod.indexOf('/', slash + 1) >= 0) {
                throw new IllegalArgumentException("a pod is NAMESPACE/NAME, not '" + pod + "'");
            }
            namespace = pod.substring(0, slash);
            name = pod.substring(slash + 1);
        }
        String id = null;
        if (container != null) {
            id = container
                    .substring(container.indexOf("://") < 0 ? 0 : container.indexOf("://") + 3)
                    .toLowerCase(Locale.ROOT);
            if (id.length() < SHORTEST_ID) {
                throw new IllegalArgumentException(
                        "a container's id has at least " + SHORTEST_ID + " characters, not '" + container + "'");
            }
        }
        return new Selection(namespace, name, uid, id);
    }

    boolean all() {
        return equals(ALL);
    }

    boolean means(Identity identity) {
        return pod(identity.namespace(), identity.pod(), identity.uid())
                && (container == null || identity.id().toLowerCase(Locale.ROOT).startsWith(container));
    }

    /** Whether a pod is meant, whichever its containers. */
    boolean pod(@Nullable String namespace, @Nullable String pod, @Nullable String uid) {
        return (this.namespace == null || this.namespace.equals(namespace))
                && (this.pod == null || this.pod.equals(pod))
                && (this.uid == null || this.uid.equals(uid));
    }
}
