package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What Kordon changed of an object, how that was before, and for which incidents: an annotation of the object itself,
 * written in the same request as the change, so that there is never one without the other. Both sides are JSON merge
 * patches (RFC 7386). Whoever may change the object may forge the annotation, so that of what it says only the fields
 * that steps change are ever given back.
 *
 * @param incidents ids of the incidents that hold the object, each with the time since when
 * @param before the merge patch that gives back what was there before the first of them
 * @param applied the merge patch that made it what it is
 */
record Hold(SortedMap<String, String> incidents, ObjectNode before, ObjectNode applied) {
    static final String ANNOTATION = "kordon.io/containment";

    private static final int MAX_INCIDENTS = 64;
    private static final List<String> LABELS = List.of("metadata", "labels");

    /** Fields that steps change, by kind; of maps, their entries. */
    private static final Map<String, Set<List<String>>> FIELDS = Map.of(
            "Pod", Set.of(LABELS),
            "Node", Set.of(LABELS, List.of("spec", "unschedulable")),
            "Deployment", Set.of(List.of("spec", "replicas")),
            "ReplicaSet", Set.of(List.of("spec", "replicas")),
            "StatefulSet", Set.of(List.of("spec", "replicas")),
            "ReplicationController", Set.of(List.of("spec", "replicas")),
            "Job", Set.of(List.of("spec", "suspend")),
            "CronJob", Set.of(List.of("spec", "suspend")));

    Hold {
        incidents = new TreeMap<>(incidents);
    }

    static Hold none() {
        JsonMapper json = JsonMapper.shared();
        return new Hold(new TreeMap<>(), json.createObjectNode(), json.createObjectNode());
    }

    /** What the object's annotation says; nothing where there is none, or none that can be read. */
    static Hold of(HasMetadata object) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        String text = annotations == null ? null : annotations.get(ANNOTATION);
        if (text == null) {
            return none();
        }
        try {
            JsonNode node = JsonMapper.shared().readTree(text);
            TreeMap<String, String> incidents = new TreeMap<>();
            node.path("incidents").properties().stream()
                    .limit(MAX_INCIDENTS)
                    .forEach(entry ->
                            incidents.put(entry.getKey(), entry.getValue().asString("")));
            return new Hold(incidents, object(node.path("before")), object(node.path("applied")));
        } catch (JacksonException e) {
            return none(); // somebody else wrote there
        }
    }

    boolean holds(String incidentId) {
        return incidents.containsKey(incidentId);
    }

    boolean held() {
        return !incidents.isEmpty();
    }

    /**
     * Holds the object for an incident too, with a change. What was there before the first change is kept; the latest value
     * that Kordon gave counts as applied.
     *
     * @param change merge patch of fields that steps change, without metadata that identifies
     * @param live the object as it was read
     */
    Hold with(String incidentId, Instant at, ObjectNode change, HasMetadata live) {
        if (!holds(incidentId) && incidents.size() >= MAX_INCIDENTS) {
            throw new IllegalStateException(
                    "the object is held by " + MAX_INCIDENTS + " incidents already: release some of them");
        }
        TreeMap<String, String> all = new TreeMap<>(incidents);
        all.putIfAbsent(incidentId, at.toString());
        ObjectNode original = before.deepCopy();
        ObjectNode now = applied.deepCopy();
        JsonNode tree = JsonMapper.shared().readTree(Serialization.asJson(live));
        for (Leaf leaf : leaves(live.getKind(), change)) {
            if (at(before, leaf.path()) == null) {
                put(original, leaf.path(), orNull(at(tree, leaf.path())));
            }
            put(now, leaf.path(), leaf.value());
        }
        return new Hold(all, original, now);
    }

    /** Without one incident; the others still hold it. */
    Hold without(String incidentId) {
        TreeMap<String, String> all = new TreeMap<>(incidents);
        all.remove(incidentId);
        return new Hold(all, before, applied);
    }

    /**
     * The merge patch that gives back what was before. A field that somebody has changed since is theirs, and left.
     *
     * @param live the object as it was read
     */
    ObjectNode restoration(HasMetadata live) {
        ObjectNode patch = JsonMapper.shared().createObjectNode();
        JsonNode tree = JsonMapper.shared().readTree(Serialization.asJson(live));
        for (Leaf leaf : leaves(live.getKind(), before)) {
            JsonNode ours = orNull(at(applied, leaf.path()));
            if (orNull(at(tree, leaf.path())).equals(ours)) {
                put(patch, leaf.path(), leaf.value());
            }
        }
        return patch;
    }

    /** Fields that {@link #restoration} leaves because somebody changed them since, as {@code metadata.labels.app}. */
    List<String> leftAsTheyAre(HasMetadata live) {
        List<String> left = new ArrayList<>();
        ObjectNode patch = restoration(live);
        for (Leaf leaf : leaves(live.getKind(), before)) {
            if (at(patch, leaf.path()) == null) {
                left.add(String.join(".", leaf.path()));
            }
        }
        return left;
    }

    /** Value of the annotation. */
    String json() {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        ObjectNode ids = node.putObject("incidents");
        incidents.forEach(ids::put);
        node.set("before", before);
        node.set("applied", applied);
        return node.toString();
    }

    /** One field of a merge patch, or one entry of a map. */
    private record Leaf(List<String> path, JsonNode value) {}

    private static List<Leaf> leaves(String kind, ObjectNode patch) {
        List<Leaf> leaves = new ArrayList<>();
        for (List<String> field : FIELDS.getOrDefault(kind, Set.of())) {
            JsonNode value = at(patch, field);
            if (value == null) {
                continue;
            }
            if (!field.equals(LABELS)) {
                leaves.add(new Leaf(field, value));
                continue;
            }
            value.properties().forEach(label -> {
                boolean usable = label.getValue().isNull() || label.getValue().isString();
                if (usable && Labels.mayChange(kind, label.getKey())) {
                    leaves.add(new Leaf(List.of("metadata", "labels", label.getKey()), label.getValue()));
                }
            });
        }
        return leaves;
    }

    private static @Nullable JsonNode at(JsonNode tree, List<String> path) {
        JsonNode node = tree;
        for (String name : path) {
            node = node == null ? null : node.get(name);
        }
        return node;
    }

    private static JsonNode orNull(@Nullable JsonNode node) {
        return node == null ? JsonMapper.shared().getNodeFactory().nullNode() : node;
    }

    private static void put(ObjectNode tree, List<String> path, JsonNode value) {
        ObjectNode node = tree;
        for (String name : path.subList(0, path.size() - 1)) {
            node = node.get(name) instanceof ObjectNode child ? child : node.putObject(name);
        }
        node.set(path.get(path.size() - 1), value);
    }

    private static ObjectNode object(JsonNode node) {
        return node instanceof ObjectNode object ? object : JsonMapper.shared().createObjectNode();
    }
}
