package io.kordon.streams.correlation;

import java.util.Comparator;

/**
 * A signal that takes part in at least one complete match of a correlation.
 *
 * @param at event time at which the earliest such match was complete, epoch microseconds
 */
record Participation(Signal signal, long at) {
    static final Comparator<Participation> ORDER =
            Comparator.comparingLong(Participation::at).thenComparing(Participation::signal, Signal.ORDER);
}
