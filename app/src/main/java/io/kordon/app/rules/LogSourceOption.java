package io.kordon.app.rules;

import io.kordon.streams.rule.LogSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A log source as one word of a command line. */
final class LogSourceOption implements ITypeConverter<LogSource> {
    static final String DESCRIPTION = "Log source of all events, as product/category/service; parts may be left empty"
            + " (kubernetes//audit). Only rules that do not name another one see them.";

    private static final int PARTS = 3;

    @Override
    public LogSource convert(String text) {
        List<@Nullable String> said = new ArrayList<>();
        for (String part : text.split("/", -1)) {
            said.add(part.isBlank() ? null : part.trim());
        }
        boolean tooMany = said.size() > PARTS;
        while (said.size() < PARTS) {
            said.add(null);
        }
        LogSource source = new LogSource(said.get(0), said.get(1), said.get(2));
        if (tooMany || source.equals(new LogSource(null, null, null))) {
            throw new TypeConversionException(
                    "'" + text + "' is no log source: write product/category/service, as in kubernetes//audit");
        }
        return source;
    }

    /** The same the other way round. */
    static String text(LogSource source) {
        String text = Stream.of(source.product(), source.category(), source.service())
                .map(part -> part == null ? "" : part)
                .collect(Collectors.joining("/"));
        return text.equals("//") ? "an unknown source" : text.replaceFirst("/+$", "");
    }
}
