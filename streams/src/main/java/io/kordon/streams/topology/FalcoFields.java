package io.kordon.streams.topology;

import io.kordon.avro.FalcoEvent;
import io.kordon.avro.FalcoPriority;
import io.kordon.streams.detection.Event;
import io.kordon.streams.rule.LogSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Falco event as rules name it: {@code rule}, {@code priority} as Falco spells it, {@code source}, {@code output},
 * {@code hostname}, {@code tags}, {@code time}, and every key of {@code output_fields} by itself. Log source {@code
 * product: falco}, with the event source as {@code service}.
 */
final class FalcoFields implements Event {
    private static final String OUTPUT_FIELDS = "output_fields.";
    private static final LogSource SYSCALL = new LogSource("falco", null, "syscall");
    private static final LogSource K8S_AUDIT = new LogSource("falco", null, "k8s_audit");

    private final FalcoEvent event;
    private final JsonTree original;

    FalcoFields(FalcoEvent event) {
        this.event = event;
        this.original = JsonTree.of(event.getOriginal());
    }

    @Override
    public LogSource logSource() {
        return switch (event.getSource()) {
            case "syscall" -> SYSCALL;
            case "k8s_audit" -> K8S_AUDIT;
            default -> new LogSource("falco", null, event.getSource());
        };
    }

    @Override
    public @Nullable Object field(String name) {
        return switch (name) {
            case "rule" -> event.getRule();
            case "priority" -> priority();
            case "source" -> event.getSource();
            case "output" -> event.getOutput();
            case "hostname" -> event.getHostname();
            case "tags" -> event.getTags();
            case "time" -> event.getTime().toString();
            default -> outputField(name);
        };
    }

    @Override
    public boolean has(String name) {
        Map<String, Object> fields = event.getOutputFields();
        return fields.containsKey(name)
                || (name.startsWith(OUTPUT_FIELDS) && fields.containsKey(name.substring(OUTPUT_FIELDS.length())))
                || field(name) != null
                || (name.indexOf('.') < 0 && original.has(name));
    }

    @Override
    public Iterable<String> texts() {
        List<String> texts = new ArrayList<>(event.getTags());
        texts.add(event.getRule());
        texts.add(event.getOutput());
        texts.add(event.getSource());
        if (event.getHostname() != null) {
            texts.add(event.getHostname());
        }
        for (Object value : event.getOutputFields().values()) {
            if (value instanceof List<?> list) {
                list.forEach(element -> texts.add(String.valueOf(element)));
            } else if (value != null) {
                texts.add(value.toString());
            }
        }
        return texts;
    }

    private @Nullable Object priority() {
        FalcoPriority priority = event.getPriority();
        if (priority == FalcoPriority.UNKNOWN) {
            return original.field("priority");
        }
        String name = priority.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    /** All of {@code output_fields} is typed, so only a name without a dot can still be elsewhere in the original. */
    private @Nullable Object outputField(String name) {
        Object value = event.getOutputFields().get(name);
        if (value != null || event.getOutputFields().containsKey(name)) {
            return value;
        }
        if (name.startsWith(OUTPUT_FIELDS)) {
            return event.getOutputFields().get(name.substring(OUTPUT_FIELDS.length()));
        }
        return name.indexOf('.') < 0 ? original.field(name) : null;
    }
}
