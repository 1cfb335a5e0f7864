package io.kordon.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Set;

/** A step that does what a test says. */
final class ScriptedStep extends ContainmentStep {
    interface Script {
        StepOutcome run(StepRun run) throws StepFailure;
    }

    private final String action;
    private final Script script;

    ScriptedStep(String action, Script script) {
        this.action = action;
        this.script = script;
    }

    /** Never comes to an end, and answers to no interrupt, as a read from a socket. */
    static ScriptedStep hanging(String action, Runnable after) {
        return new ScriptedStep(action, run -> {
            boolean interrupted = false;
            while (!interrupted) {
                try {
                    Thread.sleep(60_000);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            after.run();
            throw new KubernetesClientException("cut");
        });
    }

    @Override
    public String action() {
        return action;
    }

    @Override
    public String description() {
        return "Does what a test says.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
    }

    @Override
    public Set<Permission> permissions() {
        return Set.of();
    }

    @Override
    public String example() {
        return "{action: " + action + "}";
    }

    @Override
    StepOutcome run(StepRun run) throws StepFailure {
        return script.run(run);
    }
}
