package io.kordon.evidence.inspect;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/** What is left of the bounds, and what had to be left out for them or for damage. */
final class Budget {
    private static final int MOST_NOTES = 1_000;

    private final Bounds bounds;
    private final LongSupplier nanos;
    private final long deadline;
    private final Set<String> notes = new LinkedHashSet<>();
    private int entries;
    private long hashBytes;

    Budget(Bounds bounds, LongSupplier nanos) {
        this.bounds = bounds;
        this.nanos = nanos;
        this.deadline = nanos.getAsLong() + bounds.time().toNanos();
        this.entries = bounds.entries();
        this.hashBytes = bounds.totalHashBytes();
    }

    Bounds bounds() {
        return bounds;
    }

    /** Takes one name. Returns whether it may be looked at. */
    boolean entry() {
        if (late()) {
            return false;
        }
        if (entries == 0) {
            incomplete("more than " + bounds.entries() + " names: the rest is left out (--max-entries)");
            return false;
        }
        entries--;
        return true;
    }

    /** Names that may still be looked at. */
    int entriesLeft() {
        return entries;
    }

    /** Whether the time is over. */
    boolean late() {
        if (nanos.getAsLong() - deadline < 0) {
            return false;
        }
        incomplete("the time of " + bounds.time().toSeconds() + " s is over: the rest is left out (--time-limit)");
        return true;
    }

    /** Takes bytes for a hash. Returns whether they may be read. */
    boolean hash(long bytes) {
        if (bytes > hashBytes) {
            incomplete("more than " + bounds.totalHashBytes() + " bytes to hash: the rest is not hashed");
            return false;
        }
        hashBytes -= bytes;
        return true;
    }

    /** Notes that something could not be looked at. */
    void incomplete(String why) {
        if (notes.size() < MOST_NOTES) {
            notes.add(why);
        } else if (notes.size() == MOST_NOTES) {
            notes.add("more could not be looked at than is listed here");
        }
    }

    /** What is not in the report, and why; empty if all is. */
    List<String> notes() {
        return new ArrayList<>(notes);
    }
}
