package io.kordon.streams.correlation;

import io.kordon.streams.incident.Incident;
import io.kordon.streams.incident.Verdict;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An incident that evidence or results can still join, and the event time that it covers.
 *
 * <p>It covers whole quiet periods counted from its first match, {@code [from, from + (extensions + 1) * quiet)}, and is
 * extended by one when its running period had a match early enough to be known for certain. Unlike a gap since the last
 * match, such a border cannot be moved by evidence that is still on its way: whatever the order of arrival, the same
 * matches fall into the same incidents.
 *
 * <p>One whose containment was not released is {@link #retired} instead of forgotten: it covers no time any more, so that
 * nothing joins it, but results, a release, and what examinations find still reach it.
 *
 * @param from event time of the first match, epoch microseconds
 * @param extensions how often it was extended; {@link #RETIRED} if it covers nothing any more
 * @param earliestMatch earliest match in the running period, null while there is none
 * @param counted signals and correlation rules that were counted already, bounded by {@link #MAX_COUNTED}
 */
public record TrackedIncident(
        Incident incident,
        long from,
        int extensions,
        @Nullable Long earliestMatch,
        Set<String> counted) {
    /**
     * Beyond so many distinct pieces, further ones are neither listed nor counted, but for the first of a rule: a flood of
     * noise must not hide what comes after it.
     */
    static final int MAX_COUNTED = 500;

    private static final int RETIRED = -1;

    public TrackedIncident {
        counted = Set.copyOf(counted);
    }

    static TrackedIncident open(Incident incident, long at) {
        return new TrackedIncident(incident, at, 0, at, Set.of());
    }

    boolean retired() {
        return extensions == RETIRED;
    }

    /** This incident as one that evidence cannot join any more. */
    TrackedIncident retire() {
        return new TrackedIncident(incident, from, RETIRED, null, Set.of());
    }

    /** End of what it covers, exclusive: its quiet periods, or when an analyst closed it. */
    long until(long quiet) {
        long periods = from + (extensions + 1) * quiet;
        Long closedAt = incident.timeline().closedAt();
        return closedAt != null && Incident.CLOSED_BY_ANALYST.equals(incident.closeReason())
                ? Math.min(periods, closedAt)
                : periods;
    }

    /**
     * What an analyst's decision makes of it; itself if it was taken before, or changes nothing.
     *
     * @param now event time of the entity, idle time included, epoch microseconds
     * @param last no later incident of this pod would be overlapped by reopening it
     */
    TrackedIncident decided(Verdict verdict, long now, boolean last, long quiet) {
        boolean reopens = verdict.action() == Verdict.Action.REOPEN;
        if (reopens
                ? !incident.closed() || !last || retired()
                : incident.closed() && verdict.action() != Verdict.Action.DISMISS) {
            return this;
        }
        TrackedIncident next = with(incident.decided(verdict));
        while (reopens && next.until(quiet) < now + quiet) {
            next = next.extended();
        }
        return next;
    }

    /** Whether a match at that time belongs here; one shortly before the first moves the start back. */
    boolean covers(long at, long quiet) {
        long earliest = extensions == 0 ? from - quiet : from;
        return at >= earliest && at < until(quiet);
    }

    TrackedIncident matchedAt(long at, long quiet) {
        long begin = Math.min(from, at);
        long runningSince = begin + extensions * quiet;
        boolean running = at >= runningSince;
        Long earliest = running && (earliestMatch == null || at < earliestMatch) ? Long.valueOf(at) : earliestMatch;
        return new TrackedIncident(incident, begin, extensions, earliest, counted);
    }

    TrackedIncident extended() {
        return new TrackedIncident(incident, from, extensions + 1, null, counted);
    }

    TrackedIncident with(Incident changed) {
        return new TrackedIncident(changed, from, extensions, earliestMatch, counted);
    }

    boolean full() {
        return counted.size() >= MAX_COUNTED;
    }

    TrackedIncident counting(String what) {
        Set<String> all = new TreeSet<>(counted);
        all.add(what);
        return new TrackedIncident(incident, from, extensions, earliestMatch, all);
    }
}
