package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kordon.avro.StepStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Takes the pod's service account out of the bindings that name it. What it may through its groups it may still. */
final class RevokeStep extends ContainmentStep {
    static final String ACTION = "revoke";

    private static final String GROUP = "rbac.authorization.k8s.io";
    static final ApiKind ROLE_BINDING = new ApiKind(GROUP, "v1", "RoleBinding", "rolebindings", true);
    static final ApiKind CLUSTER_ROLE_BINDING =
            new ApiKind(GROUP, "v1", "ClusterRoleBinding", "clusterrolebindings", false);

    /** Label of what Kubernetes itself puts back at its next start. */
    private static final String BOOTSTRAPPING = "kubernetes.io/bootstrapping";

    private static final String SELF = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    private static final int MAX_NAMED = 20;

    private final ProtectionConfig protection;

    RevokeStep(ProtectionConfig protection) {
        this.protection = protection;
    }

    private static final int HTTP_FORBIDDEN = 403;
    private static final int HTTP_NOT_FOUND = 404;

    @Override
    public String action() {
        return ACTION;
    }

    @Override
    public String description() {
        return "Takes the pod's service account out of the RoleBindings and ClusterRoleBindings that name it.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
    }

    @Override
    public Set<Permission> permissions() {
        return Set.of(
                new Permission("get", "", "pods"),
                new Permission("list", "", "pods"),
                ROLE_BINDING.may("list"),
                ROLE_BINDING.may("patch"),
                CLUSTER_ROLE_BINDING.may("list"),
                CLUSTER_ROLE_BINDING.may("patch"),
                // who writes a binding must have all that it gives, or may give it: also where he takes something out
                new Permission("bind", GROUP, "roles"),
                new Permission("bind", GROUP, "clusterroles"),
                new Permission("create", "authentication.k8s.io", "selfsubjectreviews"));
    }

    @Override
    public String example() {
        return "revoke";
    }

    @Override
    StepOutcome run(StepRun run) throws StepFailure {
        Pod pod = run.pod();
        ServiceAccount account = account(pod);
        if (account.username().equals(self(run.client()))) {
            return StepOutcome.refused("service account " + account + " is Kordon's own: without its rights nothing"
                    + " could be contained, or given back");
        }
        ProtectedNamespaces protectedOnes = new ProtectedNamespaces(protection, run.client());
        List<Binding> bindings = bindings(run.client());
        List<Binding> naming =
                bindings.stream().filter(binding -> binding.names(account)).toList();
        if (run.dryRun()) {
            List<Binding> would = naming.stream()
                    .filter(binding -> binding.untouchable(protectedOnes).isEmpty())
                    .toList();
            return StepOutcome.wouldDo(
                    (would.isEmpty()
                                    ? "nothing to revoke: no binding that may be changed names service account "
                                    : "would take out of " + names(would) + " service account ")
                            + account
                            + left(naming, Map.of(), protectedOnes)
                            + remainder(run, account, bindings),
                    observed(run, account, bindings));
        }
        Map<Binding, String> forbidden = new LinkedHashMap<>();
        for (Binding binding : bindings) {
            boolean taken = binding.revocation().has(account);
            if ((binding.names(account) || taken)
                    && binding.untouchable(protectedOnes).isEmpty()) {
                try {
                    revoke(run, account, binding);
                } catch (KubernetesClientException e) {
                    if (e.getCode() != HTTP_FORBIDDEN) {
                        throw e;
                    }
                    forbidden.put(binding, ApiFailure.of(e, permissions()).detail());
                }
            }
        }
        return readBack(run, account, forbidden, protectedOnes);
    }

    /** Whose rights the pod had nobody knows any more: what was taken stands on the bindings, and nothing else can be. */
    @Override
    StepOutcome whenGone(StepRun run) {
        String incident = run.command().getIncidentId();
        List<Binding> held = bindings(run.client()).stream()
                .filter(binding -> binding.revocation().heldFor(incident).stream()
                        .anyMatch(account ->
                                account.namespace().equals(run.target().namespace())))
                .toList();
        String detail = "the pod is gone, its tokens with it; "
                + (held.isEmpty()
                        ? "no binding is held for the incident: if the pod went before its service account was taken out"
                                + " of any, other pods have its rights still"
                        : "its service account is out of " + names(held));
        Map<String, String> observed = Map.of("pod", "gone", "revoked", names(held));
        return run.dryRun()
                ? StepOutcome.wouldDo("nothing to do: " + detail, observed)
                : StepOutcome.done(detail, observed);
    }

    private static StepOutcome readBack(
            StepRun run, ServiceAccount account, Map<Binding, String> forbidden, ProtectedNamespaces protectedOnes)
            throws StepFailure {
        List<Binding> bindings = bindings(run.client());
        List<Binding> naming =
                bindings.stream().filter(binding -> binding.names(account)).toList();
        Map<String, String> observed = observed(run, account, bindings);
        String rest = remainder(run, account, bindings);
        if (!naming.isEmpty() || !forbidden.isEmpty()) {
            return new StepOutcome(
                    StepStatus.FAILED,
                    "service account " + account + " still has rights by " + names(naming)
                            + left(naming, forbidden, protectedOnes) + rest,
                    observed);
        }
        String taken = observed.getOrDefault("revoked", "");
        return StepOutcome.done(
                (taken.isEmpty()
                                ? "no binding names service account " + account
                                : "service account " + account + " is out of " + taken)
                        + rest,
                observed);
    }

    @Override
    void release(StepRun run, List<String> released, List<String> stillHeld) {
        String incident = run.command().getIncidentId();
        for (Binding binding : bindings(run.client())) {
            for (ServiceAccount account : binding.revocation().heldFor(incident)) {
                if (!account.namespace().equals(run.target().namespace())) {
                    continue; // a forged record: an incident is about a pod, and the pod about an account beside it
                }
                Revocation rest = binding.revocation().without(account, incident);
                ObjectNode patch = JsonMapper.shared().createObjectNode();
                if (!rest.has(account)) {
                    patch.set("subjects", binding.revocation().restored(account, binding.subjects()));
                }
                write(run, binding, patch, rest);
                (rest.has(account) ? stillHeld : released).add(binding + " (" + account + ")");
            }
        }
    }

    private static void revoke(StepRun run, ServiceAccount account, Binding binding) {
        String incident = run.command().getIncidentId();
        List<Revocation.Subject> taken = new ArrayList<>();
        ArrayNode rest = JsonMapper.shared().createArrayNode();
        int index = 0;
        for (JsonNode subject : binding.subjects()) {
            if (account.is(subject)) {
                taken.add(new Revocation.Subject(index, subject));
            } else {
                rest.add(subject);
            }
            index++;
        }
        if (taken.isEmpty() && binding.revocation().holds(account, incident)) {
            return;
        }
        ObjectNode patch = JsonMapper.shared().createObjectNode();
        if (!taken.isEmpty()) {
            patch.set("subjects", rest);
        }
        write(
                run,
                binding,
                patch,
                binding.revocation()
                        .with(account, incident, run.command().getIssuedAt().toString(), taken));
    }

    private static void write(StepRun run, Binding binding, ObjectNode patch, Revocation revocation) {
        patch.withObjectProperty("metadata")
                .withObjectProperty("annotations")
                .put(
                        Revocation.ANNOTATION,
                        revocation.json(binding.object().getMetadata().getUid()).orElse(null));
        run.patch(binding.kind(), binding.object(), patch);
    }

    /** A binding as it was read. */
    private record Binding(ApiKind kind, GenericKubernetesResource object, JsonNode subjects, Revocation revocation) {

        boolean names(ServiceAccount account) {
            return subjects.valueStream().anyMatch(account::is);
        }

        boolean namesGroupOf(ServiceAccount account) {
            return subjects.valueStream().anyMatch(account::isIn);
        }

        boolean isDefault() {
            return "rbac-defaults".equals(Labels.of(object.getMetadata()).get(BOOTSTRAPPING));
        }

        /** Why Kordon must not change it; empty if it may. */
        String untouchable(ProtectedNamespaces protectedOnes) {
            String namespace = object.getMetadata().getNamespace();
            if (isDefault()) {
                return "one of Kubernetes' own (" + BOOTSTRAPPING + "=rbac-defaults)";
            }
            return protectedOnes.covers(namespace) ? "in a protected namespace" : "";
        }

        @Override
        public String toString() {
            String namespace = object.getMetadata().getNamespace();
            return kind.kind() + " " + (namespace == null ? "" : namespace + "/")
                    + object.getMetadata().getName();
        }
    }

    private static List<Binding> bindings(KubernetesClient client) {
        List<Binding> bindings = new ArrayList<>();
        for (ApiKind kind : List.of(ROLE_BINDING, CLUSTER_ROLE_BINDING)) {
            for (GenericKubernetesResource binding : kind.listAll(client)) {
                bindings.add(
                        new Binding(kind, binding, ApiKind.json(binding).path("subjects"), Revocation.of(binding)));
            }
        }
        return bindings;
    }

    private static ServiceAccount account(Pod pod) {
        String name = pod.getSpec() == null ? null : pod.getSpec().getServiceAccountName();
        return new ServiceAccount(pod.getMetadata().getNamespace(), name == null || name.isEmpty() ? "default" : name);
    }

    /** As whom the API server knows us; null where it is too old to say (before Kubernetes 1.28). */
    private static @Nullable String self(KubernetesClient client) {
        try {
            String answer = client.raw(SELF, "POST", new SelfSubjectReviewBuilder().build());
            return answer == null
                    ? null
                    : JsonMapper.shared()
                            .readTree(answer)
                            .path("status")
                            .path("userInfo")
                            .path("username")
                            .asString("");
        } catch (KubernetesClientException e) {
            if (e.getCode() == HTTP_NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    private static long others(StepRun run, ServiceAccount account) {
        return run.client().pods().inNamespace(account.namespace()).list().getItems().stream()
                .filter(pod -> account(pod).equals(account))
                .filter(pod -> !run.target().uid().equals(pod.getMetadata().getUid()))
                .filter(pod -> pod.getStatus() == null
                        || !Set.of("Succeeded", "Failed")
                                .contains(Objects.requireNonNullElse(
                                        pod.getStatus().getPhase(), "")))
                .count();
    }

    private static String left(
            List<Binding> naming, Map<Binding, String> forbidden, ProtectedNamespaces protectedOnes) {
        StringBuilder left = new StringBuilder();
        for (Binding binding : naming) {
            if (!binding.untouchable(protectedOnes).isEmpty()) {
                left.append("; ").append(binding).append(" is left, ").append(binding.untouchable(protectedOnes));
                left.append(": take the account out by hand");
            }
        }
        forbidden.forEach(
                (binding, why) -> left.append("; ").append(binding).append(": ").append(why));
        return left.toString();
    }

    private static String remainder(StepRun run, ServiceAccount account, List<Binding> bindings) {
        long others = others(run, account);
        String through = throughGroups(account, bindings);
        return (through.isEmpty() ? "" : "; through its groups it still may what these give: " + through)
                + (others == 0 ? "" : "; " + others + " other running pods use the account and are affected, too")
                + "; its tokens stay good for authentication until they expire or the pod is deleted";
    }

    private static String throughGroups(ServiceAccount account, List<Binding> bindings) {
        return names(bindings.stream()
                .filter(binding -> binding.namesGroupOf(account) && !binding.isDefault())
                .toList());
    }

    private static Map<String, String> observed(StepRun run, ServiceAccount account, List<Binding> bindings) {
        Map<String, String> observed = new LinkedHashMap<>();
        observed.put("serviceAccount", account.toString());
        observed.put(
                "revoked",
                names(bindings.stream()
                        .filter(binding -> !binding.names(account)
                                && binding.revocation()
                                        .holds(account, run.command().getIncidentId()))
                        .toList()));
        observed.put(
                "namedBy",
                names(bindings.stream()
                        .filter(binding -> binding.names(account))
                        .toList()));
        observed.put("throughGroups", throughGroups(account, bindings));
        observed.put("otherPods", Long.toString(others(run, account)));
        return observed;
    }

    private static String names(List<Binding> bindings) {
        return bindings.stream().limit(MAX_NAMED).map(Binding::toString).collect(Collectors.joining(", "))
                + (bindings.size() > MAX_NAMED ? " and " + (bindings.size() - MAX_NAMED) + " more" : "");
    }
}
