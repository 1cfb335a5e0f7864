package io.kordon.streams.json;

import io.kordon.streams.detection.Event;
import io.kordon.streams.rule.LogSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A Falco event as rules name it: {@code rule}, {@code priority} as Falco spells it, {@code source}, {@code output},
 * {@code hostname}, {@code tags}, {@code time}, and every key of {@code output_fields} by itself, with or without its
 * brackets: {@code proc.aname} stands for each of {@code proc.aname[1]}, {@code proc.aname[2]} … as it does in Falco's own
 * conditions. Log source {@code product: falco}, with the event source as {@code service}.
 */
public final class FalcoJson implements Event {
    public static final String OUTPUT_FIELDS = "output_fields";

    private static final Set<String> OWN =
            Set.of("rule", "priority", "source", "output", "hostname", "tags", "time", OUTPUT_FIELDS);
    private static final String ANCESTRY = "proc.a";
    private static final LogSource SYSCALL = new LogSource("falco", null, "syscall");
    private static final LogSource K8S_AUDIT = new LogSource("falco", null, "k8s_audit");

    private final JsonTree tree;

    public FalcoJson(JsonTree tree) {
        this.tree = tree;
    }

    /** The log source of a Falco event source. */
    public static LogSource logSource(String source) {
        return switch (source) {
            case "syscall" -> SYSCALL;
            case "k8s_audit" -> K8S_AUDIT;
            default -> new LogSource("falco", null, source);
        };
    }

    /** The values of a field that Falco indexes, where the name has no index; null where there are none. */
    public static @Nullable Object ancestry(Map<?, ?> outputFields, String name) {
        if (!name.startsWith(ANCESTRY) || name.indexOf('[') >= 0) {
            return null;
        }
        String indexed = name + "[";
        List<Object> values = new ArrayList<>();
        outputFields.forEach((key, value) -> {
            if (value != null && key.toString().startsWith(indexed)) {
                values.add(value);
            }
        });
        return values.isEmpty() ? null : values;
    }

    @Override
    public LogSource logSource() {
        return logSource(source());
    }

    @Override
    public @Nullable Object field(String name) {
        return switch (name) {
            case "source" -> source();
            case "priority" -> priority();
            case "rule", "output", "hostname", "tags", "time", OUTPUT_FIELDS -> tree.field(name);
            default -> outputField(name);
        };
    }

    @Override
    public boolean has(String name) {
        return tree.has(name) || (!OWN.contains(name) && tree.hasUnder(OUTPUT_FIELDS, name)) || field(name) != null;
    }

    @Override
    public List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (String name : List.of("rule", "output", "hostname", "tags", OUTPUT_FIELDS)) {
            texts.addAll(JsonTree.texts(tree.member(name)));
        }
        texts.add(source());
        return texts;
    }

    private @Nullable Object outputField(String name) {
        Object value = tree.under(OUTPUT_FIELDS, name);
        if (value == null) {
            value = tree.field(name);
        }
        return value == null && name.startsWith(ANCESTRY) && tree.member(OUTPUT_FIELDS) instanceof Map<?, ?> fields
                ? ancestry(fields, name)
                : value;
    }

    /** falcosidekick writes a missing source as {@code syscalls}. */
    private String source() {
        return tree.member("source") instanceof String source && !source.isBlank() && !source.equals("syscalls")
                ? source
                : "syscall";
    }

    private @Nullable Object priority() {
        Object value = tree.field("priority");
        if (!(value instanceof String text) || text.isBlank()) {
            return value;
        }
        String name = text.trim().toLowerCase(Locale.ROOT);
        return name.equals("info") ? "Informational" : Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}
