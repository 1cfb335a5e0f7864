package io.kordon.kubernetes;

import io.kordon.kubernetes.simulated.SimulatedCluster;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Every object of a cluster, without what only counts and dates writes. */
final class Snapshot {
    private static final Set<String> COUNTS_AND_DATES =
            Set.of("resourceVersion", "creationTimestamp", "startTime", "startedAt");

    private Snapshot() {}

    static Map<String, String> of(SimulatedCluster cluster) {
        return of(cluster, namespace -> true);
    }

    /** @param namespaces which namespaces; what is cluster-wide has an empty one */
    static Map<String, String> of(SimulatedCluster cluster, Predicate<String> namespaces) {
        Map<String, String> objects = new TreeMap<>();
        for (String json : cluster.json()) {
            ObjectNode object = (ObjectNode) JsonMapper.shared().readTree(json);
            JsonNode metadata = object.path("metadata");
            String namespace = metadata.path("namespace").asString("");
            if (namespaces.test(namespace)) {
                String key = object.path("kind").asString("") + " " + namespace + "/"
                        + metadata.path("name").asString("");
                if (key.startsWith("NetworkPolicy ")) {
                    object.withObjectProperty("metadata").remove("uid"); // made by the API server, at random
                }
                objects.put(key, sorted(object).toString());
            }
        }
        return objects;
    }

    /** Maps have no order. */
    private static JsonNode sorted(JsonNode node) {
        if (node.isArray()) {
            ArrayNode array = JsonMapper.shared().createArrayNode();
            node.forEach(element -> array.add(sorted(element)));
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        Map<String, JsonNode> fields = new TreeMap<>();
        node.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
        fields.keySet().removeAll(COUNTS_AND_DATES);
        ObjectNode sorted = JsonMapper.shared().createObjectNode();
        fields.forEach(sorted::set);
        return sorted;
    }
}
