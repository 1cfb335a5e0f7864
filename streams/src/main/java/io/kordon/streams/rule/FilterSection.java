package io.kordon.streams.rule;

import java.util.List;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The {@code filter} section of a filter.
 *
 * @param rules references; empty for all rules of the log source
 */
record FilterSection(List<ScalarNode> rules, Matcher matcher) {
    static final String RULES = "rules";

    static FilterSection read(Node node, Expansion expansion) {
        YamlMap map = YamlMap.of(node, "'filter'");
        return new FilterSection(rules(map), DetectionSection.readFilter(map, expansion));
    }

    FilterRule rule(RuleHead head, LogSource logSource, Function<Node, Place> place) {
        return new FilterRule(
                head,
                logSource,
                References.texts(rules),
                rules.stream().map(place).toList(),
                matcher);
    }

    private static List<ScalarNode> rules(YamlMap map) {
        Node node = map.required(RULES, "'filter'");
        boolean any = node instanceof ScalarNode scalar
                ? scalar.getValue().equalsIgnoreCase("any")
                : node instanceof SequenceNode list && list.getValue().isEmpty(); // as pySigma has it
        return any ? List.of() : References.read(map, RULES);
    }
}
