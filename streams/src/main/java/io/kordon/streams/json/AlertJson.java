package io.kordon.streams.json;

import io.kordon.streams.detection.Event;
import io.kordon.streams.rule.LogSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An alert as rules name it: {@code alertname}, {@code status} ({@code firing}, {@code resolved}), {@code value} as a
 * number, {@code startsAt} and its like as the sender wrote them, {@code labels.X}, {@code annotations.X}, every label by
 * its bare name, and what the notification around it holds: {@code receiver}, {@code commonLabels.X}, {@code
 * groupLabels.X} … What the alert holds comes first. Log source {@code product: prometheus}.
 */
public final class AlertJson implements Event {
    public static final LogSource SOURCE = new LogSource("prometheus", null, "alertmanager");

    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(?:[0-9]{1,400}(?:\\.[0-9]{0,400})?|\\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,9})?");

    /** Begins the time that Alertmanager writes where there is none. */
    private static final String NEVER = "0001-";

    private final JsonTree alert;
    private final JsonTree notification;

    public AlertJson(JsonTree alert, JsonTree notification) {
        this.alert = alert;
        this.notification = notification;
    }

    @Override
    public LogSource logSource() {
        return SOURCE;
    }

    @Override
    public @Nullable Object field(String name) {
        return switch (name) {
            case "alertname" -> alert.under("labels", name);
            case "value" -> value();
            case "endsAt" -> endsAt();
            default -> {
                Object label = alert.under("labels", name);
                Object own = label == null ? alert.field(name) : label;
                yield own == null && isAround(name) ? notification.field(name) : own;
            }
        };
    }

    @Override
    public boolean has(String name) {
        return field(name) != null;
    }

    @Override
    public List<String> texts() {
        List<String> texts = new ArrayList<>(JsonTree.texts(alert.member("labels")));
        texts.addAll(JsonTree.texts(alert.member("annotations")));
        return texts;
    }

    /** The notification's other alerts are other events. */
    private static boolean isAround(String name) {
        return !name.equals("alerts") && !name.startsWith("alerts.");
    }

    /** The sample's number, as the alert's author templated it; a humanised one stays text. */
    private @Nullable Object value() {
        Object value = alert.under("annotations", "value");
        if (value instanceof String text && NUMBER.matcher(text.trim()).matches()) {
            double number = Double.parseDouble(text.trim());
            return Double.isInfinite(number) ? text : (Object) number;
        }
        return value;
    }

    private @Nullable Object endsAt() {
        Object end = alert.field("endsAt");
        boolean none = "firing".equals(field("status")) || (end instanceof String text && text.startsWith(NEVER));
        return none ? null : end;
    }
}
