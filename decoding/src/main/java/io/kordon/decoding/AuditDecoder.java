package io.kordon.decoding;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes audit events: an {@code EventList} as the webhook backend sends it, a bare {@code Event}, or an array or
 * JSON lines of either, as log shippers send them.
 */
public final class AuditDecoder implements Decoder {
    static final String API_VERSION = "audit.k8s.io/v1";

    @Override
    public String source() {
        return "audit";
    }

    @Override
    public void decode(Slice body, boolean lines, Origin origin, Consumer<Decoded> out) {
        List<Item> items = new ArrayList<>();
        try {
            for (Slice root : Body.of(body, lines).roots()) {
                if (root.startsWith('[') && JsonSlicer.isOneValue(root)) {
                    for (Slice element : Body.limited(JsonSlicer.elements(root, MAX_ITEMS))) {
                        addRoot(element, items);
                    }
                } else {
                    addRoot(root, items);
                }
            }
        } catch (Malformed e) {
            out.accept(e.rejected(body));
            return;
        }
        for (Item item : items) {
            out.accept(item.decoded(origin));
        }
    }

    /** Adds an event, or the events of a list, or what is wrong with it. */
    private static void addRoot(Slice root, List<Item> items) throws Malformed {
        Slice list = root.startsWith('{') && JsonSlicer.isOneValue(root) ? JsonSlicer.member(root, "items") : null;
        if (list == null) {
            items.add(new Item(root, null));
        } else {
            try {
                Body.limited(listed(root, list)).forEach(event -> items.add(new Item(event, null)));
            } catch (Malformed e) {
                items.add(new Item(root, e));
            }
        }
        if (items.size() > MAX_ITEMS) {
            throw new Malformed(
                    "items.too-many", null, "one request may hold " + MAX_ITEMS + " items: send smaller batches");
        }
    }

    /** The elements of an EventList, once everything around them is sound. */
    private static List<Slice> listed(Slice root, Slice list) throws Malformed {
        boolean array = list.startsWith('[') && JsonSlicer.isOneValue(list);
        Slice before = root.between(root.offset(), array ? list.offset() + 1 : root.end());
        Slice after = root.between(array ? list.end() - 1 : root.end(), root.end());
        byte[] rest = new byte[before.length() + after.length()];
        System.arraycopy(root.array(), before.offset(), rest, 0, before.length());
        System.arraycopy(root.array(), after.offset(), rest, before.length(), after.length());
        Slice envelope = Slice.of(rest);
        envelope.text(); // strictly UTF-8
        Envelope fields = new Envelope();
        JsonReader.read(envelope, false, fields);
        AuditFields.checkType("EventList", fields.kind, fields.apiVersion);
        if (!array && !fields.nullItems) {
            throw Malformed.type("items", "an array");
        }
        return array ? JsonSlicer.elements(list, MAX_ITEMS) : List.of();
    }

    /** @param broken why the bytes are no event, or null when that is still to be seen */
    private record Item(Slice bytes, @Nullable Malformed broken) {
        Decoded decoded(Origin origin) {
            if (broken != null) {
                return broken.rejected(bytes);
            }
            try {
                String original = bytes.text();
                AuditFields fields = new AuditFields();
                JsonReader.read(bytes, false, fields);
                return fields.event(original, bytes, origin);
            } catch (Malformed e) {
                return e.rejected(bytes);
            }
        }
    }

    private static final class Envelope implements JsonReader.Members {
        private @Nullable String kind;
        private @Nullable String apiVersion;
        private boolean nullItems;

        @Override
        public void member(String name, JsonReader in) throws IOException {
            switch (name) {
                case "kind" -> kind = in.text(name);
                case "apiVersion" -> apiVersion = in.text(name);
                case "items" -> nullItems = in.isNull();
                default -> in.skip();
            }
            if (name.equals("items") && !nullItems) {
                in.skip();
            }
        }
    }
}
