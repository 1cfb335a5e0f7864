package io.kordon.streams.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON into maps, lists and scalars. Recursive, so it is the limit on nesting that keeps the stack; the other limits keep
 * hostile documents cheap. Of a key that occurs twice in one object both values are kept, as a list: parsers differ in
 * which one they believe, and an attacker must not be able to hide one of them.
 */
final class JsonReader {
    /** As the gateway has it, so that nothing comes in that cannot be read here. */
    static final int MAX_DEPTH = 200;

    private static final int MAX_NAME = 10_000;
    private static final int MAX_NUMBER = 1_000;
    private static final int MAX_TOKENS = 2_000_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .configure(JsonFactory.Feature.CHARSET_DETECTION, false)
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxTokenCount(MAX_TOKENS)
                    .maxNameLength(MAX_NAME)
                    .maxNumberLength(MAX_NUMBER)
                    .maxStringLength(Integer.MAX_VALUE) // whoever holds the text has bounded it
                    .build())
            .build();

    private JsonReader() {}

    /** A text that a door has let in; null where it is no JSON after all. */
    static @Nullable Object lenient(String json) {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            return read(parser);
        } catch (IOException | IllegalStateException e) { // Jackson's table of names refuses collisions with the latter
            return null;
        }
    }

    /** UTF-8 of one JSON object and nothing else. */
    static Map<?, ?> object(byte[] bytes, int offset, int length) throws MalformedJson {
        try (JsonParser parser = JSON.createParser(bytes, offset, length)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_OBJECT && read(parser) instanceof Map<?, ?> map) {
                if (parser.nextToken() != null) {
                    throw new MalformedJson("something follows the JSON object");
                }
                return map;
            }
            throw new MalformedJson(
                    first == JsonToken.START_ARRAY
                            ? "a JSON object is expected, not an array"
                            : "a JSON object is expected");
        } catch (JsonProcessingException e) {
            throw new MalformedJson(e.getOriginalMessage()
                    + (e.getLocation() == null
                            ? ""
                            : " (column " + e.getLocation().getColumnNr() + ")"));
        } catch (IOException | IllegalStateException e) {
            throw new MalformedJson("cannot be read as JSON: " + e.getMessage());
        }
    }

    private static @Nullable Object read(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            return null;
        }
        return switch (token) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = parser.currentName();
                    parser.nextToken();
                    put(map, key, read(parser));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(read(parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> {
                double number = parser.getDoubleValue();
                yield Double.isInfinite(number) ? parser.getText() : (Object) number;
            }
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private static void put(Map<String, @Nullable Object> map, String key, @Nullable Object value) {
        int size = map.size();
        Object earlier = map.put(key, value);
        if (map.size() == size) {
            Repeated values = earlier instanceof Repeated some ? some : new Repeated(earlier);
            values.add(value);
            map.put(key, values);
        }
    }

    /** The values of a key that occurs more than once, side by side: one within the other they would nest without end. */
    private static final class Repeated extends ArrayList<@Nullable Object> {
        private static final long serialVersionUID = 1;

        Repeated(@Nullable Object first) {
            add(first);
        }
    }

    private static Object integer(JsonParser parser) throws IOException {
        return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? parser.getBigIntegerValue()
                : (Object) parser.getLongValue();
    }
}
