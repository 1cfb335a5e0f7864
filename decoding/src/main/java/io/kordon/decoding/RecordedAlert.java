package io.kordon.decoding;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An alert as Alertmanager's event recorder writes it: labels are arrays of pairs, the fingerprint is a decimal number of 64
 * bits, absent members have their default. It makes the same event, with the same id, as the webhook's.
 */
final class RecordedAlert {
    private static final int MAX_LABELS = 4_096;

    private final String path;
    private final AlertFields alert;
    private boolean detailed;
    private boolean resolved;

    /** @param path of the alert in full, for messages */
    RecordedAlert(String path) {
        this.path = path;
        this.alert = new AlertFields(path + ".");
    }

    /** Members of an alert in a group: its hash, and itself in full where that is known. */
    void grouped(String name, JsonReader in) throws IOException {
        if (name.equals("details")) {
            details(in);
        } else {
            in.skip();
        }
    }

    /** Reads the alert that the reader stands on; null is none. */
    void details(JsonReader in) throws IOException {
        detailed = !in.isNull();
        in.object(path, this::member);
    }

    private void member(String name, JsonReader in) throws IOException {
        String field = path + "." + name;
        switch (name) {
            case "fingerprint" -> alert.fingerprint = fingerprint(in.text(field));
            case "labels" -> alert.labels = labels(field, in);
            case "annotations" -> alert.annotations = labels(field, in);
            case "startsAt" -> alert.startsAt = in.text(field);
            case "endsAt" -> alert.endsAt = in.text(field);
            case "resolved" -> resolved = in.flag(field);
            default -> in.skip();
        }
    }

    /** As the webhook writes it: 16 hexadecimal digits; null where it is left to be made from the labels. */
    private @Nullable String fingerprint(@Nullable String text) throws Malformed {
        if (text == null || text.isEmpty() || text.equals("0")) {
            return null;
        }
        try {
            return String.format(Locale.ROOT, "%016x", Long.parseUnsignedLong(text));
        } catch (NumberFormatException e) {
            throw Malformed.value(path + ".fingerprint", "must be a whole number of 64 bits");
        }
    }

    private static Map<String, String> labels(String field, JsonReader in) throws IOException {
        Map<String, String> labels = new LinkedHashMap<>();
        in.object(field, (name, set) -> {
            if (name.equals("labels")) {
                set.array(field + ".labels", pair -> add(field + ".labels[]", pair, labels));
            } else {
                set.skip();
            }
        });
        return labels;
    }

    private static void add(String field, JsonReader in, Map<String, String> labels) throws IOException {
        String[] pair = {"", ""};
        in.object(field, (name, part) -> {
            int index = name.equals("key") ? 0 : name.equals("value") ? 1 : -1;
            if (index < 0) {
                part.skip();
                return;
            }
            String text = part.text(field + "." + name);
            pair[index] = text == null ? "" : text;
        });
        if (labels.putIfAbsent(pair[0], pair[1]) != null) {
            throw new Malformed("json.duplicate-key", field, "names one label twice");
        }
        if (labels.size() > MAX_LABELS) {
            throw new Malformed("json.limit", field, "holds more than " + MAX_LABELS + " labels");
        }
    }

    /** Ignored where the recorder knew no more than the hash. */
    Decoded decoded(String original, Slice bytes, AlertEnvelope envelope, Origin origin) throws Malformed {
        if (!detailed) {
            return Decoded.Ignored.unmeasured();
        }
        alert.status = resolved ? "resolved" : "firing";
        return alert.event(original, bytes, envelope, origin);
    }
}
