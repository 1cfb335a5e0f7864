package io.kordon.decoding;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds where JSON values begin and end, by strings and brackets alone, in one pass without recursion. It does not
 * judge: every slice is parsed strictly afterwards, by itself, so that one bad item does not cost its neighbours, and an
 * item's bytes are the sender's. Slices that all parse, in an envelope that parses, are valid JSON together.
 */
final class JsonSlicer {
    private JsonSlicer() {}

    /** Whether {@code body} is one value from its first byte to its last, as far as brackets tell. */
    static boolean isOneValue(Slice body) {
        return !body.isEmpty() && valueEnd(body, body.offset()) == body.end();
    }

    /** Whether {@code value} is one array from its first byte to its last, as far as brackets tell. */
    static boolean isArray(Slice value) {
        return value.startsWith('[') && isOneValue(value);
    }

    /** Whether {@code value} is one object from its first byte to its last, as far as brackets tell. */
    static boolean isObject(Slice value) {
        return value.startsWith('{') && isOneValue(value);
    }

    /** A copy of {@code outer} with nothing between the brackets of {@code array}, which is a slice of it. */
    static Slice emptied(Slice outer, Slice array) {
        byte[] rest = new byte[outer.length() - array.length() + 2];
        int before = array.offset() + 1 - outer.offset();
        System.arraycopy(outer.array(), outer.offset(), rest, 0, before);
        System.arraycopy(outer.array(), array.end() - 1, rest, before, rest.length - before);
        return Slice.of(rest);
    }

    /**
     * The elements of an array, white space trimmed; an element between two commas may be empty.
     *
     * @param array starts with {@code [} and is {@linkplain #isOneValue one value}
     * @param max stops after this many plus one
     */
    static List<Slice> elements(Slice array, int max) {
        byte[] b = array.array();
        int last = array.end() - 1;
        List<Slice> elements = new ArrayList<>();
        int depth = 0;
        int start = array.offset() + 1;
        for (int i = start; i < last && elements.size() <= max; i++) {
            switch (b[i]) {
                case '"' -> i = stringEnd(b, i, last) - 1;
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                case ',' -> {
                    if (depth == 0) {
                        elements.add(array.between(start, i).trimmed());
                        start = i + 1;
                    }
                }
                default -> {}
            }
        }
        Slice rest = array.between(start, last).trimmed();
        if (elements.size() <= max && (!rest.isEmpty() || !elements.isEmpty())) {
            elements.add(rest);
        }
        return elements;
    }

    /**
     * The value of an object's first member that is called one of {@code keys}, or null. The key must be spelled without
     * escapes.
     *
     * @param object starts with an opening brace and is {@linkplain #isOneValue one value}
     */
    static @Nullable Slice member(Slice object, String... keys) {
        byte[] b = object.array();
        int last = object.end() - 1;
        int depth = 0;
        int from = 0;
        int to = 0;
        for (int i = object.offset() + 1; i < last; i++) {
            switch (b[i]) {
                case '"' -> {
                    int end = stringEnd(b, i, last);
                    if (depth == 0) {
                        from = i + 1;
                        to = end - 1;
                    }
                    i = end - 1;
                }
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                case ':' -> {
                    if (depth == 0 && equalAny(b, from, to, keys)) {
                        int start = skipSpace(b, i + 1, last);
                        return start < last
                                ? object.between(start, Math.min(last, valueEnd(object, start)))
                                : object.between(last, last);
                    }
                }
                default -> {}
            }
        }
        return null;
    }

    /** First index after the value that starts at {@code start}; {@code Integer.MAX_VALUE} when it never ends. */
    private static int valueEnd(Slice in, int start) {
        byte[] b = in.array();
        int end = in.end();
        if (b[start] == '"') {
            return stringEnd(b, start, Integer.MAX_VALUE);
        }
        if (b[start] != '{' && b[start] != '[') {
            int i = start;
            while (i < end && b[i] != ',' && b[i] != ']' && b[i] != '}' && !Slice.isSpace(b[i])) {
                i++;
            }
            return i;
        }
        int depth = 0;
        for (int i = start; i < end; i++) {
            switch (b[i]) {
                case '"' -> {
                    i = stringEnd(b, i, end) - 1;
                }
                case '{', '[' -> depth++;
                case '}', ']' -> {
                    if (--depth == 0) {
                        return i + 1;
                    }
                }
                default -> {}
            }
        }
        return Integer.MAX_VALUE;
    }

    /** First index after the string that opens at {@code start}, at most {@code end}. */
    private static int stringEnd(byte[] b, int start, int end) {
        int stop = Math.min(end, b.length);
        for (int i = start + 1; i < stop; i++) {
            if (b[i] == '\\') {
                i++;
            } else if (b[i] == '"') {
                return i + 1;
            }
        }
        return end;
    }

    private static int skipSpace(byte[] b, int start, int end) {
        int i = start;
        while (i < end && Slice.isSpace(b[i])) {
            i++;
        }
        return i;
    }

    private static boolean equalAny(byte[] b, int from, int to, String[] keys) {
        for (String key : keys) {
            if (equal(b, from, to, key)) {
                return true;
            }
        }
        return false;
    }

    private static boolean equal(byte[] b, int from, int to, String ascii) {
        if (to - from != ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (b[from + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
