package io.kordon.gateway;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Keys and values of a YAML file that holds secrets: problems are told by file, line and key, and no value is ever quoted.
 * Scalars are taken as they are written, so that a password of digits keeps its zeros.
 */
final class YamlEntry {
    private static final int DEEPEST = 8;

    private final Path file;
    private final Node place;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Set<String> known = new TreeSet<>();

    private YamlEntry(Path file, Node node, String what) {
        this.file = file;
        this.place = node;
        if (!(node instanceof MappingNode mapping)) {
            throw problem(file, node, what + " must be keys with values");
        }
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw problem(file, tuple.getKeyNode(), "a key must be one word");
            }
            if (values.put(key.getValue(), tuple.getValueNode()) != null) {
                throw problem(file, key, "a key stands here twice");
            }
        }
    }

    /** The whole of a file. */
    static YamlEntry parse(Path file, String text, String what) {
        LoadSettings settings = LoadSettings.builder()
                .setUseMarks(true)
                .setCodePointLimit(FileReads.MOST_BYTES)
                .build();
        try {
            int depth = 0;
            for (Event event : new Parse(settings).parseString(text)) {
                switch (event.getEventId()) {
                    case MappingStart, SequenceStart -> depth++;
                    case MappingEnd, SequenceEnd -> depth--;
                    case Alias -> throw problem(file, event.getStartMark().orElse(null), "aliases are not taken here");
                    default -> {}
                }
                if (depth > DEEPEST) {
                    throw problem(file, event.getStartMark().orElse(null), "this is nested too deep");
                }
            }
            Node root = new Compose(settings).composeString(text).orElse(null);
            if (root == null) {
                throw new IllegalArgumentException(file + ":1: the file is empty");
            }
            return new YamlEntry(file, root, what);
        } catch (MarkedYamlEngineException e) {
            // What the parser says of it may quote it.
            throw problem(
                    file,
                    e.getProblemMark().or(e::getContextMark).orElse(null),
                    "this is not YAML; look at indentation and quotes");
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException(file + ":1: this is not YAML, or more than one document");
        }
    }

    boolean has(String key) {
        known.add(key);
        return values.containsKey(key);
    }

    /** One text that must be there. */
    String text(String key) {
        List<String> texts = texts(key);
        if (texts.size() != 1) {
            throw problem(texts.isEmpty() ? key + " is missing" : key + " must be one value");
        }
        return texts.get(0);
    }

    /** One text or a list of them; empty when the key is not there. */
    List<String> texts(String key) {
        known.add(key);
        Node node = values.get(key);
        if (node == null) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (Node item : node instanceof SequenceNode list ? list.getValue() : List.of(node)) {
            if (!(item instanceof ScalarNode scalar) || scalar.getValue().isEmpty()) {
                throw problem(file, item, key + " must be a text, or a list of texts");
            }
            texts.add(scalar.getValue());
        }
        return List.copyOf(texts);
    }

    /** The entry below a key that must be there. */
    YamlEntry entry(String key) {
        known.add(key);
        Node node = values.get(key);
        if (node == null) {
            throw problem(key + " is missing");
        }
        return new YamlEntry(file, node, key);
    }

    /** What stands in the list below a key, none of it looked at yet. */
    List<Node> items(String key) {
        known.add(key);
        if (!(values.get(key) instanceof SequenceNode list) || list.getValue().isEmpty()) {
            throw problem(key + " must be a list with at least one item");
        }
        return list.getValue();
    }

    YamlEntry item(Node node, String what) {
        return new YamlEntry(file, node, what);
    }

    /** Refuses keys that nobody has asked for. */
    void end() {
        for (Map.Entry<String, Node> value : values.entrySet()) {
            if (!known.contains(value.getKey())) {
                throw problem(file, value.getValue(), "a key here is not known; known are " + String.join(", ", known));
            }
        }
    }

    /** A problem of this entry, with its place. */
    IllegalArgumentException problem(String reason) {
        return problem(file, place, reason);
    }

    /** A problem of a key's value, with its place. */
    IllegalArgumentException problem(String key, String reason) {
        return problem(file, values.getOrDefault(key, place), reason);
    }

    private static IllegalArgumentException problem(Path file, Node node, String reason) {
        return problem(file, node.getStartMark().orElse(null), reason);
    }

    private static IllegalArgumentException problem(Path file, @Nullable Mark mark, String reason) {
        String place = mark == null ? ":1" : ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
        return new IllegalArgumentException(file + place + ": " + reason);
    }
}
