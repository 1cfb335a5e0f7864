package io.kordon.app.demo;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the example must have done to the cluster, read back from the API, and what it must have left alone. */
final class ClusterCheck {
    private static final String POLICY = "deny-all-affected";

    private final KubernetesClient client;
    private final ScenarioPod pod;
    private final Map<String, Pod> others;
    private final ReplacementCheck replacement;

    /** Remembers how the other pods of the namespace are now, before anything happens. */
    ClusterCheck(KubernetesClient client, ScenarioPod pod) {
        this.client = client;
        this.pod = pod;
        this.replacement = new ReplacementCheck(client, pod);
        this.others = pods().stream()
                .filter(other -> !other.getMetadata().getName().equals(pod.name()))
                .collect(Collectors.toMap(other -> other.getMetadata().getName(), other -> other));
    }

    /** What is missing, in words; nothing when all is there. */
    List<String> missing() {
        try {
            return look();
        } catch (KubernetesClientException e) {
            return List.of("an answer of the Kubernetes API: " + e.getMessage());
        }
    }

    private List<String> look() {
        List<String> missing = new ArrayList<>();
        Pod contained =
                client.pods().inNamespace(pod.namespace()).withName(pod.name()).get();
        if (contained == null) {
            return List.of("the pod " + pod.namespace() + "/" + pod.name() + " in the API");
        }
        checkLabels(labels(contained), missing);
        checkPolicy(contained, missing);
        checkNode(missing);
        checkOthers(missing);
        missing.addAll(replacement.missing());
        return missing;
    }

    /** Names of the pods that serve in the place of the contained one. */
    Set<String> replacements() {
        return replacement.replacements();
    }

    private void checkLabels(Map<String, String> labels, List<String> missing) {
        if (!"affected".equals(labels.get("status"))) {
            missing.add("label status=affected on the pod; it has " + labels);
        }
        Stream<Map<String, String>> services = client.services().inNamespace(pod.namespace()).list().getItems().stream()
                .map(service -> service.getSpec().getSelector());
        Stream<Map<String, String>> replicaSets =
                client.apps().replicaSets().inNamespace(pod.namespace()).list().getItems().stream()
                        .map(set -> set.getSpec().getSelector().getMatchLabels());
        Stream.concat(services, replicaSets)
                .filter(Objects::nonNull)
                .flatMap(selector -> selector.entrySet().stream())
                .filter(labels.entrySet()::contains)
                .distinct()
                .forEach(label ->
                        missing.add("the pod without the label " + label + ", which a Service or ReplicaSet selects"));
    }

    private void checkPolicy(Pod contained, List<String> missing) {
        List<Pod> all = pods();
        boolean isolated =
                client.network().v1().networkPolicies().inNamespace(pod.namespace()).list().getItems().stream()
                        .filter(policy -> policy.getMetadata().getName().startsWith(POLICY))
                        .map(NetworkPolicy::getSpec)
                        .filter(ClusterCheck::deniesAll)
                        .map(ClusterCheck::selector)
                        .anyMatch(selector -> !selector.isEmpty()
                                && all.stream()
                                        .filter(one -> labels(one).entrySet().containsAll(selector.entrySet()))
                                        .map(one -> one.getMetadata().getName())
                                        .toList()
                                        .equals(List.of(contained.getMetadata().getName())));
        if (!isolated) {
            missing.add("a NetworkPolicy " + POLICY + "… that denies ingress and egress and selects exactly this pod");
        }
    }

    private void checkNode(List<String> missing) {
        Node node = client.nodes().withName(pod.node()).get();
        if (node == null || !Boolean.TRUE.equals(node.getSpec().getUnschedulable())) {
            missing.add("node " + pod.node() + " unschedulable");
        }
        if (node == null || !"affected".equals(node.getMetadata().getLabels().get("status"))) {
            missing.add("label status=affected on node " + pod.node());
        }
    }

    private void checkOthers(List<String> missing) {
        Map<String, Pod> now = pods().stream()
                .collect(Collectors.toMap(other -> other.getMetadata().getName(), other -> other));
        others.forEach((name, before) -> {
            Pod after = now.get(name);
            if (after == null
                    || !Objects.equals(
                            after.getMetadata().getLabels(),
                            before.getMetadata().getLabels())
                    || !Objects.equals(
                            after.getMetadata().getAnnotations(),
                            before.getMetadata().getAnnotations())
                    || !Objects.equals(after.getSpec(), before.getSpec())) {
                missing.add("pod " + name + " left as it was");
            }
        });
    }

    private List<Pod> pods() {
        return client.pods().inNamespace(pod.namespace()).list().getItems();
    }

    private static Map<String, String> labels(Pod pod) {
        return pod.getMetadata().getLabels() == null
                ? Map.of()
                : pod.getMetadata().getLabels();
    }

    private static Map<String, String> selector(NetworkPolicySpec spec) {
        return spec.getPodSelector() == null || spec.getPodSelector().getMatchLabels() == null
                ? Map.of()
                : spec.getPodSelector().getMatchLabels();
    }

    private static boolean deniesAll(NetworkPolicySpec spec) {
        return spec.getPolicyTypes() != null
                && spec.getPolicyTypes().containsAll(List.of("Ingress", "Egress"))
                && (spec.getIngress() == null || spec.getIngress().isEmpty())
                && (spec.getEgress() == null || spec.getEgress().isEmpty());
    }
}
