package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.kordon.schemas.KubernetesNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Keeps new pods away from the node that the pod runs on, and marks it. Never a control-plane node. */
final class CordonStep extends ContainmentStep {
    static final String ACTION = "cordon";
    static final String LABELS = "labels";

    private static final Set<String> CONTROL_PLANE =
            Set.of("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master");

    @Override
    public String action() {
        return ACTION;
    }

    @Override
    public String description() {
        return "Makes the pod's node unschedulable and labels it.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(new Parameter(LABELS, "status=affected", "Labels to set on the node, as key=value,key=value."));
    }

    @Override
    public Set<Permission> permissions() {
        return Set.of(
                new Permission("get", "", "pods"),
                new Permission("get", "", "nodes"),
                new Permission("list", "", "nodes"),
                new Permission("patch", "", "nodes"));
    }

    @Override
    public String example() {
        return "cordon: {labels: status=affected}";
    }

    @Override
    StepOutcome run(StepRun run) throws StepFailure {
        String node = run.pod().getSpec().getNodeName();
        if (node == null || node.isEmpty()) {
            throw new StepFailure("the pod is on no node yet: there is nothing to cordon");
        }
        return cordon(run, node);
    }

    @Override
    StepOutcome whenGone(StepRun run) throws StepFailure {
        String node = run.command().getEntity().getNode();
        if (node == null) {
            throw new StepFailure("the pod is gone, and the command does not say on which node it ran");
        }
        return cordon(run, node);
    }

    /**
     * The node is the pod's or the command's. Where neither is held all nodes are looked through: which node a pod that is
     * gone ran on the command has from events, and it was the pod's own that was cordoned.
     */
    @Override
    void release(StepRun run, List<String> released, List<String> stillHeld) {
        Pod pod = run.podIfThere();
        String name =
                pod == null || pod.getSpec() == null ? null : pod.getSpec().getNodeName();
        if (name == null || name.isEmpty()) {
            name = run.command().getEntity().getNode();
        }
        String incident = run.command().getIncidentId();
        Node named = KubernetesNames.isName(name)
                ? run.client().nodes().withName(name).get()
                : null;
        if (named != null) {
            boolean held = Hold.of(named).holds(incident);
            run.release(named, released, stillHeld);
            if (held || pod != null) {
                return;
            }
        }
        for (Node node : run.client().nodes().list().getItems()) {
            if (Hold.of(node).holds(incident)) {
                run.release(node, released, stillHeld);
            }
        }
    }

    private StepOutcome cordon(StepRun run, String name) throws StepFailure {
        Map<String, String> wanted = Labels.parse(LABELS, parameter(run.parameters(), LABELS));
        for (String key : wanted.keySet()) {
            if (!Labels.mayChange("Node", key)) {
                throw new StepFailure("parameter " + LABELS + ": '" + key
                        + "' is one of Kubernetes' own labels of nodes, which say what may run there; choose another");
            }
        }
        if (!KubernetesNames.isName(name)) {
            throw new StepFailure("'" + name + "' cannot be the name of a node");
        }
        Node node = run.client().nodes().withName(name).get();
        if (node == null) {
            throw new StepFailure("node " + name + " is gone");
        }
        for (String role : CONTROL_PLANE) {
            if (Labels.of(node.getMetadata()).containsKey(role)) {
                return StepOutcome.refused(
                        "node " + name + " is of the control plane (" + role + "): it is never cordoned");
            }
        }
        Map<String, String> missing = Labels.missing(node.getMetadata(), wanted);
        boolean cordoned = unschedulable(node);
        if (run.dryRun()) {
            return StepOutcome.wouldDo(
                    cordoned && missing.isEmpty()
                            ? "nothing to do: node " + name + " is unschedulable and labelled"
                            : "would make node " + name + " unschedulable and label it " + Labels.text(wanted),
                    observed(node));
        }
        ObjectNode change = Labels.set(missing);
        if (!cordoned) {
            change.putObject("spec").put("unschedulable", true);
        }
        run.change(node, change);
        return readBack(run.client().nodes().withName(name).get(), name, wanted);
    }

    private static StepOutcome readBack(@Nullable Node node, String name, Map<String, String> wanted)
            throws StepFailure {
        if (node == null
                || !unschedulable(node)
                || !Labels.missing(node.getMetadata(), wanted).isEmpty()) {
            throw new StepFailure("after applying, node " + name + " is not unschedulable with " + Labels.text(wanted)
                    + ": look for a controller that uncordons nodes");
        }
        return StepOutcome.done(
                "node " + name + " is unschedulable and carries " + Labels.text(wanted), observed(node));
    }

    private static boolean unschedulable(Node node) {
        return node.getSpec() != null && Boolean.TRUE.equals(node.getSpec().getUnschedulable());
    }

    private static Map<String, String> observed(Node node) {
        Map<String, String> observed = new LinkedHashMap<>();
        observed.put("node", node.getMetadata().getName());
        observed.put("unschedulable", Boolean.toString(unschedulable(node)));
        observed.put("labels", Labels.text(Labels.of(node.getMetadata())));
        return observed;
    }
}
