package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;

/** One step of one command against one live pod; lives through the step's attempts, and remembers whether any wrote. */
final class StepRun {
    private final KubernetesClient client;
    private final PodTarget target;
    private final Map<String, String> parameters;
    private final Map<String, String> keptLabels;
    private final boolean dryRun;
    private boolean changed;

    /**
     * @param keptLabels labels that this command itself sets on the pod: no step may take them off again
     * @param dryRun whether the step must only say what it would do
     */
    StepRun(
            KubernetesClient client,
            PodTarget target,
            Map<String, String> parameters,
            Map<String, String> keptLabels,
            boolean dryRun) {
        this.client = client;
        this.target = target;
        this.parameters = Map.copyOf(parameters);
        this.keptLabels = Map.copyOf(keptLabels);
        this.dryRun = dryRun;
    }

    KubernetesClient client() {
        return client;
    }

    PodTarget target() {
        return target;
    }

    Map<String, String> parameters() {
        return parameters;
    }

    Map<String, String> keptLabels() {
        return keptLabels;
    }

    boolean dryRun() {
        return dryRun;
    }

    boolean changed() {
        return changed;
    }

    /** The pod as it is now; never another one of its name. */
    Pod pod() throws StepFailure {
        Pod pod = client.pods()
                .inNamespace(target.namespace())
                .withName(target.name())
                .get();
        if (pod == null) {
            throw new StepFailure("pod " + target + " is gone");
        }
        if (!target.uid().equals(pod.getMetadata().getUid())) {
            throw new StepFailure(target.replacedBy(pod));
        }
        return pod;
    }

    /** Server-side apply; what the manager applied before and does not name now is removed by the API server. */
    <T extends HasMetadata> T apply(T object, String fieldManager) {
        T applied = client.resource(object)
                .fieldManager(fieldManager)
                .forceConflicts()
                .serverSideApply();
        changed = true;
        return applied;
    }

    /** Says that the cluster is no longer as it was found. */
    void markChanged() {
        changed = true;
    }
}
