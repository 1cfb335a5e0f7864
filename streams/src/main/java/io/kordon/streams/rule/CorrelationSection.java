package io.kordon.streams.rule;

import io.kordon.streams.rule.CorrelationRule.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

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
        Map<String, Map<String, String>> aliases,
        Duration timespan,
        @Nullable Condition condition,
        boolean generate) {
    private static final Set<String> KEYS =
            Set.of("type", "rules", "group-by", "timespan", "condition", "generate", "aliases");

    /** pySigma's word for a percentile of 50. */
    private static final String MEDIAN = "value_median";

    private static final Duration LONGEST_TIMESPAN = Duration.ofDays(90);
    private static final Pattern TIMESPAN = Pattern.compile("([0-9]{1,9})([smhd])");
    private static final int MOST_FIELDS = 32;

    static CorrelationSection read(Node node) {
        YamlMap map = YamlMap.of(node, "'correlation'");
        map.allowOnly(KEYS, "'correlation'");
        map.required("type", "'correlation'");
        String word = map.text("type");
        CorrelationRule.Type type = type(map, word);
        map.required("rules", "'correlation'");
        List<ScalarNode> rules = References.read(map, "rules");
        return new CorrelationSection(
                type,
                rules,
                groupBy(map),
                aliases(map),
                timespan(map),
                CorrelationCondition.read(map, type, !MEDIAN.equals(word), rules.size()),
                map.flag("generate"));
    }

    CorrelationRule rule(RuleHead head, KordonSection own, boolean generated, Function<Node, Place> place) {
        for (ScalarNode reference : own.absent()) {
            if (References.texts(rules).contains(reference.getValue())) {
                throw Refusal.at(reference, "'" + reference.getValue() + "' is asked for and must be absent");
            }
        }
        return new CorrelationRule(
                head,
                type,
                References.texts(rules),
                groupBy,
                aliases,
                timespan,
                condition,
                generated,
                References.texts(own.absent()),
                References.texts(own.until()),
                Stream.of(rules, own.absent(), own.until())
                        .flatMap(List::stream)
                        .map(place)
                        .toList());
    }

    private static CorrelationRule.Type type(YamlMap map, @Nullable String word) {
        if (MEDIAN.equals(word)) {
            return CorrelationRule.Type.VALUE_PERCENTILE;
        }
        for (CorrelationRule.Type type : CorrelationRule.Type.values()) {
            if (type.name().toLowerCase(Locale.ROOT).equals(word)) {
                return type;
            }
        }
        throw Refusal.at(map.required("type", "'correlation'"), "unknown correlation type '" + word + "'");
    }

    private static List<String> groupBy(YamlMap map) {
        List<String> fields = References.texts(map.texts("group-by"));
        if (Set.copyOf(fields).size() != fields.size()) {
            throw Refusal.at(map.key("group-by"), "'group-by' names a field twice");
        }
        if (fields.size() > MOST_FIELDS || fields.stream().anyMatch(String::isBlank)) {
            throw Refusal.at(map.key("group-by"), "'group-by' takes up to " + MOST_FIELDS + " fields, none empty");
        }
        return fields;
    }

    private static Map<String, Map<String, String>> aliases(YamlMap map) {
        Node node = map.value("aliases");
        if (node == null) {
            return Map.of();
        }
        YamlMap aliases = YamlMap.of(node, "'aliases'");
        Map<String, Map<String, String>> fields = new LinkedHashMap<>();
        for (String alias : aliases.keys()) {
            YamlMap byRule = YamlMap.of(aliases.required(alias, "'aliases'"), "the alias '" + alias + "'");
            Map<String, String> own = new LinkedHashMap<>();
            for (String rule : byRule.keys()) {
                byRule.required(rule, "the alias '" + alias + "'");
                String field = byRule.text(rule);
                if (field == null || field.isBlank()) {
                    throw Refusal.at(byRule.key(rule), "the alias '" + alias + "' needs a field of '" + rule + "'");
                }
                own.put(rule, field);
            }
            if (own.isEmpty()) {
                throw Refusal.at(aliases.key(alias), "the alias '" + alias + "' stands for no field");
            }
            fields.put(alias, Map.copyOf(own));
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

    /** The names of rules in aliases, which have no places of their own. */
    static List<String> aliased(Map<String, Map<String, String>> aliases) {
        return new ArrayList<>(aliases.values().stream()
                .flatMap(fields -> fields.keySet().stream())
                .distinct()
                .sorted()
                .toList());
    }
}
