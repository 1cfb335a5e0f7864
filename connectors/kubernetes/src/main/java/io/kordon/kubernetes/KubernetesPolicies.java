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
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** NetworkPolicies: they add up, and none of them can deny what another allows. */
record KubernetesPolicies() implements PolicyFamily {
    static final ApiKind KIND = new ApiKind("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", true);

    @Override
    public Optional<ApiKind> written() {
        return Optional.of(KIND);
    }

    @Override
    public Optional<IsolationPolicy> isolation(PodTarget target, AllowList allow) {
        ObjectNode spec = JsonMapper.shared().createObjectNode();
        spec.putObject("podSelector")
                .putNull("matchExpressions")
                .putObject("matchLabels")
                .put(IsolationPolicy.LABEL, target.uid());
        spec.putArray("policyTypes").add("Ingress").add("Egress");
        for (Direction direction : Direction.values()) {
            ArrayNode rules = spec.putArray(direction.field);
            String peers = direction == Direction.INGRESS ? "from" : "to";
            if (direction == Direction.EGRESS && allow.dns()) {
                ObjectNode rule = rules.addObject();
                ObjectNode peer = rule.putArray(peers).addObject();
                peer.putObject("namespaceSelector")
                        .putObject("matchLabels")
                        .put("kubernetes.io/metadata.name", "kube-system");
                peer.putObject("podSelector").putObject("matchLabels").put("k8s-app", "kube-dns");
                ArrayNode ports = rule.putArray("ports");
                ports.addObject().put("port", 53).put("protocol", "UDP");
                ports.addObject().put("port", 53).put("protocol", "TCP");
            }
            for (Network network : allow.networks(direction)) {
                ObjectNode rule = rules.addObject();
                rule.putArray(peers).addObject().putObject("ipBlock").put("cidr", network.cidr());
                if (network.hasPort()) {
                    rule.putArray("ports")
                            .addObject()
                            .put("port", network.port())
                            .put("protocol", "TCP");
                }
            }
            if (rules.isEmpty()) {
                spec.putNull(direction.field);
            }
        }
        return Optional.of(IsolationPolicy.of(
                KIND,
                target,
                IsolationPolicy.name(target),
                spec,
                JsonMapper.shared().createObjectNode()));
    }

    @Override
    public List<AllowingPolicy> allowing(KubernetesClient client, Pod pod, PodTarget target, AllowList allow) {
        List<AllowingPolicy> found = new ArrayList<>();
        for (GenericKubernetesResource policy : KIND.list(client, target.namespace())) {
            JsonNode spec = ApiKind.json(policy).path("spec");
            Set<Direction> directions = EnumSet.noneOf(Direction.class);
            for (Direction direction : Direction.values()) {
                if (!spec.path(direction.field).isEmpty()) { // a rule can only allow
                    directions.add(direction);
                }
            }
            String name = policy.getMetadata().getName();
            if (!directions.isEmpty() && !name.equals(IsolationPolicy.name(target))) {
                PodRequirement pods = PodRequirement.none().labels(spec.path("podSelector"));
                found.add(new AllowingPolicy(pods.selection(KIND.kind(), name), directions, pods.certain(), false));
            }
        }
        return found;
    }
}
