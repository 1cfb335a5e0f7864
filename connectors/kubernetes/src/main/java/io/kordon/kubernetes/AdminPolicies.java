package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Policies of a cluster's administrators (https://network-policy-api.sigs.k8s.io): what they allow is allowed before any
 * NetworkPolicy is asked. They are looked at and never written. Those of the baseline count for nothing here: they are
 * asked only about pods that no NetworkPolicy selects.
 */
record AdminPolicies(List<ApiKind> kinds) implements PolicyFamily {
    private static final String GROUP = "policy.networking.k8s.io";
    static final List<ApiKind> KINDS = List.of(
            new ApiKind(GROUP, "v1alpha1", "AdminNetworkPolicy", "adminnetworkpolicies", false),
            new ApiKind(GROUP, "v1alpha2", "ClusterNetworkPolicy", "clusternetworkpolicies", false));

    private static final Set<String> ALLOWING = Set.of("Allow", "Accept");
    private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

    AdminPolicies {
        kinds = List.copyOf(kinds);
    }

    static Optional<PolicyFamily> of(List<ApiKind> installed) {
        List<ApiKind> kinds = KINDS.stream().filter(installed::contains).toList();
        return kinds.isEmpty() ? Optional.empty() : Optional.of(new AdminPolicies(kinds));
    }

    @Override
    public Optional<ApiKind> written() {
        return Optional.empty();
    }

    @Override
    public Optional<IsolationPolicy> isolation(PodTarget target, AllowList allow) {
        return Optional.empty();
    }

    @Override
    public List<AllowingPolicy> allowing(KubernetesClient client, Pod pod, PodTarget target, AllowList allow) {
        List<AllowingPolicy> found = new ArrayList<>();
        for (ApiKind kind : kinds) {
            for (GenericKubernetesResource policy : kind.list(client, target.namespace())) {
                JsonNode spec = ApiKind.json(policy).path("spec");
                Set<Direction> directions = directions(spec);
                PodRequirement pods = pods(spec.path("subject"), target.namespace());
                boolean baseline = spec.path("tier").asString("").equals("Baseline");
                if (!baseline && !directions.isEmpty() && pods.possible()) {
                    found.add(new AllowingPolicy(
                            pods.selection(kind.kind(), policy.getMetadata().getName()),
                            directions,
                            pods.certain(),
                            false));
                }
            }
        }
        return found;
    }

    private static Set<Direction> directions(JsonNode spec) {
        Set<Direction> directions = EnumSet.noneOf(Direction.class);
        for (Direction direction : Direction.values()) {
            for (JsonNode rule : spec.path(direction.field)) {
                if (ALLOWING.contains(rule.path("action").asString(""))) {
                    directions.add(direction);
                }
            }
        }
        return directions;
    }

    /** Of a namespace only its name is known here, which is a label of every one. */
    private static PodRequirement pods(JsonNode subject, String namespace) {
        JsonNode namespaces =
                subject.has("pods") ? subject.path("pods").path("namespaceSelector") : subject.path("namespaces");
        PodRequirement in = PodRequirement.none()
                .read(
                        namespaces,
                        key -> key.equals(NAMESPACE_NAME)
                                ? new PodRequirement.Known(namespace)
                                : new PodRequirement.Unknown());
        return in.labels(subject.path("pods").path("podSelector"));
    }
}
