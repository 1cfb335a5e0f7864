package io.kordon.decoding;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes audit events: an {@code EventList} as the webhook backend sends it, a bare {@code Event}, or an array or
 * JSON lines of either; each as it is, or in what a log shipper (Fluent Bit, Vector), Azure or Google put around it. The
 * event's {@code original} is the item as it was sent, envelope and all; {@link AuditOriginal} finds the event in it.
 */
public final class AuditDecoder implements Decoder {
    static final String API_VERSION = "audit.k8s.io/v1";

    private static final String ITEMS = "items";

    /** Azure's Event Hubs send arrays of diagnostics in it. */
    private static final String RECORDS = "records";

    @Override
    public String source() {
        return "audit";
    }

    @Override
    public void decode(Slice body, boolean lines, Origin origin, Consumer<Decoded> out) {
        List<Item> items = new ArrayList<>();
        try {
            for (Slice root : Body.of(body, lines).roots()) {
                if (JsonSlicer.isArray(root)) {
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
        Slice list = JsonSlicer.isObject(root) ? JsonSlicer.member(root, ITEMS, RECORDS) : null;
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

    /** The elements of an EventList or of Azure's records, once everything around them is sound. */
    private static List<Slice> listed(Slice root, Slice list) throws Malformed {
        boolean array = JsonSlicer.isArray(list);
        Slice envelope = array ? JsonSlicer.emptied(root, list) : root;
        envelope.text(); // strictly UTF-8
        Envelope fields = new Envelope();
        JsonReader.read(envelope, false, fields);
        AuditFields.checkType("EventList", fields.kind, fields.apiVersion);
        if (!array && !fields.nullItems) {
            throw Malformed.type(fields.list, "an array");
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
                return AuditDocument.read(bytes).event(original, bytes, origin);
            } catch (Malformed e) {
                return e.rejected(bytes);
            }
        }
    }

    private static final class Envelope implements JsonReader.Members {
        private @Nullable String kind;
        private @Nullable String apiVersion;
        private String list = ITEMS;
        private boolean nullItems;

        @Override
        public void member(String name, JsonReader in) throws IOException {
            switch (name) {
                case "kind" -> kind = in.text(name);
                case "apiVersion" -> apiVersion = in.text(name);
                case ITEMS, RECORDS -> {
                    list = name;
                    nullItems = in.isNull();
                    in.skip();
                }
                default -> in.skip();
            }
        }
    }
}
