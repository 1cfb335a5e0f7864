package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes the pod out of its Services (no more requests), its workload (which then replaces it and never deletes it) and
 * its disruption budgets (which then count the healthy ones only), by removing the labels that these select.
 */
final class DetachStep extends ContainmentStep {
    static final String ACTION = "detach";

    @Override
    public String action() {
        return ACTION;
    }

    @Override
    public String description() {
        return "Removes the labels that Services, workloads and disruption budgets select; remembers them in the"
                + " annotation " + Hold.ANNOTATION + ".";
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
                new Permission("list", "", "services"),
                new Permission("list", "", "replicationcontrollers"),
                new Permission("list", "apps", "replicasets"),
                new Permission("list", "apps", "statefulsets"),
                new Permission("list", "apps", "daemonsets"),
                new Permission("list", "batch", "jobs"),
                new Permission("list", "policy", "poddisruptionbudgets"));
    }

    @Override
    public String example() {
        return "detach";
    }

    @Override
    StepOutcome run(StepRun run) throws StepFailure {
        List<PodSelection> selections = selections(run.client(), run.target().namespace());
        Pod pod = run.pod();
        String isStatic = StaticPods.problem(pod);
        if (isStatic != null) {
            return StepOutcome.refused(isStatic);
        }
        LabelRemoval removal = LabelRemoval.plan(Labels.of(pod.getMetadata()), selections, run.keptLabels());
        List<PodSelection> selecting = selectedBy(pod, selections);
        if (run.dryRun()) {
            return StepOutcome.wouldDo(
                    (removal.remove().isEmpty()
                                    ? "nothing to remove"
                                    : "would remove labels " + String.join(", ", removal.remove()))
                            + Consequences.ofDetaching(pod, left(selecting, removal.remaining()))
                            + remainder(removal.remaining()),
                    observed(pod, selecting));
        }
        run.change(pod, removal.patch());
        Pod after = run.pod();
        List<PodSelection> stillSelecting = selectedBy(after, selections);
        List<PodSelection> serious = stillSelecting.stream()
                .filter(selection -> !selection.kind().equals("PodDisruptionBudget"))
                .toList();
        if (!serious.isEmpty()) {
            throw new StepFailure("the pod is still selected" + remainder(serious)
                    + ": they match labels that must stay, or the absence of labels; change their selectors");
        }
        return StepOutcome.done(
                (removal.remove().isEmpty()
                                ? "no Service or workload selects the pod"
                                : "removed labels " + String.join(", ", removal.remove()))
                        + Consequences.ofDetaching(pod, left(selecting, stillSelecting))
                        + remainder(stillSelecting),
                observed(after, stillSelecting));
    }

    /** Everything in the namespace that selects pods and would act on this one. */
    static List<PodSelection> selections(KubernetesClient client, String namespace) {
        List<PodSelection> found = new ArrayList<>();
        client.services().inNamespace(namespace).list().getItems().forEach(service -> {
            Map<String, String> selector = service.getSpec().getSelector();
            if (selector != null && !selector.isEmpty()) { // without one, its endpoints are somebody else's
                found.add(PodSelection.byLabels("Service", service.getMetadata().getName(), selector));
            }
        });
        client.replicationControllers().inNamespace(namespace).list().getItems().forEach(controller -> {
            Map<String, String> selector = controller.getSpec().getSelector();
            if (selector != null && !selector.isEmpty()) {
                found.add(PodSelection.byLabels(
                        "ReplicationController", controller.getMetadata().getName(), selector));
            }
        });
        client.apps()
                .replicaSets()
                .inNamespace(namespace)
                .list()
                .getItems()
                .forEach(set -> add(
                        found,
                        "ReplicaSet",
                        set.getMetadata().getName(),
                        set.getSpec().getSelector()));
        client.apps()
                .statefulSets()
                .inNamespace(namespace)
                .list()
                .getItems()
                .forEach(set -> add(
                        found,
                        "StatefulSet",
                        set.getMetadata().getName(),
                        set.getSpec().getSelector()));
        client.apps()
                .daemonSets()
                .inNamespace(namespace)
                .list()
                .getItems()
                .forEach(set -> add(
                        found,
                        "DaemonSet",
                        set.getMetadata().getName(),
                        set.getSpec().getSelector()));
        client.batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .list()
                .getItems()
                .forEach(job -> add(
                        found, "Job", job.getMetadata().getName(), job.getSpec().getSelector()));
        client.policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace(namespace)
                .list()
                .getItems()
                .forEach(budget -> add(
                        found,
                        "PodDisruptionBudget",
                        budget.getMetadata().getName(),
                        budget.getSpec().getSelector()));
        return found;
    }

    private static void add(List<PodSelection> found, String kind, String name, @Nullable LabelSelector selector) {
        if (selector != null) { // null selects nothing, an empty one everything
            found.add(new PodSelection(kind, name, selector));
        }
    }

    static List<PodSelection> selectedBy(Pod pod, List<PodSelection> selections) {
        Map<String, String> labels = Labels.of(pod.getMetadata());
        return selections.stream()
                .filter(selection -> selection.matches(labels))
                .toList();
    }

    private static Map<String, String> observed(Pod pod, List<PodSelection> selecting) {
        Map<String, String> observed = new LinkedHashMap<>();
        observed.put("labels", Labels.text(Labels.of(pod.getMetadata())));
        observed.put("selectedBy", names(selecting));
        return observed;
    }

    private static List<PodSelection> left(List<PodSelection> before, List<PodSelection> after) {
        List<PodSelection> left = new ArrayList<>(before);
        left.removeAll(after);
        return left;
    }

    @Override
    void release(StepRun run, List<String> released, List<String> stillHeld) {
        LabelStep.releasePod(run, released, stillHeld);
    }

    private static String remainder(List<PodSelection> remaining) {
        return remaining.isEmpty() ? "" : "; still selected by " + names(remaining);
    }

    static String names(List<PodSelection> selections) {
        return selections.stream().map(PodSelection::toString).collect(Collectors.joining(", "));
    }
}
