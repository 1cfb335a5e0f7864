package io.kordon.streams.rule;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The keys at the top of a document that say what the rule is, not what it looks for. */
final class HeadSection {
    private static final int LONGEST_TITLE = 256;

    private HeadSection() {}

    static RuleHead read(YamlMap map, String version, Place place) {
        Node titleNode = map.required("title", "a rule");
        String title = map.text("title");
        if (title == null || title.isBlank() || title.length() > LONGEST_TITLE) {
            throw Refusal.at(titleNode, "a title has 1 to " + LONGEST_TITLE + " characters");
        }
        String name = blankless(map, "name");
        String declared = blankless(map, "id");
        String id = declared != null ? declared : standIn(name, title);
        List<String> tags = map.texts("tags").stream().map(ScalarNode::getValue).toList();
        return new RuleHead(id, name, title, version, level(map), null, null, tags, place);
    }

    /** The id of a rule that declares none. */
    static String standIn(@Nullable String name, String title) {
        if (name != null) {
            return name;
        }
        String slug = title.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "-");
        return "title:" + slug.replaceAll("^-|-$", "");
    }

    private static @Nullable String blankless(YamlMap map, String key) {
        String text = map.text(key);
        if (text != null && text.isBlank()) {
            throw Refusal.at(map.key(key), "'" + key + "' is empty");
        }
        return text;
    }

    private static @Nullable Level level(YamlMap map) {
        String word = map.text("level");
        return word == null
                ? null
                : Level.named(word)
                        .orElseThrow(() -> Refusal.at(
                                map.required("level", "a rule"),
                                "level '" + word + "' is none of informational, low, medium, high, critical"));
    }

    static LogSource logSource(YamlMap map) {
        YamlMap source = YamlMap.of(map.required("logsource", "a rule"), "'logsource'");
        LogSource logSource = new LogSource(source.text("product"), source.text("category"), source.text("service"));
        if (logSource.equals(new LogSource(null, null, null))) {
            throw Refusal.at(source.node(), "'logsource' needs a product, a category or a service");
        }
        return logSource;
    }
}
