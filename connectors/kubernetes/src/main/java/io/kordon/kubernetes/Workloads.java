package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.kordon.avro.Owner;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What the controllers of pods lead up to: a ReplicaSet to its Deployment (or Rollout), a Job to its CronJob. Other kinds
 * stand for themselves.
 */
final class Workloads {
    private final List<OwnerStore<?>> stores = new CopyOnWriteArrayList<>();

    /** A store of ReplicaSets, to be filled by one informer. */
    OwnerStore<ReplicaSet> replicaSets() {
        OwnerStore<ReplicaSet> store = new OwnerStore<>(
                "apps",
                "ReplicaSet",
                metadata -> new ReplicaSetBuilder().withMetadata(metadata).build());
        stores.add(store);
        return store;
    }

    /** A store of Jobs, to be filled by one informer. */
    OwnerStore<Job> jobs() {
        OwnerStore<Job> store = new OwnerStore<>(
                "batch",
                "Job",
                metadata -> new JobBuilder().withMetadata(metadata).build());
        stores.add(store);
        return store;
    }

    /** Whether a controller of this kind will be seen, if it exists. */
    boolean follows(OwnerReference controller) {
        return stores.stream().anyMatch(store -> store.holds(controller));
    }

    /** The workload of a pod by its controller, or null where the controller is not known. */
    @Nullable
    Owner above(@Nullable String namespace, Owner controller) {
        return stores.stream()
                .map(store -> store.above(namespace, controller))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** How many ReplicaSets and Jobs are known. */
    int size() {
        return stores.stream().mapToInt(SlimStore::size).sum();
    }
}
