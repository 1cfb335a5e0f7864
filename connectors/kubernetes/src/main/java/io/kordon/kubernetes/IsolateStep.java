package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.kordon.avro.StepStatus;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * Cuts the pod off the network: a policy of each installed kind that selects this pod alone and allows nothing, or only
 * what is to stay open. NetworkPolicies add up, so one that still allows the pod something defeats it: the labels that such
 * policies select by are removed too, and where that cannot be done the step has failed.
 */
final class IsolateStep extends ContainmentStep {
    static final String ACTION = "isolate";
    static final String ALLOW = "allow";

    /** Label of the pod by which the policies select it. */
    static final String LABEL = IsolationPolicy.LABEL;

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
        return List.of(new Parameter(
                ALLOW,
                "",
                "What stays open, separated by commas: dns (the cluster's), to=CIDR[:port], from=CIDR[:port]. Ports are"
                        + " TCP; an IPv6 network with a port stands in brackets."));
    }

    @Override
    public Set<Permission> permissions() {
        Set<Permission> permissions = new LinkedHashSet<>();
        permissions.add(new Permission("get", "", "pods"));
        permissions.add(new Permission("patch", "", "pods"));
        for (ApiKind kind :
                List.of(KubernetesPolicies.KIND, CiliumPolicies.KIND, CalicoPolicies.KIND, CalicoPolicies.CRD_KIND)) {
            for (String verb : List.of("get", "list", "create", "patch", "delete")) {
                permissions.add(kind.may(verb));
            }
        }
        permissions.add(CiliumPolicies.CLUSTERWIDE.may("list"));
        permissions.add(CiliumPolicies.ENDPOINT.may("get"));
        permissions.add(CalicoPolicies.GLOBAL.may("list"));
        permissions.add(CalicoPolicies.CRD_GLOBAL.may("list"));
        permissions.addAll(CalicoPolicies.TIERS);
        AdminPolicies.KINDS.forEach(kind -> permissions.add(kind.may("list")));
        return Set.copyOf(permissions);
    }

    @Override
    public String example() {
        return "isolate: {allow: \"dns,to=10.1.2.3:443\"}";
    }

    @Override
    StepOutcome run(StepRun run) throws StepFailure {
        AllowList allow = AllowList.parse(ALLOW, parameter(run.parameters(), ALLOW));
        Pod pod = run.pod();
        if (pod.getSpec() != null && Boolean.TRUE.equals(pod.getSpec().getHostNetwork())) {
            throw new StepFailure("the pod uses its node's network (hostNetwork), which no NetworkPolicy binds:"
                    + " cordon the node and terminate the pod");
        }
        Isolation isolation = Isolation.of(run.client(), run.target(), allow);
        List<AllowingPolicy> allowing = isolation.allowing(run.client(), pod);
        LabelRemoval removal = LabelRemoval.plan(
                Labels.of(pod.getMetadata()),
                allowing.stream()
                        .filter(policy -> !policy.overruled())
                        .map(AllowingPolicy::selection)
                        .toList(),
                run.keptLabels());
        boolean labelled = labelled(pod, run.target());
        if (run.dryRun()) {
            boolean isolated = labelled && isolation.inPlace(run.client());
            return StepOutcome.wouldDo(
                    (isolated
                                    ? "nothing to apply: " + isolation.names() + " isolates the pod"
                                    : "would deny all traffic" + but(allow) + " by " + isolation.names())
                            + (removal.remove().isEmpty()
                                    ? ""
                                    : "; would remove labels " + String.join(", ", removal.remove())
                                            + " that allowing policies select")
                            + (removal.remaining().isEmpty()
                                    ? ""
                                    : "; would still be allowed traffic by " + DetachStep.names(removal.remaining())),
                    Map.of());
        }
        // Policies first, which select nothing yet: then one write, of the pod, puts all of it in force at once.
        isolation.policies().forEach(policy -> policy.put(run));
        ObjectNode change = removal.patch();
        if (!labelled) {
            change.withObjectProperty("metadata")
                    .withObjectProperty("labels")
                    .put(IsolationPolicy.LABEL, run.target().uid());
        }
        run.change(pod, change);
        return readBack(run, isolation, removal);
    }

    private static StepOutcome readBack(StepRun run, Isolation isolation, LabelRemoval removal) throws StepFailure {
        Pod after = run.pod();
        if (!isolation.inPlace(run.client()) || !labelled(after, run.target())) {
            throw new StepFailure(isolation.names() + " or the label " + IsolationPolicy.LABEL
                    + " was changed right after it was applied: look for a controller or webhook that does so");
        }
        List<AllowingPolicy> selecting = isolation.allowing(run.client(), after).stream()
                .filter(policy -> policy.selection().matches(Labels.of(after.getMetadata())))
                .toList();
        List<AllowingPolicy> defeating =
                selecting.stream().filter(policy -> !policy.overruled()).toList();
        List<AllowingPolicy> overruled =
                selecting.stream().filter(AllowingPolicy::overruled).toList();
        Map<String, String> observed = new LinkedHashMap<>();
        observed.put("networkPolicy", IsolationPolicy.name(run.target()));
        observed.put("policies", isolation.names());
        observed.put("podSelector", IsolationPolicy.LABEL + "=" + run.target().uid());
        observed.put("policyTypes", "Ingress,Egress");
        observed.put("open", isolation.allow().toString());
        observed.put("allowedBy", AllowingPolicy.names(defeating));
        observed.put("overruled", AllowingPolicy.names(overruled));
        if (!defeating.isEmpty()) {
            return new StepOutcome(
                    StepStatus.FAILED,
                    isolation.names() + " is in place, but policies add up and the pod is still allowed traffic by "
                            + AllowingPolicy.names(defeating)
                            + ", which select it whatever its labels are: restrict them",
                    observed);
        }
        return StepOutcome.done(
                isolation.names() + " denies all ingress and egress" + but(isolation.allow())
                        + ", and no other policy allows any"
                        + (overruled.isEmpty()
                                ? ""
                                : ": it takes precedence over " + AllowingPolicy.names(overruled)
                                        + ", which would allow some")
                        + (removal.remove().isEmpty()
                                ? ""
                                : "; removed labels " + String.join(", ", removal.remove())
                                        + " that allowing policies select"),
                observed);
    }

    /** Lets go of the policies; the pod's own labels come back with the pod. */
    @Override
    void release(StepRun run, List<String> released, List<String> stillHeld) {
        String incident = run.command().getIncidentId();
        for (PolicyFamily family : PolicyFamily.of(run.client())) {
            Optional<ApiKind> kind = family.written();
            if (kind.isEmpty()) {
                continue;
            }
            for (GenericKubernetesResource policy :
                    kind.orElseThrow().list(run.client(), run.target().namespace())) {
                Hold hold = Hold.of(policy);
                // whoever may write policies may have taken our annotation off, or the owner
                boolean pods = IsolationPolicy.plainName(policy).equals(IsolationPolicy.name(run.target()));
                boolean held = hold.holds(incident) && (pods || IsolationPolicy.isOurs(policy));
                if (held || (pods && !hold.held())) {
                    List<String> others = run.releaseCreated(kind.orElseThrow(), policy);
                    String name = kind.orElseThrow().label() + " "
                            + policy.getMetadata().getName();
                    if (others.isEmpty()) {
                        released.add(name + " is deleted");
                    } else {
                        stillHeld.add(name + " is still held by " + StepRun.holders(others));
                    }
                }
            }
        }
    }

    private static boolean labelled(Pod pod, PodTarget target) {
        return target.uid().equals(Labels.of(pod.getMetadata()).get(IsolationPolicy.LABEL));
    }

    private static String but(AllowList allow) {
        return allow.isEmpty() ? "" : " but " + allow;
    }
}
