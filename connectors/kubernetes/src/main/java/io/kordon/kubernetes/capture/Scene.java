package io.kordon.kubernetes.capture;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kordon.evidence.BundleFullException;
import io.kordon.evidence.BundleWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One capture while it goes on: the pod as it was found, what is asked of it, and the bundle that takes it. */
final class Scene {
    /** Where a listing ends: what lies beyond is noted as missing. */
    private static final int PAGE = 500;

    private static final Map<String, String> BY_API = Map.of("trusted", "true");

    /** What stands under the pod's name now. */
    enum Presence {
        SAME,
        GONE,
        REPLACED,
        UNKNOWN
    }

    final Subject subject;
    final PodView pod;
    final CaptureParameters parameters;
    final CaptureLimits limits;
    final KubernetesClient client;
    final ApiReader api;
    final Deadline deadline;
    final Clock clock;
    final Capture.Pause pause;
    private final BundleWriter bundle;
    private final Runnable changed;
    private boolean replaced;

    Scene(
            Subject subject,
            PodView pod,
            CaptureParameters parameters,
            Capture.Tools tools,
            Deadline deadline,
            BundleWriter bundle) {
        this.subject = subject;
        this.pod = pod;
        this.parameters = parameters;
        this.limits = tools.limits();
        this.client = tools.client();
        this.api = new ApiReader(tools.client());
        this.clock = tools.clock();
        this.pause = tools.pause();
        this.changed = tools.changed();
        this.deadline = deadline;
        this.bundle = bundle;
    }

    /** Path of what is in the pod's namespace. */
    String path(String groupVersion, String resource) {
        return groupVersion + "/namespaces/" + subject.namespace() + "/" + resource;
    }

    /** Time for one question to the API server. */
    Deadline question() {
        return deadline.within(limits.request());
    }

    /** Takes an object as the API server sends it; null where it could not be had. */
    @Nullable
    JsonNode object(String name, String path) throws IOException, InterruptedException {
        try {
            return keep(name, path, api.get(path, limits.objectBytes(), question()));
        } catch (NotHad e) {
            missing(name, path, e.reason());
            return null;
        }
    }

    /** Takes a list as the API server sends it. */
    void list(String name, String path) throws IOException, InterruptedException {
        JsonNode list = object(name, firstPage(path));
        noteTheRest(name, path, list);
    }

    /** Reads a list to take some of its items; null, and noted, where it could not be had. */
    @Nullable
    JsonNode listed(String name, String path) throws IOException, InterruptedException {
        try {
            ApiReader.Answer answer = api.get(firstPage(path), limits.objectBytes(), question());
            if (answer.truncated()) {
                keep(name, path, answer); // better all than none of it
                return null;
            }
            JsonNode list = JsonMapper.shared().readTree(answer.bytes());
            noteTheRest(name, path, list);
            return list;
        } catch (NotHad e) {
            missing(name, path, e.reason());
            return null;
        } catch (JacksonException e) {
            missing(name, path, "the answer is no JSON: " + Printable.of(e.getOriginalMessage(), 200));
            return null;
        }
    }

    /** Takes those items of a list that were chosen. */
    void chosen(String name, String path, JsonNode list, ArrayNode items) throws IOException {
        ObjectNode chosen = JsonMapper.shared().createObjectNode();
        chosen.set("apiVersion", list.path("apiVersion"));
        chosen.set("kind", list.path("kind"));
        chosen.set("items", items);
        Map<String, String> facts = new TreeMap<>(BY_API);
        facts.put("chosen", items.size() + " of " + list.path("items").size());
        byte[] bytes = chosen.toString().getBytes(StandardCharsets.UTF_8);
        keep(name, path, facts, new ByteArrayInputStream(bytes), limits.objectBytes());
    }

    private static String firstPage(String path) {
        return path + (path.contains("?") ? "&" : "?") + "limit=" + PAGE;
    }

    private void noteTheRest(String name, String path, @Nullable JsonNode list) {
        if (list != null && !list.path("metadata").path("continue").asString("").isEmpty()) {
            missing(name, path, "there are more than " + PAGE + ": only the first are here");
        }
    }

    /** Takes what the API server answered, and reads it; null where it is no JSON, or only the beginning of some. */
    @Nullable
    JsonNode keep(String name, String source, ApiReader.Answer answer) throws IOException {
        Map<String, String> facts = new TreeMap<>(BY_API);
        if (answer.truncated()) {
            facts.put("truncated", "only the first " + answer.bytes().length + " bytes");
        }
        keep(name, source, facts, new ByteArrayInputStream(answer.bytes()), limits.objectBytes());
        try {
            return JsonMapper.shared().readTree(answer.bytes());
        } catch (JacksonException e) {
            return null;
        }
    }

    /**
     * Takes a piece whatever stands under the pod's name. Where the bundle is full, as an attacked pod may see to, the rest
     * is noted: half of the evidence is better than none, and than a capture that never ends.
     *
     * @return whether it was taken
     */
    boolean keep(String name, String source, Map<String, String> facts, InputStream content, long limit)
            throws IOException {
        try (content) {
            bundle.add(name, source, facts, content, limit);
            return true;
        } catch (BundleFullException e) {
            missing(name, source, String.valueOf(e.getMessage()));
            return false;
        }
    }

    /**
     * Takes a piece that was read by the pod's name, if the pod is still the one that is meant: another's logs under
     * this one's UID would be worse than none.
     *
     * @return whether it was taken
     */
    boolean keepIfStillOurs(String name, String source, Map<String, String> facts, InputStream content, long limit)
            throws IOException, InterruptedException {
        Presence presence = presence();
        if (presence == Presence.REPLACED) {
            content.close();
            missing(name, source, "another pod has taken the name while it was read: it may be that one's");
            return false;
        }
        Map<String, String> all = new TreeMap<>(facts);
        if (presence == Presence.GONE) {
            all.put("pod", "gone when it had been read");
        } else if (presence == Presence.UNKNOWN) {
            all.put("pod", "could not be looked up when it had been read");
        }
        return keep(name, source, all, content, limit);
    }

    void missing(String name, String source, String reason) {
        bundle.missing(name, source, Printable.of(reason, 2000));
    }

    /** Whether another pod is known to bear the name: then nothing more is asked of it. */
    boolean replaced() {
        return replaced;
    }

    Presence presence() throws InterruptedException {
        if (replaced) {
            return Presence.REPLACED;
        }
        try {
            ApiReader.Answer answer = api.get(subject.path(), limits.objectBytes(), Deadline.in(limits.request()));
            String uid = JsonMapper.shared()
                    .readTree(answer.bytes())
                    .path("metadata")
                    .path("uid")
                    .asString("");
            replaced = !uid.equals(subject.uid());
            return replaced ? Presence.REPLACED : Presence.SAME;
        } catch (NotHad e) {
            return e.code() == 404 ? Presence.GONE : Presence.UNKNOWN;
        } catch (JacksonException e) {
            return Presence.UNKNOWN;
        }
    }

    /** Says that the capture has left something in the cluster. */
    void markChanged() {
        changed.run();
    }

    /** Labels by which things select the pod, or did before it was contained. */
    Optional<Map<String, String>> earlierLabels() {
        if (subject.earlierLabels().isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> labels = new TreeMap<>(pod.labels());
        labels.putAll(subject.earlierLabels());
        return Optional.of(labels);
    }
}
