package io.kordon.elasticsearch;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Waits that double from {@code min} to {@code max}, each with its later half drawn at random, so that tasks spread. */
final class Backoff {
    private final Duration min;
    private final Duration max;
    private final RandomGenerator random;

    Backoff(Duration min, Duration max, RandomGenerator random) {
        this.min = min;
        this.max = max;
        this.random = random;
    }

    /** Wait before the next try; {@code failures} in a row, from 1. */
    Duration after(int failures) {
        int doublings = Math.min(Math.max(failures - 1, 0), 30);
        long whole = Math.min(max.toMillis(), min.toMillis() << doublings);
        if (whole <= 0) { // the shift overflowed
            whole = max.toMillis();
        }
        return Duration.ofMillis(whole - random.nextLong(whole / 2 + 1));
    }
}
