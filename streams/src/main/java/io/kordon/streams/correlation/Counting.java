package io.kordon.streams.correlation;

import io.kordon.streams.incident.Interval;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@code event_count}, {@code value_count} and {@code value_sum} with lower bounds: signals, of whichever referenced rule,
 * that begin and are complete within the timespan, and together measure enough.
 */
record Counting(long timespan, Measure measure) implements Correlator {
    private static final long NEVER = Long.MAX_VALUE;

    @Override
    public Collection<Participation> participations(List<List<Signal>> byRule, Interval near) {
        List<Signal> all = byRule.stream()
                .flatMap(List::stream)
                .filter(signal ->
                        signal.start() >= near.start() - timespan && signal.start() <= near.start() + timespan)
                .filter(measure::counts)
                .sorted(Signal.ORDER)
                .toList();
        long[] completions = completions(all);
        int[] complete = new int[all.size() + 1]; // from each signal on, the first whose window is complete
        complete[all.size()] = all.size();
        for (int i = all.size() - 1; i >= 0; i--) {
            complete[i] = completions[i] == NEVER ? complete[i + 1] : i;
        }
        List<Participation> found = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Signal signal = all.get(i);
            int window = complete[firstSince(all, signal.completeAt() - timespan)];
            if (window <= i) {
                found.add(new Participation(signal, Math.max(signal.completeAt(), completions[window])));
            }
        }
        return found;
    }

    /** For the window that begins at each signal, when it is complete, or {@link #NEVER}. */
    private long[] completions(List<Signal> all) {
        int[] byCompletion = byCompletion(all);
        boolean[] added = new boolean[all.size()];
        long[] completions = new long[all.size()];
        Measure.Tally tally = measure.tally();
        long last = NEVER;
        int next = 0;
        for (int first = 0; first < all.size(); first++) {
            long end = all.get(first).start() + timespan;
            while (!tally.enough()
                    && next < byCompletion.length
                    && all.get(byCompletion[next]).completeAt() <= end) {
                int index = byCompletion[next++];
                if (index >= first) {
                    tally.add(all.get(index));
                    added[index] = true;
                    last = all.get(index).completeAt();
                }
            }
            completions[first] = tally.enough() ? last : NEVER;
            if (added[first]) {
                tally.remove(all.get(first));
            }
        }
        return completions;
    }

    /** Indices in the order of completion, which is that of beginning where no correlations are below. */
    private static int[] byCompletion(List<Signal> all) {
        IntStream indices = IntStream.range(0, all.size());
        return all.stream().allMatch(signal -> signal.completeAt() == signal.start())
                ? indices.toArray()
                : indices.boxed()
                        .sorted(Comparator.comparingLong(i -> all.get(i).completeAt()))
                        .mapToInt(Integer::intValue)
                        .toArray();
    }

    /** Index of the first signal that begins at a time or later. */
    private static int firstSince(List<Signal> all, long time) {
        int low = 0;
        int high = all.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (all.get(middle).start() < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
