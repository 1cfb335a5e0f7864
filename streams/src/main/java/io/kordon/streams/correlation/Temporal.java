package io.kordon.streams.correlation;

import io.kordon.streams.incident.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code temporal} and {@code temporal_ordered}: one signal of each rule such that a point can be chosen in each interval
 * with all points within the timespan, and in the order of reference if ordered. The earliest end among the chosen signals
 * may always be taken as the window's start, so only windows that begin at some signal's end matter. What was complete only
 * after the window is no part of it, and in an order the next follows on the completion.
 *
 * @param needed how many different rules have to take part
 */
record Temporal(long timespan, boolean ordered, int needed) implements Correlator {
    @Override
    public Collection<Participation> participations(List<List<Signal>> byRule, Interval near) {
        if (byRule.stream().filter(signals -> !signals.isEmpty()).count() < needed) {
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
        List<List<Signal>> inside = inside(byRule, window);
        if (inside.stream().filter(signals -> !signals.isEmpty()).count() < needed) {
            return;
        }
        long[] complete = inside.stream()
                .mapToLong(signals ->
                        signals.stream().mapToLong(Signal::completeAt).min().orElse(Long.MAX_VALUE))
                .toArray();
        for (int rule = 0; rule < inside.size(); rule++) {
            for (Signal signal : inside.get(rule)) {
                long inOrder = ordered ? inOrder(inside, rule, List.of(signal), window.start()) : window.start();
                if (inOrder <= window.end()) {
                    long at = Math.max(ordered ? inOrder : Long.MIN_VALUE, with(complete, rule, signal));
                    Correlator.keepEarliest(found, new Participation(signal, at));
                }
            }
        }
    }

    /**
     * Earliest time at which enough of the rules were met, whatever comes later.
     *
     * @return MAX_VALUE if they are not within the window
     */
    long completion(List<List<Signal>> byRule, Interval window) {
        List<List<Signal>> inside = inside(byRule, window);
        long at;
        if (ordered) {
            at = inOrder(inside, -1, List.of(), window.start());
        } else {
            long[] points = inside.stream()
                    .mapToLong(signals -> earliest(signals, window.start()))
                    .sorted()
                    .toArray();
            at = points.length < needed ? Long.MAX_VALUE : points[needed - 1];
        }
        return at <= window.end() ? at : Long.MAX_VALUE;
    }

    static List<List<Signal>> inside(List<List<Signal>> byRule, Interval window) {
        List<List<Signal>> inside = new ArrayList<>(byRule.size());
        for (List<Signal> signals : byRule) {
            inside.add(
                    signals.stream().filter(signal -> signal.isWithin(window)).toList());
        }
        return inside;
    }

    /** Earliest time at which enough rules were met, this signal among them. */
    private long with(long[] earliest, int rule, Signal signal) {
        if (needed <= 1) {
            return signal.completeAt();
        }
        long[] others = new long[earliest.length - 1];
        for (int i = 0, next = 0; i < earliest.length; i++) {
            if (i != rule) {
                others[next++] = earliest[i];
            }
        }
        Arrays.sort(others);
        return Math.max(signal.completeAt(), others[needed - 2]);
    }

    /**
     * Earliest time at which enough rules were met in order; MAX_VALUE if never.
     *
     * @param forced index of a rule that has to be among them, -1 for none
     * @param only the signals that may stand for it
     */
    private long inOrder(List<List<Signal>> inside, int forced, List<Signal> only, long start) {
        // [how many rules were met][whether the forced one is among them] -> earliest time
        long[][] best = new long[needed + 1][2];
        for (long[] row : best) {
            Arrays.fill(row, Long.MAX_VALUE);
        }
        best[0][forced < 0 ? 1 : 0] = start;
        for (int rule = 0; rule < inside.size(); rule++) {
            List<Signal> choices = rule == forced ? only : inside.get(rule);
            for (int met = needed - 1; met >= 0; met--) {
                for (int with = 0; with < 2; with++) {
                    if (best[met][with] != Long.MAX_VALUE) {
                        int then = rule == forced ? 1 : with;
                        best[met + 1][then] = Math.min(best[met + 1][then], earliest(choices, best[met][with]));
                    }
                }
            }
        }
        return best[needed][1];
    }

    /** Earliest point, not before {@code from}, at which one of the signals holds, and is complete; MAX_VALUE if none does. */
    private static long earliest(List<Signal> signals, long from) {
        return signals.stream()
                .filter(signal -> signal.end() >= from)
                .mapToLong(signal -> Math.max(Math.max(from, signal.start()), signal.completeAt()))
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
