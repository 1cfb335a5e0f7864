package io.kordon.streams.topology;

import io.kordon.avro.FalcoEvent;
import io.kordon.avro.FalcoPriority;
import io.kordon.streams.detection.Event;
import io.kordon.streams.json.FalcoJson;
import io.kordon.streams.json.JsonTree;
import io.kordon.streams.rule.LogSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Falco event under the names of {@link FalcoJson}; what the record has no field for is read from the sender's JSON. */
final class FalcoFields implements Event {
    private static final String OUTPUT_FIELDS = FalcoJson.OUTPUT_FIELDS + ".";

    private final FalcoEvent event;
    private final FalcoJson original;

    FalcoFields(FalcoEvent event) {
        this.event = event;
        this.original = new FalcoJson(JsonTree.of(event.getOriginal()));
    }

    @Override
    public LogSource logSource() {
        return FalcoJson.logSource(event.getSource());
    }

    @Override
    public @Nullable Object field(String name) {
        return switch (name) {
            case "rule" -> event.getRule();
            case "priority" -> priority();
            case "source" -> event.getSource();
            case "output" -> event.getOutput();
            case "hostname" -> event.getHostname();
            case "tags" -> event.getTags();
            case "time" -> time();
            default -> outputField(name);
        };
    }

    @Override
    public boolean has(String name) {
        return typed(name) || field(name) != null || original.has(name);
    }

    @Override
    public Iterable<String> texts() {
        List<String> texts = new ArrayList<>(event.getTags());
        texts.add(event.getRule());
        texts.add(event.getOutput());
        texts.add(event.getSource());
        if (event.getHostname() != null) {
            texts.add(event.getHostname());
        }
        for (Object value : event.getOutputFields().values()) {
            if (value instanceof List<?> list) {
                list.forEach(element -> texts.add(String.valueOf(element)));
            } else if (value != null) {
                texts.add(value.toString());
            }
        }
        return texts;
    }

    private @Nullable Object priority() {
        FalcoPriority priority = event.getPriority();
        if (priority == FalcoPriority.UNKNOWN) {
            return original.field("priority");
        }
        String name = priority.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    /** As the sender wrote it, to the nanosecond. */
    private Object time() {
        Object written = original.field("time");
        return written == null ? event.getTime().toString() : written;
    }

    /** Whether the record holds it, be it as null. */
    private boolean typed(String name) {
        Map<String, Object> fields = event.getOutputFields();
        return fields.containsKey(name)
                || (name.startsWith(OUTPUT_FIELDS) && fields.containsKey(name.substring(OUTPUT_FIELDS.length())));
    }

    private @Nullable Object outputField(String name) {
        Map<String, Object> fields = event.getOutputFields();
        Object value = fields.get(name);
        if (value == null && name.startsWith(OUTPUT_FIELDS)) {
            value = fields.get(name.substring(OUTPUT_FIELDS.length()));
        }
        if (value == null && !typed(name)) {
            value = FalcoJson.ancestry(fields, name);
            return value == null ? original.field(name) : value;
        }
        return isNested(value) ? original.field(name) : value;
    }

    /** The record holds the JSON text of what nests; its parts are in the original. */
    private static boolean isNested(@Nullable Object value) {
        return value instanceof List<?> list
                ? list.stream().anyMatch(FalcoFields::isNested)
                : value instanceof String text && (text.startsWith("{") || text.startsWith("["));
    }
}
