package io.kordon.kubernetes.simulated;

import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What kubelets do for the API server: logs, programs in containers, ephemeral containers, checkpoints. */
public final class SimulatedKubelet {
    private static final byte[] LOG = """
            2026-11-24T03:00:00.000000001Z INFO [main] org.apache.catalina.startup.Catalina.start Server startup in 812 ms
            """.getBytes(StandardCharsets.UTF_8);

    private static final String CHECKPOINT =
            "/var/lib/kubelet/checkpoints/checkpoint-%s_%s-%s-2026-11-24T04:00:00Z.tar";

    private final Map<String, byte[]> logs = new ConcurrentHashMap<>();
    private final Map<String, BiConsumer<List<String>, Console>> programs = new ConcurrentHashMap<>();
    private final SimulatedApi api;
    private volatile boolean checkpoints = true;
    private volatile @Nullable String pullFailure;
    private volatile @Nullable Runnable meanwhile;

    SimulatedKubelet(SimulatedApi api) {
        this.api = api;
    }

    /** What a program writes to; each method does nothing more once the client has gone. */
    public interface Console {
        /**
         * Writes to the standard output.
         *
         * @return false when nobody listens any more
         */
        boolean out(byte[] bytes);

        void err(String text);

        /** Ends the program. */
        void exit(int code);

        /** Says that there is no such program, as a runtime does. */
        void notFound(String program);
    }

    /** Gives a container a log, its current or its previous one. */
    public void log(String pod, String container, boolean previous, byte[] log) {
        logs.put(pod + "/" + container + "/" + previous, log);
    }

    /** Gives a container programs: what is to happen when one is run there. */
    public void programs(String pod, String container, BiConsumer<List<String>, Console> run) {
        programs.put(pod + "/" + container, run);
    }

    /** Whether the kubelets can write checkpoints; they can at first. */
    public void checkpoints(boolean can) {
        checkpoints = can;
    }

    /** Lets no image of an ephemeral container be pulled any more. */
    public void failPulls(String message) {
        pullFailure = message;
    }

    /** Does something after the next log has been read, before its reader can ask for more. */
    public void afterNextLog(Runnable action) {
        meanwhile = action;
    }

    /** The answer, or null where the request is none for a kubelet. */
    @Nullable
    MockResponse answer(ApiCall call, RecordedRequest request) throws Refusal {
        return switch (call.verb() + " " + call.resource()) {
            case "get pods/log" -> log(call, request);
            case "get pods/exec" -> exec(call, request);
            case "patch pods/ephemeralcontainers" -> ephemeral(call, request);
            case "create nodes/proxy" -> checkpoint(request);
            default -> null;
        };
    }

    private MockResponse log(ApiCall call, RecordedRequest request) throws Refusal {
        Map<String, String> query = ApiCall.query(request);
        pod(call);
        String container = query.getOrDefault("container", "");
        boolean previous = query.containsKey("previous");
        byte[] log = logs.get(call.name() + "/" + container + "/" + previous);
        if (log == null && previous) {
            throw Refusal.badRequest(
                    "previous terminated container \"" + container + "\" in pod \"" + call.name() + "\" not found");
        }
        Runnable action = meanwhile;
        meanwhile = null;
        if (action != null) {
            action.run();
        }
        return new MockResponse()
                .setResponseCode(200)
                .setHeader("Content-Type", "text/plain")
                .setBody(new Buffer(log == null ? LOG : log));
    }

    private MockResponse exec(ApiCall call, RecordedRequest request) throws Refusal {
        pod(call);
        SimulatedExec exec = new SimulatedExec(request);
        return exec.response(programs.getOrDefault(call.name() + "/" + exec.container(), OrdinaryContainer::run));
    }

    private MockResponse ephemeral(ApiCall call, RecordedRequest request) throws Refusal {
        JsonNode patch = JsonMapper.shared().readTree(request.getUtf8Body());
        String path = podPath(call);
        ObjectNode pod = pod(call);
        String uid = patch.path("metadata").path("uid").asString("");
        if (!uid.isEmpty() && !uid.equals(pod.path("metadata").path("uid").asString(""))) {
            throw Refusal.immutableUid("Pod", Objects.requireNonNullElse(call.name(), ""), uid);
        }
        String failure = pullFailure;
        for (JsonNode container : patch.path("spec").path("ephemeralContainers")) {
            pod.withObjectProperty("spec")
                    .withArrayProperty("ephemeralContainers")
                    .add(container);
            ObjectNode status = pod.withObjectProperty("status")
                    .withArrayProperty("ephemeralContainerStatuses")
                    .addObject()
                    .put("name", container.path("name").asString(""))
                    .put("image", container.path("image").asString(""));
            if (failure == null) {
                status.putObject("state").putObject("running").put("startedAt", "2026-11-24T04:00:00Z");
            } else {
                status.putObject("state")
                        .putObject("waiting")
                        .put("reason", "ErrImagePull")
                        .put("message", failure);
            }
        }
        api.replace(path, pod);
        return json(200, pod);
    }

    private MockResponse checkpoint(RecordedRequest request) throws Refusal {
        String[] parts = ApiCall.path(request).split("/", -1);
        if (!checkpoints || parts.length != 10 || !parts[6].equals("checkpoint")) {
            return new MockResponse().setResponseCode(404).setBody("404 page not found\n");
        }
        ObjectNode answer = JsonMapper.shared().createObjectNode();
        answer.putArray("items").add(CHECKPOINT.formatted(parts[8], parts[7], parts[9]));
        return json(200, answer);
    }

    private ObjectNode pod(ApiCall call) throws Refusal {
        ObjectNode pod = api.read(podPath(call));
        if (pod == null) {
            throw Refusal.notFound("pods", Objects.requireNonNullElse(call.name(), ""));
        }
        return pod;
    }

    private static String podPath(ApiCall call) {
        return "/api/v1/namespaces/" + call.namespace() + "/pods/" + call.name();
    }

    static MockResponse json(int code, JsonNode body) {
        return new MockResponse()
                .setResponseCode(code)
                .setHeader("Content-Type", "application/json")
                .setBody(body.toString());
    }
}
