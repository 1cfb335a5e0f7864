package io.kordon.kubernetes.capture;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An ephemeral container beside one that has no tools, in whose process namespace it runs. The pod keeps it for good, as
 * Kubernetes has it: its program ends by itself after some minutes. It has no security context of its own: one with fewer
 * capabilities than the target's may not look at the target's processes.
 */
final class DebugContainer {
    private static final String PREFIX = "kordon-debug-";
    private static final String SECONDS = "600";
    private static final Duration BETWEEN = Duration.ofMillis(500);
    private static final PatchContext STRATEGIC = new PatchContext.Builder()
            .withPatchType(PatchType.STRATEGIC_MERGE)
            .withFieldManager("kordon")
            .build();

    private DebugContainer() {}

    static boolean isOne(String container) {
        return container.startsWith(PREFIX);
    }

    /**
     * Adds it unless the pod has it already, and waits until it runs.
     *
     * @return its name
     */
    static String start(Scene scene, String target) throws NotHad, InterruptedException {
        String name = PREFIX + hash(scene.subject.commandId() + "/" + target);
        if (scene.pod.containers().stream()
                .noneMatch(container -> container.name().equals(name))) {
            add(scene, name, target);
        }
        Deadline deadline = scene.deadline.within(scene.limits.debugStart());
        String last = "nothing is known of it";
        while (!deadline.over()) {
            JsonNode status = status(scene, name);
            if (status.path("state").path("running").isObject()) {
                return name;
            }
            last = Printable.of(status.path("state").toString(), 300);
            if (status.path("state").path("terminated").isObject()) {
                throw new NotHad(0, name + " has ended: " + last);
            }
            scene.pause.of(BETWEEN);
        }
        throw new NotHad(0, name + " did not run in time: " + last);
    }

    private static void add(Scene scene, String name, String target) throws NotHad, InterruptedException {
        ObjectNode patch = JsonMapper.shared().createObjectNode();
        patch.putObject("metadata").put("uid", scene.subject.uid());
        patch.putObject("spec")
                .putArray("ephemeralContainers")
                .addObject()
                .put("name", name)
                .put("image", scene.parameters.debugImage())
                .put("targetContainerName", target)
                .put("terminationMessagePolicy", "File")
                .putArray("command")
                .add("sleep")
                .add(SECONDS);
        try {
            scene.client
                    .pods()
                    .inNamespace(scene.subject.namespace())
                    .withName(scene.subject.pod())
                    .ephemeralContainers()
                    .patch(STRATEGIC, patch.toString());
            scene.markChanged();
        } catch (KubernetesClientException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("stopped while an ephemeral container was added");
            }
            throw new NotHad(
                    e.getCode(), name + " was not let in: " + Printable.of(String.valueOf(e.getMessage()), 300));
        }
    }

    private static JsonNode status(Scene scene, String name) throws NotHad, InterruptedException {
        ApiReader.Answer answer = scene.api.get(scene.subject.path(), scene.limits.objectBytes(), scene.question());
        try {
            for (JsonNode status :
                    JsonMapper.shared().readTree(answer.bytes()).path("status").path("ephemeralContainerStatuses")) {
                if (status.path("name").asString("").equals(name)) {
                    return status;
                }
            }
            return JsonMapper.shared().createObjectNode();
        } catch (JacksonException e) {
            throw new NotHad(0, "the pod could not be read: " + Printable.of(e.getOriginalMessage(), 200));
        }
    }

    /** Ten digits of the text's SHA-256: names what the capture leaves in the cluster, the same one on a replay. */
    static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 5);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
