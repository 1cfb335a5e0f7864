package io.kordon.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One action of a playbook. A step reads the live state first and writes only what differs, so that running it twice
 * changes nothing the second time; it reads back what it wrote before it says so. What it may ask of the API server is
 * declared here, and the chart's RBAC is held to it. Steps are of this package only.
 */
public abstract class ContainmentStep {

    /**
     * A parameter of a step.
     *
     * @param name key in the command's parameters
     * @param defaultValue what is taken where the command has none; empty if nothing is
     * @param description for a reader
     */
    public record Parameter(String name, String defaultValue, String description) {}

    /** What every run needs, whatever its steps: reading the pod it is about, and what its guardrails look at. */
    public static final Set<Permission> RESOLVE = Set.of(
            new Permission("get", "", "pods"),
            new Permission("list", "", "pods"),
            new Permission("get", "", "namespaces"),
            new Permission("get", "", "replicationcontrollers"),
            new Permission("get", "apps", "replicasets"),
            new Permission("list", "apps", "replicasets"),
            new Permission("get", "apps", "deployments"),
            new Permission("get", "apps", "statefulsets"),
            new Permission("get", "apps", "daemonsets"));

    ContainmentStep() {}

    /** Name in playbooks and commands. */
    public abstract String action();

    /** What the step does, in one line. */
    public abstract String description();

    public abstract List<Parameter> parameters();

    /** All that the step may ask of the API server, to do and to undo, besides {@link #RESOLVE}. */
    public abstract Set<Permission> permissions();

    /** The step in a playbook, as YAML. */
    public abstract String example();

    /**
     * Carries the step out, or says what it would do.
     *
     * @throws StepFailure where it cannot be done, whatever is tried again
     * @throws KubernetesClientException where the API server refuses or is away; running again is safe
     */
    abstract StepOutcome run(StepRun run) throws StepFailure;

    /**
     * Says, and does, what is left of the step when the pod is gone, of a command that wants it gone: a replay after a
     * crash behind the deletion must say the same as the run before.
     *
     * @throws StepFailure as {@link #run}
     */
    StepOutcome whenGone(StepRun run) throws StepFailure {
        String detail = "the pod of uid " + run.target().uid() + " is gone, as this command asks";
        Map<String, String> observed = Map.of("pod", "gone");
        return run.dryRun()
                ? StepOutcome.wouldDo("nothing to do: " + detail, observed)
                : StepOutcome.done(detail, observed);
    }

    /**
     * Undoes what this step did for the run's incident, and nothing that another incident holds or somebody else changed.
     * The pod may be gone, or another one bear its name. Doing it again changes nothing. Never called in a dry run.
     *
     * @param released gets what was undone, in words for an operator
     * @param stillHeld gets what was not: objects that other incidents hold, fields that somebody else changed
     * @throws StepFailure where it cannot be undone, whatever is tried again
     */
    void release(StepRun run, List<String> released, List<String> stillHeld) throws StepFailure {}

    final String parameter(Map<String, String> given, String name) {
        for (Parameter parameter : parameters()) {
            if (parameter.name().equals(name)) {
                return given.getOrDefault(name, parameter.defaultValue());
            }
        }
        throw new IllegalArgumentException("step " + action() + " declares no parameter " + name);
    }
}
