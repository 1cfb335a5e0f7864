package io.kordon.elasticsearch;

import co.elastic.clients.util.BinaryData;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object under construction, addressed by dotted paths. What is null or empty is left out: in ECS an absent field
 * says "not known". Values are data and are escaped by the writer, whatever they hold.
 */
final class Json {
    static final ObjectMapper MAPPER = JsonMapper.builder().build();

    /** Elasticsearch reads years of four digits; a sender's clock may say anything. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private static final int MAX_NAME = 1024;

    private final ObjectNode root = MAPPER.createObjectNode();

    Json put(String path, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            parent(path).put(leaf(path), wellFormed(value));
        }
        return this;
    }

    Json put(String path, @Nullable Instant value) {
        if (value != null) {
            Instant bounded = value.isBefore(EARLIEST) ? EARLIEST : value.isAfter(LATEST) ? LATEST : value;
            parent(path).put(leaf(path), bounded.toString());
        }
        return this;
    }

    Json put(String path, @Nullable Long value) {
        if (value != null) {
            parent(path).put(leaf(path), value);
        }
        return this;
    }

    Json put(String path, long value) {
        parent(path).put(leaf(path), value);
        return this;
    }

    /** Leaves out what is not finite: JSON has no word for it. */
    Json put(String path, double value) {
        if (Double.isFinite(value)) {
            parent(path).put(leaf(path), value);
        }
        return this;
    }

    Json put(String path, boolean value) {
        parent(path).put(leaf(path), value);
        return this;
    }

    /** Distinct strings in their order; an empty collection is left out. */
    Json put(String path, Collection<String> values) {
        ArrayNode array = MAPPER.createArrayNode();
        values.stream()
                .filter(value -> value != null && !value.isEmpty())
                .map(Json::wellFormed)
                .distinct()
                .forEach(array::add);
        if (!array.isEmpty()) {
            parent(path).set(leaf(path), array);
        }
        return this;
    }

    Json putAll(String path, Collection<Json> values) {
        if (!values.isEmpty()) {
            ArrayNode array = parent(path).putArray(leaf(path));
            values.forEach(value -> array.add(value.root));
        }
        return this;
    }

    /**
     * Names are data too: they stay one level below {@code path}, dots and all. A flattened field refuses NUL in a name, and
     * a name that makes too long a term with its value.
     */
    Json put(String path, Map<String, String> values) {
        if (!values.isEmpty()) {
            ObjectNode node = parent(path).putObject(leaf(path));
            new TreeMap<>(values).forEach((name, value) -> {
                String bounded = name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME);
                node.put(wellFormed(bounded).replace('\0', '\uFFFD'), wellFormed(value));
            });
        }
        return this;
    }

    BinaryData binary() {
        try {
            return BinaryData.of(MAPPER.writeValueAsBytes(root), "application/json");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a document of strings and numbers could not be written", e);
        }
    }

    private ObjectNode parent(String path) {
        ObjectNode node = root;
        int from = 0;
        for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', from)) {
            node = node.withObjectProperty(path.substring(from, dot));
            from = dot + 1;
        }
        return node;
    }

    private static String leaf(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** Half a surrogate pair, which JSON can spell and UTF-8 cannot, becomes U+FFFD. */
    static String wellFormed(String text) {
        StringBuilder repaired = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else {
                repaired = repaired == null ? new StringBuilder(text) : repaired;
                repaired.setCharAt(i, '\uFFFD');
            }
        }
        return repaired == null ? text : repaired.toString();
    }
}
