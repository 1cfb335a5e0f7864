package io.kordon.decoding;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One record of Alertmanager's event recorder (0.33 and later), in protobuf's JSON form, while it is read. Alerts that were
 * created, grouped, resolved or notified of become events; what the recorder says of silences, of muted alerts and of
 * Alertmanager itself is well-formed and no event. A record of one alert is that alert's original, whole; of a notification
 * with many it is the alert's element, and the rest is its envelope.
 */
final class EventRecording implements JsonReader.Members {
    private static final String NOTIFICATION = "data.notification.alerts";

    /** The recorder's names of what happened to one alert. */
    private @Nullable RecordedAlert alert;

    private boolean notification;
    private boolean other;
    private @Nullable String receiver;
    private @Nullable String groupKey;

    private EventRecording() {}

    /** Whether it has the shape of a record rather than of a webhook's notification. */
    static boolean isOne(Slice root) {
        return JsonSlicer.isObject(root)
                && JsonSlicer.member(root, "version", "alerts") == null
                && JsonSlicer.member(root, "data") != null;
    }

    /**
     * Decodes the alerts that it speaks of.
     *
     * @param left how many it may hold
     * @return how many it held, at least one
     * @throws Malformed when it is no record, or the only alert is none
     */
    static int decode(Slice root, int left, Origin origin, Consumer<Decoded> out) throws Malformed {
        Slice alerts = notified(root);
        EventRecording recording = new EventRecording();
        if (alerts != null) {
            Slice rest = JsonSlicer.emptied(root, alerts);
            String json = AlertEnvelope.text(rest);
            JsonReader.read(rest, false, recording);
            return recording.notification(alerts, json, left, origin, out);
        }
        String original = root.text();
        JsonReader.read(root, false, recording);
        Body.limited(List.of(root), left);
        out.accept(recording.single(original, root, origin));
        return 1;
    }

    /** The alerts of a notification, or null when it is none, or its alerts are no array. */
    private static @Nullable Slice notified(Slice root) {
        Slice at = root;
        for (String name : new String[] {"data", "notification", "alerts"}) {
            Slice inner = JsonSlicer.isObject(at) ? JsonSlicer.member(at, name) : null;
            if (inner == null) {
                return null;
            }
            at = inner;
        }
        return JsonSlicer.isArray(at) ? at : null;
    }

    private int notification(Slice alerts, String json, int left, Origin origin, Consumer<Decoded> out)
            throws Malformed {
        if (!notification) {
            throw Malformed.missing("data.notification");
        }
        AlertEnvelope envelope = new AlertEnvelope(json, null, receiver, groupKey, null);
        List<Slice> items = Body.limited(JsonSlicer.elements(alerts, Decoder.MAX_ITEMS), left);
        for (int i = 0; i < items.size(); i++) {
            out.accept(grouped(items.get(i), envelope.of(i, items.size()), origin));
        }
        return Math.max(1, items.size());
    }

    private static Decoded grouped(Slice item, AlertEnvelope envelope, Origin origin) {
        try {
            String original = item.text();
            RecordedAlert alert = new RecordedAlert(NOTIFICATION + "[].details");
            JsonReader.read(item, false, alert::grouped);
            return alert.decoded(original, item, envelope, origin);
        } catch (Malformed e) {
            return e.rejected(item);
        }
    }

    private Decoded single(String original, Slice root, Origin origin) throws Malformed {
        if (alert != null) {
            return alert.decoded(original, root, new AlertEnvelope("", null, receiver, groupKey, null), origin);
        }
        if (!notification && !other) {
            throw Malformed.missing("data");
        }
        return Decoded.Ignored.unmeasured();
    }

    @Override
    public void member(String name, JsonReader in) throws IOException {
        if (name.equals("data")) {
            in.object(name, this::data);
        } else {
            in.skip();
        }
    }

    private void data(String name, JsonReader in) throws IOException {
        String field = "data." + name;
        switch (name) {
            case "alertCreated" -> {
                RecordedAlert created = new RecordedAlert(field + ".alert");
                alert = created;
                in.object(field, (part, inside) -> {
                    if (part.equals("alert")) {
                        created.details(inside);
                    } else {
                        inside.skip();
                    }
                });
            }
            case "alertGrouped", "alertResolved" -> {
                RecordedAlert grouped = new RecordedAlert(field + ".alert.details");
                alert = grouped;
                in.object(field, (part, inside) -> {
                    if (part.equals("alert")) {
                        inside.object(field + ".alert", grouped::grouped);
                    } else {
                        group(field, part, inside);
                    }
                });
            }
            case "notification" -> {
                notification = true;
                in.object(field, (part, inside) -> {
                    if (part.equals("alerts")) {
                        inside.array(NOTIFICATION, JsonReader::skip); // cut out before, or no array
                    } else {
                        group(field, part, inside);
                    }
                });
            }
            default -> {
                other = true;
                in.skip();
            }
        }
    }

    private void group(String field, String name, JsonReader in) throws IOException {
        if (!name.equals("groupInfo")) {
            in.skip();
            return;
        }
        in.object(field + ".groupInfo", (part, inside) -> {
            switch (part) {
                case "groupKey" -> groupKey = inside.text(field + ".groupInfo.groupKey");
                case "receiverName" -> receiver = inside.text(field + ".groupInfo.receiverName");
                default -> inside.skip();
            }
        });
    }
}
