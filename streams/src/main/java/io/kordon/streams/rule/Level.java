package io.kordon.streams.rule;

import java.util.Locale;
import java.util.Optional;

/** A rule's level and the weight in [0, 100] that it lends to an incident's score. */
public enum Level {
    INFORMATIONAL(5),
    LOW(21),
    MEDIUM(47),
    HIGH(73),
    CRITICAL(99);

    private final double weight;

    Level(double weight) {
        this.weight = weight;
    }

    public double weight() {
        return weight;
    }

    /** The level of that name as Sigma spells it, in lower case; empty for any other word. */
    public static Optional<Level> named(String word) {
        for (Level level : values()) {
            if (level.name().toLowerCase(Locale.ROOT).equals(word)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }
}
