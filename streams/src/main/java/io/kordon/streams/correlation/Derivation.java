package io.kordon.streams.correlation;

import io.kordon.streams.correlation.Grouping.Group;
import io.kordon.streams.incident.Ids;
import io.kordon.streams.incident.Interval;
import io.kordon.streams.incident.Source;
import io.kordon.streams.incident.Subject;
import io.kordon.streams.rule.CorrelationRule;
import io.kordon.streams.rule.RuleSet;
import io.kordon.streams.scoring.Contribution;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes signals of a correlation's matches: for the correlations over it, and for the pod, where the correlation groups by
 * the pod and something else.
 */
final class Derivation {
    /** Correlations of these types count matches, which must not overlap then. */
    private static final Set<CorrelationRule.Type> COUNTING = Set.of(
            CorrelationRule.Type.EVENT_COUNT,
            CorrelationRule.Type.VALUE_SUM,
            CorrelationRule.Type.VALUE_AVG,
            CorrelationRule.Type.VALUE_PERCENTILE);

    private final RuleSet rules;
    private final Grouping grouping;

    Derivation(RuleSet rules, Grouping grouping) {
        this.rules = rules;
        this.grouping = grouping;
    }

    /** Whether a correlation over this one counts its matches. */
    boolean counted(CorrelationRule rule) {
        return rules.correlationsOver(rule.id()).stream().anyMatch(upper -> counts(upper, rule));
    }

    /**
     * The group-by of a correlation as the matches of one of its rules bear it: those who count are told of whole matches,
     * others of what takes part, and neither may take the one for the other.
     */
    List<String> spelled(CorrelationRule upper, String ruleId) {
        List<String> spelled = Grouping.spelled(upper, ruleId);
        boolean whole =
                rules.rule(ruleId) instanceof CorrelationRule below && Correlator.eager(below) && counts(upper, below);
        return whole ? Grouping.whole(spelled) : spelled;
    }

    private static boolean counts(CorrelationRule upper, CorrelationRule rule) {
        return COUNTING.contains(upper.type()) && upper.rules().contains(rule.id());
    }

    /** Whether matches are reported on the entity of the key itself, and not on the pod among the fields of group-by. */
    static boolean atHome(CorrelationRule rule) {
        return rule.groupBy().equals(Grouping.ENTITY) || !rule.groupBy().contains(Grouping.POD);
    }

    /** One signal for each signal that takes part, for those who ask whether the correlation holds. */
    List<Signal> ofParticipation(CorrelationRule rule, Participation part) {
        return derive(rule, part.signal(), false, part.at(), part.signal().id());
    }

    /** One signal for a whole match, for those who count. */
    List<Signal> ofMatch(CorrelationRule rule, Signal completing, long at) {
        return derive(rule, completing, true, at, "at:" + at);
    }

    /** One signal for a whole match that only a closed window decides, for everybody. */
    List<Signal> ofDecision(CorrelationRule rule, Signal completing, long at) {
        return derive(rule, completing, null, at, "at:" + at);
    }

    private List<Signal> derive(
            CorrelationRule rule, Signal part, @Nullable Boolean counting, long at, String identity) {
        Map<String, Signal> byKey = new LinkedHashMap<>();
        boolean alerts = rules.alertsAlone(rule.id()) && !atHome(rule) && !Boolean.TRUE.equals(counting);
        Map<String, String> values = values(rule, part);
        Subject entity = grouping.entity(part);
        if (alerts) {
            put(byKey, signal(rule, part, new Group(entity, Grouping.ENTITY), values, true, at, identity));
        }
        for (CorrelationRule upper : rules.correlationsOver(rule.id())) {
            if (counting == null || counting == counts(upper, rule)) {
                Group found = grouping.of(upper, rule.id(), entity, values::get);
                if (found != null) {
                    Group group = Boolean.TRUE.equals(counting)
                            ? new Group(found.subject(), Grouping.whole(found.groupBy()))
                            : found;
                    boolean reports = alerts && group.groupBy().equals(Grouping.ENTITY);
                    put(byKey, signal(rule, part, group, values, reports, at, identity));
                }
            }
        }
        return new ArrayList<>(byKey.values());
    }

    private static void put(Map<String, Signal> byKey, Signal signal) {
        byKey.putIfAbsent(signal.key() + signal.groupBy(), signal);
    }

    /** The part's own, and what the correlation grouped by, under the names that it uses. */
    private static Map<String, String> values(CorrelationRule rule, Signal part) {
        Map<String, String> values = new HashMap<>(part.values());
        for (String name : rule.groupBy()) {
            String value = part.values().get(rule.field(name, part.rule().ruleId()));
            if (value != null) {
                values.put(name, value);
            }
        }
        return values;
    }

    private static Signal signal(
            CorrelationRule rule,
            Signal part,
            Group group,
            Map<String, String> values,
            boolean alerts,
            long at,
            String identity) {
        boolean whole = !identity.equals(part.id());
        return new Signal(
                Ids.signal(rule.id(), identity, group.identity()),
                group.key(),
                group.groupBy(),
                Contribution.of(rule),
                alerts,
                values,
                rule.tags(),
                Source.CORRELATION,
                part.eventId(),
                group.subject(),
                null,
                whole ? Interval.at(at) : part.interval(),
                at,
                !whole && part.open(),
                whole ? null : part.alertId(),
                at,
                part.receivedAt(),
                part.clamped(),
                part.summary());
    }
}
