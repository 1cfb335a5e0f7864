package io.kordon.kubernetes;

import java.time.Duration;

/**
 * How often, and how patiently, a step is tried again when the API server is busy, away or has moved on.
 *
 * @param attempts at most so many, the first included
 * @param firstDelay before the second attempt; doubles with each further one
 * @param longestDelay never wait longer than this between two attempts
 */
public record RetryPolicy(int attempts, Duration firstDelay, Duration longestDelay) {
    public static final RetryPolicy DEFAULT = new RetryPolicy(5, Duration.ofMillis(200), Duration.ofSeconds(5));

    public RetryPolicy {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be 1 or more, not " + attempts);
        }
        if (firstDelay.isNegative() || longestDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException(
                    "the delays must not be negative, and the longest not shorter than the first: " + firstDelay + ", "
                            + longestDelay);
        }
    }

    /** Wait before the attempt that follows {@code failed} failed ones. */
    Duration delayAfter(int failed) {
        Duration delay = firstDelay;
        for (int i = 1; i < failed && delay.compareTo(longestDelay) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(longestDelay) > 0 ? longestDelay : delay;
    }

    /** Waits; a test counts instead. */
    interface Pause {
        void of(Duration duration) throws InterruptedException;

        /** Lets the thread sleep. */
        Pause SLEEP = duration -> Thread.sleep(duration.toMillis());
    }
}
