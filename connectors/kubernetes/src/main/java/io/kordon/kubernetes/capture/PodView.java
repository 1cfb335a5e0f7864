package io.kordon.kubernetes.capture;

import io.kordon.schemas.KubernetesNames;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a capture reads of the pod's manifest. Names that cannot be names are left out: they become paths. */
record PodView(JsonNode json) {
    private static final int MAX_VOLUMES = 32;

    /** Kinds of containers, and where spec and status list them. */
    private static final Map<String, String> LISTS = lists();

    /** Volumes that hold what is secret or only configuration: their files are not looked at. */
    private static final Set<String> UNTOUCHED = Set.of("secret", "configMap", "projected", "downwardAPI");

    /**
     * One container.
     *
     * @param ephemeral whether it was added to the running pod
     * @param restarted whether there is an earlier run of it, and so a log of that
     */
    record Container(
            String name,
            boolean ephemeral,
            boolean running,
            boolean restarted,
            @Nullable Instant startedAt) {}

    List<Container> containers() {
        List<Container> containers = new ArrayList<>();
        LISTS.forEach((spec, status) -> {
            for (JsonNode container : json.path("spec").path(spec)) {
                String name = container.path("name").asString("");
                if (KubernetesNames.isNamespace(name)) { // both are RFC 1123 labels
                    containers.add(
                            container(name, spec, named(json.path("status").path(status), name)));
                }
            }
        });
        return containers;
    }

    private static Container container(String name, String spec, JsonNode status) {
        JsonNode running = status.path("state").path("running");
        return new Container(
                name,
                spec.equals("ephemeralContainers"),
                running.isObject(),
                status.path("restartCount").asInt(0) > 0
                        || status.path("lastState").path("terminated").isObject(),
                time(running.path("startedAt").asString("")));
    }

    /** Labels now. */
    Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        json.path("metadata")
                .path("labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asString("")));
        return labels;
    }

    /** Name of the node, or null where it runs on none. */
    @Nullable
    String node() {
        return name(json.path("spec").path("nodeName"));
    }

    @Nullable
    String serviceAccount() {
        return name(json.path("spec").path("serviceAccountName"));
    }

    JsonNode owners() {
        return json.path("metadata").path("ownerReferences");
    }

    /** Names of the claims whose volumes the pod has. */
    Set<String> claims() {
        Set<String> claims = new TreeSet<>();
        String pod = json.path("metadata").path("name").asString("");
        for (JsonNode volume : json.path("spec").path("volumes")) {
            String claim =
                    volume.path("persistentVolumeClaim").path("claimName").asString("");
            if (volume.path("ephemeral").isObject()) {
                claim = pod + "-" + volume.path("name").asString("");
            }
            if (KubernetesNames.isName(claim) && claims.size() < MAX_VOLUMES) {
                claims.add(claim);
            }
        }
        return claims;
    }

    /** Where a container has volumes that it can write to: {@code find -xdev} does not go there by itself. */
    Set<String> mounts(String container) {
        Set<String> mounts = new TreeSet<>();
        for (String list : LISTS.keySet()) {
            for (JsonNode mount : named(json.path("spec").path(list), container).path("volumeMounts")) {
                JsonNode volume = named(
                        json.path("spec").path("volumes"), mount.path("name").asString(""));
                String path = mount.path("mountPath").asString("");
                boolean plain = UNTOUCHED.stream().noneMatch(volume::has);
                if (plain && path.matches("/[^\\p{Cntrl}]{0,1023}") && mounts.size() < MAX_VOLUMES) {
                    mounts.add(path);
                }
            }
        }
        return mounts;
    }

    private static JsonNode named(JsonNode list, String name) {
        for (JsonNode entry : list) {
            if (entry.path("name").asString("").equals(name)) {
                return entry;
            }
        }
        return list.path(-1); // missing
    }

    private static @Nullable String name(JsonNode node) {
        String name = node.asString("");
        return KubernetesNames.isName(name) ? name : null;
    }

    private static @Nullable Instant time(String text) {
        try {
            return text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Map<String, String> lists() {
        Map<String, String> lists = new LinkedHashMap<>();
        lists.put("initContainers", "initContainerStatuses");
        lists.put("containers", "containerStatuses");
        lists.put("ephemeralContainers", "ephemeralContainerStatuses");
        return lists;
    }
}
