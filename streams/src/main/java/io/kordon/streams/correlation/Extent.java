package io.kordon.streams.correlation;

/**
 * The event time that an ended incident covered.
 *
 * @param from epoch microseconds
 * @param until epoch microseconds, exclusive
 */
public record Extent(long from, long until) {
    boolean covers(long at) {
        return at >= from && at < until;
    }
}
