package io.kordon.decoding;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.kordon.avro.ObjectRef;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry of Google Cloud Logging with an AuditLog of a GKE cluster, as a sink exports it. It says most of what
 * audit.k8s.io/v1 says under other names; what it does not say (groups, {@code user.extra}, the request's URI) stays
 * unknown. The audit id is the operation's, which both entries of a long-running request bear.
 */
final class GkeLogEntry implements JsonReader.Members {
    private static final String SERVICE = "k8s.io";
    private static final String DECISION = "authorization.k8s.io/decision";
    private static final String PAYLOAD = "protoPayload.";
    private static final JsonFactory JSON = new JsonFactory();

    private @Nullable String insertId;
    private @Nullable String timestamp;
    private Map<String, String> labels = Map.of();
    private @Nullable String operation;
    private boolean first;
    private boolean last;
    private @Nullable String service;
    private @Nullable String method;
    private @Nullable String resource;
    private @Nullable String principal;
    private @Nullable String callerIp;
    private @Nullable String userAgent;
    private @Nullable Integer status;
    private @Nullable Boolean granted;
    private @Nullable Slice request;
    private @Nullable Slice response;

    static GkeLogEntry read(Slice json) throws Malformed {
        GkeLogEntry entry = new GkeLogEntry();
        JsonReader.read(json, false, entry);
        return entry;
    }

    /** A sink may export the audit logs of a whole project. */
    boolean isOfAnotherService() {
        return service != null && !service.equals(SERVICE);
    }

    @Override
    public void member(String name, JsonReader in) throws IOException {
        switch (name) {
            case "insertId" -> insertId = in.textOrNone(name);
            case "timestamp" -> timestamp = in.text(name);
            case "labels" -> labels = in.textMap(name);
            case "operation" -> in.object(name, this::operation);
            case "protoPayload" -> in.object(name, this::payload);
            default -> in.skip();
        }
    }

    private void operation(String name, JsonReader in) throws IOException {
        switch (name) {
            case "id" -> operation = in.textOrNone("operation.id");
            case "first" -> first = in.flag("operation.first");
            case "last" -> last = in.flag("operation.last");
            default -> in.skip();
        }
    }

    private void payload(String name, JsonReader in) throws IOException {
        String field = PAYLOAD + name;
        switch (name) {
            case "serviceName" -> service = in.textOrNone(field);
            case "methodName" -> method = in.textOrNone(field);
            case "resourceName" -> resource = in.textOrNone(field);
            case "authenticationInfo" ->
                in.object(field, (part, inside) -> {
                    String text = inside.textOrSkip();
                    principal = part.equals("principalEmail") ? text : principal;
                });
            case "requestMetadata" -> in.object(field, this::metadata);
            case "status" ->
                in.object(field, (part, inside) -> {
                    if (part.equals("code")) {
                        status = inside.integer(field + ".code");
                    } else {
                        inside.skip();
                    }
                });
            case "authorizationInfo" -> in.array(field, element -> element.object(field + "[]", this::authorization));
            case "request" -> request = in.objectBytes();
            case "response" -> response = in.objectBytes();
            default -> in.skip();
        }
    }

    private void metadata(String name, JsonReader in) throws IOException {
        switch (name) {
            case "callerIp" -> callerIp = in.textOrSkip();
            case "callerSuppliedUserAgent" -> userAgent = in.textOrSkip();
            default -> in.skip();
        }
    }

    private void authorization(String name, JsonReader in) throws IOException {
        if (name.equals("granted")) {
            granted = in.flag(PAYLOAD + "authorizationInfo[].granted") && !Boolean.FALSE.equals(granted);
        } else {
            in.skip();
        }
    }

    /** The same, as an audit event says it. */
    AuditFields fields() throws Malformed {
        AuditFields fields = new AuditFields(new ShippedLine());
        fields.auditId = operation == null ? insertId : operation;
        fields.stage = first && !last ? "ResponseStarted" : "ResponseComplete";
        fields.verb = method == null ? null : method.substring(method.lastIndexOf('.') + 1);
        fields.username = principal;
        fields.sourceIps = callerIp == null ? List.of() : List.of(callerIp);
        fields.userAgent = userAgent;
        fields.received = timestamp;
        fields.object = resource == null ? null : object(resource);
        fields.responseCode = status == null ? null : httpStatus(status);
        fields.annotations = annotations();
        if (response != null) {
            JsonReader.read(response, false, new Response(fields));
        }
        if (!"Status".equals(fields.responseKind)) {
            fields.responseReason = null; // of an object that has a reason of its own, as events do
        }
        return fields;
    }

    private Map<String, String> annotations() {
        if (granted == null || labels.containsKey(DECISION)) {
            return labels;
        }
        Map<String, String> annotations = new LinkedHashMap<>(labels);
        annotations.put(DECISION, granted ? "allow" : "forbid");
        return annotations;
    }

    /**
     * {@code GROUP/VERSION/namespaces/NAMESPACE/RESOURCE/NAME/SUBRESOURCE}, each part after the version optional; the core
     * group is called {@code core}. Null for what is no object, such as {@code healthz}.
     */
    private static ObjectRef.@Nullable Builder object(String resourceName) {
        String[] parts = resourceName.split("/", 9);
        if (parts.length < 3) {
            return null;
        }
        ObjectRef.Builder object = ObjectRef.newBuilder()
                .setApiGroup(parts[0].equals("core") ? null : part(parts, 0))
                .setApiVersion(part(parts, 1));
        int at = 2;
        if (parts[2].equals("namespaces") && parts.length > 3) {
            object.setNamespace(part(parts, 3));
            boolean ofNamespace = parts.length == 4 || parts[4].equals("status") || parts[4].equals("finalize");
            at = ofNamespace ? 2 : 4;
        }
        return object.setResource(part(parts, at)).setName(part(parts, at + 1)).setSubresource(part(parts, at + 2));
    }

    private static @Nullable String part(String[] parts, int at) {
        return at >= parts.length || parts[at].isEmpty() ? null : parts[at];
    }

    /** google.rpc.Code, by the HTTP status that its definition names; HTTP's own pass, unknown ones are unknown. */
    private static @Nullable Integer httpStatus(int code) {
        return switch (code) {
            case 0 -> 200;
            case 1 -> 499;
            case 3, 9, 11 -> 400;
            case 4 -> 504;
            case 5 -> 404;
            case 6, 10 -> 409;
            case 7 -> 403;
            case 8 -> 429;
            case 12 -> 501;
            case 14 -> 503;
            case 2, 13, 15 -> 500;
            case 16 -> 401;
            default -> code >= 100 && code <= 599 ? code : null;
        };
    }

    /** The entry, with what it says once more in front under the names of audit.k8s.io/v1. */
    String named(AuditFields fields, Slice json) throws Malformed {
        StringWriter named = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(named)) {
            out.writeStartObject();
            text(out, "auditID", fields.auditId);
            text(out, "stage", fields.stage);
            text(out, "verb", fields.verb);
            out.writeObjectFieldStart("user");
            text(out, "username", principal);
            out.writeEndObject();
            out.writeArrayFieldStart("sourceIPs");
            for (String address : fields.sourceIps) {
                out.writeString(address);
            }
            out.writeEndArray();
            text(out, "userAgent", userAgent);
            out.writeObjectFieldStart("responseStatus");
            if (fields.responseCode != null) {
                out.writeNumberField("code", fields.responseCode);
            }
            out.writeEndObject();
            object(out, "requestObject", request);
            object(out, "responseObject", response);
            out.writeEndObject();
        } catch (Malformed e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
        String front = named.toString();
        return front.substring(0, front.length() - 1)
                + ","
                + json.between(json.offset() + 1, json.end()).text();
    }

    private static void text(JsonGenerator out, String name, @Nullable String text) throws IOException {
        if (text != null) {
            out.writeStringField(name, text);
        }
    }

    private static void object(JsonGenerator out, String name, @Nullable Slice object) throws IOException {
        if (object != null) {
            out.writeFieldName(name);
            out.writeRawValue(object.text());
        }
    }

    /** What the response says that the entry does not: which object was made, or why the request was refused. */
    private record Response(AuditFields fields) implements JsonReader.Members {
        @Override
        public void member(String name, JsonReader in) throws IOException {
            switch (name) {
                case "@type" -> {
                    String type = in.textOrSkip();
                    fields.responseKind = type == null ? null : type.substring(type.lastIndexOf('.') + 1);
                }
                case "reason" -> fields.responseReason = in.textOrSkip();
                case "metadata" ->
                    in.objectOrSkip(name, (part, inside) -> {
                        String text = inside.textOrSkip();
                        switch (part) {
                            case "name" -> fields.responseName = text;
                            case "uid" -> fields.responseUid = text;
                            default -> {}
                        }
                    });
                default -> in.skip();
            }
        }
    }
}
