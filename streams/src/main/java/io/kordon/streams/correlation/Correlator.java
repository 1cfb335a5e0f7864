package io.kordon.streams.correlation;

import io.kordon.streams.incident.Interval;
import io.kordon.streams.rule.CorrelationRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Finds which signals of one key complete a correlation rule together. Monotone: more signals never take a participation
 * away, so matching eagerly and matching late agree.
 *
 * @see <a href="https://github.com/SigmaHQ/sigma-specification">Sigma correlation rules specification 2.1</a>
 */
sealed interface Correlator {
    /**
     * Every signal that takes part in a complete match which {@code near} can be part of.
     *
     * @param byRule the signals known of each rule that the correlation references, in the order of reference
     */
    Collection<Participation> participations(List<List<Signal>> byRule, Interval near);

    static Correlator of(CorrelationRule rule) {
        long timespan = rule.timespan().toNanos() / 1_000;
        return switch (rule.type()) {
            case TEMPORAL -> new Temporal(timespan, false);
            case TEMPORAL_ORDERED -> new Temporal(timespan, true);
            case EVENT_COUNT -> new EventCount(timespan, needed(rule));
            default ->
                throw new IllegalArgumentException(
                        "correlation " + rule.id() + ": type " + rule.type() + " is not one that the engine decides");
        };
    }

    /** How many signals a counting correlation waits for. */
    static int needed(CorrelationRule rule) {
        return Objects.requireNonNull(rule.condition(), rule.id() + " counts without a condition")
                .atLeast();
    }

    /**
     * {@code temporal} and {@code temporal_ordered}: one signal of each rule such that a point can be chosen in each
     * interval with all points within the timespan, and in the order of reference if ordered. The earliest end among the
     * chosen signals may always be taken as the window's start, so only windows that begin at some signal's end matter.
     */
    record Temporal(long timespan, boolean ordered) implements Correlator {
        @Override
        public Collection<Participation> participations(List<List<Signal>> byRule, Interval near) {
            if (byRule.stream().anyMatch(List::isEmpty)) {
                return List.of();
            }
            Map<String, Participation> found = new TreeMap<>();
            byRule.stream()
                    .flatMap(List::stream)
                    .mapToLong(Signal::end)
                    .filter(end -> end <= near.end() && end >= near.start() - timespan)
                    .distinct()
                    .forEach(start -> window(byRule, new Interval(start, start + timespan), found));
            return found.values();
        }

        private void window(List<List<Signal>> byRule, Interval window, Map<String, Participation> found) {
            List<List<Signal>> inside = new ArrayList<>(byRule.size());
            for (List<Signal> signals : byRule) {
                List<Signal> touching = signals.stream()
                        .filter(signal -> signal.end() >= window.start() && signal.start() <= window.end())
                        .toList();
                if (touching.isEmpty()) {
                    return;
                }
                inside.add(touching);
            }
            long[] earliest = inside.stream()
                    .mapToLong(signals -> earliest(signals, Long.MIN_VALUE))
                    .toArray();
            for (int rule = 0; rule < inside.size(); rule++) {
                for (Signal signal : inside.get(rule)) {
                    long at = ordered ? inOrder(inside, rule, signal, window) : together(earliest, rule, signal);
                    if (at <= window.end()) {
                        keepEarliest(found, new Participation(signal, at));
                    }
                }
            }
        }

        private static long together(long[] earliest, int rule, Signal signal) {
            long at = signal.start();
            for (int other = 0; other < earliest.length; other++) {
                if (other != rule) {
                    at = Math.max(at, earliest[other]);
                }
            }
            return at;
        }

        /** Earliest time at which all rules were met in order, this signal among them; MAX_VALUE if never. */
        private static long inOrder(List<List<Signal>> inside, int rule, Signal signal, Interval window) {
            long point = window.start();
            for (int step = 0; step < inside.size() && point != Long.MAX_VALUE; step++) {
                List<Signal> choices = step == rule ? List.of(signal) : inside.get(step);
                point = earliest(choices, point);
            }
            return point;
        }

        /** Earliest point, not before {@code from}, at which one of the signals holds; MAX_VALUE if none does. */
        private static long earliest(List<Signal> signals, long from) {
            return signals.stream()
                    .filter(signal -> signal.end() >= from)
                    .mapToLong(signal -> Math.max(from, signal.start()))
                    .min()
                    .orElse(Long.MAX_VALUE);
        }
    }

    /** {@code event_count}: at least so many signals, of whichever referenced rule, that begin within the timespan. */
    record EventCount(long timespan, int atLeast) implements Correlator {
        @Override
        public Collection<Participation> participations(List<List<Signal>> byRule, Interval near) {
            List<Signal> all = byRule.stream()
                    .flatMap(List::stream)
                    .filter(signal ->
                            signal.start() >= near.start() - timespan && signal.start() <= near.start() + timespan)
                    .sorted(Signal.ORDER)
                    .toList();
            Map<String, Participation> found = new TreeMap<>();
            for (int first = 0; first + atLeast <= all.size(); first++) {
                long windowEnd = all.get(first).start() + timespan;
                Signal completing = all.get(first + atLeast - 1);
                for (int i = first; i < all.size() && completing.start() <= windowEnd; i++) {
                    Signal signal = all.get(i);
                    if (signal.start() > windowEnd) {
                        break;
                    }
                    keepEarliest(found, new Participation(signal, Math.max(signal.start(), completing.start())));
                }
            }
            return found.values();
        }
    }

    private static void keepEarliest(Map<String, Participation> found, Participation candidate) {
        found.merge(candidate.signal().id(), candidate, (known, next) -> next.at() < known.at() ? next : known);
    }
}
