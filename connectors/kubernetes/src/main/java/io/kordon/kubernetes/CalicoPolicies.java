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

/**
 * Calico's policies: tier by tier, and in a tier by their order, the first rule that fits decides
 * (https://docs.tigera.io/calico/latest/reference/resources/networkpolicy). Kubernetes' own stand in the default tier at
 * order 1000. Ours stands there at order 0, allows what is to stay open, and denies all else.
 *
 * @param kind of namespaced policies, by the one or the other API
 * @param global of policies for all namespaces, where there are any
 */
record CalicoPolicies(ApiKind kind, Optional<ApiKind> global) implements PolicyFamily {
    static final int ORDER = 0;

    private static final String V3 = "projectcalico.org";
    private static final String CRD = "crd.projectcalico.org";
    static final ApiKind KIND = new ApiKind(V3, "v3", "NetworkPolicy", "networkpolicies", true);
    static final ApiKind GLOBAL = new ApiKind(V3, "v3", "GlobalNetworkPolicy", "globalnetworkpolicies", false);
    static final ApiKind CRD_KIND = new ApiKind(CRD, "v1", "NetworkPolicy", "networkpolicies", true);
    static final ApiKind CRD_GLOBAL = new ApiKind(CRD, "v1", "GlobalNetworkPolicy", "globalnetworkpolicies", false);
    static final List<ApiKind> KINDS = List.of(KIND, GLOBAL, CRD_KIND, CRD_GLOBAL);

    /** Calico's API server asks for these as well (https://docs.tigera.io/calico/latest/network-policy/policy-tiers). */
    static final List<Permission> TIERS = List.of(
            new Permission("get", V3, "tiers"),
            new Permission("get", V3, "tier.networkpolicies"),
            new Permission("list", V3, "tier.networkpolicies"),
            new Permission("create", V3, "tier.networkpolicies"),
            new Permission("patch", V3, "tier.networkpolicies"),
            new Permission("delete", V3, "tier.networkpolicies"),
            new Permission("list", V3, "tier.globalnetworkpolicies"));

    private static final String DEFAULT_TIER = "default";

    /** Tiers of what is asked only where nothing else has decided. */
    private static final Set<String> LATER_TIERS = Set.of("baselineadminnetworkpolicy", "kube-baseline");

    /** Through the API of Calico's own where it is there, else through the objects that it keeps itself in. */
    static Optional<PolicyFamily> of(List<ApiKind> installed) {
        if (installed.contains(KIND)) {
            return Optional.of(new CalicoPolicies(KIND, Optional.of(GLOBAL).filter(installed::contains)));
        }
        return installed.contains(CRD_KIND)
                ? Optional.of(
                        new CalicoPolicies(CRD_KIND, Optional.of(CRD_GLOBAL).filter(installed::contains)))
                : Optional.empty();
    }

    @Override
    public Optional<ApiKind> written() {
        return Optional.of(kind);
    }

    @Override
    public Optional<IsolationPolicy> isolation(PodTarget target, AllowList allow) {
        ObjectNode spec = JsonMapper.shared().createObjectNode();
        spec.put("tier", DEFAULT_TIER)
                .put("order", ORDER)
                .put("selector", IsolationPolicy.LABEL + " == '" + target.uid() + "'")
                .putNull("serviceAccountSelector");
        spec.putArray("types").add("Ingress").add("Egress");
        for (Direction direction : Direction.values()) {
            ArrayNode rules = spec.putArray(direction.field);
            if (direction == Direction.EGRESS && allow.dns()) {
                for (String protocol : List.of("UDP", "TCP")) {
                    ObjectNode destination = rules.addObject()
                            .put("action", "Allow")
                            .put("protocol", protocol)
                            .putObject("destination");
                    destination
                            .put("namespaceSelector", "projectcalico.org/name == 'kube-system'")
                            .put("selector", "k8s-app == 'kube-dns'")
                            .putArray("ports")
                            .add(53);
                }
            }
            for (Network network : allow.networks(direction)) {
                ObjectNode rule = rules.addObject().put("action", "Allow");
                rule.putObject(direction == Direction.INGRESS ? "source" : "destination")
                        .putArray("nets")
                        .add(network.cidr());
                if (network.hasPort()) {
                    rule.put("protocol", "TCP");
                    rule.withObjectProperty("destination").putArray("ports").add(network.port());
                }
            }
            rules.addObject().put("action", "Deny");
        }
        String name = IsolationPolicy.name(target);
        return Optional.of(IsolationPolicy.of(
                kind,
                target,
                kind.equals(CRD_KIND) ? DEFAULT_TIER + "." + name : name,
                spec,
                JsonMapper.shared().createObjectNode()));
    }

    @Override
    public List<AllowingPolicy> allowing(KubernetesClient client, Pod pod, PodTarget target, AllowList allow) {
        List<AllowingPolicy> found = new ArrayList<>();
        for (GenericKubernetesResource policy : kind.list(client, target.namespace())) {
            boolean ours = IsolationPolicy.plainName(policy).equals(IsolationPolicy.name(target));
            boolean kubernetes = policy.getMetadata().getName().startsWith("knp.default."); // seen as what they are
            if (!ours && !kubernetes) {
                read(kind, policy, pod, found);
            }
        }
        global.ifPresent(all -> all.list(client, target.namespace()).forEach(policy -> read(all, policy, pod, found)));
        return found;
    }

    private static void read(ApiKind kind, GenericKubernetesResource policy, Pod pod, List<AllowingPolicy> found) {
        JsonNode spec = ApiKind.json(policy).path("spec");
        Set<Direction> directions = EnumSet.noneOf(Direction.class);
        for (Direction direction : Direction.values()) {
            for (JsonNode rule : spec.path(direction.field)) {
                if (rule.path("action").asString("").equalsIgnoreCase("allow")) {
                    directions.add(direction);
                }
            }
        }
        PodRequirement pods = pods(spec, pod);
        if (!directions.isEmpty() && pods.possible()) {
            found.add(new AllowingPolicy(
                    pods.selection(kind.label(), policy.getMetadata().getName()),
                    directions,
                    pods.certain(),
                    comesAfterOurs(spec)));
        }
    }

    private static boolean comesAfterOurs(JsonNode spec) {
        String tier = spec.path("tier").asString(DEFAULT_TIER);
        JsonNode order = spec.path("order");
        return LATER_TIERS.contains(tier)
                || (Set.of(DEFAULT_TIER, "").contains(tier) && (!order.isNumber() || order.asDouble() > ORDER));
    }

    private static PodRequirement pods(JsonNode spec, Pod pod) {
        PodRequirement pods = CalicoSelector.read(spec.path("selector").asString(""), pod);
        String namespaces = spec.path("namespaceSelector").asString("").trim();
        if (namespaces.equals("global()")) {
            return pods.impossible();
        }
        boolean some = !namespaces.isEmpty() && !namespaces.equals("all()");
        return some || !spec.path("serviceAccountSelector").asString("").isBlank() ? pods.unsure() : pods;
    }
}
