package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What isolates one pod in this cluster.
 *
 * @param allow what stays open
 * @param policies ours, one of each installed kind
 * @param decided directions in which one of ours takes precedence over NetworkPolicies
 */
record Isolation(
        PodTarget target,
        AllowList allow,
        List<PolicyFamily> families,
        List<IsolationPolicy> policies,
        Set<Direction> decided) {

    static Isolation of(KubernetesClient client, PodTarget target, AllowList allow) {
        List<PolicyFamily> families = PolicyFamily.of(client);
        return new Isolation(
                target,
                allow,
                families,
                families.stream()
                        .map(family -> family.isolation(target, allow))
                        .flatMap(Optional::stream)
                        .toList(),
                decided(client, target, allow, families));
    }

    /**
     * A kind that is installed may be of a plugin that is not, so that one which says that it has the pod decides. Cilium
     * does; where it does not, Calico is taken at its word.
     */
    private static Set<Direction> decided(
            KubernetesClient client, PodTarget target, AllowList allow, List<PolicyFamily> families) {
        Set<Direction> decided = EnumSet.noneOf(Direction.class);
        boolean cilium = families.stream()
                .anyMatch(family -> family instanceof CiliumPolicies policies && policies.enforces(client, target));
        boolean calico = families.stream().anyMatch(CalicoPolicies.class::isInstance);
        for (Direction direction : Direction.values()) {
            if (cilium ? !allow.opens(direction) : calico) {
                decided.add(direction);
            }
        }
        return decided;
    }

    /** Policies of all kinds that allow pods something, ours and those that certainly do not select this one left out. */
    List<AllowingPolicy> allowing(KubernetesClient client, Pod pod) {
        List<AllowingPolicy> found = new ArrayList<>();
        for (PolicyFamily family : families) {
            for (AllowingPolicy policy : family.allowing(client, pod, target, allow)) {
                boolean overruled = policy.overruled()
                        || (family instanceof KubernetesPolicies && decided.containsAll(policy.directions()));
                found.add(new AllowingPolicy(policy.selection(), policy.directions(), policy.certain(), overruled));
            }
        }
        return found;
    }

    /** Whether the API server has all of our policies as they must be. */
    boolean inPlace(KubernetesClient client) {
        for (IsolationPolicy policy : policies) {
            GenericKubernetesResource existing = policy.existing(client);
            if (existing == null || !policy.repair(existing).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Our policies, for a reader. */
    String names() {
        return policies.stream().map(IsolationPolicy::toString).collect(Collectors.joining(", "));
    }
}
