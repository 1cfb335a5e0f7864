package io.kordon.streams.rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * The documents of one file in their order, of which one may add to those that follow: {@code action: global} is merged
 * into every detection until {@code action: reset}, {@code action: repeat} makes another rule of the previous one. As in
 * pySigma what comes from a global part wins, and correlations and filters are left as they are; as the older
 * specification has it, several global parts add up.
 */
final class RuleCollection {
    private static final String ACTION = "action";
    private static final String ID = "id";

    /** Characters of all merged documents of one file: a large global part is repeated by every rule after it. */
    static final long MOST_CHARACTERS = 16L << 20;

    private final Map<String, Integer> parts = new HashMap<>();
    private long characters;
    private @Nullable MappingNode global;
    private @Nullable MappingNode previous;

    /** A rule, still as YAML. */
    record Part(YamlMap map, String body) {}

    /** Takes the next document; null where it is no rule itself. */
    @Nullable
    Part next(YamlDocument document) {
        MappingNode node;
        YamlMap map;
        try {
            map = YamlMap.of(document.compose(), "a rule");
            node = (MappingNode) map.node();
        } catch (Refusal refusal) {
            previous = null; // what a repeat would repeat is unknown
            throw refusal;
        }
        String action = map.text(ACTION);
        if (action == null) {
            boolean alone = map.keys().contains("correlation") || map.keys().contains("filter");
            if (alone || global == null) {
                previous = alone ? previous : node;
                parts.merge(id(map), 1, Integer::sum);
                return new Part(map, document.body());
            }
            previous = merge(node, global);
            return merged(map, previous, document);
        }
        MappingNode rest = YamlMerge.without(node, ACTION);
        switch (action) {
            case "global" -> {
                global = global == null ? rest : merge(global, rest);
                previous = global;
                return null;
            }
            case "reset" -> {
                if (!rest.getValue().isEmpty()) {
                    throw Refusal.at(rest.getValue().get(0).getKeyNode(), "'action: reset' stands alone");
                }
                global = null;
                return null;
            }
            case "repeat" -> {
                if (previous == null) {
                    throw Refusal.at(map.key(ACTION), "there is no rule before this that could be repeated");
                }
                previous = merge(previous, rest);
                return merged(map, previous, document);
            }
            default ->
                throw Refusal.at(
                        map.required(ACTION, "a rule"), "action '" + action + "' is none of global, reset, repeat");
        }
    }

    private MappingNode merge(MappingNode base, MappingNode over) {
        if (characters > MOST_CHARACTERS) {
            throw Refusal.at(
                    over, "the rule collections of this file unfold to more than " + MOST_CHARACTERS + " characters");
        }
        return YamlMerge.merged(base, over);
    }

    private Part merged(YamlMap own, MappingNode whole, YamlDocument document) {
        MappingNode distinct = distinct(own, whole);
        String body = YamlMerge.text(distinct);
        characters += body.length();
        try {
            new YamlDocument(body, document.firstLine()).compose();
        } catch (Refusal refusal) {
            throw Refusal.at(own.node(), "the parts of this rule collection make no rule: " + refusal.getMessage());
        }
        return new Part(YamlMap.of(distinct, "a rule"), body);
    }

    /** Parts that have the id of another are told apart by number: ids name rules, not collections. */
    private MappingNode distinct(YamlMap own, MappingNode whole) {
        String id = id(YamlMap.of(whole, "a rule"));
        int number = parts.merge(id, 1, Integer::sum);
        if (number == 1 || id.equals(text(own, ID))) {
            return whole;
        }
        List<NodeTuple> tuples = new ArrayList<>();
        tuples.add(new NodeTuple(
                new ScalarNode(Tag.STR, ID, ScalarStyle.PLAIN),
                new ScalarNode(Tag.STR, id + "/" + number, ScalarStyle.DOUBLE_QUOTED)));
        tuples.addAll(YamlMerge.without(whole, ID).getValue());
        return YamlMerge.mapping(whole, tuples);
    }

    private static String id(YamlMap rule) {
        String id = text(rule, ID);
        String title = text(rule, "title");
        return id != null ? id : HeadSection.standIn(text(rule, "name"), title == null ? "" : title);
    }

    private static @Nullable String text(YamlMap map, String key) {
        return map.value(key) instanceof ScalarNode scalar ? scalar.getValue() : null;
    }
}
