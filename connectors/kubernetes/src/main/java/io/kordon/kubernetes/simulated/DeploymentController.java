package io.kordon.kubernetes.simulated;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Hands a Deployment's number of replicas down to its ReplicaSet, and says what came of it. Rolls nothing out. */
final class DeploymentController {
    private final SimulatedApi api;

    DeploymentController(SimulatedApi api) {
        this.api = api;
    }

    boolean reconcile() {
        boolean wrote = false;
        List<ReplicaSet> replicaSets = api.stored(ReplicaSet.class);
        for (Deployment deployment : api.stored(Deployment.class)) {
            Optional<ReplicaSet> owned = replicaSets.stream()
                    .filter(set -> Controllers.owns(deployment, set))
                    .findFirst();
            if (owned.isPresent()) {
                wrote |= scale(owned.orElseThrow(), deployment);
                wrote |= observe(deployment, owned.orElseThrow());
            }
        }
        return wrote;
    }

    private boolean scale(ReplicaSet set, Deployment deployment) {
        Integer wanted = Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
        if (wanted.equals(set.getSpec().getReplicas())) {
            return false;
        }
        api.store(new ReplicaSetBuilder(set)
                .editMetadata()
                .withGeneration(Controllers.generation(set) + 1)
                .endMetadata()
                .editSpec()
                .withReplicas(wanted)
                .endSpec()
                .build());
        return true;
    }

    private boolean observe(Deployment deployment, ReplicaSet set) {
        ReplicaSetStatus below = Objects.requireNonNullElseGet(set.getStatus(), ReplicaSetStatus::new);
        DeploymentStatus before = Objects.requireNonNullElseGet(deployment.getStatus(), DeploymentStatus::new);
        Deployment after = new DeploymentBuilder(deployment)
                .withStatus(before)
                .editStatus()
                .withReplicas(below.getReplicas())
                .withReadyReplicas(below.getReadyReplicas())
                .withAvailableReplicas(below.getReadyReplicas())
                .withObservedGeneration(Controllers.generation(deployment))
                .endStatus()
                .build();
        if (after.getStatus().equals(deployment.getStatus())) {
            return false;
        }
        api.store(after);
        return true;
    }
}
