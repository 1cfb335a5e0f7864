package io.kordon.streams.correlation;

import io.kordon.streams.incident.Interval;
import io.kordon.streams.rule.CorrelationRule;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Finds which signals of one key complete a correlation rule together. Monotone: more signals never take a participation
 * away, so matching eagerly and matching late agree. What is not monotone is decided by {@link Windows}.
 *
 * @see <a href="https://github.com/SigmaHQ/sigma-specification">Sigma correlation rules specification 2.1</a>
 */
sealed interface Correlator permits Temporal, Counting {
    /**
     * Every signal that takes part in a complete match which {@code near} can be part of.
     *
     * @param byRule the signals known of each rule that the correlation references, in the order of reference
     */
    Collection<Participation> participations(List<List<Signal>> byRule, Interval near);

    /** For a rule that {@link #eager} says can be matched so. */
    static Correlator of(CorrelationRule rule) {
        long timespan = Policy.micros(rule.timespan());
        return rule.type().temporal()
                ? new Temporal(timespan, rule.type() == CorrelationRule.Type.TEMPORAL_ORDERED, needed(rule))
                : new Counting(timespan, Measure.of(rule));
    }

    /** Whether a match once made stands, whatever else arrives: then it is reported on the signal that completes it. */
    static boolean eager(CorrelationRule rule) {
        return grows(rule) && rule.absent().isEmpty() && rule.until().isEmpty();
    }

    /** Whether the number that the condition speaks of can only come nearer to it as signals are added. */
    static boolean grows(CorrelationRule rule) {
        return (rule.condition() == null || rule.condition().lowerOnly())
                && rule.type() != CorrelationRule.Type.VALUE_AVG
                && rule.type() != CorrelationRule.Type.VALUE_PERCENTILE;
    }

    /** How many different rules a temporal correlation asks for. */
    static int needed(CorrelationRule rule) {
        return rule.condition() == null ? rule.rules().size() : rule.condition().atLeast();
    }

    /** Keeps the earliest participation of each signal. */
    static void keepEarliest(Map<String, Participation> found, Participation candidate) {
        found.merge(candidate.signal().id(), candidate, (known, next) -> next.at() < known.at() ? next : known);
    }
}
