package io.kordon.evidence.inspect;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which container. All of it is what the runtime noted; on a volume from an attacked node, what somebody let it say.
 *
 * @param runtime {@code containerd} or {@code docker}
 * @param scope containerd's namespace, {@code k8s.io} for Kubernetes; empty for Docker
 * @param sandbox whether it is the pod's own, which holds its network and runs nothing of the user's
 * @param name the container's name in its pod
 * @param namespace of the pod; null, like the two after it, for containers that no Kubernetes has made
 * @param imageDigest as {@code sha256:…}
 */
public record Identity(
        String runtime,
        String scope,
        String id,
        boolean sandbox,
        @Nullable String name,
        @Nullable String namespace,
        @Nullable String pod,
        @Nullable String uid,
        @Nullable String image,
        @Nullable String imageDigest,
        @Nullable Instant created) {}
