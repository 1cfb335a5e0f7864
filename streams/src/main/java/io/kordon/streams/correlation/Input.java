package io.kordon.streams.correlation;

import io.kordon.streams.incident.StepStatus;

/** What can happen to a key. */
public sealed interface Input {
    /** A detection rule matched. */
    record Observed(Signal signal) implements Input {}

    /**
     * The actuator says what came of a step, or of a run.
     *
     * @param step index of the step, or {@link io.kordon.streams.incident.CommandState#WHOLE_RUN}
     * @param at epoch microseconds
     */
    record Reported(String incidentId, String commandId, int step, StepStatus status, String detail, long at)
            implements Input {}

    /** Nothing happened, but time went by on the wall. */
    record Elapsed() implements Input {}
}
