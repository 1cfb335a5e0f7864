package io.kordon.streams.response;

import io.kordon.streams.incident.Mode;
import java.util.List;

/**
 * Ordered steps, and when they apply.
 *
 * @param name unique; part of the command's id
 */
public record Playbook(String name, String description, Condition when, Mode mode, List<Step> steps) {
    public Playbook {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a playbook needs a name");
        }
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("playbook " + name + " has no steps");
        }
        steps = List.copyOf(steps);
    }
}
