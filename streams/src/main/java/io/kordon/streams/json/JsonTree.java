package io.kordon.streams.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A sender's JSON, asked by dotted path. A key that itself holds dots is found like a nested one, an array stands for each
 * of its elements. Names are case-sensitive.
 */
public final class JsonTree {
    private @Nullable Supplier<String> source;
    private @Nullable JsonText unread;
    private @Nullable Object root;

    private JsonTree(@Nullable Supplier<String> source, @Nullable Object root) {
        this.source = source;
        this.root = root;
    }

    /**
     * The tree of a text, which is parsed when something is asked that may be in it, and then once. For one thread. Text
     * that is not JSON is as an empty object: the door has let nothing of the kind in.
     */
    public static JsonTree of(String json) {
        return of(() -> json);
    }

    /** As {@link #of(String)}; the text, too, is made only when something is asked. */
    public static JsonTree of(Supplier<String> json) {
        return new JsonTree(json, null);
    }

    /** The tree of one JSON object in UTF-8, parsed now. */
    public static JsonTree parse(byte[] bytes, int offset, int length) throws MalformedJson {
        return new JsonTree(null, JsonReader.object(bytes, offset, length));
    }

    /** A part of another tree by itself. */
    static JsonTree over(@Nullable Object node) {
        return new JsonTree(null, node);
    }

    /** The value at a path, in the shape that {@link io.kordon.streams.rule.Fields#field} asks for. */
    public @Nullable Object field(String path) {
        return lacks(path) ? null : shaped(nodes(root(), path));
    }

    boolean has(String path) {
        return !lacks(path) && !nodes(root(), path).isEmpty();
    }

    /** The value of a path that begins under a top-level key. */
    @Nullable
    Object under(String key, String path) {
        return lacks(path) ? null : shaped(nodes(member(key), path));
    }

    boolean hasUnder(String key, String path) {
        return !lacks(path) && !nodes(member(key), path).isEmpty();
    }

    /** The value of a path that may begin at any depth under a top-level key. */
    @Nullable
    Object anywhere(String key, String path) {
        return lacks(path) ? null : shaped(nodesUnder(key, path));
    }

    boolean hasAnywhere(String key, String path) {
        return !lacks(path) && !nodesUnder(key, path).isEmpty();
    }

    /** What a top-level key holds, as it is: a map, a list, a scalar, or null. */
    @Nullable
    Object member(String key) {
        return root() instanceof Map<?, ?> map ? map.get(key) : null;
    }

    /** Every text and number in it. */
    List<String> texts() {
        return texts(root());
    }

    /** Every text and number in what {@link #member} gave. */
    static List<String> texts(@Nullable Object node) {
        List<Object> scalars = new ArrayList<>();
        scalars(node, scalars);
        return scalars.stream().map(Object::toString).toList();
    }

    /** Whether it is certain without parsing that nothing is at this path. */
    private boolean lacks(String path) {
        JsonText text = unread();
        return text != null && !text.mayHold(path);
    }

    @Nullable
    Object root() {
        JsonText text = unread();
        if (text != null) {
            root = JsonReader.lenient(text.json());
            unread = null;
        }
        return root;
    }

    /** The text, as long as it is not parsed. */
    private @Nullable JsonText unread() {
        if (source != null) {
            unread = new JsonText(source.get());
            source = null;
        }
        return unread;
    }

    private List<@Nullable Object> nodesUnder(String key, String path) {
        List<@Nullable Object> found = new ArrayList<>();
        descend(member(key), path, found);
        return found;
    }

    private static List<@Nullable Object> nodes(@Nullable Object from, String path) {
        if (from instanceof Map<?, ?> map && path.indexOf('.') < 0) {
            Object only = map.get(path); // most of what rules ask
            return only != null ? List.of(only) : map.containsKey(path) ? nothing() : List.of();
        }
        List<@Nullable Object> found = new ArrayList<>();
        resolve(from, path, 0, found);
        return found;
    }

    private static List<@Nullable Object> nothing() {
        List<@Nullable Object> found = new ArrayList<>(1);
        found.add(null);
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
                Object value = map.get(key);
                if (value != null || map.containsKey(key)) {
                    resolve(value, path, end + 1, found);
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
        if (nodes.isEmpty() || nodes.stream().allMatch(Objects::isNull)) {
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
}
