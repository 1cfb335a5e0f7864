package io.kordon.kubernetes.capture;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kordon.evidence.BundleWriter;
import io.kordon.evidence.Bundles;
import io.kordon.evidence.Bundles.BundleId;
import io.kordon.evidence.Bundles.Sealed;
import io.kordon.kubernetes.Permission;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes the evidence of one pod into one bundle, the most fleeting first: memory, connections, processes and files, then
 * logs, then what the API server knows anyway.
 */
public final class Capture {
    private static final Logger LOG = LoggerFactory.getLogger(Capture.class);

    /** Where a capture waits; a test does not. */
    public interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    /** What a capture works with. */
    record Tools(KubernetesClient client, CaptureLimits limits, Clock clock, Pause pause, Runnable changed) {}

    private final Tools tools;
    private final List<Exhibit> exhibits;

    /**
     * Of one cluster.
     *
     * @param changed is told as soon as the capture leaves something in the cluster
     * @param podCheckpointDestination where kube-forensics, if installed, puts what it takes; empty for nowhere
     */
    public Capture(
            KubernetesClient client,
            CaptureLimits limits,
            Clock clock,
            Pause pause,
            Runnable changed,
            String podCheckpointDestination) {
        this.tools = new Tools(client, limits, clock, pause, changed);
        this.exhibits = exhibits(podCheckpointDestination);
    }

    private static List<Exhibit> exhibits(String podCheckpointDestination) {
        return List.of(
                new KubeletCheckpoints(),
                new RunningContainers(),
                new Surroundings(),
                new Lineage(),
                new Identity(),
                new ContainerLogs(),
                new VolumeSnapshots(),
                new PodCheckpoints(podCheckpointDestination));
    }

    /**
     * All that a capture may ask of the API server.
     *
     * @param podCheckpoints whether kube-forensics is told to take the pod, too
     */
    public static Set<Permission> permissions(CaptureParameters parameters, boolean podCheckpoints) {
        Set<Permission> permissions = new HashSet<>(Set.of(new Permission("get", "", "pods")));
        exhibits(podCheckpoints ? "somewhere" : "")
                .forEach(exhibit -> permissions.addAll(exhibit.permissions(parameters)));
        return permissions;
    }

    /**
     * What a capture of this pod would take.
     *
     * @param pod its manifest, as JSON
     */
    public List<String> plan(String pod, CaptureParameters parameters) {
        PodView view = new PodView(JsonMapper.shared().readTree(pod));
        List<String> plan = new ArrayList<>(List.of("the pod's manifest"));
        exhibits.forEach(exhibit -> plan.addAll(exhibit.plan(view, parameters)));
        return plan;
    }

    /**
     * Takes it.
     *
     * @throws CaptureFailure where the pod cannot be read: then there is no bundle
     * @throws IOException where the bundle cannot be written or stored: it may be tried again
     */
    public Sealed take(Subject subject, CaptureParameters parameters, Bundles bundles, BundleId id)
            throws CaptureFailure, IOException, InterruptedException {
        Deadline deadline = Deadline.in(tools.limits().total());
        ApiReader.Answer manifest = manifest(subject, deadline);
        PodView pod = new PodView(JsonMapper.shared().readTree(manifest.bytes()));
        try (BundleWriter bundle = bundles.begin(id)) {
            Scene scene = new Scene(subject, pod, parameters, tools, deadline, bundle);
            scene.keep("pod.json", subject.path(), manifest);
            Set<String> names = new HashSet<>(parameters.containers());
            pod.containers().forEach(container -> names.remove(container.name()));
            names.forEach(name ->
                    scene.missing("containers/" + name, subject.path(), "the pod has no container of this name"));
            for (Exhibit exhibit : exhibits) {
                gather(exhibit, scene);
            }
            summary(scene);
            return bundle.seal();
        }
    }

    private ApiReader.Answer manifest(Subject subject, Deadline deadline) throws CaptureFailure, InterruptedException {
        try {
            int bytes = tools.limits().objectBytes();
            ApiReader.Answer answer = new ApiReader(tools.client())
                    .get(subject.path(), bytes, deadline.within(tools.limits().request()));
            JsonNode json = JsonMapper.shared().readTree(answer.bytes());
            String uid = json.path("metadata").path("uid").asString("");
            if (!uid.equals(subject.uid())) {
                throw new CaptureFailure(409, "another pod has taken the name: its uid is " + Printable.of(uid, 128));
            }
            return answer;
        } catch (NotHad e) {
            throw new CaptureFailure(e.code(), "the pod could not be read: " + e.reason());
        } catch (JacksonException e) {
            throw new CaptureFailure(0, "the pod could not be read: what was answered is no JSON");
        }
    }

    /** One kind of evidence must not cost the others: what nobody thought of is noted, and the rest goes on. */
    private static void gather(Exhibit exhibit, Scene scene) throws IOException, InterruptedException {
        try {
            exhibit.gather(scene);
        } catch (RuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("stopped during a capture");
            }
            String kind = exhibit.getClass().getSimpleName();
            LOG.error("{} met what it does not expect", kind, e);
            scene.missing(kind, scene.subject.path(), "unexpected, see the actuator's log: " + e);
        }
    }

    /** What was asked for, and how it was with the pod when all had been read. */
    private static void summary(Scene scene) throws IOException, InterruptedException {
        CaptureParameters asked = scene.parameters;
        ObjectNode summary = JsonMapper.shared().createObjectNode();
        summary.put("cluster", scene.subject.cluster())
                .put("incident", scene.subject.incidentId())
                .put("command", scene.subject.commandId())
                .put("namespace", scene.subject.namespace())
                .put("pod", scene.subject.pod())
                .put("uid", scene.subject.uid())
                .put("podAtTheEnd", scene.presence().name().toLowerCase(Locale.ROOT))
                .put("outOfTime", scene.deadline.over())
                .put("leftOut", "contents of Secrets and ConfigMaps, environments of processes: by design");
        ObjectNode parameters = summary.putObject("parameters");
        parameters.put(CaptureParameters.CONTAINERS, String.join(",", asked.containers()));
        parameters.put(CaptureParameters.LOG_BYTES, asked.logBytes());
        parameters.put(CaptureParameters.EXEC, asked.exec());
        parameters.put(CaptureParameters.DEBUG_IMAGE, asked.debugImage());
        parameters.put(CaptureParameters.CHECKPOINT, asked.checkpoint());
        parameters.put(CaptureParameters.SNAPSHOT, asked.snapshot());
        byte[] bytes = summary.toString().getBytes(StandardCharsets.UTF_8);
        scene.keep("capture.json", "kordon", Map.of("trusted", "true"), new ByteArrayInputStream(bytes), bytes.length);
    }
}
