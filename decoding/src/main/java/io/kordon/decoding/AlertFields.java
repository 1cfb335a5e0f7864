package io.kordon.decoding;

import io.kordon.avro.AlertStatus;
import io.kordon.avro.Entity;
import io.kordon.avro.PrometheusEvent;
import io.kordon.schemas.EntityKey;
import io.kordon.schemas.KubernetesNames;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The members of one alert while it is read, and the event that they make. {@link RecordedAlert} sets them from its own. */
final class AlertFields implements JsonReader.Members {
    private static final Pattern PLAIN_NUMBER =
            Pattern.compile("[+-]?(?:[0-9]{1,400}(?:\\.[0-9]{0,400})?|\\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,9})?");
    private static final int ID_LENGTH = 32;
    private static final int FINGERPRINT_LENGTH = 16;

    /** Path of the alert's members, for whoever wrote it. */
    private final String at;

    @Nullable
    String status;

    @Nullable
    Map<String, String> labels;

    Map<String, String> annotations = Map.of();

    @Nullable
    String startsAt;

    @Nullable
    String endsAt;

    @Nullable
    String generatorUrl;

    @Nullable
    String fingerprint;

    AlertFields(String at) {
        this.at = at;
    }

    @Override
    public void member(String name, JsonReader in) throws IOException {
        switch (name) {
            case "status" -> status = in.text(at + name);
            case "labels" -> labels = in.textMap(at + name);
            case "annotations" -> annotations = in.textMap(at + name);
            case "startsAt" -> startsAt = in.text(at + name);
            case "endsAt" -> endsAt = in.text(at + name);
            case "generatorURL" -> generatorUrl = in.text(at + name);
            case "fingerprint" -> fingerprint = in.text(at + name);
            default -> in.skip();
        }
    }

    Decoded event(String original, Slice bytes, AlertEnvelope envelope, Origin origin) throws Malformed {
        if (labels == null) {
            throw Malformed.missing(at + "labels");
        }
        if (startsAt == null || startsAt.isEmpty()) {
            throw Malformed.missing(at + "startsAt");
        }
        AlertStatus state = state(envelope);
        Instant start = EventTime.parse(at + "startsAt", startsAt);
        Instant end = EventTime.parseOrNone(at + "endsAt", endsAt);
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
                .setReceiver(envelope.receiver())
                .setGroupKey(envelope.groupKey())
                .setExternalUrl(envelope.externalUrl())
                .setOriginal(original)
                .setEnvelope(envelope.json())
                .build();
        return new Decoded.Valid(event, entity, bytes);
    }

    private AlertStatus state(AlertEnvelope envelope) throws Malformed {
        String own = status == null || status.isEmpty() ? envelope.status() : status;
        if (own == null || own.isEmpty()) {
            throw Malformed.missing(at + "status");
        }
        return switch (own) {
            case "firing" -> AlertStatus.FIRING;
            case "resolved" -> AlertStatus.RESOLVED;
            default -> throw Malformed.value(at + "status", "must be firing or resolved, is \"" + own + "\"");
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
        boolean onNode = KubernetesNames.isName(node);
        if (namespace != null && pod != null && KubernetesNames.isPod(namespace, pod)) {
            String uid = label(labels, "uid");
            return EntityKey.podEntity(
                            cluster, namespace, pod, KubernetesNames.uid(uid == null ? label(labels, "pod_uid") : uid))
                    .setContainer(KubernetesNames.shown(label(labels, "container")))
                    .setNode(onNode ? node : null)
                    .build();
        }
        if (node != null && onNode) {
            return EntityKey.nodeEntity(cluster, node).build();
        }
        return (namespace == null || !KubernetesNames.isNamespace(namespace)
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
