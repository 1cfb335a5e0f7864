package io.kordon.streams.response;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One action of a playbook.
 *
 * @param action one of {@link #ACTIONS}
 * @param parameters of the action, as the actuator documents them
 */
public record Step(String action, Map<String, String> parameters) {
    /** Actions that the actuator carries out. */
    public static final Set<String> ACTIONS =
            Set.copyOf(new TreeSet<>(Set.of("label", "detach", "isolate", "cordon", "terminate")));

    public Step {
        if (!ACTIONS.contains(action)) {
            throw new IllegalArgumentException("unknown step '" + action + "': use one of " + new TreeSet<>(ACTIONS));
        }
        parameters = Map.copyOf(parameters);
    }
}
