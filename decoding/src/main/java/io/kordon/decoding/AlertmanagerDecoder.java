package io.kordon.decoding;

import io.kordon.avro.AlertStatus;
import io.kordon.avro.Entity;
import io.kordon.avro.PrometheusEvent;
import io.kordon.schemas.EntityKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Alertmanager's webhook notification, version "4": one event per alert. */
public final class AlertmanagerDecoder implements Decoder {
    private static final Pattern PLAIN_NUMBER =
            Pattern.compile("[+-]?(?:[0-9]{1,400}(?:\\.[0-9]{0,400})?|\\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,9})?");
    private static final int ID_LENGTH = 32;
    private static final int FINGERPRINT_LENGTH = 16;

    /** Longest envelope, in bytes; Alertmanager's own hold a few labels and annotations. */
    static final int MAX_ENVELOPE = 256 * 1024;

    /** Most bytes that all copies of one envelope may take; beyond it only the first alert carries it. */
    static final long MAX_ENVELOPES = 16L * 1024 * 1024;

    @Override
    public String source() {
        return "prometheus";
    }

    @Override
    public void decode(Slice body, boolean lines, Origin origin, Consumer<Decoded> out) {
        Slice notification = body.body();
        Envelope envelope = new Envelope();
        List<Slice> alerts;
        try {
            alerts = envelope.read(notification);
        } catch (Malformed e) {
            out.accept(e.rejected(body));
            return;
        }
        boolean repeat = (long) envelope.json.length() * alerts.size() <= MAX_ENVELOPES;
        for (int i = 0; i < alerts.size(); i++) {
            out.accept(item(alerts.get(i), envelope, repeat || i == 0, origin));
        }
    }

    private static Decoded item(Slice item, Envelope envelope, boolean enveloped, Origin origin) {
        try {
            String original = item.text();
            Alert alert = new Alert();
            JsonReader.read(item, false, alert);
            return alert.event(original, item, envelope, enveloped ? envelope.json : "", origin);
        } catch (Malformed e) {
            return e.rejected(item);
        }
    }

    /** The notification without its alerts. */
    private static final class Envelope implements JsonReader.Members {
        private String json = "";
        private @Nullable String version;
        private @Nullable String status;
        private @Nullable String receiver;
        private @Nullable String groupKey;
        private @Nullable String externalUrl;

        /** Reads everything but the alerts, and returns those. */
        List<Slice> read(Slice notification) throws Malformed {
            if (!notification.startsWith('{') || !JsonSlicer.isOneValue(notification)) {
                JsonReader.read(notification, false, (name, in) -> in.skip()); // says what is wrong and where
                throw new Malformed("json.syntax", null, "a JSON object is expected, and nothing after it");
            }
            Slice alerts = JsonSlicer.member(notification, "alerts");
            boolean array = alerts != null && alerts.startsWith('[') && JsonSlicer.isOneValue(alerts);
            Slice rest = alerts != null && array ? without(notification, alerts) : notification;
            if (rest.length() > MAX_ENVELOPE && array) {
                throw new Malformed(
                        "field.too-large",
                        null,
                        "the notification without its alerts is larger than " + MAX_ENVELOPE + " bytes");
            }
            String text = rest.text();
            JsonReader.read(rest, false, this);
            if (!"4".equals(version)) {
                throw version == null
                        ? Malformed.missing("version")
                        : Malformed.value("version", "must be \"4\", is \"" + version + "\"");
            }
            if (alerts == null || !array) {
                throw alerts == null ? Malformed.missing("alerts") : Malformed.type("alerts", "an array");
            }
            json = text;
            return Body.limited(JsonSlicer.elements(alerts, MAX_ITEMS));
        }

        private static Slice without(Slice notification, Slice alerts) {
            ByteArrayOutputStream rest = new ByteArrayOutputStream();
            rest.write(notification.array(), notification.offset(), alerts.offset() + 1 - notification.offset());
            rest.write(notification.array(), alerts.end() - 1, notification.end() - alerts.end() + 1);
            return Slice.of(rest.toByteArray());
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

    /** The members of one alert while it is read. */
    private static final class Alert implements JsonReader.Members {
        private static final String AT = "alerts[].";

        private @Nullable String status;
        private @Nullable Map<String, String> labels;
        private Map<String, String> annotations = Map.of();
        private @Nullable String startsAt;
        private @Nullable String endsAt;
        private @Nullable String generatorUrl;
        private @Nullable String fingerprint;

        @Override
        public void member(String name, JsonReader in) throws IOException {
            switch (name) {
                case "status" -> status = in.text(AT + name);
                case "labels" -> labels = in.textMap(AT + name);
                case "annotations" -> annotations = in.textMap(AT + name);
                case "startsAt" -> startsAt = in.text(AT + name);
                case "endsAt" -> endsAt = in.text(AT + name);
                case "generatorURL" -> generatorUrl = in.text(AT + name);
                case "fingerprint" -> fingerprint = in.text(AT + name);
                default -> in.skip();
            }
        }

        Decoded event(String original, Slice bytes, Envelope envelope, String envelopeJson, Origin origin)
                throws Malformed {
            if (labels == null) {
                throw Malformed.missing(AT + "labels");
            }
            if (startsAt == null || startsAt.isEmpty()) {
                throw Malformed.missing(AT + "startsAt");
            }
            AlertStatus state = state(envelope);
            Instant start = EventTime.parse(AT + "startsAt", startsAt);
            Instant end = EventTime.parseOrNone(AT + "endsAt", endsAt);
            String print = fingerprint == null || fingerprint.isBlank() ? fingerprint(labels) : fingerprint;
            Entity entity = entity(origin.cluster(), labels);
            PrometheusEvent event = PrometheusEvent.newBuilder()
                    .setId(new Digest()
                            .add(origin.cluster())
                            .add(print)
                            .add(EventTime.exact(start))
                            .add(state.name())
                            .hex(ID_LENGTH))
                    .setEntity(entity)
                    .setStatus(state)
                    .setStartsAt(EventTime.micros(start))
                    .setEndsAt(state == AlertStatus.FIRING || end == null ? null : EventTime.micros(end))
                    .setReceivedAt(EventTime.micros(origin.receivedAt()))
                    .setSender(origin.sender())
                    .setAlertname(labels.getOrDefault("alertname", ""))
                    .setValue(number(annotations.get("value")))
                    .setLabels(labels)
                    .setAnnotations(annotations)
                    .setFingerprint(print)
                    .setGeneratorUrl(generatorUrl)
                    .setReceiver(envelope.receiver)
                    .setGroupKey(envelope.groupKey)
                    .setExternalUrl(envelope.externalUrl)
                    .setOriginal(original)
                    .setEnvelope(envelopeJson)
                    .build();
            return new Decoded.Valid(event, entity, bytes);
        }

        private AlertStatus state(Envelope envelope) throws Malformed {
            String own = status == null || status.isEmpty() ? envelope.status : status;
            if (own == null || own.isEmpty()) {
                throw Malformed.missing(AT + "status");
            }
            return switch (own) {
                case "firing" -> AlertStatus.FIRING;
                case "resolved" -> AlertStatus.RESOLVED;
                default -> throw Malformed.value(AT + "status", "must be firing or resolved, is \"" + own + "\"");
            };
        }

        private static String fingerprint(Map<String, String> labels) {
            Digest digest = new Digest();
            new TreeMap<>(labels).forEach((name, value) -> digest.add(name).add(value));
            return digest.hex(FINGERPRINT_LENGTH);
        }

        /** {@code instance} is the scraped exporter's address, not the node of what the alert speaks of. */
        private static Entity entity(String cluster, Map<String, String> labels) {
            String namespace = label(labels, "namespace");
            String pod = label(labels, "pod");
            String node = label(labels, "node");
            if (namespace != null && pod != null) {
                String uid = label(labels, "uid");
                return EntityKey.podEntity(cluster, namespace, pod, uid == null ? label(labels, "pod_uid") : uid)
                        .setContainer(label(labels, "container"))
                        .setNode(node)
                        .build();
            }
            if (node != null) {
                return EntityKey.nodeEntity(cluster, node).build();
            }
            return (namespace == null
                            ? EntityKey.clusterEntity(cluster)
                            : EntityKey.namespaceEntity(cluster, namespace))
                    .build();
        }

        private static @Nullable String label(Map<String, String> labels, String name) {
            String value = labels.get(name);
            return value == null || value.isBlank() ? null : value;
        }

        /** Prometheus' own spelling of a number; humanised ones have lost digits and stay text. */
        private static @Nullable Double number(@Nullable String text) {
            if (text == null || !PLAIN_NUMBER.matcher(text.trim()).matches()) {
                return null;
            }
            double number = Double.parseDouble(text.trim());
            return Double.isInfinite(number) ? null : (Double) number;
        }
    }
}
