package io.kordon.decoding;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The members of a webhook's notification, version "4", apart from its alerts, while it is read. */
final class Notification implements JsonReader.Members {
    private @Nullable String version;
    private @Nullable String status;
    private @Nullable String receiver;
    private @Nullable String groupKey;
    private @Nullable String externalUrl;

    private Notification() {}

    /**
     * Decodes its alerts one by one.
     *
     * @param left how many alerts it may hold
     * @return how many it held
     * @throws Malformed when it is no notification
     */
    static int decode(Slice notification, int left, Origin origin, Consumer<Decoded> out) throws Malformed {
        if (!JsonSlicer.isObject(notification)) {
            JsonReader.read(notification, false, (name, in) -> in.skip()); // says what is wrong and where
            throw new Malformed("json.syntax", null, "a JSON object is expected, and nothing after it");
        }
        Slice alerts = JsonSlicer.member(notification, "alerts");
        boolean array = alerts != null && JsonSlicer.isArray(alerts);
        Notification fields = new Notification();
        String json = "";
        if (alerts != null && array) {
            Slice rest = JsonSlicer.emptied(notification, alerts);
            json = AlertEnvelope.text(rest);
            JsonReader.read(rest, false, fields);
        } else {
            notification.text(); // strictly UTF-8
            JsonReader.read(notification, false, fields);
        }
        if (!"4".equals(fields.version)) {
            throw fields.version == null
                    ? Malformed.missing("version")
                    : Malformed.value("version", "must be \"4\", is \"" + fields.version + "\"");
        }
        if (alerts == null || !array) {
            throw alerts == null ? Malformed.missing("alerts") : Malformed.type("alerts", "an array");
        }
        AlertEnvelope envelope =
                new AlertEnvelope(json, fields.status, fields.receiver, fields.groupKey, fields.externalUrl);
        List<Slice> items = Body.limited(JsonSlicer.elements(alerts, Decoder.MAX_ITEMS), left);
        for (int i = 0; i < items.size(); i++) {
            out.accept(alert(items.get(i), envelope.of(i, items.size()), origin));
        }
        return items.size();
    }

    private static Decoded alert(Slice item, AlertEnvelope envelope, Origin origin) {
        try {
            String original = item.text();
            AlertFields alert = new AlertFields("alerts[].");
            JsonReader.read(item, false, alert);
            return alert.event(original, item, envelope, origin);
        } catch (Malformed e) {
            return e.rejected(item);
        }
    }

    @Override
    public void member(String name, JsonReader in) throws IOException {
        switch (name) {
            case "version" -> version = in.text(name);
            case "status" -> status = in.text(name);
            case "receiver" -> receiver = in.text(name);
            case "groupKey" -> groupKey = in.text(name);
            case "externalURL" -> externalUrl = in.text(name);
            default -> in.skip();
        }
    }
}
