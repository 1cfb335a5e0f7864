package io.kordon.streams.incident;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the inventory knows of a pod, carried along for the reader and for playbook conditions.
 *
 * @param workload what the owners lead up to, as the Deployment of a ReplicaSet
 */
public record PodContext(
        @Nullable String node,
        List<Owner> owners,
        @Nullable Owner workload,
        Map<String, String> labels,
        @Nullable String serviceAccount,
        List<Container> containers,
        boolean hostNetwork,
        boolean hostPid,
        boolean hostIpc) {

    public PodContext {
        owners = List.copyOf(owners);
        labels = Map.copyOf(labels);
        containers = List.copyOf(containers);
    }

    /** An owner reference. */
    public record Owner(String kind, String name, String uid, boolean controller) {}

    /** A container; {@code id} is null until it has started. */
    public record Container(
            String name, String image, @Nullable String id, boolean privileged) {}
}
