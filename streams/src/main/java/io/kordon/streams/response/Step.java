package io.kordon.streams.response;

import io.kordon.streams.incident.OnFailure;
import io.kordon.streams.incident.StepState;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One action of a playbook or command.
 *
 * @param action one of {@link Actions#PARAMETERS}
 * @param parameters of the action, as the actuator documents them
 * @param timeout longest time for the step; zero for the actuator's own
 * @param onFailure what its failure means for the steps after it
 */
public record Step(String action, Map<String, String> parameters, Duration timeout, OnFailure onFailure) {
    public Step {
        Set<String> known = Actions.PARAMETERS.get(action);
        if (known == null) {
            throw new IllegalArgumentException("unknown step '" + action + "': use one of " + Actions.OF_PLAYBOOKS);
        }
        for (String name : new TreeSet<>(parameters.keySet())) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("'" + action + "' has no parameter '" + name + "': it "
                        + (known.isEmpty() ? "has none" : "has " + new TreeSet<>(known)));
            }
        }
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout of '" + action + "' is " + timeout + ": 0 or more");
        }
        parameters = Map.copyOf(parameters);
    }

    /** With the actuator's own time limit, ending the run if it fails. */
    public Step(String action, Map<String, String> parameters) {
        this(action, parameters, Duration.ZERO, OnFailure.STOP);
    }

    /** Characters of its parameters. */
    int told() {
        return parameters.entrySet().stream()
                .mapToInt(entry -> entry.getKey().length() + entry.getValue().length())
                .sum();
    }

    StepState pending() {
        return StepState.pending(action, parameters, timeout.toMillis(), onFailure);
    }

    static Step of(StepState state) {
        return new Step(
                state.action(), state.parameters(), Duration.ofMillis(state.timeoutMillis()), state.onFailure());
    }
}
