package io.kordon.streams.rule;

import java.util.Objects;

/** Why a rule, or a part of a file, was not taken. Line and column count from 1; 1:1 also stands for the whole file. */
public record RuleProblem(String origin, int line, int column, String message) {
    public RuleProblem {
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(message, "message");
    }

    /** {@code file:line:column: message}, which editors and terminals make a link of. */
    @Override
    public String toString() {
        return origin + ":" + line + ":" + column + ": " + message;
    }
}
