package io.kordon.streams.topology;

import io.kordon.avro.AlertStatus;
import io.kordon.avro.PrometheusEvent;
import io.kordon.streams.detection.Event;
import io.kordon.streams.json.AlertJson;
import io.kordon.streams.json.JsonTree;
import io.kordon.streams.rule.LogSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An alert under the names of {@link AlertJson}; what the record has no field for is read from the sender's JSON of the
 * alert, then of the notification.
 */
final class PrometheusFields implements Event {
    private static final String LABELS = "labels.";
    private static final String ANNOTATIONS = "annotations.";

    private final PrometheusEvent event;
    private final AlertJson original;

    PrometheusFields(PrometheusEvent event) {
        this.event = event;
        this.original = new AlertJson(JsonTree.of(event.getOriginal()), JsonTree.of(event.getEnvelope()));
    }

    @Override
    public LogSource logSource() {
        return AlertJson.SOURCE;
    }

    @Override
    public @Nullable Object field(String name) {
        return switch (name) {
            case "alertname" -> event.getAlertname();
            case "status" -> status();
            case "value" -> event.getValue() == null ? event.getAnnotations().get(name) : event.getValue();
            case "startsAt" -> time(name, event.getStartsAt());
            case "endsAt" -> event.getEndsAt() == null ? null : time(name, event.getEndsAt());
            case "fingerprint" -> event.getFingerprint();
            case "generatorURL" -> event.getGeneratorUrl();
            case "receiver" -> event.getReceiver();
            case "groupKey" -> event.getGroupKey();
            case "externalURL" -> event.getExternalUrl();
            default -> labelled(name);
        };
    }

    @Override
    public boolean has(String name) {
        return field(name) != null;
    }

    @Override
    public Iterable<String> texts() {
        List<String> texts = new ArrayList<>(event.getLabels().values());
        texts.addAll(event.getAnnotations().values());
        texts.add(event.getAlertname());
        return texts;
    }

    private @Nullable String status() {
        AlertStatus status = event.getStatus();
        return status == AlertStatus.UNKNOWN ? null : status.name().toLowerCase(Locale.ROOT);
    }

    /** As the sender wrote it. */
    private Object time(String name, Instant known) {
        Object written = original.field(name);
        return written == null ? known.toString() : written;
    }

    private @Nullable Object labelled(String name) {
        String label = event.getLabels().get(name);
        if (label != null) {
            return label;
        }
        if (name.startsWith(LABELS)) {
            return event.getLabels().get(name.substring(LABELS.length()));
        }
        return name.startsWith(ANNOTATIONS)
                ? event.getAnnotations().get(name.substring(ANNOTATIONS.length()))
                : original.field(name);
    }
}
