package io.kordon.streams.correlation;

import io.kordon.streams.incident.PodContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One pod UID under a key: two pods that bear one name never share state. Other entities have one generation, without UID.
 *
 * @param uid UID of the pod, null while nobody has said it
 * @param clock highest event time seen, epoch microseconds; moved by this generation's own events only, so that nobody
 *     else's clock can close its windows
 * @param touchedAt wall clock, epoch milliseconds, when {@code clock} was last moved
 * @param opened number of the incident opened last; the next one's number makes its id
 * @param context what the inventory last knew of the pod
 * @param deletedAt when the pod was deleted, epoch microseconds of event time; null while it is not known to be
 * @param signals what correlations can still need, in {@link Signal#ORDER}, without context
 * @param decided by correlation rule, up to which event time its windows are decided; see {@link Windows}
 * @param incidents open, or closed so lately that evidence within grace, results or decisions can still arrive; by start
 * @param past what ended incidents covered, by start
 */
public record Generation(
        @Nullable String uid,
        long clock,
        long touchedAt,
        int opened,
        @Nullable PodContext context,
        @Nullable Long deletedAt,
        List<Signal> signals,
        Map<String, Long> decided,
        List<TrackedIncident> incidents,
        List<Extent> past) {

    /** Signals kept per rule, unless a correlation counts further: the latest stay. */
    static final int SIGNALS_PER_RULE = 64;

    /** Signals kept of all rules together, unless one correlation counts further: each loud rule's latest stay. */
    static final int SIGNALS = 512;

    private static final int NUMBERS_PER_ERA = 1_000_000;
    private static final int MAX_ERAS = 2_000;

    /**
     * Ended incidents that are kept because what they did to the pod was not released: the latest stay. Each is some
     * kilobytes, and a hundred at most where examinations have found much.
     */
    static final int MAX_RETIRED = 8;

    /** Ended incidents remembered: the latest stay. */
    private static final int MAX_PAST = 64;

    public Generation {
        signals = List.copyOf(signals);
        decided = Map.copyOf(decided);
        incidents = List.copyOf(incidents);
        past = List.copyOf(past);
    }

    /** A generation's numbers begin where no earlier one of its key, forgotten since {@code memory}, can have come. */
    static Generation born(@Nullable String uid, long clock, long wallMillis, long memory) {
        int first = memory <= 0 ? 0 : Math.toIntExact(Math.max(0, clock / memory) % MAX_ERAS) * NUMBERS_PER_ERA;
        return new Generation(uid, clock, wallMillis, first, null, null, List.of(), Map.of(), List.of(), List.of());
    }

    /** What was said of a pod without UID was said of this one. */
    Generation named(String name) {
        List<TrackedIncident> identified = incidents.stream()
                .map(tracked -> tracked.with(tracked.incident().identified(name)))
                .toList();
        return new Generation(name, clock, touchedAt, opened, context, deletedAt, signals, decided, identified, past);
    }

    Generation clockAt(long time, long wallMillis) {
        return new Generation(
                uid, Math.max(clock, time), wallMillis, opened, context, deletedAt, signals, decided, incidents, past);
    }

    Generation knowing(@Nullable PodContext news) {
        return news == null || news.equals(context)
                ? this
                : new Generation(uid, clock, touchedAt, opened, news, deletedAt, signals, decided, incidents, past);
    }

    /** The pod is gone; of several times that are said of it, the earliest counts. */
    Generation deleted(long at) {
        Long first = deletedAt == null ? Long.valueOf(at) : Long.valueOf(Math.min(deletedAt, at));
        return new Generation(uid, clock, touchedAt, opened, context, first, signals, decided, incidents, past);
    }

    @Nullable
    Signal signal(String id) {
        for (Signal signal : signals) {
            if (signal.id().equals(id)) {
                return signal;
            }
        }
        return null;
    }

    /** Stores a signal in place of what was known of it, and drops its rule's earliest beyond the bound. */
    Generation remembering(Signal signal, int bound) {
        List<Signal> all = new ArrayList<>(signals);
        all.removeIf(known -> known.id().equals(signal.id()));
        all.add(signal);
        all.sort(Signal.ORDER);
        List<Signal> ofRule = of(all.stream(), signal.rule().ruleId(), signal.groupBy());
        if (ofRule.size() > bound) {
            all.remove(leastMissed(ofRule));
        }
        if (all.size() > Math.max(SIGNALS, bound)) {
            all.remove(earliestOfTheLoudest(all));
        }
        return withSignals(all);
    }

    /** The earliest whose values a later one has too, for distinct values may be what is counted; else the earliest. */
    private static Signal leastMissed(List<Signal> signals) {
        Set<Map<String, String>> later = new HashSet<>();
        Signal repeated = null;
        for (int i = signals.size() - 1; i >= 0; i--) {
            if (!later.add(signals.get(i).values())) {
                repeated = signals.get(i);
            }
        }
        return repeated == null ? signals.get(0) : repeated;
    }

    /** A flood of one rule must not push out another's lone alert. */
    private static Signal earliestOfTheLoudest(List<Signal> signals) {
        Map<String, List<Signal>> byRule = new TreeMap<>();
        signals.forEach(signal -> byRule.computeIfAbsent(signal.rule().ruleId(), rule -> new ArrayList<>())
                .add(signal));
        return Collections.max(byRule.values(), Comparator.comparingInt(List::size))
                .get(0);
    }

    List<Signal> signals(String ruleId, List<String> groupBy) {
        return of(signals.stream(), ruleId, groupBy);
    }

    Generation withSignals(List<Signal> kept) {
        return new Generation(uid, clock, touchedAt, opened, context, deletedAt, kept, decided, incidents, past);
    }

    Generation deciding(String ruleId, long until) {
        Map<String, Long> all = new HashMap<>(decided);
        all.put(ruleId, until);
        return withDecided(all);
    }

    /** Forgets what was decided of rules that nothing is left to decide of. */
    Generation decidedOnly(Collection<String> ruleIds) {
        if (ruleIds.containsAll(decided.keySet())) {
            return this;
        }
        Map<String, Long> kept = new HashMap<>(decided);
        kept.keySet().retainAll(ruleIds);
        return withDecided(kept);
    }

    private Generation withDecided(Map<String, Long> all) {
        return new Generation(uid, clock, touchedAt, opened, context, deletedAt, signals, all, incidents, past);
    }

    Generation opening(TrackedIncident incident) {
        List<TrackedIncident> all = new ArrayList<>(incidents);
        all.add(incident);
        all.sort(Comparator.comparingLong(TrackedIncident::from));
        return new Generation(uid, clock, touchedAt, opened + 1, context, deletedAt, signals, decided, all, past);
    }

    Generation with(int index, TrackedIncident incident) {
        List<TrackedIncident> all = new ArrayList<>(incidents);
        all.set(index, incident);
        return withIncidents(all);
    }

    private Generation withIncidents(List<TrackedIncident> all) {
        return new Generation(uid, clock, touchedAt, opened, context, deletedAt, signals, decided, all, past);
    }

    /** Keeps an incident for its release only; the earliest of too many is forgotten. */
    Generation retiring(int index, long quiet) {
        TrackedIncident retired = incidents.get(index).retire();
        List<TrackedIncident> all = new ArrayList<>(ending(index, quiet).incidents);
        all.add(retired);
        all.sort(Comparator.comparingLong(TrackedIncident::from));
        if (all.stream().filter(TrackedIncident::retired).count() > MAX_RETIRED) {
            all.remove(all.stream().filter(TrackedIncident::retired).findFirst().orElseThrow());
        }
        return ending(index, quiet).withIncidents(all);
    }

    /** Forgets an incident that was kept for its release. */
    Generation without(int index) {
        List<TrackedIncident> all = new ArrayList<>(incidents);
        all.remove(index);
        return withIncidents(all);
    }

    /** Forgets an incident, but for the time that it covered. */
    Generation ending(int index, long quiet) {
        List<TrackedIncident> all = new ArrayList<>(incidents);
        TrackedIncident ended = all.remove(index);
        List<Extent> ends = new ArrayList<>(past);
        ends.add(new Extent(ended.from(), ended.until(quiet)));
        ends.sort(Comparator.comparingLong(Extent::from));
        return withIncidents(all).withPast(latest(ends));
    }

    Generation forgettingPast() {
        return withPast(List.of());
    }

    private Generation withPast(List<Extent> ends) {
        return new Generation(uid, clock, touchedAt, opened, context, deletedAt, signals, decided, incidents, ends);
    }

    boolean empty() {
        return signals.isEmpty() && incidents.isEmpty() && past.isEmpty();
    }

    private static List<Signal> of(Stream<Signal> signals, String ruleId, List<String> groupBy) {
        return signals.filter(signal -> signal.rule().ruleId().equals(ruleId) && signal.groupedBy(groupBy))
                .toList();
    }

    private static List<Extent> latest(List<Extent> ends) {
        return ends.size() <= MAX_PAST ? ends : ends.subList(ends.size() - MAX_PAST, ends.size());
    }
}
