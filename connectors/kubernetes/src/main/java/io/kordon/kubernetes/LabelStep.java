package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Marks the pod, for people and for selectors that look for affected pods. */
final class LabelStep extends ContainmentStep {
    static final String ACTION = "label";
    static final String LABELS = "labels";

    @Override
    public String action() {
        return ACTION;
    }

    @Override
    public String description() {
        return "Sets labels on the pod.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(new Parameter(LABELS, "status=affected", "Labels to set, as key=value,key=value."));
    }

    @Override
    public Set<Permission> permissions() {
        return Set.of(new Permission("get", "", "pods"), new Permission("patch", "", "pods"));
    }

    @Override
    public String example() {
        return "label: {labels: status=affected}";
    }

    @Override
    StepOutcome run(StepRun run) throws StepFailure {
        Map<String, String> wanted = Labels.parse(LABELS, parameter(run.parameters(), LABELS));
        Pod pod = run.pod();
        Map<String, String> missing = Labels.missing(pod.getMetadata(), wanted);
        if (run.dryRun()) {
            return StepOutcome.wouldDo(
                    missing.isEmpty()
                            ? "nothing to do: the pod carries " + Labels.text(wanted)
                            : "would set " + Labels.text(missing),
                    observed(pod));
        }
        run.change(pod, Labels.set(missing));
        Pod after = run.pod();
        Map<String, String> stillMissing = Labels.missing(after.getMetadata(), wanted);
        if (!stillMissing.isEmpty()) {
            throw new StepFailure("after applying, the pod lacks " + Labels.text(stillMissing)
                    + ": look for an admission webhook that removes labels");
        }
        return StepOutcome.done("the pod carries " + Labels.text(wanted), observed(after));
    }

    @Override
    void release(StepRun run, List<String> released, List<String> stillHeld) {
        releasePod(run, released, stillHeld);
    }

    /** The labels of the pod, whichever steps changed them: they are remembered together. */
    static void releasePod(StepRun run, List<String> released, List<String> stillHeld) {
        Pod pod = run.podIfThere();
        if (pod != null) {
            run.release(pod, released, stillHeld);
        }
    }

    private static Map<String, String> observed(Pod pod) {
        return Map.of("labels", Labels.text(Labels.of(pod.getMetadata())));
    }
}
