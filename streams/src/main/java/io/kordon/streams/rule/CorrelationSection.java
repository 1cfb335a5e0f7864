package io.kordon.streams.rule;

import io.kordon.streams.rule.CorrelationRule.Condition;
import io.kordon.streams.rule.CorrelationRule.Operator;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * The {@code correlation} section of a rule.
 *
 * @see <a
 *     href="https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-correlation-rules-specification.md">
 *     Sigma correlation rules</a>
 */
record CorrelationSection(
        CorrelationRule.Type type,
        List<ScalarNode> rules,
        List<String> groupBy,
        Duration timespan,
        @Nullable Condition condition,
        boolean generate) {
    private static final Set<String> KEYS =
            Set.of("type", "rules", "group-by", "timespan", "condition", "generate", "aliases");
    private static final Set<String> UNDECIDED = Set.of("lt", "lte", "eq", "neq");
    private static final Set<String> LATER = Set.of("value_count", "value_sum", "value_avg", "value_percentile");
    private static final Duration LONGEST_TIMESPAN = Duration.ofDays(90);

    /** What is counted is remembered, all of it in one record per key. */
    private static final int LARGEST_COUNT = 1_000;

    private static final Pattern TIMESPAN = Pattern.compile("([0-9]{1,9})([smhd])");

    static CorrelationSection read(Node node) {
        YamlMap map = YamlMap.of(node, "'correlation'");
        map.allowOnly(KEYS, "'correlation'");
        if (map.value("aliases") != null) {
            throw Refusal.at(map.key("aliases"), "'aliases' are not supported yet");
        }
        CorrelationRule.Type type = type(map);
        return new CorrelationSection(
                type, rules(map), groupBy(map), timespan(map), condition(map, type), map.flag("generate"));
    }

    CorrelationRule rule(RuleHead head, boolean generated, Function<Node, Place> place) {
        return new CorrelationRule(
                head,
                type,
                rules.stream().map(ScalarNode::getValue).toList(),
                groupBy,
                Map.of(),
                timespan,
                condition,
                generated,
                List.of(),
                List.of(),
                rules.stream().map(place).toList());
    }

    private static CorrelationRule.Type type(YamlMap map) {
        Node node = map.required("type", "'correlation'");
        String type = map.text("type");
        if ("event_count".equals(type)) {
            return CorrelationRule.Type.EVENT_COUNT;
        } else if ("temporal".equals(type)) {
            return CorrelationRule.Type.TEMPORAL;
        } else if ("temporal_ordered".equals(type)) {
            return CorrelationRule.Type.TEMPORAL_ORDERED;
        }
        throw Refusal.at(
                node,
                type != null && LATER.contains(type)
                        ? "correlation type '" + type + "' is not supported yet"
                        : "unknown correlation type '" + type + "'");
    }

    private static List<ScalarNode> rules(YamlMap map) {
        map.required("rules", "'correlation'");
        List<ScalarNode> rules = map.texts("rules");
        if (rules.isEmpty()) {
            throw Refusal.at(map.key("rules"), "'rules' refers to no rule");
        }
        Set<String> seen = new HashSet<>();
        for (ScalarNode rule : rules) {
            if (!seen.add(rule.getValue())) {
                throw Refusal.at(rule, "'rules' refers to '" + rule.getValue() + "' twice");
            }
        }
        return rules;
    }

    private static List<String> groupBy(YamlMap map) {
        List<String> fields =
                map.texts("group-by").stream().map(ScalarNode::getValue).toList();
        if (Set.copyOf(fields).size() != fields.size()) {
            throw Refusal.at(map.key("group-by"), "'group-by' names a field twice");
        }
        return fields;
    }

    private static Duration timespan(YamlMap map) {
        Node node = map.required("timespan", "'correlation'");
        String text = map.text("timespan");
        Matcher matcher = TIMESPAN.matcher(text == null ? "" : text);
        if (!matcher.matches()) {
            throw Refusal.at(node, "timespan '" + text + "' is not a number followed by s, m, h or d");
        }
        long number = Long.parseLong(matcher.group(1));
        if (number == 0) {
            throw Refusal.at(node, "a timespan of nothing holds nothing");
        }
        Duration timespan = switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
        if (timespan.compareTo(LONGEST_TIMESPAN) > 0) {
            throw Refusal.at(
                    node, "a timespan is at most " + LONGEST_TIMESPAN.toDays() + "d: matches are not kept longer");
        }
        return timespan;
    }

    private static @Nullable Condition condition(YamlMap map, CorrelationRule.Type type) {
        Node node = map.value("condition");
        if (type != CorrelationRule.Type.EVENT_COUNT) {
            if (node != null) {
                throw Refusal.at(node, "a condition on a temporal correlation is not supported yet");
            }
            return null;
        }
        YamlMap condition = YamlMap.of(map.required("condition", "an event_count"), "'condition'");
        if (condition.keys().size() != 1) {
            throw Refusal.at(condition.node(), "a condition has exactly one comparison; ranges are not supported yet");
        }
        String operator = condition.keys().iterator().next();
        if (UNDECIDED.contains(operator)) {
            throw Refusal.at(
                    condition.key(operator),
                    "'" + operator + "' is only decided when its window closes, which is not supported yet;"
                            + " use gte or gt");
        }
        Node value = condition.required(operator, "'condition'");
        long number = count(value);
        return switch (operator) {
            case "gt" -> Condition.of(Operator.GT, number);
            case "gte" -> Condition.of(Operator.GTE, positive(value, number));
            default -> throw Refusal.at(condition.key(operator), "unknown comparison '" + operator + "'");
        };
    }

    private static long count(Node value) {
        if (value instanceof ScalarNode scalar && Tag.INT.equals(value.getTag())) {
            try {
                long number = Long.parseLong(scalar.getValue());
                if (number >= 0 && number <= LARGEST_COUNT) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Beyond 64 bits: refused below like any number that no count reaches.
            }
        }
        throw Refusal.at(value, "a count is a whole number from 0 to " + LARGEST_COUNT);
    }

    private static long positive(Node value, long number) {
        if (number == 0) {
            throw Refusal.at(value, "gte 0 is reached by nothing at all");
        }
        return number;
    }
}
