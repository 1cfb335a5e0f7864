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

    /**
     * The record of a pod, its workload as far as the pod itself tells it: its controller.
     *
     * @param now when this state was seen
     */
    static Pod of(String cluster, io.fabric8.kubernetes.api.model.Pod pod, Instant now) {
        ObjectMeta metadata = pod.getMetadata();
        PodSpec spec = Objects.requireNonNullElseGet(pod.getSpec(), PodSpec::new);
        PodStatus status = Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
        OwnerReference controller = controller(metadata);
        String node = cut(spec.getNodeName());
        return Pod.newBuilder()
                .setEntity(EntityKey.podEntity(cluster, metadata.getNamespace(), metadata.getName(), metadata.getUid())
                        .setNode(node)
                        .build())
                .setContext(PodContext.newBuilder()
                        .setNode(node)
                        .setOwners(owners(metadata))
                        .setWorkload(controller == null ? null : owner(controller))
                        .setLabels(PodBounds.labels(Hold.of(pod).labelsBefore(pod)))
                        .setServiceAccount(cut(spec.getServiceAccountName()))
                        .setContainers(PodBounds.containers(containers(spec, status)))
                        .setHostNetwork(Boolean.TRUE.equals(spec.getHostNetwork()))
                        .setHostPid(Boolean.TRUE.equals(spec.getHostPID()))
                        .setHostIpc(Boolean.TRUE.equals(spec.getHostIPC()))
                        .build())
                .setPhase(Objects.requireNonNullElse(cut(status.getPhase()), "Unknown"))
                .setCreatedAt(createdAt(metadata))
                .setResourceVersion(Objects.requireNonNullElse(metadata.getResourceVersion(), ""))
                .setObservedAt(now)
                .build();
    }

    /** The same pod, gone. */
    static Pod deleted(Pod pod, Instant now) {
        return deleted(pod, now, now);
    }

    /** The same pod, gone at a time that was found out later. */
    static Pod deleted(Pod pod, Instant at, Instant now) {
        return Pod.newBuilder(pod).setDeletedAt(at).setObservedAt(now).build();
    }

    /** The same pod, its workload known better. */
    static Pod withWorkload(Pod pod, Owner workload, Instant now) {
        PodContext context =
                PodContext.newBuilder(pod.getContext()).setWorkload(workload).build();
        return Pod.newBuilder(pod).setContext(context).setObservedAt(now).build();
    }

    /** The reference to the managing controller, or null for an object that nothing manages. */
    static @Nullable OwnerReference controller(ObjectMeta metadata) {
        for (OwnerReference reference : orEmpty(metadata.getOwnerReferences())) {
            if (Boolean.TRUE.equals(reference.getController())) {
                return reference;
            }
        }
        return null;
    }

    static Owner owner(OwnerReference reference) {
        return Owner.newBuilder()
                .setKind(PodBounds.cut(reference.getKind(), PodBounds.NAME))
                .setName(PodBounds.cut(reference.getName(), PodBounds.NAME))
                .setUid(PodBounds.cut(reference.getUid(), PodBounds.NAME))
                .setController(Boolean.TRUE.equals(reference.getController()))
                .build();
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

    private static List<Owner> owners(ObjectMeta metadata) {
        return orEmpty(metadata.getOwnerReferences()).stream()
                .map(PodRecords::owner)
                .sorted(Comparator.comparing((Owner owner) -> !owner.getController()))
                .limit(PodBounds.OWNERS)
                .toList();
    }

    /** An object without creation time has not come from an API server; it counts as having been there always. */
    private static Instant createdAt(ObjectMeta metadata) {
        return metadata.getCreationTimestamp() == null ? Instant.EPOCH : Instant.parse(metadata.getCreationTimestamp());
    }

    private static @Nullable String cut(@Nullable String name) {
        return name == null ? null : PodBounds.cut(name, PodBounds.NAME);
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
                .setName(PodBounds.cut(name, PodBounds.NAME))
                .setImage(PodBounds.cut(Objects.requireNonNullElse(image, ""), PodBounds.IMAGE))
                .setId(ids.get(name))
                .setPrivileged(security != null && Boolean.TRUE.equals(security.getPrivileged()))
                .build();
    }

    /** A status says {@code containerd://ID}; events say the ID alone. */
    private static void collectIds(@Nullable List<ContainerStatus> statuses, Map<String, String> ids) {
        for (ContainerStatus status : orEmpty(statuses)) {
            String id = status.getContainerID();
            if (id != null && !id.isEmpty()) {
                String bare = id.substring(id.indexOf("://") < 0 ? 0 : id.indexOf("://") + 3);
                ids.put(status.getName(), PodBounds.cut(bare, PodBounds.NAME));
            }
        }
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
