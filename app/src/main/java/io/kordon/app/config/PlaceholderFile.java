package io.kordon.app.config;

import io.kordon.app.terminal.PrintableText;
import io.kordon.streams.rule.Placeholders;
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
public final class PlaceholderFile {
    public static final String DESCRIPTION =
            "YAML of what %%placeholders%% in rules stand for: a list of values by name, without the percent signs.";

    private PlaceholderFile() {}

    /**
     * What a file says; none at all without a file.
     *
     * @throws IllegalArgumentException naming the file and what is wrong with it
     */
    public static Placeholders read(@Nullable Path file) {
        if (file == null) {
            return Placeholders.NONE;
        }
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException(file + " cannot be read: there is no such file, or it may not be read");
        }
        Object root;
        try {
            root = new Load(LoadSettings.builder().setLabel(file.toString()).build())
                    .loadFromString(Files.readString(file));
        } catch (IOException | YamlEngineException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + PrintableText.of(e.toString()), e);
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
