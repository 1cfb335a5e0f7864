package io.kordon.streams.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Named searches and the condition over them, as detections and filters have them. A mapping asks for all of its fields, a
 * list for any of its items, a bare value is a keyword.
 */
final class DetectionSection {
    private static final String CONDITION = "condition";

    /** Of Sigma 1, the window of an aggregation; says nothing in a rule without one, and aggregations are refused. */
    private static final String TIMEFRAME = "timeframe";

    private final Expansion expansion;

    private DetectionSection(Expansion expansion) {
        this.expansion = expansion;
    }

    /** The {@code detection} of a rule; a list of conditions asks for any of them. */
    static Matcher read(Node node, Expansion expansion) {
        YamlMap map = YamlMap.of(node, "'detection'");
        Node condition = map.required(CONDITION, "'detection'");
        Map<String, Matcher> searches = new DetectionSection(expansion).searches(map, Set.of(CONDITION, TIMEFRAME));
        List<Matcher> alternatives = new ArrayList<>();
        for (ScalarNode text : YamlMap.scalars(condition, "'condition' must be text, or a list of texts")) {
            alternatives.add(ConditionParser.parse(text, searches));
        }
        if (alternatives.isEmpty()) {
            throw Refusal.at(condition, "'condition' is empty");
        }
        return Matcher.anyOf(alternatives);
    }

    /** The {@code filter} of a filter, which has one condition. */
    static Matcher readFilter(YamlMap map, Expansion expansion) {
        Node condition = map.required(CONDITION, "'filter'");
        if (!(condition instanceof ScalarNode text)) {
            throw Refusal.at(condition, "'condition' of a filter must be text");
        }
        Map<String, Matcher> searches =
                new DetectionSection(expansion).searches(map, Set.of(CONDITION, FilterSection.RULES));
        return ConditionParser.parse(text, searches);
    }

    private Map<String, Matcher> searches(YamlMap map, Set<String> reserved) {
        Map<String, Matcher> searches = new LinkedHashMap<>();
        for (String name : map.keys()) {
            if (!reserved.contains(name)) {
                Node search = map.required(name, "the search '" + name + "'");
                searches.put(name, Matcher.named(name, search(search)));
            }
        }
        return searches;
    }

    private Matcher search(Node node) {
        if (node instanceof MappingNode) {
            return fields(node);
        }
        if (!(node instanceof SequenceNode list)) {
            return FieldItem.keywords(List.of(node), expansion);
        }
        if (list.getValue().isEmpty()) {
            throw Refusal.at(node, "an empty list can never match");
        }
        List<Matcher> alternatives = new ArrayList<>();
        List<Node> keywords = new ArrayList<>();
        for (Node item : list.getValue()) {
            if (item instanceof MappingNode) {
                alternatives.add(fields(item));
            } else if (item instanceof SequenceNode) {
                throw Refusal.at(item, "a list directly in a list has no meaning");
            } else {
                keywords.add(item);
            }
        }
        if (!keywords.isEmpty()) {
            alternatives.add(FieldItem.keywords(keywords, expansion));
        }
        return Matcher.anyOf(alternatives);
    }

    private Matcher fields(Node node) {
        YamlMap map = YamlMap.of(node, "a search");
        if (map.keys().isEmpty()) {
            throw Refusal.at(node, "an empty search would match everything");
        }
        List<Matcher> parts = new ArrayList<>();
        for (NodeTuple tuple : ((MappingNode) node).getValue()) {
            parts.add(FieldItem.read((ScalarNode) tuple.getKeyNode(), values(tuple.getValueNode()), expansion));
        }
        return Matcher.allOf(parts);
    }

    private static List<Node> values(Node node) {
        if (node instanceof MappingNode) {
            throw Refusal.at(node, "a field's value cannot be a mapping; name nested fields by a dotted path");
        }
        if (!(node instanceof SequenceNode list)) {
            return List.of(node);
        }
        if (list.getValue().isEmpty()) {
            throw Refusal.at(node, "an empty list of values can never match");
        }
        for (Node item : list.getValue()) {
            if (!(item instanceof ScalarNode)) {
                throw Refusal.at(item, "a value must be text, a number, true, false or null");
            }
        }
        return list.getValue();
    }

    static boolean isNull(Node node) {
        return Tag.NULL.equals(node.getTag());
    }
}
