package io.kordon.streams.json;

import io.kordon.streams.detection.Event;
import io.kordon.streams.rule.LogSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The formats that an event may be of whose fields rules name in ways of their own, told by the event's shape. */
public enum JsonFormat {
    /** Falco's JSON output, direct or through falcosidekick. */
    FALCO {
        @Override
        boolean fits(Map<?, ?> root) {
            return root.get("rule") instanceof String
                    && (root.get(FalcoJson.OUTPUT_FIELDS) instanceof Map || root.get("priority") instanceof String);
        }

        @Override
        public List<Event> events(JsonTree tree) {
            return List.of(new FalcoJson(tree));
        }
    },
    /** One audit event, or a list of them. */
    AUDIT {
        @Override
        boolean fits(Map<?, ?> root) {
            return root.get("auditID") instanceof String
                    || (root.get("apiVersion") instanceof String version && version.startsWith("audit.k8s.io/"));
        }

        @Override
        public List<Event> events(JsonTree tree) {
            return tree.member("items") instanceof List<?> items && !tree.has("auditID")
                    ? items.stream()
                            .<Event>map(item -> new AuditJson(JsonTree.over(item)))
                            .toList()
                    : List.of(new AuditJson(tree));
        }
    },
    /** One alert, or a notification of Alertmanager's webhook with its alerts. */
    PROMETHEUS {
        @Override
        boolean fits(Map<?, ?> root) {
            return (root.get("labels") instanceof Map && root.containsKey("startsAt"))
                    || (root.get("alerts") instanceof List && root.containsKey("groupLabels"));
        }

        @Override
        public List<Event> events(JsonTree tree) {
            return tree.member("alerts") instanceof List<?> alerts && !tree.has("startsAt")
                    ? alerts.stream()
                            .<Event>map(alert -> new AlertJson(JsonTree.over(alert), tree))
                            .toList()
                    : List.of(new AlertJson(tree, JsonTree.over(null)));
        }
    };

    /** The format that a document shows, or null for any other. */
    public static @Nullable JsonFormat of(JsonTree tree) {
        if (tree.root() instanceof Map<?, ?> root) {
            for (JsonFormat format : values()) {
                if (format.fits(root)) {
                    return format;
                }
            }
        }
        return null;
    }

    /** The format of a log source's events, or null where it has none of these. */
    public static @Nullable JsonFormat of(LogSource source) {
        if ("falco".equals(source.product())) {
            return FALCO;
        }
        if ("prometheus".equals(source.product())) {
            return PROMETHEUS;
        }
        return "kubernetes".equals(source.product()) && (source.service() == null || "audit".equals(source.service()))
                ? AUDIT
                : null;
    }

    abstract boolean fits(Map<?, ?> root);

    /** The events in a document of this format; several where the sender puts several into one. */
    public abstract List<Event> events(JsonTree tree);
}
