package io.kordon.kubernetes.capture;

import io.kordon.kubernetes.Permission;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** The pod's namespace and node, the policies of the namespace, and the Services that lead to the pod. */
final class Surroundings implements Exhibit {

    @Override
    public List<String> plan(PodView pod, CaptureParameters parameters) {
        return List.of("namespace, node, NetworkPolicies, Services and EndpointSlices");
    }

    @Override
    public Set<Permission> permissions(CaptureParameters parameters) {
        return Set.of(
                new Permission("get", "", "namespaces"),
                new Permission("get", "", "nodes"),
                new Permission("list", "networking.k8s.io", "networkpolicies"),
                new Permission("list", "", "services"),
                new Permission("list", "discovery.k8s.io", "endpointslices"));
    }

    @Override
    public void gather(Scene scene) throws IOException, InterruptedException {
        scene.object("namespace.json", "/api/v1/namespaces/" + scene.subject.namespace());
        String node = scene.pod.node();
        if (node == null) {
            scene.missing("node.json", "/api/v1/nodes", "the pod runs on no node");
        } else {
            scene.object("node.json", "/api/v1/nodes/" + node);
        }
        scene.list("network-policies.json", scene.path("/apis/networking.k8s.io/v1", "networkpolicies"));
        slices(scene, services(scene));
    }

    private static Set<String> services(Scene scene) throws IOException, InterruptedException {
        Set<String> names = new TreeSet<>();
        String path = scene.path("/api/v1", "services");
        JsonNode list = scene.listed("services.json", path);
        if (list != null) {
            ArrayNode items = JsonMapper.shared().createArrayNode();
            for (JsonNode service : list.path("items")) {
                JsonNode selector = service.path("spec").path("selector");
                boolean now = selects(selector, scene.pod.labels());
                boolean before = selects(selector, scene.earlierLabels().orElse(null));
                if (now || before) {
                    items.add(service);
                    names.add(service.path("metadata").path("name").asString(""));
                }
            }
            scene.chosen("services.json", path, list, items);
        }
        return names;
    }

    private static boolean selects(JsonNode selector, @Nullable Map<String, String> labels) {
        return labels != null
                && !selector.isEmpty()
                && selector.properties().stream()
                        .allMatch(label -> label.getValue().asString("").equals(labels.get(label.getKey())));
    }

    private static void slices(Scene scene, Set<String> services) throws IOException, InterruptedException {
        String path = scene.path("/apis/discovery.k8s.io/v1", "endpointslices");
        JsonNode list = scene.listed("endpoint-slices.json", path);
        if (list == null) {
            return;
        }
        ArrayNode items = JsonMapper.shared().createArrayNode();
        for (JsonNode slice : list.path("items")) {
            String service = slice.path("metadata")
                    .path("labels")
                    .path("kubernetes.io/service-name")
                    .asString("");
            boolean leadsThere = false;
            for (JsonNode endpoint : slice.path("endpoints")) {
                leadsThere |=
                        endpoint.path("targetRef").path("uid").asString("").equals(scene.subject.uid());
            }
            if (leadsThere || services.contains(service)) {
                items.add(slice);
            }
        }
        scene.chosen("endpoint-slices.json", path, list, items);
    }
}
