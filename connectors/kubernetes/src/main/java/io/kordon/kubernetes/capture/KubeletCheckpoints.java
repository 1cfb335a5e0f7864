package io.kordon.kubernetes.capture;

import io.kordon.kubernetes.Permission;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checkpoints of the running containers, memory and all, that the kubelet writes on its node where it and its runtime can.
 * The archives stay there: fetching them takes access to the node, and the bundle says where they are.
 *
 * @see <a href="https://kubernetes.io/docs/reference/node/kubelet-checkpoint-api/">Kubelet Checkpoint API</a>
 */
final class KubeletCheckpoints implements Exhibit {

    @Override
    public List<String> plan(PodView pod, CaptureParameters parameters) {
        return parameters.checkpoint() ? List.of("checkpoints by the kubelet") : List.of();
    }

    /** The kubelet asks on who the API server is, not who its client is: {@code nodes/checkpoint} is not ours to have. */
    @Override
    public Set<Permission> permissions(CaptureParameters parameters) {
        return parameters.checkpoint() ? Set.of(new Permission("create", "", "nodes/proxy")) : Set.of();
    }

    @Override
    public void gather(Scene scene) throws IOException, InterruptedException {
        String node = scene.pod.node();
        if (!scene.parameters.checkpoint() || node == null) {
            scene.missing(
                    "checkpoints/",
                    "/api/v1/nodes",
                    node == null ? "the pod runs on no node" : "the playbook says checkpoint: false");
            return;
        }
        for (PodView.Container container : scene.pod.containers()) {
            if (container.running() && !container.ephemeral() && scene.parameters.wants(container.name())) {
                checkpoint(scene, node, container.name());
            }
        }
    }

    private static void checkpoint(Scene scene, String node, String container)
            throws IOException, InterruptedException {
        String name = "checkpoints/" + container + ".json";
        String path = "/api/v1/nodes/" + node + "/proxy/checkpoint/" + scene.subject.namespace() + "/"
                + scene.subject.pod() + "/" + container;
        if (scene.presence() == Scene.Presence.REPLACED) {
            scene.missing(name, path, "another pod bears the name now");
            return;
        }
        try {
            Deadline deadline = scene.deadline.within(scene.limits.checkpoint());
            ApiReader.Answer answer = scene.api.post(path, "", scene.limits.objectBytes(), deadline);
            scene.markChanged();
            Map<String, String> facts = new TreeMap<>();
            facts.put("trusted", "true");
            facts.put("node", node);
            facts.put("container", container);
            facts.put("note", "the archive is on the node, at the paths in items");
            scene.keepIfStillOurs(
                    name, path, facts, new ByteArrayInputStream(answer.bytes()), scene.limits.objectBytes());
        } catch (NotHad e) {
            scene.missing(name, path, e.reason() + hint(e.code()));
        }
    }

    private static String hint(int code) {
        return switch (code) {
            case 401, 403 -> " (neither the service account nor the API server may be forbidden it)";
            case 404 -> " (the kubelet has no checkpoints, or does not know the container)";
            case 500 -> " (the container runtime cannot do it, or CRIU is not installed on the node)";
            default -> "";
        };
    }
}
