package io.kordon.streams.incident;

import org.jspecify.annotations.Nullable;

/**
 * A step of a command and what came of it.
 *
 * @param detail what was read back, or why not
 * @param finishedAt epoch microseconds; null while pending
 */
public record StepState(
        String action,
        StepStatus status,
        String detail,
        @Nullable Long finishedAt) {
    public static StepState pending(String action) {
        return new StepState(action, StepStatus.PENDING, "", null);
    }

    StepState reported(StepStatus next, String why, long at) {
        return status.yieldsTo(next) ? new StepState(action, next, why, at) : this;
    }
}
