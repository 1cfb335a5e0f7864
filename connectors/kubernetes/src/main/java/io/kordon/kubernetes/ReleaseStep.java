package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kordon.schemas.KubernetesNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Undoes all that the other steps did for an incident, the last first. What other incidents hold is left to them, what
 * somebody changed since is left as it is, and of a pod that was replaced nothing is touched. One part that cannot be
 * undone keeps none of the others from it.
 */
final class ReleaseStep extends ContainmentStep {
    static final String ACTION = "release";

    private final List<ContainmentStep> steps;

    /** @param steps those to undo, in the order in which playbooks name them */
    ReleaseStep(List<ContainmentStep> steps) {
        this.steps = steps;
    }

    @Override
    public String action() {
        return ACTION;
    }

    @Override
    public String description() {
        return "Gives back everything that is held for the incident: labels, policies, scheduling, scale, bindings.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
    }

    @Override
    public Set<Permission> permissions() {
        return steps.stream().flatMap(step -> step.permissions().stream()).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public String example() {
        return "release";
    }

    @Override
    StepOutcome run(StepRun run) throws StepFailure {
        return release(run);
    }

    @Override
    StepOutcome whenGone(StepRun run) throws StepFailure {
        return release(run);
    }

    private StepOutcome release(StepRun run) throws StepFailure {
        Pod before = run.podIfThere();
        if (run.dryRun()) {
            return preview(run, before);
        }
        List<String> released = new ArrayList<>();
        List<String> stillHeld = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        KubernetesClientException refused = null;
        for (int i = steps.size() - 1; i >= 0; i--) {
            try {
                steps.get(i).release(run, released, stillHeld);
            } catch (StepFailure e) {
                failures.add(steps.get(i).action() + ": " + e.getMessage());
            } catch (KubernetesClientException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                refused = worse(refused, e);
            }
        }
        if (refused != null) {
            throw refused;
        }
        if (!failures.isEmpty()) {
            throw new StepFailure("not all could be undone: " + String.join("; ", failures)
                    + released.stream().map(one -> "; " + one).collect(Collectors.joining()));
        }
        Pod after = before == null ? null : run.podIfThere();
        String incident = run.command().getIncidentId();
        if (released.isEmpty()) {
            released.add("nothing is held for incident " + incident + " any more");
        }
        return StepOutcome.done(
                said(released, stillHeld)
                        + back(run, before, after)
                        + (before == null ? "; " + gone(run.target()) : ""),
                observed(after, stillHeld));
    }

    private static String gone(PodTarget target) {
        return target.uid().isEmpty()
                ? "which pod was meant is not known, so that none was looked at"
                : "the pod of uid " + target.uid() + " is gone";
    }

    /** The first that may pass when tried again; else the first. */
    private static KubernetesClientException worse(
            @Nullable KubernetesClientException first, KubernetesClientException next) {
        return first == null
                        || (!ApiFailure.of(first, Set.of()).retryable()
                                && ApiFailure.of(next, Set.of()).retryable())
                ? next
                : first;
    }

    private static StepOutcome preview(StepRun run, @Nullable Pod pod) {
        List<String> would = new ArrayList<>();
        String incident = run.command().getIncidentId();
        if (pod != null && Hold.of(pod).holds(incident)) {
            would.add(StepRun.name(pod));
        }
        String name = run.command().getEntity().getNode();
        Node node = KubernetesNames.isName(name)
                ? run.client().nodes().withName(name).get()
                : null;
        if (node != null && Hold.of(node).holds(incident)) {
            would.add(StepRun.name(node));
        }
        return StepOutcome.wouldDo(
                would.isEmpty()
                        ? "neither the pod nor its node is held for incident " + incident
                        : "would let go of " + String.join(", ", would) + ", and of what belongs to them",
                Map.of());
    }

    private static String back(StepRun run, @Nullable Pod before, @Nullable Pod after) {
        if (before == null || after == null) {
            return "";
        }
        Map<String, String> were = Labels.of(before.getMetadata());
        if (were.equals(Labels.of(after.getMetadata()))) {
            return "";
        }
        List<PodSelection> back = new ArrayList<>(DetachStep.selectedBy(
                after, DetachStep.selections(run.client(), run.target().namespace())));
        back.removeIf(selection -> selection.matches(were));
        return Consequences.ofReturning(back);
    }

    private static Map<String, String> observed(@Nullable Pod pod, Collection<String> stillHeld) {
        Map<String, String> observed = new LinkedHashMap<>();
        observed.put("pod", pod == null ? "gone" : "exists");
        if (pod != null) {
            observed.put("labels", Labels.text(Labels.of(pod.getMetadata())));
        }
        observed.put("stillHeld", String.join("; ", new LinkedHashSet<>(stillHeld)));
        return observed;
    }

    private static String said(List<String> released, List<String> stillHeld) {
        List<String> said = new ArrayList<>(released);
        said.addAll(stillHeld);
        return String.join("; ", new LinkedHashSet<>(said));
    }
}
