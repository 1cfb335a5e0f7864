package io.kordon.streams.correlation;

import io.kordon.streams.incident.Source;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * How long things may take.
 *
 * @param grace per source, how late an event may come and still be sure to change the outcome
 * @param alertHold how long a firing alert is taken to go on firing after its last notification
 * @param futureBound how far a sender's clock may run ahead before its time is clamped to the time of receipt
 * @param quiet an incident closes after between one and two of these without a match; more than twice the longest grace
 * @param commandTtl how long a command may wait for the actuator before it must not be run any more
 * @param reopen how long the last ended incident of an entity can be reopened by an analyst
 * @param memory how long an ended incident is remembered, so that a replayed old event opens it no second time
 */
public record Policy(
        Map<Source, Duration> grace,
        Duration alertHold,
        Duration futureBound,
        Duration quiet,
        Duration commandTtl,
        Duration reopen,
        Duration memory) {

    public static final Policy DEFAULT = new Policy(
            Map.of(
                    Source.FALCO, Duration.ofMinutes(1),
                    Source.AUDIT, Duration.ofMinutes(2),
                    Source.PROMETHEUS, Duration.ofMinutes(5)),
            Duration.ofMinutes(5),
            Duration.ofMinutes(1),
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofDays(1),
            Duration.ofDays(90));

    public Policy {
        grace = Map.copyOf(grace);
        for (Source source : List.of(Source.FALCO, Source.AUDIT, Source.PROMETHEUS)) {
            Duration each = grace.get(source);
            if (each == null || each.isNegative()) {
                throw new IllegalArgumentException(
                        "grace of " + source + " is " + each + ": give a duration, 0 or more");
            }
            if (quiet.compareTo(each.multipliedBy(2)) <= 0) {
                throw new IllegalArgumentException(
                        "the quiet period " + quiet + " must be more than twice the grace of " + source + " (" + each
                                + "), or late evidence would land in the wrong incident");
            }
        }
        if (Stream.of(alertHold, futureBound, commandTtl, reopen, memory).anyMatch(Duration::isNegative)) {
            throw new IllegalArgumentException("durations are not negative");
        }
    }

    /** Of a correlation's match the longest, for it rests on any of the sources. */
    long graceMicros(Source source) {
        return source == Source.CORRELATION ? longestGraceMicros() : micros(Objects.requireNonNull(grace.get(source)));
    }

    long longestGraceMicros() {
        return grace.values().stream().mapToLong(Policy::micros).max().orElse(0);
    }

    /** A duration in microseconds, the unit of event time. */
    public static long micros(Duration duration) {
        return duration.toSeconds() * 1_000_000 + duration.toNanosPart() / 1_000;
    }
}
