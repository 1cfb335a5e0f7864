package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kordon.avro.Command;
import io.kordon.avro.Mode;
import io.kordon.avro.Owner;
import io.kordon.avro.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What keeps a command from being run, looked at before anything is touched. A release only undoes: it is held back by
 * nothing but its mode and its expiry.
 */
final class Guardrails {
    /** Actions that take a pod out of service. */
    private static final Set<String> DISRUPTIVE =
            Set.of(DetachStep.ACTION, IsolateStep.ACTION, ScaleStep.ACTION, TerminateStep.ACTION);

    private final ProtectionConfig protection;
    private final KubernetesClient client;
    private final HealthyReplicas replicas;

    Guardrails(ProtectionConfig protection, KubernetesClient client) {
        this.protection = protection;
        this.client = client;
        this.replicas = new HealthyReplicas(client);
    }

    /** Why the command must not be run at all, without asking the API server; null if nothing says so. */
    @Nullable
    String refusal(Command command, Instant now) {
        String namespace = command.getEntity().getNamespace();
        if (namespace != null && !releases(command)) {
            if (protection.namespaces().contains(namespace)) {
                return "namespace " + namespace + " is protected";
            }
            if (namespace.equals(protection.ownNamespace())) {
                return "namespace " + namespace + " is Kordon's own: it does not contain itself";
            }
        }
        if (command.getMode() != Mode.AUTOMATIC && command.getMode() != Mode.DRY_RUN) {
            return "a command of mode " + command.getMode() + " is not to be run: only AUTOMATIC and DRY_RUN are";
        }
        if (command.getExpiresAt().isBefore(now)) {
            return "the command expired at " + command.getExpiresAt() + ", "
                    + Duration.between(command.getExpiresAt(), now).toSeconds() + " s ago";
        }
        return null;
    }

    /** Why nothing in this namespace may be touched, or null. Asks the API server; the name must have been checked. */
    @Nullable
    String refusal(String namespace) {
        return new ProtectedNamespaces(protection, client).covers(namespace)
                ? "namespace " + namespace + " is protected by its label " + protection.label()
                : null;
    }

    /** UID of what keeps the pod's replicas, of which only one command at a time may judge the number; null for none. */
    @Nullable
    String budgetOf(Command command, Pod pod) {
        if (protection.minHealthy() == 0 || command.getApproval() != null || !disrupts(command)) {
            return null;
        }
        HealthyReplicas.Workload workload = replicas.of(pod);
        return workload == null ? null : workload.uid();
    }

    /**
     * Why the command must wait for an approval, or null where it has one or needs none. Asks the API server.
     *
     * @param pod null where it is gone, which its workload need not be
     */
    @Nullable
    String reasonToWait(Command command, @Nullable Pod pod) {
        if (command.getApproval() != null || releases(command)) {
            return null;
        }
        if (pod != null && protection.isMarked(Labels.of(pod.getMetadata()))) {
            return "the pod carries the label " + protection.label()
                    + ", which its owner or an attacker may have set: approve to contain it all the same";
        }
        return protection.minHealthy() == 0 || !disrupts(command) ? null : shortage(command, pod);
    }

    private @Nullable String shortage(Command command, @Nullable Pod pod) {
        boolean scales = has(command, ScaleStep.ACTION);
        if (!scales && (pod == null || HealthyReplicas.isOutOfService(pod))) {
            return null; // by an earlier attempt: what is begun is finished
        }
        HealthyReplicas.Workload workload = pod == null ? null : replicas.of(pod);
        Owner known = command.getWorkload();
        if (workload == null && scales && known != null) { // as the step goes by it, too
            workload = replicas.of(command.getEntity().getNamespace(), known);
        }
        if (workload == null) {
            return null;
        }
        int needed = Math.min(protection.minHealthy(), workload.desired() - 1);
        if (needed <= 0) {
            return null;
        }
        long left = scales || pod == null ? 0 : replicas.healthyBesides(pod, workload);
        return left >= needed
                ? null
                : workload.name() + " wants " + workload.desired() + " pods, and would be left with " + left
                        + " healthy ones without this one; " + needed
                        + " must remain (kordon.actuator.min-healthy). Approve to contain the pod all the same, or wait"
                        + " until more are ready";
    }

    /** Whether the command does nothing but release. */
    static boolean releases(Command command) {
        return !command.getSteps().isEmpty()
                && command.getSteps().stream().allMatch(step -> step.getAction().equals(ReleaseStep.ACTION));
    }

    private static boolean disrupts(Command command) {
        return command.getSteps().stream().map(Step::getAction).anyMatch(DISRUPTIVE::contains);
    }

    private static boolean has(Command command, String action) {
        return command.getSteps().stream().anyMatch(step -> step.getAction().equals(action));
    }
}
