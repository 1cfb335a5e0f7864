package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.kordon.avro.ContainerContext;
import io.kordon.avro.Owner;
import io.kordon.avro.Pod;
import io.kordon.avro.PodContext;
import io.kordon.schemas.EntityKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Kubernetes' pods as the records of the pods topic. */
final class PodRecords {
    private PodRecords() {}

    /** @param now when this state was seen */
    static Pod of(String cluster, io.fabric8.kubernetes.api.model.Pod pod, Instant now) {
        ObjectMeta metadata = pod.getMetadata();
        PodSpec spec = Objects.requireNonNullElseGet(pod.getSpec(), PodSpec::new);
        PodStatus status = Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
        return Pod.newBuilder()
                .setEntity(EntityKey.podEntity(cluster, metadata.getNamespace(), metadata.getName(), metadata.getUid())
                        .setNode(spec.getNodeName())
                        .build())
                .setContext(PodContext.newBuilder()
                        .setNode(spec.getNodeName())
                        .setOwners(owners(metadata.getOwnerReferences()))
                        .setLabels(Map.copyOf(Labels.of(metadata)))
                        .setServiceAccount(spec.getServiceAccountName())
                        .setContainers(containers(spec, status))
                        .setHostNetwork(Boolean.TRUE.equals(spec.getHostNetwork()))
                        .setHostPid(Boolean.TRUE.equals(spec.getHostPID()))
                        .setHostIpc(Boolean.TRUE.equals(spec.getHostIPC()))
                        .build())
                .setPhase(Objects.requireNonNullElse(status.getPhase(), "Unknown"))
                .setCreatedAt(Instant.parse(metadata.getCreationTimestamp()))
                .setResourceVersion(Objects.requireNonNullElse(metadata.getResourceVersion(), ""))
                .setObservedAt(now)
                .build();
    }

    /** The same pod, gone. */
    static Pod deleted(Pod pod, Instant now) {
        return Pod.newBuilder(pod).setDeletedAt(now).setObservedAt(now).build();
    }

    /** Whether the two say the same of the pod: versions and times of observation do not count. */
    static boolean sameState(Pod one, Pod other) {
        return comparable(one).equals(comparable(other));
    }

    private static Pod comparable(Pod pod) {
        return Pod.newBuilder(pod)
                .setResourceVersion("")
                .setObservedAt(Instant.EPOCH)
                .build();
    }

    private static List<Owner> owners(@Nullable List<OwnerReference> references) {
        List<Owner> owners = new ArrayList<>();
        if (references != null) {
            references.forEach(reference -> owners.add(Owner.newBuilder()
                    .setKind(reference.getKind())
                    .setName(reference.getName())
                    .setUid(reference.getUid())
                    .setController(Boolean.TRUE.equals(reference.getController()))
                    .build()));
        }
        owners.sort(Comparator.comparing((Owner owner) -> !owner.getController()));
        return owners;
    }

    private static List<ContainerContext> containers(PodSpec spec, PodStatus status) {
        Map<String, String> ids = new HashMap<>();
        collectIds(status.getContainerStatuses(), ids);
        collectIds(status.getInitContainerStatuses(), ids);
        collectIds(status.getEphemeralContainerStatuses(), ids);
        List<ContainerContext> containers = new ArrayList<>();
        for (Container container : orEmpty(spec.getContainers())) {
            containers.add(container(container.getName(), container.getImage(), container.getSecurityContext(), ids));
        }
        for (Container container : orEmpty(spec.getInitContainers())) {
            containers.add(container(container.getName(), container.getImage(), container.getSecurityContext(), ids));
        }
        for (EphemeralContainer container : orEmpty(spec.getEphemeralContainers())) {
            containers.add(container(container.getName(), container.getImage(), container.getSecurityContext(), ids));
        }
        return containers;
    }

    private static ContainerContext container(
            String name, @Nullable String image, @Nullable SecurityContext security, Map<String, String> ids) {
        return ContainerContext.newBuilder()
                .setName(name)
                .setImage(Objects.requireNonNullElse(image, ""))
                .setId(ids.get(name))
                .setPrivileged(security != null && Boolean.TRUE.equals(security.getPrivileged()))
                .build();
    }

    /** A status says {@code containerd://ID}; events say the ID alone. */
    private static void collectIds(@Nullable List<ContainerStatus> statuses, Map<String, String> ids) {
        for (ContainerStatus status : orEmpty(statuses)) {
            String id = status.getContainerID();
            if (id != null && !id.isEmpty()) {
                ids.put(status.getName(), id.substring(id.indexOf("://") < 0 ? 0 : id.indexOf("://") + 3));
            }
        }
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
