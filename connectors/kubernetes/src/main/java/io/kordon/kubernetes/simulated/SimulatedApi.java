package io.kordon.kubernetes.simulated;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReviewBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.crud.AttributeSet;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.kordon.kubernetes.LabelSyntax;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * fabric8's in-memory API with the write semantics that it lacks: it answers 415 to server-side apply, merges without
 * removing, ignores a patch's UID and a deletion's preconditions, and gives every object a new UID and age.
 */
final class SimulatedApi extends KubernetesCrudDispatcher {
    private static final int REMEMBERED_CALLS = 10_000;
    private static final Pattern RESOURCE_VERSION = Pattern.compile("[?&]resourceVersion=(\\d{1,18})(?:&|$)");
    private static final Map<String, String> DELETE_PRECONDITIONS =
            Map.of("uid", "UID", "resourceVersion", "ResourceVersion");

    /** A failure to answer with instead of the truth, so many times. */
    private record Injected(String verb, String resource, int code, int times) {}

    /** An answer that comes, after a while. */
    private record Slow(String verb, String resource, Duration delay) {}

    private final Deque<ApiCall> calls = new ArrayDeque<>();
    private final List<Injected> injected = new ArrayList<>();
    private final Deque<Slow> slow = new ArrayDeque<>();
    private final Watches watches = new Watches();
    private final CustomKinds customKinds = new CustomKinds();
    private final SimulatedKubelet kubelet = new SimulatedKubelet(this);
    private volatile @Nullable Lock writes;
    private volatile @Nullable Controllers controllers;
    private volatile boolean away;
    private volatile String user = "system:serviceaccount:kordon:kordon-actuator";
    private volatile @Nullable Fuse fuse;
    private volatile long oldestVersion;

    SimulatedApi() {
        super.handleDelete("/api/v1/namespaces/none/pods/none"); // any write shows us the lock, see locked()
    }

    /** Hook of the parent, which keeps its lock to itself: our writes must exclude its reads and watches. */
    @Override
    protected void locked(Lock lock) {
        if (lock instanceof ReentrantReadWriteLock.WriteLock) {
            writes = lock;
        }
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
        ApiCall call = ApiCall.of(request);
        if (call == null) {
            MockResponse discovery = away ? null : customKinds.discovery(ApiCall.path(request));
            return discovery == null ? super.dispatch(request) : discovery;
        }
        Fuse burning = fuse;
        Fuse.Fate fate = burning == null ? Fuse.Fate.ANSWERED : burning.next();
        if (fate == Fuse.Fate.UNHEARD) {
            return cutOff();
        }
        MockResponse response = answer(request, call);
        return fate == Fuse.Fate.UNANSWERED ? cutOff() : slowed(call, response);
    }

    private static MockResponse cutOff() {
        return new Refusal(503, "ServiceUnavailable", "the connection was cut").response();
    }

    private MockResponse slowed(ApiCall call, MockResponse response) {
        synchronized (calls) {
            Slow next = slow.peek();
            if (next == null || !next.verb.equals(call.verb()) || !next.resource.equals(call.resource())) {
                return response;
            }
            slow.remove();
            return response.setBodyDelay(next.delay);
        }
    }

    private MockResponse answer(RecordedRequest request, ApiCall call) {
        Refusal failure = remember(call);
        if (away) {
            failure = new Refusal(503, "ServiceUnavailable", "the API server is away");
        }
        if (failure == null && customKinds.lacks(call)) {
            failure = Refusal.notFound(call.resource(), String.valueOf(call.name()));
        }
        if (failure != null) {
            return failure.response();
        }
        if (call.resource().equals("selfsubjectreviews") && call.verb().equals("create")) {
            return selfSubjectReview();
        }
        try {
            MockResponse byKubelet = kubelet.answer(call, request);
            if (byKubelet != null) {
                return byKubelet;
            }
            String eventsOf = EventLists.eventsOf(call, request);
            if (eventsOf != null) {
                return EventLists.chosen(super.dispatch(EventLists.unselected(request)), eventsOf);
            }
            return switch (request.getMethod().toUpperCase(Locale.ROOT)) {
                case "PATCH" -> written(patch(request, call));
                case "DELETE" -> written(delete(request, call));
                case "GET" -> super.dispatch(request);
                default -> written(super.dispatch(request));
            };
        } catch (Refusal e) {
            return e.response();
        } catch (JacksonException e) {
            return Refusal.badRequest("the body is not an object: " + e.getOriginalMessage())
                    .response();
        }
    }

    SimulatedKubelet kubelet() {
        return kubelet;
    }

    /** The object at a path, a copy; null where there is none. */
    @Nullable
    ObjectNode read(String path) {
        Map.Entry<AttributeSet, String> existing = find(path);
        return existing == null ? null : object(existing.getValue());
    }

    /** Puts an object in the place of the one at a path. */
    void replace(String path, ObjectNode object) {
        Lock lock = writeLock();
        lock.lock();
        try {
            Map.Entry<AttributeSet, String> existing = find(path);
            ((ObjectNode) object.get("metadata")).put("resourceVersion", Long.toString(requestResourceVersion()));
            processEvent(path, getKey(path), existing == null ? null : existing.getKey(), null, object.toString());
        } finally {
            lock.unlock();
        }
    }

    /** Starts to answer every write with what controllers, scheduler and kubelets would do about it. */
    void startControllers() {
        controllers = new Controllers(this);
        reconcile();
    }

    private MockResponse written(MockResponse response) {
        reconcile();
        return response;
    }

    private void reconcile() {
        Controllers running = controllers;
        if (running == null) {
            return;
        }
        Lock lock = writeLock();
        lock.lock();
        try {
            running.reconcile();
        } finally {
            lock.unlock();
        }
    }

    /** All objects of a kind, in the order of their namespaces and names. */
    <T extends HasMetadata> List<T> stored(Class<T> type) {
        String kind = HasMetadata.getKind(type);
        Lock lock = writeLock();
        lock.lock();
        try {
            return map.values().stream()
                    .filter(json -> kind.equals(object(json).path("kind").asString("")))
                    .map(json -> Serialization.unmarshal(json, type))
                    .sorted(Comparator.comparing(
                                    (T one) -> String.valueOf(one.getMetadata().getNamespace()))
                            .thenComparing(one -> one.getMetadata().getName()))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Stores an object as somebody would who need not ask, and lets controllers see it. */
    void seed(HasMetadata object) {
        store(object);
        reconcile();
    }

    /** Removes an object, if it is there, and lets controllers see it. */
    void lose(HasMetadata object) {
        remove(object);
        reconcile();
    }

    /** Stores an object as it is, its UID and creation time too where it has them. */
    void store(HasMetadata object) {
        String path = collection(object);
        ObjectNode node = object(Serialization.asJson(object));
        Lock lock = writeLock();
        lock.lock();
        try {
            completeMetadata(node, Instant.now());
            Map.Entry<AttributeSet, String> existing =
                    find(path + "/" + object.getMetadata().getName());
            processEvent(path, getKey(path), existing == null ? null : existing.getKey(), null, node.toString());
        } finally {
            lock.unlock();
        }
    }

    /** Removes an object, if it is there. */
    void remove(HasMetadata object) {
        String path = collection(object) + "/" + object.getMetadata().getName();
        Lock lock = writeLock();
        lock.lock();
        try {
            Map.Entry<AttributeSet, String> existing = find(path);
            if (existing != null) {
                processEvent("", existing.getKey(), existing.getKey(), null, null);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public MockResponse handleWatch(String path) {
        return startsAt(path) < oldestVersion ? Watches.expired() : watches.remember(super.handleWatch(path));
    }

    /** Forgets what has happened so far: watches that stand there end, and must list again. */
    void expireWatches() {
        oldestVersion = requestResourceVersion();
        watches.expire();
    }

    /** Ends all watches and answers nothing but 503. */
    void goAway() {
        away = true;
        watches.cut();
    }

    /** Answers again. Watches cannot go on where they stood. */
    void comeBack() {
        oldestVersion = requestResourceVersion();
        away = false;
    }

    private static long startsAt(String path) {
        Matcher version = RESOURCE_VERSION.matcher(path);
        return version.find() ? Long.parseLong(version.group(1)) : Long.MAX_VALUE;
    }

    List<ApiCall> calls() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    void forgetCalls() {
        synchronized (calls) {
            calls.clear();
        }
    }

    void inject(String verb, String resource, int code, int times) {
        synchronized (calls) {
            injected.add(new Injected(verb, resource, code, times));
        }
    }

    /** Makes kinds known that Kubernetes itself has not. */
    CustomKinds customKinds() {
        return customKinds;
    }

    /** Name of the user whose requests these all are. */
    void actAs(String username) {
        user = username;
    }

    private MockResponse selfSubjectReview() {
        return new MockResponse()
                .setResponseCode(201)
                .setHeader("Content-Type", "application/json")
                .setBody(Serialization.asJson(new SelfSubjectReviewBuilder()
                        .withNewStatus()
                        .withNewUserInfo()
                        .withUsername(user)
                        .endUserInfo()
                        .endStatus()
                        .build()));
    }

    void slow(String verb, String resource, Duration delay) {
        synchronized (calls) {
            slow.add(new Slow(verb, resource, delay));
        }
    }

    /** Lays a fuse, or takes it away. */
    void burn(@Nullable Fuse laid) {
        fuse = laid;
    }

    /** Removes every object; nobody who watches is told. */
    void clear() {
        Lock lock = writeLock();
        lock.lock();
        try {
            map.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Every object there is, as JSON. */
    List<String> objects() {
        Lock lock = writeLock();
        lock.lock();
        try {
            return List.copyOf(map.values());
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Refusal remember(ApiCall call) {
        synchronized (calls) {
            if (calls.size() == REMEMBERED_CALLS) {
                calls.removeFirst();
            }
            calls.add(call);
            for (int i = 0; i < injected.size(); i++) {
                Injected failure = injected.get(i);
                if (failure.verb.equals(call.verb()) && failure.resource.equals(call.resource())) {
                    injected.remove(i);
                    if (failure.times > 1) {
                        injected.add(i, new Injected(failure.verb, failure.resource, failure.code, failure.times - 1));
                    }
                    return new Refusal(failure.code, "Injected", "injected failure " + failure.code);
                }
            }
            return null;
        }
    }

    private MockResponse patch(RecordedRequest request, ApiCall call) throws Refusal {
        String type = Objects.requireNonNullElse(request.getHeader("Content-Type"), "");
        boolean merges = type.contains("merge-patch+json") && !type.contains("strategic");
        if (!merges && !type.contains("apply-patch")) {
            return super.dispatch(request);
        }
        String name = Objects.requireNonNullElse(call.name(), "");
        Map<String, String> query = ApiCall.query(request);
        ObjectNode body = object(request.getUtf8Body());
        String path = ApiCall.path(request);
        Lock lock = writeLock();
        lock.lock();
        try {
            Map.Entry<AttributeSet, String> existing = find(path);
            ObjectNode live = existing == null ? null : object(existing.getValue());
            checkPreconditions(body.path("metadata"), live, call.resource(), name);
            ObjectNode result;
            if (type.contains("apply-patch")) {
                result = apply(live, body, call, query);
            } else if (live == null) {
                throw Refusal.notFound(call.resource(), name);
            } else {
                ObjectNode patched = (ObjectNode) merge(live, body);
                dropEmpty(patched, "labels");
                dropEmpty(patched, "annotations");
                result = FieldOwnership.updated(live, patched, query.getOrDefault("fieldManager", "unknown"));
            }
            checkLabels(result);
            return answer(path, existing, live, result, "All".equals(query.get("dryRun")));
        } finally {
            lock.unlock();
        }
    }

    private MockResponse answer(
            String path,
            Map.@Nullable Entry<AttributeSet, String> existing,
            @Nullable ObjectNode live,
            ObjectNode result,
            boolean dryRun) {
        if (!result.equals(live)) {
            ObjectNode metadata = (ObjectNode) result.get("metadata");
            if (live != null && !Objects.equals(live.get("spec"), result.get("spec"))) {
                metadata.put("generation", metadata.path("generation").asLong(1) + 1);
            }
            if (!dryRun) {
                metadata.put("resourceVersion", Long.toString(requestResourceVersion()));
                processEvent(path, getKey(path), existing == null ? null : existing.getKey(), null, result.toString());
            }
        }
        return new MockResponse()
                .setResponseCode(live == null ? 201 : 200)
                .setHeader("Content-Type", "application/json")
                .setBody(result.toString());
    }

    private ObjectNode apply(@Nullable ObjectNode live, ObjectNode body, ApiCall call, Map<String, String> query)
            throws Refusal {
        String manager = query.getOrDefault("fieldManager", "");
        if (manager.isEmpty()) {
            throw Refusal.badRequest("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is"
                    + " required for apply patch");
        }
        JsonNode metadata = body.path("metadata");
        if (metadata.has("managedFields")) {
            throw Refusal.badRequest("metadata.managedFields must be nil");
        }
        if (!body.has("apiVersion") || !body.has("kind")) {
            throw Refusal.badRequest("apiVersion and kind are required in an apply patch");
        }
        if (!metadata.path("name").asString("").equals(call.name())) {
            throw Refusal.badRequest("the name of the object does not match the name on the URL");
        }
        ObjectNode base = live;
        if (base == null) {
            base = JsonMapper.shared().createObjectNode();
            base.set("apiVersion", body.get("apiVersion"));
            base.set("kind", body.get("kind"));
            ObjectNode created = base.putObject("metadata").put("name", call.name());
            if (call.namespace() != null) {
                created.put("namespace", call.namespace());
            }
            completeMetadata(base, Instant.now());
        }
        return FieldOwnership.apply(base, body, manager, "true".equals(query.get("force")));
    }

    /** As the API server answers: 409 for a version that has passed or an object that is gone, 422 for another's UID. */
    private static void checkPreconditions(JsonNode metadata, @Nullable ObjectNode live, String resource, String name)
            throws Refusal {
        String uid = metadata.path("uid").asString("");
        String version = metadata.path("resourceVersion").asString("");
        if (live == null) {
            if (!uid.isEmpty()) {
                throw Refusal.conflict(
                        resource,
                        name,
                        "uid mismatch: the provided object specified uid " + uid
                                + ", and no existing object was found");
            }
            return;
        }
        JsonNode actual = live.path("metadata");
        if (!version.isEmpty() && !version.equals(actual.path("resourceVersion").asString(""))) {
            throw Refusal.conflict(
                    resource,
                    name,
                    "the object has been modified; please apply your changes to the latest version and try again");
        }
        if (!uid.isEmpty() && !uid.equals(actual.path("uid").asString(""))) {
            throw Refusal.immutableUid(live.path("kind").asString(""), name, uid);
        }
    }

    private static void checkLabels(ObjectNode object) throws Refusal {
        JsonNode metadata = object.path("metadata");
        for (Map.Entry<String, JsonNode> label : metadata.path("labels").properties()) {
            String problem =
                    LabelSyntax.problem(label.getKey(), label.getValue().asString(""));
            if (problem != null) {
                throw Refusal.invalid(
                        object.path("kind").asString(""),
                        metadata.path("name").asString(""),
                        "metadata.labels: Invalid value: " + problem);
            }
        }
    }

    private MockResponse delete(RecordedRequest request, ApiCall call) throws Refusal {
        String body = request.getUtf8Body();
        JsonNode wanted = body == null || body.isBlank()
                ? JsonMapper.shared().createObjectNode()
                : object(body).path("preconditions");
        Lock lock = writeLock();
        lock.lock();
        try {
            Map.Entry<AttributeSet, String> existing = call.name() == null ? null : find(ApiCall.path(request));
            if (call.name() != null && existing == null) {
                throw Refusal.notFound(call.resource(), call.name());
            }
            String uid = "";
            if (existing != null) {
                ObjectNode live = object(existing.getValue());
                JsonNode metadata = live.path("metadata");
                uid = metadata.path("uid").asString("");
                for (Map.Entry<String, String> key : DELETE_PRECONDITIONS.entrySet()) {
                    String expected = wanted.path(key.getKey()).asString("");
                    String actual = metadata.path(key.getKey()).asString("");
                    if (!expected.isEmpty() && !expected.equals(actual)) {
                        throw Refusal.conflict(
                                live.path("kind").asString(""),
                                Objects.requireNonNullElse(call.name(), ""),
                                "the " + key.getValue() + " in the precondition (" + expected + ") does not match the "
                                        + key.getValue() + " in record (" + actual + ")");
                    }
                }
            }
            MockResponse response = super.dispatch(request);
            if (!uid.isEmpty()) {
                collectGarbage(uid);
            }
            return response;
        } finally {
            lock.unlock();
        }
    }

    /** Removes what only the deleted object owned, as the garbage collector does a moment later. */
    private void collectGarbage(String ownerUid) {
        for (Map.Entry<AttributeSet, String> entry : new ArrayList<>(map.entrySet())) {
            JsonNode owners = object(entry.getValue()).path("metadata").path("ownerReferences");
            Iterator<JsonNode> references = owners.iterator();
            boolean orphan = references.hasNext();
            while (references.hasNext()) {
                orphan &= references.next().path("uid").asString("").equals(ownerUid);
            }
            if (orphan) {
                processEvent("", entry.getKey(), entry.getKey(), null, null);
                collectGarbage(
                        object(entry.getValue()).path("metadata").path("uid").asString(""));
            }
        }
    }

    /** RFC 7386: objects merge, null removes, anything else replaces. */
    private static JsonNode merge(JsonNode target, JsonNode patch) {
        if (!patch.isObject()) {
            return patch;
        }
        ObjectNode merged = target.isObject()
                ? ((ObjectNode) target).deepCopy()
                : JsonMapper.shared().createObjectNode();
        patch.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                merged.remove(field.getKey());
            } else {
                merged.set(field.getKey(), merge(merged.path(field.getKey()), field.getValue()));
            }
        });
        return merged;
    }

    /** As the API server's own types do with an empty map. */
    private static void dropEmpty(ObjectNode object, String map) {
        if (object.get("metadata") instanceof ObjectNode metadata
                && metadata.get(map) instanceof ObjectNode entries
                && entries.isEmpty()) {
            metadata.remove(map);
        }
    }

    private void completeMetadata(ObjectNode object, Instant now) {
        ObjectNode metadata = (ObjectNode) object.get("metadata");
        if (!metadata.hasNonNull("uid")) {
            metadata.put("uid", UUID.randomUUID().toString());
        }
        if (!metadata.hasNonNull("creationTimestamp")) {
            metadata.put(
                    "creationTimestamp", now.truncatedTo(ChronoUnit.SECONDS).toString());
        }
        if (!metadata.hasNonNull("generation")) {
            metadata.put("generation", 1);
        }
        metadata.put("resourceVersion", Long.toString(requestResourceVersion()));
    }

    private static String collection(HasMetadata object) {
        String version = object.getApiVersion();
        String root = version.contains("/") ? "/apis/" + version : "/api/" + version;
        String namespace = object.getMetadata().getNamespace();
        return root + (namespace == null ? "" : "/namespaces/" + namespace) + "/"
                + object.getPlural().toLowerCase(Locale.ROOT);
    }

    private Map.@Nullable Entry<AttributeSet, String> find(String path) {
        return findResource(getKey(path));
    }

    private Lock writeLock() {
        return Objects.requireNonNull(writes, "the parent never showed its lock");
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) JsonMapper.shared().readTree(json);
    }
}
