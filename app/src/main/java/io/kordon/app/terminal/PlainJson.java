package io.kordon.app.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Avro records as JSON that anybody can read: times in ISO 8601, enums by name, no wrappers around what may be null.
 * Avro's own JSON encoding has all three otherwise. Plain ASCII: a terminal of any encoding loses nothing and obeys nothing.
 */
public final class PlainJson {
    private static final ObjectMapper LINES =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final ObjectMapper INDENTED = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private PlainJson() {}

    /** Indented, over many lines. */
    public static String of(IndexedRecord entry) {
        return write(INDENTED, entry);
    }

    /** On one line, for tools that read a record a line. */
    public static String line(IndexedRecord entry) {
        return write(LINES, entry);
    }

    /** The same for what is no Avro record. */
    public static String line(Map<String, ?> fields) {
        return write(LINES, fields);
    }

    private static String write(ObjectMapper mapper, Object entry) {
        try {
            return mapper.writeValueAsString(value(entry));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps, lists, numbers and texts are JSON", e);
        }
    }

    private static @Nullable Object value(@Nullable Object value) {
        if (value instanceof IndexedRecord entry) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            for (Schema.Field field : entry.getSchema().getFields()) {
                fields.put(field.name(), value(entry.get(field.pos())));
            }
            return fields;
        }
        if (value instanceof List<?> items) {
            return items.stream().map(PlainJson::value).collect(Collectors.toList());
        }
        if (value instanceof Map<?, ?> entries) {
            Map<String, @Nullable Object> plain = new LinkedHashMap<>();
            entries.forEach((key, item) -> plain.put(String.valueOf(key), value(item)));
            return plain;
        }
        return value == null || value instanceof Number || value instanceof Boolean ? value : value.toString();
    }
}
