package io.kordon.streams.rule;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Lists of names and ids of other rules. */
final class References {
    private static final int MOST = 1_000;

    private References() {}

    /** The references under a key, each once; empty where the key is absent. */
    static List<ScalarNode> read(YamlMap map, String key) {
        List<ScalarNode> references = map.texts(key);
        if (references.isEmpty() && map.value(key) != null) {
            throw Refusal.at(map.key(key), "'" + key + "' refers to no rule");
        }
        if (references.size() > MOST) {
            throw Refusal.at(map.key(key), "'" + key + "' refers to more than " + MOST + " rules");
        }
        Set<String> seen = new HashSet<>();
        for (ScalarNode reference : references) {
            if (!seen.add(reference.getValue())) {
                throw Refusal.at(reference, "'" + key + "' refers to '" + reference.getValue() + "' twice");
            }
        }
        return references;
    }

    static List<String> texts(List<ScalarNode> references) {
        return references.stream().map(ScalarNode::getValue).toList();
    }
}
