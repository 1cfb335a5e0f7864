package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pods that a kubelet runs from a file on its node. What the API server shows is a mirror: deleted, it is made anew, and
 * the pod runs on. The API server lets nobody add the annotation to a pod later, so no attacker gains cover by it.
 */
final class StaticPods {
    private static final String MIRROR = "kubernetes.io/config.mirror";

    private StaticPods() {}

    /** Why neither deletion nor labels would do anything to the pod, and what would; null if it is no static pod. */
    static @Nullable String problem(Pod pod) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        if (annotations == null || !annotations.containsKey(MIRROR)) {
            return null;
        }
        String node = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
        return "the pod is a static pod, which the kubelet of node " + node
                + " runs from a file and makes anew whatever"
                + " is done here: take its manifest out of the kubelet's staticPodPath there (mostly"
                + " /etc/kubernetes/manifests)";
    }
}
