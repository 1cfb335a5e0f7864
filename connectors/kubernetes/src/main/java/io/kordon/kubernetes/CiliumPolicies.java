package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Cilium's policies. What one denies no other allows, not even a NetworkPolicy
 * (https://docs.cilium.io/en/stable/security/policy/deny/): so a direction in which nothing stays open is denied. Where
 * something stays open there can be no denial, and policies add up as Kubernetes' do.
 *
 * @param clusterwide whether there are policies for all namespaces, too
 * @param endpoints whether Cilium says which pods it has taken on
 */
record CiliumPolicies(boolean clusterwide, boolean endpoints) implements PolicyFamily {
    private static final String GROUP = "cilium.io";
    static final ApiKind KIND = new ApiKind(GROUP, "v2", "CiliumNetworkPolicy", "ciliumnetworkpolicies", true);
    static final ApiKind CLUSTERWIDE =
            new ApiKind(GROUP, "v2", "CiliumClusterwideNetworkPolicy", "ciliumclusterwidenetworkpolicies", false);
    static final ApiKind ENDPOINT = new ApiKind(GROUP, "v2", "CiliumEndpoint", "ciliumendpoints", true);
    static final List<ApiKind> KINDS = List.of(KIND, CLUSTERWIDE, ENDPOINT);

    /** All there are but the pod's own node, whose kubelet would restart containers that it cannot probe. */
    private static final List<String> ALL_BUT_HOST =
            List.of("world", "remote-node", "kube-apiserver", "health", "init", "ingress", "unmanaged");

    private static final String NAMESPACE = "io.kubernetes.pod.namespace";
    private static final String SERVICE_ACCOUNT = "io.cilium.k8s.policy.serviceaccount";

    static Optional<PolicyFamily> of(List<ApiKind> installed) {
        return installed.contains(KIND)
                ? Optional.of(new CiliumPolicies(installed.contains(CLUSTERWIDE), installed.contains(ENDPOINT)))
                : Optional.empty();
    }

    @Override
    public Optional<ApiKind> written() {
        return Optional.of(KIND);
    }

    /** Whether Cilium has taken on this very pod, so that its policies hold for it. */
    boolean enforces(KubernetesClient client, PodTarget target) {
        GenericKubernetesResource endpoint = endpoints ? ENDPOINT.get(client, target.namespace(), target.name()) : null;
        return endpoint != null
                && endpoint.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner -> owner.getUid().equals(target.uid()));
    }

    @Override
    public Optional<IsolationPolicy> isolation(PodTarget target, AllowList allow) {
        ObjectNode spec = JsonMapper.shared().createObjectNode();
        spec.putObject("endpointSelector")
                .putNull("matchExpressions")
                .putObject("matchLabels")
                .put("k8s:" + IsolationPolicy.LABEL, target.uid());
        for (Direction direction : Direction.values()) {
            String deny = direction.field + "Deny";
            if (!allow.opens(direction)) {
                spec.putNull(direction.field);
                deny(direction, spec.putArray(deny));
            } else {
                spec.putNull(deny);
                open(direction, allow, spec.putArray(direction.field));
            }
        }
        spec.putNull("nodeSelector").putNull("enableDefaultDeny");
        return Optional.of(IsolationPolicy.of(
                KIND,
                target,
                IsolationPolicy.name(target),
                spec,
                JsonMapper.shared().createObjectNode().putNull("specs")));
    }

    private static void deny(Direction direction, ArrayNode rules) {
        if (direction == Direction.EGRESS) {
            rules.addObject().putArray("toEntities").add("all");
            return;
        }
        ArrayNode entities = rules.addObject().putArray("fromEntities");
        ALL_BUT_HOST.forEach(entities::add);
        rules.addObject()
                .putArray("fromEndpoints")
                .addObject()
                .putArray("matchExpressions")
                .addObject()
                .put("key", "k8s:" + NAMESPACE)
                .put("operator", "Exists");
    }

    private static void open(Direction direction, AllowList allow, ArrayNode rules) {
        if (direction == Direction.EGRESS && allow.dns()) {
            ObjectNode rule = rules.addObject();
            rule.putArray("toEndpoints")
                    .addObject()
                    .putObject("matchLabels")
                    .put("k8s:" + NAMESPACE, "kube-system")
                    .put("k8s:k8s-app", "kube-dns");
            ArrayNode ports = rule.putArray("toPorts").addObject().putArray("ports");
            ports.addObject().put("port", "53").put("protocol", "UDP");
            ports.addObject().put("port", "53").put("protocol", "TCP");
        }
        for (Network network : allow.networks(direction)) {
            ObjectNode rule = rules.addObject();
            rule.putArray(direction == Direction.INGRESS ? "fromCIDR" : "toCIDR")
                    .add(network.cidr());
            if (network.hasPort()) {
                rule.putArray("toPorts")
                        .addObject()
                        .putArray("ports")
                        .addObject()
                        .put("port", Integer.toString(network.port()))
                        .put("protocol", "TCP");
            }
        }
    }

    @Override
    public List<AllowingPolicy> allowing(KubernetesClient client, Pod pod, PodTarget target, AllowList allow) {
        List<AllowingPolicy> found = new ArrayList<>();
        for (GenericKubernetesResource policy : KIND.list(client, target.namespace())) {
            if (!policy.getMetadata().getName().equals(IsolationPolicy.name(target))) {
                read(KIND, policy, pod, allow, found);
            }
        }
        if (clusterwide) {
            CLUSTERWIDE
                    .list(client, target.namespace())
                    .forEach(policy -> read(CLUSTERWIDE, policy, pod, allow, found));
        }
        return found;
    }

    private static void read(
            ApiKind kind, GenericKubernetesResource policy, Pod pod, AllowList allow, List<AllowingPolicy> found) {
        JsonNode object = ApiKind.json(policy);
        List<JsonNode> specs = new ArrayList<>();
        specs.add(object.path("spec"));
        object.path("specs").forEach(specs::add);
        for (JsonNode spec : specs) {
            Set<Direction> directions = directions(spec);
            if (!directions.isEmpty() && !spec.has("nodeSelector")) { // such a one is about nodes
                PodRequirement pods =
                        PodRequirement.none().read(spec.path("endpointSelector"), key -> meaning(key, pod));
                if (pods.possible()) {
                    found.add(new AllowingPolicy(
                            pods.selection(kind.kind(), policy.getMetadata().getName()),
                            directions,
                            pods.certain(),
                            directions.stream().noneMatch(allow::opens)));
                }
            }
        }
    }

    /** An empty rule allows nothing: it only says that what is not allowed is denied. */
    private static Set<Direction> directions(JsonNode spec) {
        Set<Direction> directions = EnumSet.noneOf(Direction.class);
        for (Direction direction : Direction.values()) {
            for (JsonNode rule : spec.path(direction.field)) {
                if (!rule.isEmpty()) {
                    directions.add(direction);
                }
            }
        }
        return directions;
    }

    /** Keys may say where a label is from, and some are no label of the pod but what Cilium knows of it. */
    private static PodRequirement.Key meaning(String key, Pod pod) {
        String name = key.replaceFirst("^(k8s|any)[:.]", "");
        if (name.equals(NAMESPACE)) {
            return new PodRequirement.Known(pod.getMetadata().getNamespace());
        }
        if (name.equals(SERVICE_ACCOUNT)) {
            return new PodRequirement.Known(
                    Objects.requireNonNullElse(pod.getSpec().getServiceAccountName(), "default"));
        }
        boolean foreign = name.contains(":") || name.startsWith("io.cilium.") || name.startsWith("io.kubernetes.");
        return foreign ? new PodRequirement.Unknown() : new PodRequirement.Label(name);
    }
}
