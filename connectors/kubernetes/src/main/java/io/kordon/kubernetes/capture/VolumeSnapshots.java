package io.kordon.kubernetes.capture;

import io.kordon.kubernetes.Permission;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Snapshots of the pod's persistent volumes, where the cluster can make them; with the class that is the default. */
final class VolumeSnapshots implements Exhibit {
    private static final String GROUP = "snapshot.storage.k8s.io";
    private static final InstalledKind KIND =
            new InstalledKind("/apis/" + GROUP + "/v1", "VolumeSnapshot", "volumesnapshots");
    private static final int MAX_READABLE = 40;

    @Override
    public List<String> plan(PodView pod, CaptureParameters parameters) {
        return parameters.snapshot()
                ? pod.claims().stream()
                        .map(claim -> "VolumeSnapshot of " + claim + ", where the kind is installed")
                        .toList()
                : List.of();
    }

    @Override
    public Set<Permission> permissions(CaptureParameters parameters) {
        return parameters.snapshot()
                ? Set.of(
                        new Permission("get", GROUP, KIND.resource()), new Permission("create", GROUP, KIND.resource()))
                : Set.of();
    }

    @Override
    public void gather(Scene scene) throws IOException, InterruptedException {
        String path = scene.path(KIND.api(), KIND.resource());
        if (!scene.parameters.snapshot()) {
            scene.missing("snapshots/", path, "the playbook says snapshot: false");
            return;
        }
        Set<String> claims = scene.pod.claims();
        try {
            if (!claims.isEmpty()) {
                KIND.require(scene);
            }
        } catch (NotHad e) {
            scene.missing("snapshots/", path, e.reason());
            return;
        }
        for (String claim : claims) {
            String file = "snapshots/" + claim + ".json";
            String name = name(scene.subject.commandId(), claim);
            ObjectNode spec = JsonMapper.shared().createObjectNode();
            spec.putObject("source").put("persistentVolumeClaimName", claim);
            try {
                scene.keep(file, path + "/" + name, KIND.ensure(scene, name, spec, VolumeSnapshots::ended));
            } catch (NotHad e) {
                scene.missing(file, path + "/" + name, e.reason());
            }
        }
    }

    private static boolean ended(JsonNode snapshot) {
        JsonNode status = snapshot.path("status");
        return status.path("readyToUse").asBoolean(false)
                || status.path("error").isObject();
    }

    private static String name(String commandId, String claim) {
        String readable = claim.length() <= MAX_READABLE ? claim : claim.substring(0, MAX_READABLE);
        return "kordon-" + readable.replace('.', '-') + "-" + DebugContainer.hash(commandId + "/" + claim);
    }
}
