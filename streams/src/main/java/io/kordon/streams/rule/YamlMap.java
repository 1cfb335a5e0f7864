package io.kordon.streams.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A YAML mapping with text keys, read by name; what is not of the type asked for is refused at its place. */
final class YamlMap {
    private final Node node;
    private final Map<String, NodeTuple> entries;

    private YamlMap(Node node, Map<String, NodeTuple> entries) {
        this.node = node;
        this.entries = entries;
    }

    static YamlMap of(Node node, String what) {
        if (!(node instanceof MappingNode mapping)) {
            throw Refusal.at(node, what + " must be a mapping");
        }
        Map<String, NodeTuple> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw Refusal.at(tuple.getKeyNode(), "a key must be text");
            }
            if (entries.putIfAbsent(key.getValue(), tuple) != null) {
                throw Refusal.at(key, "key '" + key.getValue() + "' stands here twice");
            }
        }
        return new YamlMap(node, entries);
    }

    Node node() {
        return node;
    }

    Set<String> keys() {
        return entries.keySet();
    }

    Node key(String name) {
        NodeTuple tuple = entries.get(name);
        return tuple == null ? node : tuple.getKeyNode();
    }

    /** The value, or null where the key is absent or its value is null. */
    @Nullable
    Node value(String name) {
        NodeTuple tuple = entries.get(name);
        return tuple == null || Tag.NULL.equals(tuple.getValueNode().getTag()) ? null : tuple.getValueNode();
    }

    Node required(String name, String what) {
        Node value = value(name);
        if (value == null) {
            throw Refusal.at(key(name), what + " needs '" + name + "'");
        }
        return value;
    }

    @Nullable
    String text(String name) {
        Node value = value(name);
        return value == null ? null : scalar(value, "'" + name + "' must be text");
    }

    boolean flag(String name) {
        Node value = value(name);
        if (value == null) {
            return false;
        }
        if (!Tag.BOOL.equals(value.getTag())) {
            throw Refusal.at(value, "'" + name + "' must be true or false");
        }
        return Boolean.parseBoolean(scalar(value, "'" + name + "' must be true or false"));
    }

    void allowOnly(Set<String> known, String what) {
        for (String key : entries.keySet()) {
            if (!known.contains(key)) {
                throw Refusal.at(key(key), "unknown key '" + key + "' in " + what);
            }
        }
    }

    /** The texts of a list; of a single text, that text; empty where the key is absent. */
    List<ScalarNode> texts(String name) {
        Node value = value(name);
        return value == null ? List.of() : scalars(value, "'" + name + "' must be a list of texts");
    }

    static List<ScalarNode> scalars(Node value, String otherwise) {
        List<ScalarNode> scalars = new ArrayList<>();
        List<? extends Node> items = value instanceof SequenceNode sequence ? sequence.getValue() : List.of(value);
        for (Node item : items) {
            if (!(item instanceof ScalarNode scalar) || Tag.NULL.equals(item.getTag())) {
                throw Refusal.at(item, otherwise);
            }
            scalars.add(scalar);
        }
        return scalars;
    }

    private static String scalar(Node value, String otherwise) {
        if (value instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw Refusal.at(value, otherwise);
    }
}
