package io.kordon.streams.correlation;

import io.kordon.streams.incident.Evidence;
import io.kordon.streams.incident.Interval;
import io.kordon.streams.incident.PodContext;
import io.kordon.streams.incident.Source;
import io.kordon.streams.incident.Subject;
import io.kordon.streams.scoring.Contribution;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One match of one detection rule on one event, for one correlation key. The sender's JSON is not part of it: the engine
 * decides nothing by it, and state would grow with it.
 *
 * @param id deterministic, of rule, event and key; all notifications of one alert share it
 * @param key correlation key
 * @param groupBy fields that the key was made of
 * @param rule the detection rule, as it would contribute to a score
 * @param alerts the rule is reported by itself; else it only counts as a part of correlations
 * @param values fields that correlations over the rule compare, count or group by, as text, bounded
 * @param interval event time during which it holds, epoch microseconds
 * @param completeAt event time at which it was complete: of a detection its start, of a correlation's match what it waited
 *     for; epoch microseconds
 * @param open true for an alert that still fires: the interval's end is provisional
 * @param context what the inventory knows of the pod; null for others, while unknown, and inside a window
 * @param eventTime what moves the entity's clock: the event's time, or an alert's notification, epoch microseconds
 * @param receivedAt when Kordon's door took the event, epoch microseconds
 */
public record Signal(
        String id,
        String key,
        List<String> groupBy,
        Contribution rule,
        boolean alerts,
        Map<String, String> values,
        List<String> tags,
        Source source,
        String eventId,
        Subject subject,
        @Nullable PodContext context,
        Interval interval,
        long completeAt,
        boolean open,
        @Nullable String alertId,
        long eventTime,
        long receivedAt,
        boolean clamped,
        String summary) {

    /** By start, then id: an order that does not depend on arrival. */
    static final Comparator<Signal> ORDER =
            Comparator.<Signal>comparingLong(Signal::start).thenComparing(Signal::id);

    public Signal {
        groupBy = List.copyOf(groupBy);
        values = Map.copyOf(values);
        tags = List.copyOf(tags);
    }

    /**
     * Whether it belongs to a group that is spelled so. What is about a user is about the group of that user as well: both
     * have one key, under which an event is told of once.
     */
    boolean groupedBy(List<String> spelled) {
        return groupBy.equals(spelled)
                || (groupBy.equals(Grouping.ENTITY) && subject.kind() == Subject.Kind.USER && Grouping.isUser(spelled));
    }

    /** What a window keeps: the context is the generation's. */
    Signal withoutContext() {
        return new Signal(
                id,
                key,
                groupBy,
                rule,
                alerts,
                values,
                tags,
                source,
                eventId,
                subject,
                null,
                interval,
                completeAt,
                open,
                alertId,
                eventTime,
                receivedAt,
                clamped,
                summary);
    }

    long start() {
        return interval.start();
    }

    long end() {
        return interval.end();
    }

    /** Whether it holds at some point of a window, and was complete by the window's end. */
    boolean isWithin(Interval window) {
        return end() >= window.start() && start() <= window.end() && completeAt <= window.end();
    }

    /**
     * This signal as evidence of an incident that covers event time up to {@code until}. An alert that is not resolved by
     * then is shown open, without an end: how long it went on is no matter of that incident, and would depend on which
     * notification came last.
     */
    Evidence evidence(long until) {
        boolean shownOpen = open || (alertId != null && end() >= until);
        return new Evidence(
                id,
                eventId,
                rule.ruleId(),
                rule.ruleTitle(),
                source,
                shownOpen ? Interval.at(start()) : interval,
                shownOpen,
                receivedAt,
                clamped,
                summary);
    }

    /**
     * What is known after the same signal arrived again. A point stays as it is. An alert's notifications add up: while
     * all of them fire it lasts to the latest end, and a resolve sets the end for good. Texts are those of the
     * notification that was received first. Commutative, associative and idempotent.
     */
    Signal merge(Signal again) {
        Signal first = receivedFirst(again);
        boolean stillOpen = open && again.open;
        long start = Math.min(start(), again.start());
        long end = stillOpen ? Math.max(end(), again.end()) : Math.max(start, closedEnd(again));
        return new Signal(
                id,
                key,
                groupBy,
                first.rule,
                first.alerts || again.alerts || alerts,
                first.values,
                first.tags,
                source,
                first.eventId,
                first.subject,
                null,
                new Interval(start, end),
                Math.min(completeAt, again.completeAt),
                stillOpen,
                alertId,
                Math.max(eventTime, again.eventTime),
                first.receivedAt,
                first.clamped,
                first.summary);
    }

    private long closedEnd(Signal again) {
        if (open) {
            return again.end();
        }
        return again.open ? end() : Math.min(end(), again.end());
    }

    private Signal receivedFirst(Signal again) {
        if (receivedAt != again.receivedAt) {
            return receivedAt < again.receivedAt ? this : again;
        }
        return summary.compareTo(again.summary) <= 0 ? this : again;
    }
}
