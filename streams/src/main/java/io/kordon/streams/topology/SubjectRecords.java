package io.kordon.streams.topology;

import io.kordon.avro.ContainerContext;
import io.kordon.avro.Entity;
import io.kordon.avro.EntityKind;
import io.kordon.avro.Owner;
import io.kordon.streams.incident.PodContext;
import io.kordon.streams.incident.Subject;
import org.jspecify.annotations.Nullable;

/** Entities and pod contexts between their records and the core's values. */
final class SubjectRecords {
    private SubjectRecords() {}

    static Subject subject(Entity entity) {
        return new Subject(
                entity.getKey(),
                Subject.Kind.valueOf(entity.getKind().name()),
                entity.getCluster(),
                entity.getNamespace(),
                entity.getName(),
                entity.getUid(),
                entity.getContainer(),
                entity.getContainerId(),
                entity.getNode());
    }

    static Entity entity(Subject subject) {
        return Entity.newBuilder()
                .setKey(subject.key())
                .setKind(EntityKind.valueOf(subject.kind().name()))
                .setCluster(subject.cluster())
                .setNamespace(subject.namespace())
                .setName(subject.name())
                .setUid(subject.uid())
                .setContainer(subject.container())
                .setContainerId(subject.containerId())
                .setNode(subject.node())
                .build();
    }

    static @Nullable PodContext context(io.kordon.avro.@Nullable PodContext context) {
        if (context == null) {
            return null;
        }
        return new PodContext(
                context.getNode(),
                context.getOwners().stream().map(SubjectRecords::known).toList(),
                owner(context.getWorkload()),
                context.getLabels(),
                context.getServiceAccount(),
                context.getContainers().stream()
                        .map(container -> new PodContext.Container(
                                container.getName(),
                                container.getImage(),
                                container.getId(),
                                container.getPrivileged()))
                        .toList(),
                context.getHostNetwork(),
                context.getHostPid(),
                context.getHostIpc());
    }

    static io.kordon.avro.@Nullable PodContext context(@Nullable PodContext context) {
        if (context == null) {
            return null;
        }
        return io.kordon.avro.PodContext.newBuilder()
                .setNode(context.node())
                .setOwners(context.owners().stream().map(SubjectRecords::known).toList())
                .setWorkload(owner(context.workload()))
                .setLabels(context.labels())
                .setServiceAccount(context.serviceAccount())
                .setContainers(context.containers().stream()
                        .map(container -> new ContainerContext(
                                container.name(), container.image(), container.id(), container.privileged()))
                        .toList())
                .setHostNetwork(context.hostNetwork())
                .setHostPid(context.hostPid())
                .setHostIpc(context.hostIpc())
                .build();
    }

    private static PodContext.Owner known(Owner owner) {
        return new PodContext.Owner(owner.getKind(), owner.getName(), owner.getUid(), owner.getController());
    }

    private static Owner known(PodContext.Owner owner) {
        return new Owner(owner.kind(), owner.name(), owner.uid(), owner.controller());
    }

    private static PodContext.@Nullable Owner owner(@Nullable Owner owner) {
        return owner == null ? null : known(owner);
    }

    static @Nullable Owner owner(PodContext.@Nullable Owner owner) {
        return owner == null ? null : known(owner);
    }
}
