package io.kordon.streams.correlation;

import io.kordon.streams.incident.Interval;
import io.kordon.streams.rule.CorrelationRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides a correlation window by window, each once, when everything that could belong to it has arrived: for conditions
 * that a further event could undo (upper bounds, means, what must be absent, what ends the key), and for correlations
 * whose matches are counted themselves, which needs matches that do not overlap.
 *
 * <p>A window begins with the first signal that no earlier window decided, and lasts for the timespan or to the signal of
 * an {@code until} rule. A match uses its window up. A window without one uses up its first signal only, for the next may
 * begin a match; but where the number itself has an upper end, all of it, or the rest of too many would pass for few.
 */
final class Windows {
    private final CorrelationRule rule;
    private final long timespan;
    private final @Nullable Temporal temporal;
    private final @Nullable Measure measure;

    /** Whether different rules have to meet, so that an alert's end may begin a window as well as its start. */
    private final boolean together;

    /** Whether the condition may be true before the window's end and then stands, but for absence. */
    private final boolean grows;

    /** How the signals of each rule that it refers to are grouped for it. */
    private final Map<String, List<String>> groupings = new HashMap<>();

    private final int depth;

    /**
     * @param derivation how the matches of correlations below are told
     * @param depth how many correlations lie on top of one another from the detections to this one
     */
    Windows(CorrelationRule rule, Derivation derivation, int depth) {
        this.rule = rule;
        this.depth = depth;
        Stream.of(rule.rules(), rule.absent(), rule.until())
                .flatMap(List::stream)
                .forEach(id -> groupings.put(id, derivation.spelled(rule, id)));
        this.timespan = Policy.micros(rule.timespan());
        boolean time = rule.type().temporal();
        this.temporal = time
                ? new Temporal(timespan, rule.type() == CorrelationRule.Type.TEMPORAL_ORDERED, Correlator.needed(rule))
                : null;
        this.measure = time ? null : Measure.of(rule);
        this.together = time && Correlator.needed(rule) > 1;
        this.grows = Correlator.grows(rule);
    }

    CorrelationRule rule() {
        return rule;
    }

    /**
     * What is decided next.
     *
     * @param due event time that must have passed, grace included by the caller, epoch microseconds
     * @param signals what matched, in {@link Signal#ORDER}; empty when the window ends without a match
     * @param decidedUntil no later window begins at or before this
     */
    record Decision(Windows windows, long due, List<Signal> signals, long decidedUntil) {
        /** Of one time what others rest on goes first: its match may be what they wait for, or must not see. */
        static final Comparator<Decision> ORDER = Comparator.comparingLong(Decision::due)
                .thenComparingInt(decision -> decision.windows().depth)
                .thenComparing(decision -> decision.windows().rule.id());
    }

    /** The next decision by what is known now; null when no signal is undecided. */
    @Nullable
    Decision next(Generation generation) {
        long decided = generation.decided().getOrDefault(rule.id(), Long.MIN_VALUE);
        List<List<Signal>> byRule =
                rule.rules().stream().map(id -> of(generation, id)).toList();
        TreeSet<Long> ends = new TreeSet<>();
        all(generation, rule.until()).forEach(signal -> ends.add(signal.completeAt()));
        Long start = start(byRule, decided, ends);
        if (start == null) {
            return null;
        }
        Long begins = ends.floor(start);
        Interval window = new Interval(start, end(start, ends));
        List<List<Signal>> inside = Temporal.inside(byRule, window);
        if (begins != null) {
            inside = inside.stream()
                    .map(signals -> signals.stream()
                            .filter(signal -> signal.start() >= begins)
                            .toList())
                    .toList();
        }
        return decide(generation, inside, window);
    }

    private Decision decide(Generation generation, List<List<Signal>> inside, Interval window) {
        long complete = completion(inside, window);
        boolean waits = !grows || !rule.absent().isEmpty();
        if (complete != Long.MAX_VALUE && !waits) {
            return new Decision(this, complete, upTo(inside, complete), complete);
        }
        boolean matched = complete != Long.MAX_VALUE && absent(generation, window);
        return matched
                ? new Decision(this, window.end(), upTo(inside, window.end()), window.end())
                : new Decision(this, window.end(), List.of(), grows ? window.start() : window.end());
    }

    /**
     * What is complete only after the window that it would begin has ended does not count in it, and begins none: else it would
     * depend on the hour of the decision whether that is known.
     */
    private @Nullable Long start(List<List<Signal>> byRule, long decided, NavigableSet<Long> ends) {
        return byRule.stream()
                .flatMap(List::stream)
                .filter(signal -> measure == null || measure.counts(signal))
                .flatMap(signal -> starts(signal).filter(at -> at > decided && signal.completeAt() <= end(at, ends)))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Of a window that begins then: its timespan later, or just before what ends it. */
    private long end(long start, NavigableSet<Long> ends) {
        Long endsBefore = ends.higher(start);
        return endsBefore == null ? start + timespan : Math.min(start + timespan, endsBefore - 1);
    }

    private Stream<Long> starts(Signal signal) {
        return together ? Stream.of(signal.start(), signal.end()) : Stream.of(signal.start());
    }

    /** When the condition was met within the window; MAX_VALUE if it was not. */
    private long completion(List<List<Signal>> inside, Interval window) {
        if (temporal != null) {
            if (grows) {
                return temporal.completion(inside, window);
            }
            long met = inside.stream().filter(signals -> !signals.isEmpty()).count();
            boolean holds = rule.condition() == null || rule.condition().holds((double) met);
            return holds ? window.end() : Long.MAX_VALUE;
        }
        return measure == null ? Long.MAX_VALUE : counted(measure, inside, window);
    }

    private long counted(Measure counts, List<List<Signal>> inside, Interval window) {
        List<Signal> signals = inside.stream()
                .flatMap(List::stream)
                .filter(signal -> signal.start() >= window.start())
                .filter(counts::counts)
                .sorted(Comparator.comparingLong(Signal::completeAt).thenComparing(Signal.ORDER))
                .toList();
        if (!grows) {
            return counts.holds(signals) ? window.end() : Long.MAX_VALUE;
        }
        Measure.Tally tally = counts.tally();
        for (Signal signal : signals) {
            tally.add(signal);
            if (tally.enough()) {
                return signal.completeAt();
            }
        }
        return Long.MAX_VALUE;
    }

    private boolean absent(Generation generation, Interval window) {
        return all(generation, rule.absent()).stream().noneMatch(signal -> signal.isWithin(window));
    }

    private List<Signal> upTo(List<List<Signal>> inside, long at) {
        return inside.stream()
                .flatMap(List::stream)
                .filter(signal -> signal.start() <= at && signal.completeAt() <= at)
                .filter(signal -> measure == null || measure.counts(signal))
                .sorted(Signal.ORDER)
                .toList();
    }

    private List<Signal> all(Generation generation, Collection<String> rules) {
        List<Signal> all = new ArrayList<>();
        rules.forEach(id -> all.addAll(of(generation, id)));
        return all;
    }

    private List<Signal> of(Generation generation, String ruleId) {
        return generation.signals(ruleId, groupings.getOrDefault(ruleId, List.of()));
    }
}
