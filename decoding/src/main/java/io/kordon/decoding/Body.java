package io.kordon.decoding;

import java.util.ArrayList;
import java.util.List;

/**
 * The roots of a request: one JSON document, or a document per line.
 *
 * @param roots in order, white space trimmed; a root may be anything, also no JSON
 */
record Body(List<Slice> roots) {
    Body {
        roots = List.copyOf(roots);
    }

    /**
     * One document whenever the whole body can be one, however it is laid out. Otherwise lines, when the sender said so
     * or when the second line opens an object as JSON lines do; a document that is merely broken stays whole.
     *
     * @throws Malformed when there are more than {@link Decoder#MAX_ITEMS} lines
     */
    static Body of(Slice bytes, boolean lines) throws Malformed {
        Slice body = bytes.body();
        if (JsonSlicer.isOneValue(body)) {
            return new Body(List.of(body));
        }
        List<Slice> split = lines(body);
        return lines
                        || (split.size() > 1
                                && body.startsWith('{')
                                && split.get(1).startsWith('{'))
                ? new Body(limited(split))
                : new Body(List.of(body));
    }

    /** Refuses more items than one request may hold. */
    static List<Slice> limited(List<Slice> items) throws Malformed {
        return limited(items, Decoder.MAX_ITEMS);
    }

    /** Refuses more items than are left of what one request may hold. */
    static List<Slice> limited(List<Slice> items, int left) throws Malformed {
        if (items.size() > left) {
            throw new Malformed(
                    "items.too-many",
                    null,
                    "one request may hold " + Decoder.MAX_ITEMS + " items: send smaller batches");
        }
        return items;
    }

    /** Lines that are not blank, at most one more than a request may hold. */
    private static List<Slice> lines(Slice body) {
        List<Slice> lines = new ArrayList<>();
        byte[] b = body.array();
        int start = body.offset();
        for (int i = start; i <= body.end() && lines.size() <= Decoder.MAX_ITEMS; i++) {
            if (i == body.end() || b[i] == '\n') {
                Slice line = body.between(start, i).trimmed();
                if (!line.isEmpty()) {
                    lines.add(line);
                }
                start = i + 1;
            }
        }
        return lines;
    }
}
