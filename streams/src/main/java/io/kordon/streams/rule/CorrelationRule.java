package io.kordon.streams.rule;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A rule over the matches of other rules.
 *
 * @param rules what it refers to, in order: as written until {@link RuleSet} resolves it, then ids
 * @param groupBy fields that must agree; {@code pod} is the resolved entity. Empty joins everything
 * @param timespan longest time between the first and the last match, positive
 * @param condition null for the temporal types, which ask for each referred rule once
 * @param generate whether the referred rules also alert on their own
 * @param places where each of {@code rules} is written
 */
public record CorrelationRule(
        RuleHead head,
        Type type,
        List<String> rules,
        List<String> groupBy,
        Duration timespan,
        @Nullable Condition condition,
        boolean generate,
        List<Place> places)
        implements Rule {

    /** How matches are joined. */
    public enum Type {
        /** A number of matches. */
        EVENT_COUNT,
        /** A number of distinct values of a field. */
        VALUE_COUNT,
        /** Each referred rule, in any order. */
        TEMPORAL,
        /** Each referred rule, in the order given. */
        TEMPORAL_ORDERED
    }

    /** How a count is compared. Only the ones that stay true once they are true can be decided before a window closes. */
    public enum Operator {
        GT,
        GTE
    }

    /** What the count is held against. */
    public record Condition(Operator operator, long value) {
        public Condition {
            Objects.requireNonNull(operator, "operator");
            if (value < 0 || (operator == Operator.GTE && value == 0)) {
                throw new IllegalArgumentException("a count of " + value + " is reached by nothing at all");
            }
        }

        /** The smallest count that satisfies it, at least 1. */
        public long atLeast() {
            return operator == Operator.GT ? Math.addExact(value, 1) : value;
        }
    }

    public CorrelationRule {
        Objects.requireNonNull(head, "head");
        Objects.requireNonNull(type, "type");
        rules = List.copyOf(rules);
        groupBy = List.copyOf(groupBy);
        places = List.copyOf(places);
        if (rules.isEmpty() || places.size() != rules.size()) {
            throw new IllegalArgumentException("a correlation refers to at least one rule, each with its place");
        }
        if (timespan.isNegative() || timespan.isZero()) {
            throw new IllegalArgumentException("timespan must be positive, not " + timespan);
        }
        boolean counts = type == Type.EVENT_COUNT || type == Type.VALUE_COUNT;
        if (counts != (condition != null)) {
            throw new IllegalArgumentException(type + (counts ? " needs a condition" : " takes no condition"));
        }
    }

    /** With every reference at the rule's own place. */
    public CorrelationRule(
            RuleHead head,
            Type type,
            List<String> rules,
            List<String> groupBy,
            Duration timespan,
            @Nullable Condition condition,
            boolean generate) {
        this(
                head,
                type,
                rules,
                groupBy,
                timespan,
                condition,
                generate,
                Collections.nCopies(rules.size(), head.place()));
    }

    CorrelationRule resolved(List<String> ids, Level inherited) {
        RuleHead known = head.level() == null ? head.withLevel(inherited) : head;
        return new CorrelationRule(known, type, ids, groupBy, timespan, condition, generate, places);
    }
}
