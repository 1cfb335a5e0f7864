package io.kordon.kubernetes.capture;

import io.kordon.kubernetes.Permission;
import io.kordon.schemas.KubernetesNames;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the pod belongs to, up to the top, and the events of the pod and of each of these. Owner references are claims of
 * whoever wrote the pod: what stands under the name must have the UID.
 */
final class Lineage implements Exhibit {
    private static final int MAX_OWNERS = 16;

    /** Kinds that are read, with where they are found. */
    private static final Map<String, String> KINDS = Map.of(
            "apps/ReplicaSet", "replicasets",
            "apps/Deployment", "deployments",
            "apps/StatefulSet", "statefulsets",
            "apps/DaemonSet", "daemonsets",
            "batch/Job", "jobs",
            "batch/CronJob", "cronjobs");

    @Override
    public List<String> plan(PodView pod, CaptureParameters parameters) {
        return List.of("owners and events");
    }

    @Override
    public Set<Permission> permissions(CaptureParameters parameters) {
        return Set.of(
                new Permission("list", "", "events"),
                new Permission("get", "apps", "replicasets"),
                new Permission("get", "apps", "deployments"),
                new Permission("get", "apps", "statefulsets"),
                new Permission("get", "apps", "daemonsets"),
                new Permission("get", "batch", "jobs"),
                new Permission("get", "batch", "cronjobs"));
    }

    @Override
    public void gather(Scene scene) throws IOException, InterruptedException {
        events(scene, "Pod-" + scene.subject.pod(), scene.subject.uid());
        owners(scene, scene.pod.owners(), new HashSet<>());
    }

    private static void owners(Scene scene, JsonNode references, Set<String> seen)
            throws IOException, InterruptedException {
        for (JsonNode reference : references) {
            String uid = KubernetesNames.uid(reference.path("uid").asString(""));
            if (uid == null || seen.size() == MAX_OWNERS || !seen.add(uid)) {
                continue;
            }
            JsonNode owner = owner(scene, reference, uid);
            if (owner != null) {
                String kind = reference.path("kind").asString("");
                events(scene, kind + "-" + reference.path("name").asString(""), uid);
                owners(scene, owner.path("metadata").path("ownerReferences"), seen);
            }
        }
    }

    private static @Nullable JsonNode owner(Scene scene, JsonNode reference, String uid)
            throws IOException, InterruptedException {
        String version = reference.path("apiVersion").asString("");
        String kind = reference.path("kind").asString("");
        String name = reference.path("name").asString("");
        String group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
        String resource = KINDS.get(group + "/" + kind);
        String file = "owners/" + Printable.of(kind, 63) + "-" + Printable.of(name, 253) + ".json";
        if (resource == null || !KubernetesNames.isName(name)) {
            scene.missing(
                    file, Printable.of(version + " " + kind + " " + name, 512), "owners of this kind are not read");
            return null;
        }
        String path = scene.path("/apis/" + group + "/v1", resource) + "/" + name;
        try {
            ApiReader.Answer answer = scene.api.get(path, scene.limits.objectBytes(), scene.question());
            String found = JsonMapper.shared()
                    .readTree(answer.bytes())
                    .path("metadata")
                    .path("uid")
                    .asString("");
            if (!found.equals(uid)) {
                scene.missing(
                        file,
                        path,
                        "another stands under this name now: the pod names uid " + uid + ", found " + found);
                return null;
            }
            return scene.keep(file, path, answer);
        } catch (NotHad e) {
            scene.missing(file, path, e.reason());
        } catch (JacksonException e) {
            scene.missing(file, path, "the answer is no JSON, or longer than what is kept of it");
        }
        return null;
    }

    private static void events(Scene scene, String of, String uid) throws IOException, InterruptedException {
        scene.list(
                "events/" + of + ".json",
                scene.path("/api/v1", "events") + "?fieldSelector=involvedObject.uid%3D" + uid);
    }
}
