package io.kordon.streams.rule;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A rule over the matches of other rules, which may be correlations themselves.
 *
 * @param rules what it refers to, in order: as written until {@link RuleSet} resolves it, then ids
 * @param groupBy fields that must agree, or aliases of them; {@code pod} is the resolved entity. Empty joins everything
 * @param aliases by alias, by rule (as {@code rules}), the field that it stands for in that rule's events
 * @param timespan longest time between the first and the last match, positive
 * @param condition what the count is held against; null for a temporal correlation that asks for each referred rule
 * @param generate whether the referred rules also alert on their own
 * @param absent rules (as {@code rules}) that must not match within the timespan from the first match
 * @param until rules (as {@code rules}) whose match ends what was begun: nothing before it joins anything after it
 * @param places where each of {@code rules}, then {@code absent}, then {@code until} is written
 */
public record CorrelationRule(
        RuleHead head,
        Type type,
        List<String> rules,
        List<String> groupBy,
        Map<String, Map<String, String>> aliases,
        Duration timespan,
        @Nullable Condition condition,
        boolean generate,
        List<String> absent,
        List<String> until,
        List<Place> places)
        implements Rule {

    /** How matches are joined. */
    public enum Type {
        /** A number of matches. */
        EVENT_COUNT,
        /** A number of distinct values of a field. */
        VALUE_COUNT,
        /** The sum of a field's numbers. */
        VALUE_SUM,
        /** The mean of a field's numbers. */
        VALUE_AVG,
        /** A percentile of a field's numbers. */
        VALUE_PERCENTILE,
        /** Each referred rule, or as many of them as the condition says, in any order. */
        TEMPORAL,
        /** The same, in the order given. */
        TEMPORAL_ORDERED;

        /** Whether the order or togetherness of different rules matters, not a number. */
        public boolean temporal() {
            return this == TEMPORAL || this == TEMPORAL_ORDERED;
        }

        /** Whether the values of a field are looked at. */
        public boolean valued() {
            return this != EVENT_COUNT && !temporal();
        }
    }

    /** How a number is compared. */
    public enum Operator {
        GT,
        GTE,
        LT,
        LTE,
        EQ,
        NEQ;

        boolean holds(double number, double limit) {
            return switch (this) {
                case GT -> number > limit;
                case GTE -> number >= limit;
                case LT -> number < limit;
                case LTE -> number <= limit;
                case EQ -> number == limit;
                case NEQ -> number != limit;
            };
        }
    }

    /** One comparison of a condition. */
    public record Bound(Operator operator, double value) {
        public Bound {
            Objects.requireNonNull(operator, "operator");
            if (Double.isNaN(value) || Double.isInfinite(value)) {
                throw new IllegalArgumentException("a bound is a number, not " + value);
            }
        }
    }

    /**
     * What the number is held against: all bounds at once.
     *
     * @param bounds at least one
     * @param fields whose values are counted, summed …; empty for the types that look at none. Several are counted as tuples
     * @param percentile in [0, 100], for {@link Type#VALUE_PERCENTILE}
     */
    public record Condition(List<Bound> bounds, List<String> fields, double percentile) {
        /** The median, where a percentile is asked for and none is given. */
        public static final double MEDIAN = 50;

        public Condition {
            bounds = List.copyOf(bounds);
            fields = List.copyOf(fields);
            if (bounds.isEmpty()) {
                throw new IllegalArgumentException("a condition has at least one comparison");
            }
            if (!(percentile >= 0 && percentile <= 100)) {
                throw new IllegalArgumentException("percentile is " + percentile + ", not in [0, 100]");
            }
        }

        /** On a count of matches. */
        public static Condition of(Operator operator, long value) {
            return new Condition(List.of(new Bound(operator, value)), List.of(), MEDIAN);
        }

        public boolean holds(double number) {
            return bounds.stream().allMatch(bound -> bound.operator().holds(number, bound.value()));
        }

        /** Whether a number that satisfies it can grow without end and still does: only lower bounds. */
        public boolean lowerOnly() {
            return bounds.stream()
                    .allMatch(bound -> bound.operator() == Operator.GT || bound.operator() == Operator.GTE);
        }

        /** The smallest count, 1 or more, that satisfies the lower bounds. */
        public int atLeast() {
            double least = 1;
            for (Bound bound : bounds) {
                if (bound.operator() == Operator.GT) {
                    least = Math.max(least, Math.floor(bound.value()) + 1);
                } else if (bound.operator() == Operator.GTE || bound.operator() == Operator.EQ) {
                    least = Math.max(least, Math.ceil(bound.value()));
                }
            }
            return (int) Math.min(least, Integer.MAX_VALUE);
        }

        /** The largest number that any bound speaks of. */
        public double largest() {
            return bounds.stream().mapToDouble(Bound::value).max().orElse(0);
        }
    }

    public CorrelationRule {
        Objects.requireNonNull(head, "head");
        Objects.requireNonNull(type, "type");
        rules = List.copyOf(rules);
        groupBy = List.copyOf(groupBy);
        aliases = Map.copyOf(aliases);
        absent = List.copyOf(absent);
        until = List.copyOf(until);
        places = List.copyOf(places);
        if (rules.isEmpty() || places.size() != rules.size() + absent.size() + until.size()) {
            throw new IllegalArgumentException("a correlation refers to at least one rule, each with its place");
        }
        if (timespan.isNegative() || timespan.isZero()) {
            throw new IllegalArgumentException("timespan must be positive, not " + timespan);
        }
        if (!type.temporal() && condition == null) {
            throw new IllegalArgumentException(type + " needs a condition");
        }
        if (condition != null && type.valued() == condition.fields().isEmpty()) {
            throw new IllegalArgumentException(type + (type.valued() ? " needs a field" : " takes no field"));
        }
    }

    /** With every reference at the rule's own place, without aliases, absent or until. */
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
                Map.of(),
                timespan,
                condition,
                generate,
                List.of(),
                List.of(),
                Collections.nCopies(rules.size(), head.place()));
    }

    /** The fields of a rule's events by which they are grouped, in the order of {@code group-by}. */
    public List<String> groupFields(String ruleId) {
        return groupBy.stream().map(name -> field(name, ruleId)).toList();
    }

    /** The field that a name of this rule means in the events of another, by that one's id. */
    public String field(String name, String ruleId) {
        return aliases.getOrDefault(name, Map.of()).getOrDefault(ruleId, name);
    }

    /** All references in the order of {@link #places}. */
    List<String> references() {
        return Stream.of(rules, absent, until).flatMap(List::stream).toList();
    }

    /** With ids in place of references. */
    CorrelationRule resolved(List<String> ids, Map<String, Map<String, String>> fields, Level inherited) {
        int first = rules.size();
        int second = first + absent.size();
        return new CorrelationRule(
                head.level() == null ? head.withLevel(inherited) : head,
                type,
                ids.subList(0, first),
                groupBy,
                fields,
                timespan,
                condition,
                generate,
                ids.subList(first, second),
                ids.subList(second, ids.size()),
                places);
    }
}
