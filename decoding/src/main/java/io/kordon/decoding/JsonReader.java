package io.kordon.decoding;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object, token by token, skipping what nobody asks for. Limits keep hostile documents cheap: nesting,
 * tokens, lengths of names and numbers, keys per object. A key that occurs twice in an object that is read is refused,
 * since parsers differ in which one they believe and an attacker could show each of them another event.
 */
final class JsonReader {
    static final int MAX_DEPTH = 200;
    static final int MAX_KEYS = 4_096;
    private static final int MAX_TOKENS = 2_000_000;
    private static final int MAX_NAME = 10_000;
    private static final int MAX_NUMBER = 1_000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .configure(JsonFactory.Feature.CHARSET_DETECTION, false)
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxTokenCount(MAX_TOKENS)
                    .maxNameLength(MAX_NAME)
                    .maxNumberLength(MAX_NUMBER)
                    .maxStringLength(Integer.MAX_VALUE) // the body's limit is the limit
                    .build())
            .build();

    /** Takes the members of an object: reads or skips exactly the value that the reader stands on. */
    interface Members {
        void member(String name, JsonReader in) throws IOException;
    }

    private final JsonParser parser;
    private final Slice bytes;

    private JsonReader(JsonParser parser, Slice bytes) {
        this.parser = parser;
        this.bytes = bytes;
    }

    /**
     * Reads {@code item} as one JSON object and nothing after it.
     *
     * @param lowerCase whether the names of the outermost members are lower-cased first
     * @throws Malformed when it is not, or when {@code members} refuses a value
     */
    static void read(Slice item, boolean lowerCase, Members members) throws Malformed {
        try (JsonParser parser = FACTORY.createParser(item.array(), item.offset(), item.length())) {
            JsonReader in = new JsonReader(parser, item);
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT) {
                throw new Malformed("json.type", null, "a JSON object is expected");
            }
            in.members(null, lowerCase, members);
            if (parser.nextToken() != null) {
                throw new Malformed("json.syntax", null, "something follows the JSON object");
            }
        } catch (Malformed e) {
            throw e;
        } catch (StreamConstraintsException e) {
            throw new Malformed("json.limit", null, e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw new Malformed("json.syntax", null, e.getOriginalMessage() + at(e));
        } catch (IOException e) {
            throw new Malformed("json.syntax", null, "cannot be read: " + e.getMessage());
        }
    }

    private static String at(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
    }

    /** Reads an object's members; null passes as an empty one. */
    void object(String field, Members members) throws IOException {
        if (!parser.hasToken(JsonToken.VALUE_NULL)) {
            expect(JsonToken.START_OBJECT, field, "an object");
            members(field, false, members);
        }
    }

    private void members(@Nullable String field, boolean lowerCase, Members members) throws IOException {
        Set<String> seen = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = lowerCase ? parser.currentName().toLowerCase(Locale.ROOT) : parser.currentName();
            if (!seen.add(name)) {
                throw new Malformed("json.duplicate-key", path(field, name), "occurs twice in one object");
            }
            if (seen.size() > MAX_KEYS) {
                throw new Malformed("json.limit", field, "holds more than " + MAX_KEYS + " keys");
            }
            parser.nextToken();
            members.member(name, this);
        }
    }

    private static String path(@Nullable String field, String name) {
        return field == null ? name : field + "." + name;
    }

    void skip() throws IOException {
        parser.skipChildren();
    }

    /** Reads an object's members; skips anything else. */
    void objectOrSkip(String field, Members members) throws IOException {
        if (parser.hasToken(JsonToken.START_OBJECT)) {
            members(field, false, members);
        } else {
            parser.skipChildren();
        }
    }

    boolean isNull() {
        return parser.hasToken(JsonToken.VALUE_NULL);
    }

    /** As {@link #text}, but an empty string is null too. */
    @Nullable
    String textOrNone(String field) throws IOException {
        String text = text(field);
        return text == null || text.isBlank() ? null : text;
    }

    /** A string, or the text of a number or boolean; null for null. */
    @Nullable
    String text(String field) throws IOException {
        if (parser.hasToken(JsonToken.VALUE_NULL)) {
            return null;
        }
        if (!parser.currentToken().isScalarValue()) {
            throw Malformed.type(field, "a string");
        }
        return parser.getText();
    }

    /** An array of texts, nulls left out; a single text is an array of one, null an empty one. */
    List<String> texts(String field) throws IOException {
        List<String> texts = new ArrayList<>();
        if (parser.hasToken(JsonToken.START_ARRAY)) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                String text = text(field + "[]");
                if (text != null) {
                    texts.add(text);
                }
            }
        } else {
            String text = text(field);
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }

    /** An object of texts, nulls left out; null is an empty one. */
    Map<String, String> textMap(String field) throws IOException {
        Map<String, String> map = new LinkedHashMap<>();
        object(field, (name, in) -> {
            String text = in.text(field + "." + name);
            if (text != null) {
                map.put(name, text);
            }
        });
        return map;
    }

    /** An object of {@linkplain #texts arrays of texts}; null is an empty one. */
    Map<String, List<String>> textsMap(String field) throws IOException {
        Map<String, List<String>> map = new LinkedHashMap<>();
        object(field, (name, in) -> map.put(name, in.texts(field + "." + name)));
        return map;
    }

    /** Takes an element of an array: reads or skips exactly the value that the reader stands on. */
    interface Element {
        void element(JsonReader in) throws IOException;
    }

    /** Reads an array's elements; null passes as an empty one. */
    void array(String field, Element element) throws IOException {
        if (!parser.hasToken(JsonToken.VALUE_NULL)) {
            expect(JsonToken.START_ARRAY, field, "an array");
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                element.element(this);
            }
        }
    }

    /** True or false; null is false. */
    boolean flag(String field) throws IOException {
        if (!parser.hasToken(JsonToken.VALUE_NULL) && !parser.currentToken().isBoolean()) {
            throw Malformed.type(field, "true or false");
        }
        return parser.hasToken(JsonToken.VALUE_TRUE);
    }

    /** A string's text; null for anything else, which is passed. */
    @Nullable
    String textOrSkip() throws IOException {
        if (parser.hasToken(JsonToken.VALUE_STRING)) {
            return parser.getText();
        }
        parser.skipChildren();
        return null;
    }

    /** A JSON object inside the JSON: an object's bytes, or those that a string spells; null for anything else. */
    @Nullable
    Slice embedded() throws IOException {
        if (parser.hasToken(JsonToken.VALUE_STRING)) {
            Slice text =
                    Slice.of(parser.getText().getBytes(StandardCharsets.UTF_8)).body();
            return text.startsWith('{') ? text : null;
        }
        return objectBytes();
    }

    /** The bytes of an object; null for anything else, which is passed. */
    @Nullable
    Slice objectBytes() throws IOException {
        if (parser.hasToken(JsonToken.START_OBJECT)) {
            return nestedBytes();
        }
        parser.skipChildren();
        return null;
    }

    /** A whole number of 32 bits, or null. */
    @Nullable
    Integer integer(String field) throws IOException {
        if (parser.hasToken(JsonToken.VALUE_NULL)) {
            return null;
        }
        if (!parser.hasToken(JsonToken.VALUE_NUMBER_INT) || parser.getNumberType() != JsonParser.NumberType.INT) {
            throw Malformed.type(field, "a whole number of 32 bits");
        }
        return parser.getIntValue();
    }

    /**
     * Any value, as {@code outputFields} of the Falco event holds it: null, Boolean, Long, Double, String or a list of
     * Strings. Whole numbers beyond 64 bits, numbers beyond a double's range and nested objects are their JSON text.
     */
    @Nullable
    Object value() throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NULL -> null;
            case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
            case VALUE_NUMBER_INT -> wholeNumber();
            case VALUE_NUMBER_FLOAT -> {
                double number = parser.getDoubleValue();
                yield Double.isInfinite(number) ? parser.getText() : (Object) number;
            }
            case START_ARRAY -> {
                List<String> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(parser.currentToken().isScalarValue() ? parser.getText() : nested());
                }
                yield elements;
            }
            case START_OBJECT -> nested();
            default -> parser.getText();
        };
    }

    private Object wholeNumber() throws IOException {
        return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? parser.getText()
                : (Object) parser.getLongValue();
    }

    /** The JSON text of the object or array that the reader stands on. */
    private String nested() throws IOException {
        return nestedBytes().text();
    }

    /** The bytes of the object or array that the reader stands on, which is then passed. */
    private Slice nestedBytes() throws IOException {
        int from = bytes.offset() + (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        int to = bytes.offset() + (int) parser.currentLocation().getByteOffset();
        return bytes.between(from, to);
    }

    private void expect(JsonToken token, String field, String what) throws IOException {
        if (!parser.hasToken(token)) {
            throw Malformed.type(field, what);
        }
    }
}
