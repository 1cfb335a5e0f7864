package io.kordon.streams.correlation;

import java.util.List;

/**
 * What is remembered of one correlation key.
 *
 * @param timerAt wall clock, epoch milliseconds, of the timer that is set for this key; {@link #NO_TIMER} for none
 * @param generations one per pod UID under this key, in the order of appearance
 */
public record EntityState(long timerAt, List<Generation> generations) {
    public static final long NO_TIMER = -1;

    public EntityState {
        generations = List.copyOf(generations);
    }

    public EntityState withTimerAt(long at) {
        return new EntityState(at, generations);
    }
}
