package io.kordon.streams.rule;

import io.kordon.streams.rule.CorrelationRule.Bound;
import io.kordon.streams.rule.CorrelationRule.Condition;
import io.kordon.streams.rule.CorrelationRule.Operator;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The {@code condition} of a correlation: comparisons that hold all at once, and what is compared. */
final class CorrelationCondition {
    /** What is counted up to is remembered, all of it in one record per key. */
    private static final int LARGEST_COUNT = 1_000;

    private static final int MOST_FIELDS = 32;
    private static final String FIELD = "field";
    private static final String PERCENTILE = "percentile";

    private final YamlMap map;
    private final CorrelationRule.Type type;

    private CorrelationCondition(YamlMap map, CorrelationRule.Type type) {
        this.map = map;
        this.type = type;
    }

    /**
     * Reads it.
     *
     * @param anyPercentile whether a percentile may be named
     * @param rules how many the correlation refers to
     * @return null where a temporal correlation has none, which asks for every rule
     */
    static @Nullable Condition read(YamlMap correlation, CorrelationRule.Type type, boolean anyPercentile, int rules) {
        String what = "a correlation of type " + type.name().toLowerCase(Locale.ROOT);
        Node node = type.temporal() ? correlation.value("condition") : correlation.required("condition", what);
        if (node == null) {
            return null;
        }
        if (node instanceof ScalarNode) {
            throw Refusal.at(
                    node,
                    type.temporal()
                            ? "an expression over rules is not part of Sigma 2.1 and not supported; chain correlations"
                            : "'condition' of " + what + " must be a mapping, such as {gte: 10}");
        }
        CorrelationCondition reading = new CorrelationCondition(YamlMap.of(node, "'condition'"), type);
        return reading.condition(what, anyPercentile, rules);
    }

    private Condition condition(String what, boolean anyPercentile, int rules) {
        Set<String> keys = new HashSet<>();
        for (Operator operator : Operator.values()) {
            keys.add(key(operator));
        }
        if (type.valued()) {
            keys.add(FIELD);
        }
        if (type == CorrelationRule.Type.VALUE_PERCENTILE && anyPercentile) {
            keys.add(PERCENTILE);
        }
        map.allowOnly(keys, "'condition' of " + what);
        List<Bound> bounds = new ArrayList<>();
        for (Operator operator : Operator.values()) {
            if (map.keys().contains(key(operator))) {
                bounds.add(new Bound(operator, number(map.required(key(operator), "'condition'"), operator)));
            }
        }
        if (bounds.isEmpty()) {
            throw Refusal.at(map.node(), "'condition' needs a comparison: one or more of gt, gte, lt, lte, eq, neq");
        }
        Condition condition = new Condition(bounds, type.valued() ? fields(what) : List.of(), percentile());
        if (counts() ? !countable(condition, type.temporal() ? rules : Integer.MAX_VALUE) : !satisfiable(condition)) {
            throw Refusal.at(
                    map.node(),
                    type.temporal()
                            ? "no number of the " + rules + " rules satisfies 'condition'"
                            : "no number that is ever seen satisfies 'condition'");
        }
        return condition;
    }

    private boolean counts() {
        return type.temporal() || type == CorrelationRule.Type.EVENT_COUNT || type == CorrelationRule.Type.VALUE_COUNT;
    }

    private static String key(Operator operator) {
        return operator.name().toLowerCase(Locale.ROOT);
    }

    private double number(Node node, Operator operator) {
        boolean numeric = Tag.INT.equals(node.getTag()) || Tag.FLOAT.equals(node.getTag());
        BigDecimal number = numeric ? NumberTest.number(((ScalarNode) node).getValue()) : null;
        if (!counts()) {
            if (number == null || !Double.isFinite(number.doubleValue())) {
                throw Refusal.at(node, "'" + key(operator) + "' needs a number");
            }
            return number.doubleValue();
        }
        boolean lower = operator == Operator.GT || operator == Operator.GTE || operator == Operator.EQ;
        int most = lower ? LARGEST_COUNT : Integer.MAX_VALUE;
        if (number == null
                || number.stripTrailingZeros().scale() > 0
                || number.signum() < 0
                || number.compareTo(BigDecimal.valueOf(most)) > 0) {
            throw Refusal.at(node, "a count is a whole number from 0 to " + most);
        }
        return number.doubleValue();
    }

    private List<String> fields(String what) {
        Node node = map.required(FIELD, "'condition' of " + what);
        List<String> fields = References.texts(map.texts(FIELD));
        boolean several = fields.size() > 1 && type != CorrelationRule.Type.VALUE_COUNT;
        if (fields.isEmpty() || fields.size() > MOST_FIELDS || fields.stream().anyMatch(String::isBlank)) {
            throw Refusal.at(node, "'field' takes 1 to " + MOST_FIELDS + " fields, none empty");
        }
        if (several || Set.copyOf(fields).size() != fields.size()) {
            throw Refusal.at(node, several ? "only value_count takes several fields" : "'field' names a field twice");
        }
        return fields;
    }

    private double percentile() {
        Node node = map.value(PERCENTILE);
        if (node == null) {
            return Condition.MEDIAN;
        }
        BigDecimal number = node instanceof ScalarNode scalar ? NumberTest.number(scalar.getValue()) : null;
        if (number == null || number.signum() < 0 || number.compareTo(BigDecimal.valueOf(100)) > 0) {
            throw Refusal.at(node, "'percentile' must be a number in [0, 100]");
        }
        return number.doubleValue();
    }

    /** Whether a count from 1 to {@code most} satisfies it; what did not happen at all is never looked at. */
    private static boolean countable(Condition condition, int most) {
        Set<Double> candidates = new HashSet<>(Set.of(1.0, (double) most));
        for (Bound bound : condition.bounds()) {
            candidates.add(bound.value() - 1);
            candidates.add(bound.value());
            candidates.add(bound.value() + 1);
        }
        return candidates.stream().anyMatch(count -> count >= 1 && count <= most && condition.holds(count));
    }

    /** Whether any number at all satisfies it. */
    private static boolean satisfiable(Condition condition) {
        Set<Double> candidates = new HashSet<>();
        for (Bound bound : condition.bounds()) {
            candidates.add(Math.nextDown(bound.value()));
            candidates.add(bound.value());
            candidates.add(Math.nextUp(bound.value()));
        }
        return candidates.stream().anyMatch(condition::holds);
    }
}
