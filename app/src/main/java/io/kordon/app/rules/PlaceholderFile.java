package io.kordon.app.rules;

import io.kordon.streams.rule.ParsedRules;
import io.kordon.streams.rule.Placeholders;
import io.kordon.streams.rule.RuleFiles;
import io.kordon.streams.rule.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** What the placeholders of rules stand for, in YAML: {@code Servers: [web-1, web-2]}. */
final class PlaceholderFile {
    static final String DESCRIPTION =
            "YAML of what %%placeholders%% in rules stand for: a list of values by name, without the percent signs.";

    private PlaceholderFile() {}

    /** The rules of these paths. */
    static RuleSet rules(List<Path> paths, @Nullable Path placeholders) {
        ParsedRules parsed = RuleFiles.read(
                EventFile.readable(paths), placeholders == null ? Placeholders.NONE : read(placeholders));
        return RuleSet.of(parsed.rules(), parsed.problems());
    }

    private static Placeholders read(Path file) {
        Object root;
        try {
            root = new Load(LoadSettings.builder().setLabel(file.toString()).build())
                    .loadFromString(Files.readString(file));
        } catch (IOException | YamlEngineException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + Printable.of(e.toString(), 500), e);
        }
        if (!(root instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException(file + " must be names, each with a list of values");
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        map.forEach((name, value) -> values.put(
                String.valueOf(name),
                (value instanceof List<?> list ? list : List.of(value == null ? "" : value))
                        .stream().map(String::valueOf).toList()));
        return new Placeholders(values);
    }
}
