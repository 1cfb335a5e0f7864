package io.kordon.evidence.inspect;

import java.time.Duration;

/**
 * How much of a volume is looked at. What goes beyond is left out, and the report says so.
 *
 * @param entries names looked at in all
 * @param depth folders below each other
 * @param containers containers in all
 * @param hashBytes largest file that is hashed
 * @param totalHashBytes bytes hashed in all
 * @param databaseBytes largest database of a runtime
 * @param time longest time for all of it
 */
public record Bounds(
        int entries,
        int depth,
        int containers,
        long hashBytes,
        long totalHashBytes,
        long databaseBytes,
        Duration time) {
    public static final Bounds DEFAULT =
            new Bounds(500_000, 64, 2_000, 512L << 20, 64L << 30, 128L << 20, Duration.ofHours(1));

    public Bounds {
        if (entries < 1 || depth < 1 || containers < 1 || hashBytes < 1 || totalHashBytes < 1 || databaseBytes < 1) {
            throw new IllegalArgumentException("bounds of an inspection must be at least 1");
        }
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("the time for an inspection must be above 0");
        }
    }
}
