package io.kordon.streams.correlation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

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

    /** Ids of all signals that the state still speaks of, in windows or as evidence. */
    public Set<String> signalIds() {
        Set<String> ids = new HashSet<>();
        for (Generation generation : generations) {
            generation.signals().forEach(signal -> ids.add(signal.id()));
            generation.incidents().stream()
                    .flatMap(tracked -> tracked.incident().findings().evidence().stream())
                    .forEach(evidence -> ids.add(evidence.signalId()));
        }
        return ids;
    }

    public EntityState withTimerAt(long at) {
        return new EntityState(at, generations);
    }
}
