package io.kordon.streams.response;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The containments that one cluster was granted lately: as far back as a command that comes late can still speak of.
 *
 * @param newest latest time of issue of any command that was decided on, epoch microseconds
 * @param containments by time
 */
public record BudgetLedger(long newest, List<Containment> containments) {
    /** Bound of the state, whatever the limits are: some 200 KB. */
    static final int MOST = 2_000;

    public static final BudgetLedger EMPTY = new BudgetLedger(0, List.of());

    public BudgetLedger {
        containments = List.copyOf(containments);
    }

    /**
     * A command that was let through.
     *
     * @param namespace of the pod, or null
     * @param owner its workload's kind and name; null for a bare pod
     * @param at when it was issued, epoch microseconds
     */
    public record Containment(
            String incidentId,
            @Nullable String namespace,
            @Nullable String owner,
            long at) {}

    /**
     * Goes on in time, and forgets what no command can need: one counts as issued at most a window before the newest, and
     * looks back a window from there.
     */
    BudgetLedger advancedTo(long at, long width) {
        long next = Math.max(newest, at);
        long oldest = next - 2 * width;
        return next == newest
                ? this
                : new BudgetLedger(
                        next,
                        containments.stream().filter(each -> each.at() > oldest).toList());
    }

    BudgetLedger with(Containment containment) {
        if (containments.contains(containment)) {
            return this;
        }
        List<Containment> all = new ArrayList<>(containments);
        all.add(containment);
        all.sort(Comparator.comparingLong(Containment::at).thenComparing(Containment::incidentId));
        return new BudgetLedger(newest, all);
    }

    boolean full() {
        return containments.size() >= MOST;
    }
}
