package io.kordon.kubernetes.simulated;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What works behind a real API server, as far as a containment can see it. It runs in the thread and under the lock of the
 * write that gave it cause, so that whoever has the answer sees the effects too: a real cluster needs a moment longer.
 */
final class Controllers {
    /** Each round follows what the one before has written; three suffice for a Deployment, its pods and their Service. */
    private static final int ROUNDS = 10;

    private final DeploymentController deployments;
    private final ReplicaSetController replicaSets;
    private final Kubelets kubelets;
    private final EndpointSliceController endpointSlices;

    Controllers(SimulatedApi api) {
        this.deployments = new DeploymentController(api);
        this.replicaSets = new ReplicaSetController(api);
        this.kubelets = new Kubelets(api);
        this.endpointSlices = new EndpointSliceController(api);
    }

    void reconcile() {
        for (int round = 0; round < ROUNDS; round++) {
            boolean wrote = deployments.reconcile();
            wrote |= replicaSets.reconcile();
            wrote |= kubelets.reconcile();
            wrote |= endpointSlices.reconcile();
            if (!wrote) {
                return;
            }
        }
    }

    static Map<String, String> labels(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.of());
    }

    /** Whether the selector's {@code matchLabels} select these labels; expressions are not simulated. */
    static boolean selects(@Nullable LabelSelector selector, Map<String, String> labels) {
        return selector != null && selects(selector.getMatchLabels(), labels);
    }

    static boolean selects(@Nullable Map<String, String> selector, Map<String, String> labels) {
        return selector != null && !selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet());
    }

    static Optional<OwnerReference> controller(HasMetadata object) {
        List<OwnerReference> owners =
                Objects.requireNonNullElse(object.getMetadata().getOwnerReferences(), List.of());
        return owners.stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .findFirst();
    }

    static boolean owns(HasMetadata owner, HasMetadata object) {
        return controller(object)
                .filter(one -> one.getUid().equals(owner.getMetadata().getUid()))
                .isPresent();
    }

    static boolean together(HasMetadata one, HasMetadata other) {
        return Objects.equals(
                one.getMetadata().getNamespace(), other.getMetadata().getNamespace());
    }

    static boolean ready(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null
                && pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(one ->
                                one.getType().equals("Ready") && one.getStatus().equals("True"));
    }

    static long generation(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getGeneration(), 1L);
    }
}
