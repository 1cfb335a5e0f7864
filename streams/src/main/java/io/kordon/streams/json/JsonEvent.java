package io.kordon.streams.json;

import io.kordon.streams.detection.Event;
import io.kordon.streams.rule.LogSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Any JSON as an event of any log source. A field is a dotted path into it. */
public record JsonEvent(LogSource logSource, JsonTree tree) implements Event {
    @Override
    public @Nullable Object field(String name) {
        return tree.field(name);
    }

    @Override
    public boolean has(String name) {
        return tree.has(name);
    }

    @Override
    public List<String> texts() {
        return tree.texts();
    }
}
