package io.kordon.kubernetes.capture;

import io.kordon.kubernetes.Permission;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A {@code PodCheckpoint}, for kube-forensics to work on where it is installed. It takes Docker's containers only, of these
 * the first one, and puts what it has where it is told.
 */
final class PodCheckpoints implements Exhibit {
    private static final String GROUP = "forensics.keikoproj.io";
    private static final String FILE = "pod-checkpoint.json";
    private static final InstalledKind KIND =
            new InstalledKind("/apis/" + GROUP + "/v1alpha1", "PodCheckpoint", "podcheckpoints");

    private final String destination;

    /** @param destination where kube-forensics puts it, a bucket; empty for nowhere, and so for no PodCheckpoint */
    PodCheckpoints(String destination) {
        this.destination = destination;
    }

    @Override
    public List<String> plan(PodView pod, CaptureParameters parameters) {
        return parameters.checkpoint() && !destination.isEmpty()
                ? List.of("PodCheckpoint, where the kind is installed")
                : List.of();
    }

    @Override
    public Set<Permission> permissions(CaptureParameters parameters) {
        return parameters.checkpoint() && !destination.isEmpty()
                ? Set.of(
                        new Permission("get", GROUP, KIND.resource()), new Permission("create", GROUP, KIND.resource()))
                : Set.of();
    }

    @Override
    public void gather(Scene scene) throws IOException, InterruptedException {
        if (!scene.parameters.checkpoint() || destination.isEmpty()) {
            return; // the checkpoints by the kubelet say the first, and who wants kube-forensics says where to
        }
        String name = "kordon-" + DebugContainer.hash(scene.subject.commandId());
        String path = scene.path(KIND.api(), KIND.resource()) + "/" + name;
        ObjectNode spec = JsonMapper.shared()
                .createObjectNode()
                .put("destination", destination)
                .put("subpath", InstalledKind.label(scene.subject.incidentId()))
                .put("pod", scene.subject.pod())
                .put("namespace", scene.subject.namespace());
        try {
            KIND.require(scene);
            if (scene.presence() == Scene.Presence.REPLACED) {
                throw new NotHad(0, "another pod bears the name now");
            }
            scene.keep(FILE, path, KIND.ensure(scene, name, spec, PodCheckpoints::ended));
        } catch (NotHad e) {
            scene.missing(FILE, path, e.reason());
        }
    }

    private static boolean ended(JsonNode checkpoint) {
        for (JsonNode condition : checkpoint.path("status").path("conditions")) {
            if (Set.of("Complete", "Failed").contains(condition.path("type").asString(""))
                    && condition.path("status").asString("").equals("True")) {
                return true;
            }
        }
        return false;
    }
}
