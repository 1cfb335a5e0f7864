package io.kordon.streams.topology;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A sender's JSON, asked by dotted path. A key that itself holds dots is found like a nested one, an array stands for each
 * of its elements. Text that is not JSON is as an empty object: the door has let nothing of the kind in.
 */
final class JsonTree {
    private static final JsonFactory JSON = new JsonFactory();

    private final Supplier<String> json;
    private boolean parsed;
    private @Nullable Object root;

    private JsonTree(Supplier<String> json) {
        this.json = json;
    }

    /** The tree of a text, which is parsed when it is first asked, and then once. For one thread. */
    static JsonTree of(String json) {
        return new JsonTree(() -> json);
    }

    /** As {@link #of(String)}; the text, too, is made only when it is asked for. */
    static JsonTree of(Supplier<String> json) {
        return new JsonTree(json);
    }

    private @Nullable Object root() {
        if (!parsed) {
            parsed = true;
            try (JsonParser parser = JSON.createParser(json.get())) {
                parser.nextToken();
                root = read(parser);
            } catch (IOException e) {
                root = null;
            }
        }
        return root;
    }

    /** The value at a path, in the shape that {@link io.kordon.streams.rule.Fields#field} asks for. */
    @Nullable
    Object field(String path) {
        return shaped(nodes(root(), path));
    }

    boolean has(String path) {
        return !nodes(root(), path).isEmpty();
    }

    /** The value of a path that may begin at any depth under a top-level key. */
    @Nullable
    Object anywhere(String key, String path) {
        return shaped(nodesUnder(key, path));
    }

    boolean hasAnywhere(String key, String path) {
        return !nodesUnder(key, path).isEmpty();
    }

    /** Every text and number in it. */
    List<String> texts() {
        List<Object> scalars = new ArrayList<>();
        scalars(root(), scalars);
        return scalars.stream().map(Object::toString).toList();
    }

    private List<@Nullable Object> nodesUnder(String key, String path) {
        List<@Nullable Object> found = new ArrayList<>();
        if (root() instanceof Map<?, ?> map) {
            descend(map.get(key), path, found);
        }
        return found;
    }

    private static List<@Nullable Object> nodes(@Nullable Object from, String path) {
        List<@Nullable Object> found = new ArrayList<>();
        resolve(from, path, 0, found);
        return found;
    }

    private static void resolve(@Nullable Object node, String path, int from, List<@Nullable Object> found) {
        if (from > path.length()) {
            found.add(node);
        } else if (node instanceof List<?> list) {
            list.forEach(element -> resolve(element, path, from, found));
        } else if (node instanceof Map<?, ?> map) {
            int end = from - 1;
            do {
                int dot = path.indexOf('.', end + 1);
                end = dot < 0 ? path.length() : dot;
                String key = path.substring(from, end);
                if (map.containsKey(key)) {
                    resolve(map.get(key), path, end + 1, found);
                }
            } while (end < path.length());
        }
    }

    private static void descend(@Nullable Object node, String path, List<@Nullable Object> found) {
        if (node instanceof Map<?, ?> map) {
            resolve(map, path, 0, found);
            map.values().forEach(child -> descend(child, path, found));
        } else if (node instanceof List<?> list) {
            list.forEach(child -> descend(child, path, found));
        }
    }

    private static @Nullable Object shaped(List<@Nullable Object> nodes) {
        if (nodes.stream().allMatch(Objects::isNull)) {
            return null;
        }
        Object first = nodes.get(0);
        if (nodes.size() == 1 && !(first instanceof Map) && !(first instanceof List)) {
            return first;
        }
        List<Object> scalars = new ArrayList<>();
        nodes.forEach(node -> scalars(node, scalars));
        return scalars;
    }

    private static void scalars(@Nullable Object node, List<Object> scalars) {
        if (node instanceof Map<?, ?> map) {
            map.values().forEach(child -> scalars(child, scalars));
        } else if (node instanceof List<?> list) {
            list.forEach(child -> scalars(child, scalars));
        } else if (node != null) {
            scalars.add(node);
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
                    map.put(key, read(parser));
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
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private static Object integer(JsonParser parser) throws IOException {
        return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? parser.getBigIntegerValue()
                : (Object) parser.getLongValue();
    }
}
