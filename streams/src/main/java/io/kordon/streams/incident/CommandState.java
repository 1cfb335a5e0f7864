package io.kordon.streams.incident;

import java.util.ArrayList;
import java.util.List;

/**
 * A command of an incident and what came of it.
 *
 * @param status of the whole run
 * @param steps in order
 */
public record CommandState(
        String id, String playbook, Mode mode, StepStatus status, String detail, List<StepState> steps) {
    /** Index that reports on the whole run bear instead of a step's. */
    public static final int WHOLE_RUN = -1;

    public CommandState {
        steps = List.copyOf(steps);
    }

    /** What came of a step, or of the run; a step that the command does not have changes nothing. */
    CommandState reported(int step, StepStatus next, String why, long at) {
        if (step == WHOLE_RUN) {
            return status.yieldsTo(next) ? new CommandState(id, playbook, mode, next, why, steps) : this;
        }
        if (step < 0 || step >= steps.size()) {
            return this;
        }
        List<StepState> changed = new ArrayList<>(steps);
        changed.set(step, steps.get(step).reported(next, why, at));
        return new CommandState(id, playbook, mode, status, detail, changed);
    }

    boolean pending() {
        return status == StepStatus.PENDING;
    }
}
