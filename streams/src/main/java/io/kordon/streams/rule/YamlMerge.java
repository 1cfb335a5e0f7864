package io.kordon.streams.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.StreamDataWriter;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** One YAML mapping out of two. Nodes keep their marks, so that problems are found where they were written. */
final class YamlMerge {
    /** Nodes of one merged document, with aliases unfolded. */
    private static final int MOST_NODES = 100_000;

    private static final DumpSettings SETTINGS = DumpSettings.builder()
            .setSchema(YamlDocument.SCHEMA)
            .setSplitLines(false)
            .build();

    private int nodes;

    private YamlMerge() {}

    /** {@code base} with all that {@code over} has: mappings are merged, anything else is replaced. */
    static MappingNode merged(MappingNode base, MappingNode over) {
        return new YamlMerge().merge(base, over, 0);
    }

    static MappingNode without(MappingNode node, String key) {
        List<NodeTuple> kept = node.getValue().stream()
                .filter(tuple -> !(tuple.getKeyNode() instanceof ScalarNode scalar
                        && scalar.getValue().equals(key)))
                .toList();
        return mapping(node, kept);
    }

    /** A mapping in the place and the style of another. */
    static MappingNode mapping(MappingNode like, List<NodeTuple> tuples) {
        return new MappingNode(
                like.getTag(),
                true,
                new ArrayList<>(tuples),
                like.getFlowStyle(),
                like.getStartMark(),
                like.getEndMark());
    }

    /** The YAML of it. */
    static String text(MappingNode node) {
        StringBuilder out = new StringBuilder();
        new Dump(SETTINGS).dumpNode(node, new StreamDataWriter() {
            @Override
            public void write(String text) {
                out.append(text);
            }

            @Override
            public void write(String text, int from, int length) {
                out.append(text, from, from + length);
            }
        });
        return out.toString();
    }

    private MappingNode merge(MappingNode base, MappingNode over, int depth) {
        Map<String, NodeTuple> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : base.getValue()) {
            entries.put(key(tuple), copy(tuple, depth));
        }
        for (NodeTuple tuple : over.getValue()) {
            NodeTuple own = entries.get(key(tuple));
            if (own != null
                    && own.getValueNode() instanceof MappingNode mine
                    && tuple.getValueNode() instanceof MappingNode other) {
                entries.put(key(tuple), new NodeTuple(own.getKeyNode(), merge(mine, other, depth + 1)));
            } else {
                entries.put(key(tuple), copy(tuple, depth));
            }
        }
        return mapping(base, List.copyOf(entries.values()));
    }

    private static String key(NodeTuple tuple) {
        if (tuple.getKeyNode() instanceof ScalarNode key) {
            return key.getValue();
        }
        throw Refusal.at(tuple.getKeyNode(), "a key must be text");
    }

    private NodeTuple copy(NodeTuple tuple, int depth) {
        return new NodeTuple(copy(tuple.getKeyNode(), depth + 1), copy(tuple.getValueNode(), depth + 1));
    }

    /** Without aliases: nodes that stand in two places would be anchored again, more often than a document may. */
    private Node copy(Node node, int depth) {
        nodes++;
        if (nodes > MOST_NODES || depth > YamlDocument.DEEPEST) {
            throw Refusal.at(node, "the parts of this rule collection unfold too far");
        }
        if (node instanceof MappingNode mapping) {
            List<NodeTuple> tuples = new ArrayList<>();
            for (NodeTuple tuple : mapping.getValue()) {
                tuples.add(copy(tuple, depth));
            }
            return mapping(mapping, tuples);
        }
        if (node instanceof SequenceNode sequence) {
            List<Node> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                items.add(copy(item, depth + 1));
            }
            return new SequenceNode(
                    node.getTag(), true, items, sequence.getFlowStyle(), node.getStartMark(), node.getEndMark());
        }
        ScalarNode scalar = (ScalarNode) node;
        return new ScalarNode(
                node.getTag(),
                true,
                scalar.getValue(),
                scalar.getScalarStyle(),
                node.getStartMark(),
                node.getEndMark());
    }
}
