package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Cuts the pod off the network: a NetworkPolicy that selects this pod alone and allows nothing. Policies add up, so one
 * that still allows the pod something defeats it: the labels that such policies select by are removed too, and where that
 * cannot be done the step has failed.
 */
final class IsolateStep extends ContainmentStep {
    static final String ACTION = "isolate";

    /** Label of the pod, its own UID, that makes the policy's selector match this pod and no other. */
    static final String LABEL = "kordon.io/isolated";

    private static final int NAME_LIMIT = 63;

    @Override
    public String action() {
        return ACTION;
    }

    @Override
    public String description() {
        return "Denies all traffic to and from the pod, and takes it out of NetworkPolicies that allow some.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
    }

    @Override
    public Set<Permission> permissions() {
        return Set.of(
                new Permission("get", "", "pods"),
                new Permission("patch", "", "pods"),
                new Permission("get", "networking.k8s.io", "networkpolicies"),
                new Permission("list", "networking.k8s.io", "networkpolicies"),
                new Permission("create", "networking.k8s.io", "networkpolicies"),
                new Permission("patch", "networking.k8s.io", "networkpolicies"));
    }

    @Override
    public String example() {
        return "{action: isolate}";
    }

    @Override
    StepOutcome run(StepRun run) throws StepFailure {
        Pod pod = run.pod();
        if (pod.getSpec() != null && Boolean.TRUE.equals(pod.getSpec().getHostNetwork())) {
            throw new StepFailure("the pod uses its node's network (hostNetwork), which no NetworkPolicy binds:"
                    + " cordon the node and terminate the pod");
        }
        PodTarget target = run.target();
        NetworkPolicy wanted = policy(target);
        List<PodSelection> allowing = allowing(run.client(), wanted);
        LabelRemoval removal = LabelRemoval.plan(Labels.of(pod.getMetadata()), allowing, run.keptLabels());
        boolean labelled = target.uid().equals(Labels.of(pod.getMetadata()).get(LABEL));
        NetworkPolicy existing = existing(run.client(), wanted);
        if (run.dryRun()) {
            return StepOutcome.wouldDo(
                    (denies(existing, wanted) && labelled
                                    ? "nothing to apply: NetworkPolicy "
                                            + wanted.getMetadata().getName() + " isolates the pod"
                                    : "would deny all traffic by NetworkPolicy "
                                            + wanted.getMetadata().getName())
                            + (removal.remove().isEmpty()
                                    ? ""
                                    : "; would remove labels " + String.join(", ", removal.remove())
                                            + " that allowing policies select")
                            + (removal.remaining().isEmpty()
                                    ? ""
                                    : "; would still be allowed traffic by " + DetachStep.names(removal.remaining())),
                    Map.of());
        }
        if (!denies(existing, wanted)) {
            NetworkPolicy applied = run.apply(wanted);
            if (allows(applied)) {
                close(run, applied);
            }
        }
        ObjectNode change = removal.patch();
        if (!labelled) {
            change.withObjectProperty("metadata").withObjectProperty("labels").put(LABEL, target.uid());
        }
        run.change(pod, change);
        return readBack(run, wanted, removal);
    }

    /** An apply leaves alone what it does not state: rules that somebody else put into our policy go by a patch. */
    private static void close(StepRun run, NetworkPolicy policy) {
        ObjectNode patch = JsonMapper.shared().createObjectNode();
        patch.putObject("spec").putNull("ingress").putNull("egress");
        run.patch(policy, patch);
    }

    private static StepOutcome readBack(StepRun run, NetworkPolicy wanted, LabelRemoval removal) throws StepFailure {
        Pod after = run.pod();
        NetworkPolicy policy = existing(run.client(), wanted);
        String name = wanted.getMetadata().getName();
        if (!denies(policy, wanted)
                || !run.target().uid().equals(Labels.of(after.getMetadata()).get(LABEL))) {
            throw new StepFailure("NetworkPolicy " + name + " or the label " + LABEL
                    + " was changed right after it was applied: look for a controller or webhook that does so");
        }
        List<PodSelection> defeating = allowing(run.client(), wanted).stream()
                .filter(selection -> selection.matches(Labels.of(after.getMetadata())))
                .toList();
        if (!defeating.isEmpty()) {
            throw new StepFailure("NetworkPolicy " + name + " is in place, but policies add up and the pod is still"
                    + " allowed traffic by " + DetachStep.names(defeating)
                    + ", which select it whatever its labels are: restrict them");
        }
        Map<String, String> observed = new LinkedHashMap<>();
        observed.put("networkPolicy", name);
        observed.put("podSelector", LABEL + "=" + run.target().uid());
        observed.put("policyTypes", "Ingress,Egress");
        observed.put("allowedBy", "");
        return StepOutcome.done(
                "NetworkPolicy " + name + " denies all ingress and egress, and no other policy allows any"
                        + (removal.remove().isEmpty()
                                ? ""
                                : "; removed labels " + String.join(", ", removal.remove())
                                        + " that allowing policies select"),
                observed);
    }

    /** Name of the policy: readable, of bounded length, and the UID's own. */
    static String policyName(PodTarget target) {
        String hash = shortHash(target.uid());
        String start = "deny-all-affected-";
        String pod = target.name().replace('.', '-');
        int room = NAME_LIMIT - start.length() - hash.length() - 1;
        return start + (pod.length() <= room ? pod : pod.substring(0, room)) + "-" + hash;
    }

    private static NetworkPolicy policy(PodTarget target) {
        return new NetworkPolicyBuilder()
                .withNewMetadata()
                .withNamespace(target.namespace())
                .withName(policyName(target))
                .addToLabels("app.kubernetes.io/managed-by", "kordon")
                .addNewOwnerReference() // so that the garbage collector takes it away with the pod
                .withApiVersion("v1")
                .withKind("Pod")
                .withName(target.name())
                .withUid(target.uid())
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .withNewPodSelector()
                .addToMatchLabels(LABEL, target.uid())
                .endPodSelector()
                .withPolicyTypes("Ingress", "Egress")
                .endSpec()
                .build();
    }

    private static @Nullable NetworkPolicy existing(KubernetesClient client, NetworkPolicy wanted) {
        return client.network()
                .v1()
                .networkPolicies()
                .inNamespace(wanted.getMetadata().getNamespace())
                .withName(wanted.getMetadata().getName())
                .get();
    }

    private static boolean denies(@Nullable NetworkPolicy policy, NetworkPolicy wanted) {
        return policy != null
                && !allows(policy)
                && Set.copyOf(Objects.requireNonNullElse(policy.getSpec().getPolicyTypes(), List.of()))
                        .equals(Set.copyOf(wanted.getSpec().getPolicyTypes()))
                && Objects.equals(
                        policy.getSpec().getPodSelector(), wanted.getSpec().getPodSelector());
    }

    /** Policies of the namespace, other than ours, with at least one rule: a rule can only allow. */
    private static List<PodSelection> allowing(KubernetesClient client, NetworkPolicy ours) {
        return client
                .network()
                .v1()
                .networkPolicies()
                .inNamespace(ours.getMetadata().getNamespace())
                .list()
                .getItems()
                .stream()
                .filter(policy -> !policy.getMetadata()
                        .getName()
                        .equals(ours.getMetadata().getName()))
                .filter(IsolateStep::allows)
                .map(policy -> new PodSelection(
                        "NetworkPolicy",
                        policy.getMetadata().getName(),
                        Objects.requireNonNullElseGet(policy.getSpec().getPodSelector(), LabelSelector::new)))
                .collect(Collectors.toList());
    }

    private static boolean allows(NetworkPolicy policy) {
        return policy.getSpec() != null
                && (notEmpty(policy.getSpec().getIngress())
                        || notEmpty(policy.getSpec().getEgress()));
    }

    private static boolean notEmpty(@Nullable List<?> rules) {
        return rules != null && !rules.isEmpty();
    }

    private static String shortHash(String uid) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(uid.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 5);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
