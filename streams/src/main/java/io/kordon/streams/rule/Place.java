package io.kordon.streams.rule;

import java.util.Objects;

/** Where something stands in a rule file; line and column count from 1. */
public record Place(String origin, int line, int column) {
    public Place {
        Objects.requireNonNull(origin, "origin");
        if (line < 1 || column < 1) {
            throw new IllegalArgumentException("line and column count from 1, not " + line + ":" + column);
        }
    }

    RuleProblem problem(String message) {
        return new RuleProblem(origin, line, column, message);
    }
}
