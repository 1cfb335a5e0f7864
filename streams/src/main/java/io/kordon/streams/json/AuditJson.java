package io.kordon.streams.json;

import io.kordon.streams.detection.Event;
import io.kordon.streams.rule.LogSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes audit event as rules name it, which is as SigmaHQ's own audit rules do: the paths of audit.k8s.io/v1
 * ({@code verb}, {@code objectRef.resource}, {@code responseStatus.code} …); bare names of {@code objectRef} ({@code
 * apiGroup}, {@code resource}); and, without the path to them, names of what a request's object holds ({@code hostPath},
 * {@code capabilities}), at any depth. The response is never searched so: a list's response holds everything that the
 * cluster does. Log source {@code product: kubernetes}, {@code category: application}, {@code service: audit}.
 */
public final class AuditJson implements Event {
    public static final LogSource SOURCE = new LogSource("kubernetes", "application", "audit");

    private static final String OBJECT_REF = "objectRef";
    private static final String REQUEST_OBJECT = "requestObject";

    /** Top-level names of an audit event: a path that begins with one is not looked for anywhere else. */
    private static final Set<String> TOP_LEVEL = Set.of(
            "kind",
            "apiVersion",
            "metadata",
            "level",
            "auditID",
            "stage",
            "requestURI",
            "verb",
            "user",
            "impersonatedUser",
            "sourceIPs",
            "userAgent",
            OBJECT_REF,
            "responseStatus",
            REQUEST_OBJECT,
            "responseObject",
            "requestReceivedTimestamp",
            "stageTimestamp",
            "annotations");

    private final JsonTree tree;

    public AuditJson(JsonTree tree) {
        this.tree = tree;
    }

    @Override
    public LogSource logSource() {
        return SOURCE;
    }

    @Override
    public @Nullable Object field(String name) {
        return switch (name) {
            case "objectRef.name", "objectRef.uid" -> reference(name.substring(OBJECT_REF.length() + 1));
            default -> {
                Object value = tree.field(name);
                yield value != null || isTopLevel(name) ? value : bare(name);
            }
        };
    }

    @Override
    public boolean has(String name) {
        return tree.has(name)
                || field(name) != null
                || (!isTopLevel(name) && (tree.hasUnder(OBJECT_REF, name) || tree.hasAnywhere(REQUEST_OBJECT, name)));
    }

    @Override
    public List<String> texts() {
        return tree.texts();
    }

    private @Nullable Object bare(String name) {
        Object value = reference(name);
        return isNothing(value) ? tree.anywhere(REQUEST_OBJECT, name) : value;
    }

    /** A part of what the request is about. A pod that the request does not name yet has its name in the response. */
    private @Nullable Object reference(String part) {
        Object value = tree.under(OBJECT_REF, part);
        return isNothing(value) && (part.equals("name") || part.equals("uid")) && createsPod()
                ? tree.under("responseObject", "metadata." + part)
                : value;
    }

    private boolean createsPod() {
        return "pods".equals(tree.under(OBJECT_REF, "resource"))
                && isNothing(tree.under(OBJECT_REF, "subresource"))
                && "Pod".equals(tree.under("responseObject", "kind"));
    }

    private static boolean isNothing(@Nullable Object value) {
        return value == null || (value instanceof String text && text.isBlank());
    }

    private static boolean isTopLevel(String name) {
        int dot = name.indexOf('.');
        return TOP_LEVEL.contains(dot < 0 ? name : name.substring(0, dot));
    }
}
