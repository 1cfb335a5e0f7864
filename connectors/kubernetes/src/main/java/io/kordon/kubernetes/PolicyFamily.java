package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Kinds of network policies that are enforced together: what of them isolates a pod, and which of somebody's lets traffic
 * through in spite of it.
 */
sealed interface PolicyFamily permits KubernetesPolicies, CiliumPolicies, CalicoPolicies, AdminPolicies {

    /** Kinds that an API server may lack, in the order of preference where two are the same thing. */
    List<ApiKind> OPTIONAL = Stream.of(CiliumPolicies.KINDS, CalicoPolicies.KINDS, AdminPolicies.KINDS)
            .flatMap(List::stream)
            .toList();

    /** The families of this cluster, Kubernetes' own first. */
    static List<PolicyFamily> of(KubernetesClient client) {
        List<ApiKind> installed = InstalledKinds.of(client, OPTIONAL);
        List<PolicyFamily> families = new ArrayList<>();
        families.add(new KubernetesPolicies());
        CiliumPolicies.of(installed).ifPresent(families::add);
        CalicoPolicies.of(installed).ifPresent(families::add);
        AdminPolicies.of(installed).ifPresent(families::add);
        return families;
    }

    /** The kind that our policy is of; empty for what only administrators of a cluster write. */
    Optional<ApiKind> written();

    /** The policy that isolates the pod but for what is allowed; empty where there is no {@link #written} kind. */
    Optional<IsolationPolicy> isolation(PodTarget target, AllowList allow);

    /**
     * Policies that allow pods of the namespace something, ours and those that certainly do not select the pod left out.
     *
     * @param allow what our own policy leaves open
     */
    List<AllowingPolicy> allowing(KubernetesClient client, Pod pod, PodTarget target, AllowList allow);
}
