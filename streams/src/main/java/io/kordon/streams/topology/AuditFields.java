package io.kordon.streams.topology;

import io.kordon.avro.AuditEvent;
import io.kordon.avro.ObjectRef;
import io.kordon.decoding.AuditOriginal;
import io.kordon.streams.detection.Event;
import io.kordon.streams.json.AuditJson;
import io.kordon.streams.json.JsonTree;
import io.kordon.streams.rule.LogSource;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes audit event under the names of {@link AuditJson}; what the record has no field for is read from the sender's
 * JSON, where requests' objects are, out of whatever a shipper put around it.
 */
final class AuditFields implements Event {
    private static final String EXTRA = "user.extra.";
    private static final String ANNOTATIONS = "annotations.";

    private final AuditEvent event;
    private final AuditJson original;

    AuditFields(AuditEvent event) {
        this.event = event;
        this.original = new AuditJson(JsonTree.of(() -> AuditOriginal.event(event.getOriginal())));
    }

    @Override
    public LogSource logSource() {
        return AuditJson.SOURCE;
    }

    @Override
    public @Nullable Object field(String name) {
        return switch (name) {
            case "verb" -> event.getVerb();
            case "stage" -> event.getStage();
            case "level" -> known(event.getLevel(), name);
            case "auditID" -> event.getAuditId();
            case "requestURI" -> known(event.getRequestUri(), name);
            case "userAgent" -> event.getUserAgent();
            case "sourceIPs" -> event.getSourceIps();
            case "user.username" -> known(event.getUsername(), name);
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
            case "resource" -> known(object(ObjectRef::getResource), name);
            case "subresource" -> known(object(ObjectRef::getSubresource), name);
            case "namespace" -> known(object(ObjectRef::getNamespace), name);
            case "name" -> known(object(ObjectRef::getName), name);
            case "uid" -> known(object(ObjectRef::getUid), name);
            case "apiGroup" -> known(object(ObjectRef::getApiGroup), name);
            case "resourceVersion" -> known(object(ObjectRef::getResourceVersion), name);
            case "responseStatus.code" ->
                event.getResponseCode() == null ? null : event.getResponseCode().longValue();
            case "responseStatus.reason" -> event.getResponseReason();
            default -> elsewhere(name);
        };
    }

    @Override
    public boolean has(String name) {
        return field(name) != null || original.has(name);
    }

    @Override
    public Iterable<String> texts() {
        return original.texts();
    }

    private @Nullable String object(Function<ObjectRef, @Nullable String> part) {
        ObjectRef object = event.getObject();
        return object == null ? null : part.apply(object);
    }

    private @Nullable Object known(@Nullable String typed, String name) {
        return typed == null || typed.isEmpty() ? original.field(name) : typed;
    }

    private @Nullable Object elsewhere(String name) {
        if (name.startsWith(EXTRA)) {
            return named(event.getExtra(), name.substring(EXTRA.length()));
        }
        if (name.startsWith(ANNOTATIONS)) {
            return named(event.getAnnotations(), name.substring(ANNOTATIONS.length()));
        }
        return original.field(name);
    }

    private static @Nullable Object named(Map<String, ?> values, String name) {
        return values.get(name);
    }
}
