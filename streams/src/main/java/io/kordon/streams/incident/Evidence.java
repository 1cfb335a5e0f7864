package io.kordon.streams.incident;

import java.util.Comparator;

/**
 * One signal that an incident rests on.
 *
 * @param open true for an alert not known to be resolved: it has no end, and the interval is its start
 * @param receivedAt epoch microseconds, when Kordon's door took the event
 * @param clamped the sender's time lay in the future
 */
public record Evidence(
        String signalId,
        String eventId,
        String ruleId,
        String ruleTitle,
        Source source,
        Interval interval,
        boolean open,
        long receivedAt,
        boolean clamped,
        String summary) {

    /** By start, then id: an order that does not depend on arrival. */
    public static final Comparator<Evidence> ORDER = Comparator.<Evidence>comparingLong(
                    evidence -> evidence.interval().start())
            .thenComparing(Evidence::signalId);
}
