package io.kordon.decoding;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What Alertmanager says of alerts: its webhook's notification, version "4", and the records of its event recorder in
 * JSON; one, an array of them, or JSON lines. One event per alert.
 */
public final class AlertmanagerDecoder implements Decoder {
    private static final byte PROTOBUF_TIMESTAMP = 0x0A;
    private static final byte PROTOBUF_SECONDS = 0x08;

    @Override
    public String source() {
        return "prometheus";
    }

    @Override
    public void decode(Slice body, boolean lines, Origin origin, Consumer<Decoded> out) {
        int left = MAX_ITEMS;
        try {
            if (isProtobuf(body)) {
                throw new Malformed(
                        "format.protobuf",
                        null,
                        "this is a record of Alertmanager's event recorder in protobuf: set format: json, its default, at"
                                + " the kafka output");
            }
            for (Slice root : roots(body, lines)) {
                left -= decode(root, left, origin, out);
            }
        } catch (Malformed e) {
            out.accept(e.rejected(body));
        }
    }

    /** Notifications and records, in order. */
    private static List<Slice> roots(Slice body, boolean lines) throws Malformed {
        List<Slice> roots = new ArrayList<>();
        for (Slice root : Body.of(body, lines).roots()) {
            if (JsonSlicer.isArray(root)) {
                roots.addAll(Body.limited(JsonSlicer.elements(root, MAX_ITEMS)));
            } else {
                roots.add(root);
            }
        }
        return Body.limited(roots);
    }

    /** Decodes one notification or record; what is wrong with it costs its neighbours nothing. */
    private static int decode(Slice root, int left, Origin origin, Consumer<Decoded> out) {
        try {
            return EventRecording.isOne(root)
                    ? EventRecording.decode(root, left, origin, out)
                    : Notification.decode(root, left, origin, out);
        } catch (Malformed e) {
            out.accept(e.rejected(root));
            return 1;
        }
    }

    /** The recorder's message begins with a timestamp, and that with its seconds: no JSON has such bytes. */
    private static boolean isProtobuf(Slice body) {
        byte[] start = body.copy(3);
        return start.length == 3 && start[0] == PROTOBUF_TIMESTAMP && start[2] == PROTOBUF_SECONDS;
    }
}
