package io.kordon.streams.incident;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A step of a command, as it was when the playbook was chosen, and what came of it. An approval issues what was shown,
 * even where the playbook has changed since.
 *
 * @param parameters of the action
 * @param timeoutMillis longest time for the step; 0 for the actuator's own
 * @param detail what was read back, or why not
 * @param changed whether it changed the cluster, at any of its runs
 * @param finishedAt epoch microseconds; null while pending
 */
public record StepState(
        String action,
        Map<String, String> parameters,
        long timeoutMillis,
        OnFailure onFailure,
        StepStatus status,
        String detail,
        boolean changed,
        @Nullable Long finishedAt) {

    /** What keeps evidence or only marks the pod contains nothing. */
    private static final Set<String> NOT_CONTAINING = Set.of("capture", "label");

    /** What cannot be undone, or changed nothing, needs no release. */
    private static final Set<String> NOT_HOLDING = Set.of("capture", "terminate", CommandState.RELEASE);

    public StepState {
        parameters = Map.copyOf(parameters);
        detail = Cut.to(Cut.DETAIL, detail);
    }

    public static StepState pending(
            String action, Map<String, String> parameters, long timeoutMillis, OnFailure onFailure) {
        return new StepState(action, parameters, timeoutMillis, onFailure, StepStatus.PENDING, "", false, null);
    }

    boolean contains() {
        return !NOT_CONTAINING.contains(action);
    }

    /** Whether it is an action that a release undoes. */
    boolean holds() {
        return !NOT_HOLDING.contains(action);
    }

    StepState reported(StepStatus next, String why, boolean nowChanged, long at) {
        return next != StepStatus.WAITING && status.yieldsTo(next)
                ? new StepState(action, parameters, timeoutMillis, onFailure, next, why, changed || nowChanged, at)
                : this;
    }
}
