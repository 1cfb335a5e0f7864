package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Deletes the pod, and only the pod of this UID. The last step of a playbook: nothing is left to examine after it. */
final class TerminateStep extends ContainmentStep {
    static final String ACTION = "terminate";
    static final String GRACE = "gracePeriodSeconds";

    @Override
    public String action() {
        return ACTION;
    }

    @Override
    public String description() {
        return "Deletes the pod, its UID being a precondition.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(new Parameter(
                GRACE,
                "",
                "Seconds the pod is given to stop; the pod's own grace period if not given. 0 takes it out of the API at"
                        + " once, without waiting until its node has stopped it."));
    }

    @Override
    public Set<Permission> permissions() {
        return Set.of(new Permission("get", "", "pods"), new Permission("delete", "", "pods"));
    }

    @Override
    public String example() {
        return "terminate: {gracePeriodSeconds: \"1\"}";
    }

    @Override
    StepOutcome run(StepRun run) throws StepFailure {
        Long grace = grace(run);
        Pod pod = run.podIfThere();
        if (pod == null || (deleting(pod) && !shortens(pod, grace))) {
            return run.dryRun()
                    ? StepOutcome.wouldDo("nothing to do: " + state(pod), observed(pod))
                    : StepOutcome.done(state(pod), observed(pod));
        }
        String isStatic = StaticPods.problem(pod);
        if (isStatic != null) {
            return StepOutcome.refused(isStatic);
        }
        if (run.dryRun()) {
            return StepOutcome.wouldDo(
                    deleting(pod)
                            ? "would shorten the time that the pod has to stop to " + grace + " s"
                            : "would delete the pod",
                    observed(pod));
        }
        PodTarget target = run.target();
        run.client()
                .raw(
                        "/api/v1/namespaces/" + target.namespace() + "/pods/" + target.name(),
                        "DELETE",
                        options(run, grace));
        run.markChanged();
        Pod after = run.podIfThere();
        if (after != null && !deleting(after)) {
            throw new StepFailure("the API server took the deletion, but the pod shows no sign of it");
        }
        return StepOutcome.done(state(after), observed(after));
    }

    private static DeleteOptions options(StepRun run, @Nullable Long grace) {
        return new DeleteOptionsBuilder()
                .withApiVersion("v1")
                .withKind("DeleteOptions")
                .withNewPreconditions()
                .withUid(run.target().uid())
                .endPreconditions()
                .withGracePeriodSeconds(grace)
                .build();
    }

    private @Nullable Long grace(StepRun run) throws StepFailure {
        String grace = parameter(run.parameters(), GRACE);
        if (grace.isEmpty()) {
            return null;
        }
        if (!grace.matches("\\d{1,9}")) {
            throw new StepFailure("parameter " + GRACE + ": '" + grace + "' is not a number of seconds");
        }
        return Long.parseLong(grace);
    }

    /** Who can create pods chooses their grace period, years if he likes: a deletion that runs may have to be hurried. */
    private static boolean shortens(Pod pod, @Nullable Long grace) {
        Long has = pod.getMetadata().getDeletionGracePeriodSeconds();
        return grace != null && has != null && grace < has;
    }

    private static boolean deleting(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }

    private static String state(@Nullable Pod pod) {
        return pod == null
                ? "the pod of this UID is gone"
                : "the pod is being deleted and has until " + pod.getMetadata().getDeletionTimestamp() + " to stop";
    }

    private static Map<String, String> observed(@Nullable Pod pod) {
        if (pod == null) {
            return Map.of("pod", "gone");
        }
        String deleting = pod.getMetadata().getDeletionTimestamp();
        return deleting == null ? Map.of("pod", "exists") : Map.of("pod", "terminating", "deletionTimestamp", deleting);
    }
}
