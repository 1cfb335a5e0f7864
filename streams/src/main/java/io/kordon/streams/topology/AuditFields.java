package io.kordon.streams.topology;

import io.kordon.avro.AuditEvent;
import io.kordon.avro.ObjectRef;
import io.kordon.decoding.AuditOriginal;
import io.kordon.streams.detection.Event;
import io.kordon.streams.rule.LogSource;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes audit event as rules name it, which is as SigmaHQ's own audit rules do: the paths of audit.k8s.io/v1
 * ({@code verb}, {@code objectRef.resource}, {@code responseStatus.code} …), and names of what a request's object holds
 * ({@code hostPath}, {@code capabilities}) without the path to it. What the record has no field for is read from the
 * sender's JSON, out of whatever a shipper put around it, which is parsed when it is first asked for. Log source {@code product: kubernetes}, {@code category:
 * application}, {@code service: audit}.
 */
final class AuditFields implements Event {
    private static final LogSource SOURCE = new LogSource("kubernetes", "application", "audit");
    private static final String EXTRA = "user.extra.";
    private static final String ANNOTATIONS = "annotations.";
    private static final String REQUEST_OBJECT = "requestObject";

    /** Top-level names of an audit event: a path that begins with one is not looked for inside the request's object. */
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
            "objectRef",
            "responseStatus",
            REQUEST_OBJECT,
            "responseObject",
            "requestReceivedTimestamp",
            "stageTimestamp",
            "annotations");

    private final AuditEvent event;
    private final JsonTree original;

    AuditFields(AuditEvent event) {
        this.event = event;
        this.original = JsonTree.of(() -> AuditOriginal.event(event.getOriginal()));
    }

    @Override
    public LogSource logSource() {
        return SOURCE;
    }

    @Override
    public @Nullable Object field(String name) {
        return switch (name) {
            case "verb" -> event.getVerb();
            case "stage" -> event.getStage();
            case "level" -> event.getLevel();
            case "auditID" -> event.getAuditId();
            case "requestURI" -> event.getRequestUri();
            case "userAgent" -> event.getUserAgent();
            case "sourceIPs" -> event.getSourceIps();
            case "user.username" -> event.getUsername();
            case "user.uid" -> event.getUserUid();
            case "user.groups" -> event.getGroups();
            case "impersonatedUser.username" -> event.getImpersonatedUser();
            case "objectRef.resource" -> object(ObjectRef::getResource);
            case "objectRef.subresource" -> object(ObjectRef::getSubresource);
            case "objectRef.namespace" -> object(ObjectRef::getNamespace);
            case "objectRef.name" -> object(ObjectRef::getName);
            case "objectRef.uid" -> object(ObjectRef::getUid);
            case "objectRef.apiGroup" -> object(ObjectRef::getApiGroup);
            case "objectRef.apiVersion" -> object(ObjectRef::getApiVersion);
            case "objectRef.resourceVersion" -> object(ObjectRef::getResourceVersion);
            case "responseStatus.code" ->
                event.getResponseCode() == null ? null : event.getResponseCode().longValue();
            case "responseStatus.reason" -> event.getResponseReason();
            default -> elsewhere(name);
        };
    }

    @Override
    public boolean has(String name) {
        return field(name) != null
                || original.has(name)
                || (!isTopLevel(name) && original.hasAnywhere(REQUEST_OBJECT, name));
    }

    @Override
    public Iterable<String> texts() {
        return original.texts();
    }

    private @Nullable String object(Function<ObjectRef, @Nullable String> part) {
        ObjectRef object = event.getObject();
        return object == null ? null : part.apply(object);
    }

    private @Nullable Object elsewhere(String name) {
        if (name.startsWith(EXTRA)) {
            return named(event.getExtra(), name.substring(EXTRA.length()));
        }
        if (name.startsWith(ANNOTATIONS)) {
            return named(event.getAnnotations(), name.substring(ANNOTATIONS.length()));
        }
        Object value = original.field(name);
        return value != null || isTopLevel(name) ? value : original.anywhere(REQUEST_OBJECT, name);
    }

    private static @Nullable Object named(Map<String, ?> values, String name) {
        return values.get(name);
    }

    private static boolean isTopLevel(String name) {
        int dot = name.indexOf('.');
        return TOP_LEVEL.contains(dot < 0 ? name : name.substring(0, dot));
    }
}
