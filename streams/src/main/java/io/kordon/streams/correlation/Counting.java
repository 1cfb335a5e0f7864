package io.kordon.streams.correlation;

import io.kordon.streams.incident.Interval;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * {@code event_count}, {@code value_count} and {@code value_sum} with lower bounds: signals, of whichever referenced rule,
 * that begin within the timespan and together measure enough.
 */
record Counting(long timespan, Measure measure) implements Correlator {
    @Override
    public Collection<Participation> participations(List<List<Signal>> byRule, Interval near) {
        List<Signal> all = byRule.stream()
                .flatMap(List::stream)
                .filter(signal ->
                        signal.start() >= near.start() - timespan && signal.start() <= near.start() + timespan)
                .filter(measure::counts)
                .sorted(Signal.ORDER)
                .toList();
        int[] completing = completing(all);
        List<Participation> found = new ArrayList<>();
        int earliest = 0; // first signal whose window still reaches the one looked at
        int window = 0; // first complete window from there
        int measured = -1; // the window of which this is when it was complete
        long complete = 0;
        for (int i = 0; i < all.size(); i++) {
            while (all.get(earliest).start() < all.get(i).start() - timespan) {
                earliest++;
            }
            window = Math.max(window, earliest);
            while (window <= i && completing[window] < 0) {
                window++;
            }
            if (window <= i) {
                Signal signal = all.get(i);
                if (window != measured) {
                    measured = window;
                    complete = completeAt(all.subList(window, completing[window] + 1));
                }
                found.add(new Participation(signal, Math.max(signal.completeAt(), complete)));
            }
        }
        return found;
    }

    private static long completeAt(List<Signal> counted) {
        return counted.stream().mapToLong(Signal::completeAt).max().orElse(Long.MIN_VALUE);
    }

    /** For the window that begins at each signal, the signal that completes it, or -1. The earlier, the earlier. */
    private int[] completing(List<Signal> all) {
        int[] completing = new int[all.size()];
        Measure.Tally tally = measure.tally();
        int next = 0;
        for (int first = 0; first < all.size(); first++) {
            long end = all.get(first).start() + timespan;
            while (!tally.enough() && next < all.size() && all.get(next).start() <= end) {
                tally.add(all.get(next++));
            }
            completing[first] = tally.enough() ? next - 1 : -1;
            tally.remove(all.get(first));
            next = Math.max(next, first + 1);
        }
        return completing;
    }
}
