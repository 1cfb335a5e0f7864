package io.kordon.streams.correlation;

import java.util.List;

/**
 * A correlation rule that matched under one key.
 *
 * @param at event time at which the match was complete, epoch microseconds; of a window that had to close, its end
 * @param signals what takes part, in {@link Signal#ORDER}
 */
public record Match(String ruleId, String key, long at, List<Signal> signals) {
    public Match {
        signals = List.copyOf(signals);
    }
}
