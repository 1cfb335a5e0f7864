package io.kordon.streams.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Fields of an event of nested maps and lists. A dotted name is a path, unless a key itself holds the dots. */
public final class OracleEvent {
    private OracleEvent() {}

    /** The values at a path, those of lists one by one; JSON nulls among them; empty if there is no such field. */
    static List<Object> field(Object node, String path) {
        List<Object> found = new ArrayList<>();
        if (node instanceof List<?> list) {
            list.forEach(element -> found.addAll(field(element, path)));
        } else if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (path.equals(key)) {
                    flatten(value, found);
                } else if (path.startsWith(key + ".")) {
                    found.addAll(field(value, path.substring(key.toString().length() + 1)));
                }
            });
        }
        return found;
    }

    /** Everything that stands in the event. */
    static List<Object> texts(Object node) {
        List<Object> texts = new ArrayList<>();
        flatten(node, texts);
        texts.removeIf(value -> value == null);
        return texts;
    }

    private static void flatten(Object node, List<Object> into) {
        if (node instanceof List<?> list) {
            list.forEach(element -> flatten(element, into));
        } else if (node instanceof Map<?, ?> map) {
            map.values().forEach(value -> flatten(value, into));
        } else {
            into.add(node);
        }
    }

    /** The event as one line of JSON. */
    public static String json(Object node) {
        if (node instanceof Map<?, ?> map) {
            List<String> members = new ArrayList<>();
            map.forEach((key, value) -> members.add(json(key) + ":" + json(value)));
            return "{" + String.join(",", members) + "}";
        }
        if (node instanceof List<?> list) {
            return "[" + String.join(",", list.stream().map(OracleEvent::json).toList()) + "]";
        }
        return node instanceof CharSequence text ? quoted(text) : String.valueOf(node);
    }

    private static String quoted(CharSequence text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u%04x".formatted((int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
