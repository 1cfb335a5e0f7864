package io.kordon.streams.incident;

/**
 * A closed interval of event time; a point is an interval of length zero.
 *
 * @param start epoch microseconds
 * @param end epoch microseconds, not before {@code start}
 */
public record Interval(long start, long end) {
    public Interval {
        if (end < start) {
            throw new IllegalArgumentException("interval ends at " + end + ", before it starts at " + start);
        }
    }

    public static Interval at(long time) {
        return new Interval(time, time);
    }
}
