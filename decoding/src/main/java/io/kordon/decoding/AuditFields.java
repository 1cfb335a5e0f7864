package io.kordon.decoding;

import io.kordon.avro.AuditEvent;
import io.kordon.avro.Entity;
import io.kordon.avro.ObjectRef;
import io.kordon.schemas.EntityKey;
import io.kordon.schemas.KubernetesNames;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of one audit.k8s.io/v1 event while it is read, and the event that they make. {@link GkeLogEntry} sets them
 * from its own.
 */
final class AuditFields implements JsonReader.Members {
    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";
    private static final String EXTRA = "authentication.kubernetes.io/";

    @Nullable
    String kind;

    @Nullable
    String apiVersion;

    @Nullable
    String auditId;

    @Nullable
    String stage;

    @Nullable
    String verb;

    @Nullable
    String level;

    @Nullable
    String requestUri;

    @Nullable
    String username;

    @Nullable
    String userUid;

    List<String> groups = List.of();
    Map<String, List<String>> extra = Map.of();

    @Nullable
    String impersonatedUser;

    List<String> sourceIps = List.of();

    @Nullable
    String userAgent;

    ObjectRef.@Nullable Builder object;

    @Nullable
    Integer responseCode;

    @Nullable
    String responseReason;

    @Nullable
    String responseKind;

    @Nullable
    String responseName;

    @Nullable
    String responseUid;

    @Nullable
    String received;

    @Nullable
    String staged;

    Map<String, String> annotations = Map.of();

    /** What is no member of an event: an envelope's. */
    final ShippedLine shipped;

    boolean gke;
    private @Nullable String category;

    AuditFields(ShippedLine shipped) {
        this.shipped = shipped;
    }

    /** Whether this is an event, and not what a shipper put around one. */
    boolean isEvent() {
        return auditId != null;
    }

    /** Azure's stream of diagnostics holds the logs of other components, too. */
    boolean isOtherLogOfAzure() {
        return category != null && !category.startsWith("kube-audit");
    }

    @Override
    public void member(String name, JsonReader in) throws IOException {
        switch (name) {
            case "kind" -> kind = in.text(name);
            case "apiVersion" -> apiVersion = in.text(name);
            case "auditID" -> auditId = in.text(name);
            case "stage" -> stage = in.text(name);
            case "verb" -> verb = in.text(name);
            case "level" -> level = in.text(name);
            case "requestURI" -> requestUri = in.text(name);
            case "user" -> in.object(name, this::user);
            case "impersonatedUser" -> in.object(name, this::impersonatedUser);
            case "sourceIPs" -> sourceIps = in.texts(name);
            case "userAgent" -> userAgent = in.text(name);
            case "objectRef" -> {
                if (!in.isNull()) {
                    object = ObjectRef.newBuilder();
                    in.object(name, this::objectRef);
                }
            }
            case "responseStatus" -> in.object(name, this::responseStatus);
            case "responseObject" -> in.objectOrSkip(name, this::responseObject);
            case "requestReceivedTimestamp" -> received = in.text(name);
            case "stageTimestamp" -> staged = in.text(name);
            case "annotations" -> annotations = in.textMap(name);
            case "protoPayload" -> {
                gke = true;
                in.skip();
            }
            case "category" -> category = in.textOrSkip();
            default -> shipped.member(name, in);
        }
    }

    private void user(String name, JsonReader in) throws IOException {
        switch (name) {
            case "username" -> username = in.text("user.username");
            case "uid" -> userUid = in.text("user.uid");
            case "groups" -> groups = in.texts("user.groups");
            case "extra" -> extra = in.textsMap("user.extra");
            default -> in.skip();
        }
    }

    private void impersonatedUser(String name, JsonReader in) throws IOException {
        if (name.equals("username")) {
            impersonatedUser = in.text("impersonatedUser.username");
        } else {
            in.skip();
        }
    }

    private void objectRef(String name, JsonReader in) throws IOException {
        if (object == null) {
            throw new IllegalStateException("objectRef is read before it is begun");
        }
        String field = "objectRef." + name;
        switch (name) {
            case "resource" -> object.setResource(in.textOrNone(field));
            case "subresource" -> object.setSubresource(in.textOrNone(field));
            case "namespace" -> object.setNamespace(in.textOrNone(field));
            case "name" -> object.setName(in.textOrNone(field));
            case "uid" -> object.setUid(in.textOrNone(field));
            case "apiGroup" -> object.setApiGroup(in.textOrNone(field));
            case "apiVersion" -> object.setApiVersion(in.textOrNone(field));
            case "resourceVersion" -> object.setResourceVersion(in.textOrNone(field));
            default -> in.skip();
        }
    }

    private void responseStatus(String name, JsonReader in) throws IOException {
        switch (name) {
            case "code" -> responseCode = in.integer("responseStatus.code");
            case "reason" -> responseReason = in.textOrNone("responseStatus.reason");
            default -> in.skip();
        }
    }

    private void responseObject(String name, JsonReader in) throws IOException {
        switch (name) {
            case "kind" -> responseKind = in.text("responseObject.kind");
            case "metadata" -> in.objectOrSkip("responseObject.metadata", this::responseMetadata);
            default -> in.skip();
        }
    }

    private void responseMetadata(String name, JsonReader in) throws IOException {
        switch (name) {
            case "name" -> responseName = in.textOrNone("responseObject.metadata.name");
            case "uid" -> responseUid = in.textOrNone("responseObject.metadata.uid");
            default -> in.skip();
        }
    }

    /** Items of a list may lack both; anything else than the expected is another format. */
    static void checkType(String expected, @Nullable String kind, @Nullable String apiVersion) throws Malformed {
        if (kind != null && !kind.equals(expected)) {
            throw Malformed.value("kind", "must be " + expected + ", is \"" + kind + "\"");
        }
        if (apiVersion != null && !apiVersion.equals(AuditDecoder.API_VERSION)) {
            throw Malformed.value("apiVersion", "must be " + AuditDecoder.API_VERSION + ", is \"" + apiVersion + "\"");
        }
    }

    Decoded event(String original, Slice bytes, Origin origin) throws Malformed {
        checkType("Event", kind, apiVersion);
        String id = required("auditID", auditId);
        String reached = required("stage", stage);
        String action = required("verb", verb);
        Instant stageTime = EventTime.parseOrNone("stageTimestamp", staged);
        Instant requestTime = EventTime.parseOrNone("requestReceivedTimestamp", received);
        Instant time = requestTime != null ? requestTime : stageTime != null ? stageTime : origin.receivedAt();
        nameCreatedPod();
        Entity actor = actor(origin.cluster());
        Entity target = target(origin.cluster());
        Entity entity = entity(origin.cluster(), actor, target);
        AuditEvent event = AuditEvent.newBuilder()
                .setId(id + "/" + reached)
                .setEntity(entity)
                .setActor(actor)
                .setTarget(target)
                .setTime(EventTime.micros(time))
                .setStageTime(stageTime == null ? null : EventTime.micros(stageTime))
                .setReceivedAt(EventTime.micros(origin.receivedAt()))
                .setSender(origin.sender())
                .setAuditId(id)
                .setStage(reached)
                .setLevel(orEmpty(level))
                .setVerb(action)
                .setRequestUri(orEmpty(requestUri))
                .setUsername(orEmpty(username))
                .setUserUid(userUid)
                .setGroups(groups)
                .setExtra(extra)
                .setImpersonatedUser(impersonatedUser)
                .setSourceIps(sourceIps)
                .setUserAgent(userAgent)
                .setObject(object == null ? null : object.build())
                .setResponseCode(responseCode)
                .setResponseReason(responseReason)
                .setAnnotations(annotations)
                .setOriginal(original)
                .build();
        return new Decoded.Valid(event, entity, bytes);
    }

    /** A create with generateName, or of a pod that had no UID yet, tells name and UID only in its response. */
    private void nameCreatedPod() {
        if (object == null
                || !"pods".equals(object.getResource())
                || object.getSubresource() != null
                || !"Pod".equals(responseKind)) {
            return;
        }
        if (object.getName() == null) {
            object.setName(responseName);
        }
        if (object.getUid() == null
                && object.getName() != null
                && object.getName().equals(responseName)) {
            object.setUid(responseUid);
        }
    }

    private @Nullable Entity target(String cluster) {
        if (object == null
                || !"pods".equals(object.getResource())
                || object.getApiGroup() != null
                || !KubernetesNames.isPod(object.getNamespace(), object.getName())) {
            return null;
        }
        String uid = KubernetesNames.uid(object.getUid());
        return EntityKey.podEntity(cluster, object.getNamespace(), object.getName(), uid)
                .build();
    }

    /** The pod whose bound token made the call: its namespace is that of the token's service account. */
    private @Nullable Entity actor(String cluster) {
        String pod = extra("pod-name");
        if (pod == null || username == null || !username.startsWith(SERVICE_ACCOUNT)) {
            return null;
        }
        int end = username.indexOf(':', SERVICE_ACCOUNT.length());
        if (end <= SERVICE_ACCOUNT.length()) {
            return null;
        }
        String namespace = username.substring(SERVICE_ACCOUNT.length(), end);
        if (!KubernetesNames.isPod(namespace, pod)) {
            return null;
        }
        String node = extra("node-name");
        return EntityKey.podEntity(cluster, namespace, pod, KubernetesNames.uid(extra("pod-uid")))
                .setNode(KubernetesNames.isName(node) ? node : null)
                .build();
    }

    /** Longest name of a user that becomes part of a key, in characters; one that is longer is in the event alone. */
    private static final int LONGEST_USER = 1_024;

    private Entity entity(String cluster, @Nullable Entity actor, @Nullable Entity target) {
        if (target != null) {
            return target;
        }
        if (actor != null) {
            return actor;
        }
        return (username == null || username.isBlank() || username.length() > LONGEST_USER
                        ? EntityKey.clusterEntity(cluster)
                        : EntityKey.userEntity(cluster, username))
                .build();
    }

    private @Nullable String extra(String name) {
        List<String> values = extra.get(EXTRA + name);
        return values == null || values.isEmpty() || values.get(0).isBlank() ? null : values.get(0);
    }

    private static String required(String field, @Nullable String value) throws Malformed {
        if (value == null || value.isBlank()) {
            throw Malformed.missing(field);
        }
        return value;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
