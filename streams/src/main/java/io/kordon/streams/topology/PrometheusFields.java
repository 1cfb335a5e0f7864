package io.kordon.streams.topology;

import io.kordon.avro.AlertStatus;
import io.kordon.avro.PrometheusEvent;
import io.kordon.streams.detection.Event;
import io.kordon.streams.rule.LogSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An alert as rules name it: {@code alertname}, {@code status} ({@code firing}, {@code resolved}), {@code value} as a
 * number, {@code startsAt} and its like, {@code labels.X}, {@code annotations.X}, and every label by its bare name. Log
 * source {@code product: prometheus}.
 */
final class PrometheusFields implements Event {
    private static final LogSource SOURCE = new LogSource("prometheus", null, "alertmanager");
    private static final String LABELS = "labels.";
    private static final String ANNOTATIONS = "annotations.";

    private final PrometheusEvent event;

    PrometheusFields(PrometheusEvent event) {
        this.event = event;
    }

    @Override
    public LogSource logSource() {
        return SOURCE;
    }

    @Override
    public @Nullable Object field(String name) {
        return switch (name) {
            case "alertname" -> event.getAlertname();
            case "status" -> status();
            case "value" -> event.getValue() == null ? event.getAnnotations().get(name) : event.getValue();
            case "startsAt" -> event.getStartsAt().toString();
            case "endsAt" ->
                event.getEndsAt() == null ? null : event.getEndsAt().toString();
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

    private @Nullable String labelled(String name) {
        String label = event.getLabels().get(name);
        if (label != null) {
            return label;
        }
        if (name.startsWith(LABELS)) {
            return event.getLabels().get(name.substring(LABELS.length()));
        }
        return name.startsWith(ANNOTATIONS) ? event.getAnnotations().get(name.substring(ANNOTATIONS.length())) : null;
    }
}
