package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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
 * patches (RFC 7386).
 *
 * <p>Whoever may change the object may forge the annotation, and templates and controllers copy annotations. So it counts
 * only on the object whose UID it names, and of what it says only the fields that steps change are ever given back, with
 * values that the API server takes.
 *
 * @param incidents ids of the incidents that hold the object, each with the time since when
 * @param before the merge patch that gives back what was there before the first of them
 * @param applied the merge patch that made it what it is
 */
record Hold(SortedMap<String, String> incidents, ObjectNode before, ObjectNode applied) {
    static final String ANNOTATION = "kordon.io/containment";

    /** Stands for incidents beyond those that are listed. Nobody releases it, so that nothing is given back too early. */
    static final String MORE = "more";

    /** The API server takes no more than this of all annotations of an object together, keys and values. */
    static final int MAX_ANNOTATIONS = 256 * 1024;

    private static final int MAX_INCIDENTS = 256;
    private static final int MAX_ID = 256;
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

    /** What the object's annotation says; nothing where there is none, or none that can be read or is the object's own. */
    static Hold of(HasMetadata object) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        String text = annotations == null ? null : annotations.get(ANNOTATION);
        if (text == null) {
            return none();
        }
        String kind = object.getKind();
        try {
            JsonNode node = JsonMapper.shared().readTree(text);
            String uid = node.path("uid").asString("");
            if (FIELDS.containsKey(kind) && !uid.equals(object.getMetadata().getUid())) {
                return none(); // copied from another object
            }
            TreeMap<String, String> incidents = new TreeMap<>();
            node.path("incidents").properties().forEach(entry -> {
                if (isId(entry.getKey())) {
                    String at = entry.getValue().asString("");
                    incidents.put(
                            incidents.size() < MAX_INCIDENTS ? entry.getKey() : MORE, at.length() <= MAX_ID ? at : "");
                }
            });
            return incidents.isEmpty() // what nobody holds, nobody gives back
                    ? none()
                    : new Hold(incidents, known(kind, node.path("before")), known(kind, node.path("applied")));
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
        TreeMap<String, String> all = new TreeMap<>(incidents);
        if (holds(incidentId) || incidents.size() < MAX_INCIDENTS) {
            all.putIfAbsent(incidentId, at.toString());
        } else {
            all.putIfAbsent(MORE, at.toString()); // must not keep a pod from being contained
        }
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
            JsonNode ours = at(applied, leaf.path());
            if (ours != null && orNull(at(tree, leaf.path())).equals(ours)) {
                put(patch, leaf.path(), leaf.value());
            }
        }
        return patch;
    }

    /** Fields that {@link #restoration} leaves because somebody changed them since, as {@code metadata.labels.app}. */
    List<String> leftAsTheyAre(HasMetadata live) {
        List<String> left = new ArrayList<>();
        ObjectNode patch = restoration(live);
        JsonNode tree = JsonMapper.shared().readTree(Serialization.asJson(live));
        for (Leaf leaf : leaves(live.getKind(), before)) {
            boolean asBefore = orNull(at(tree, leaf.path())).equals(leaf.value());
            if (at(patch, leaf.path()) == null && !asBefore) {
                left.add(String.join(".", leaf.path()));
            }
        }
        return left;
    }

    /** The object's labels as a release would leave them: what others see is not what the object is meant to be. */
    Map<String, String> labelsBefore(HasMetadata live) {
        Map<String, String> labels = new TreeMap<>(Labels.of(live.getMetadata()));
        if (held()) {
            restoration(live).path("metadata").path("labels").properties().forEach(label -> {
                if (label.getValue().isNull()) {
                    labels.remove(label.getKey());
                } else {
                    labels.put(label.getKey(), label.getValue().asString());
                }
            });
        }
        return labels;
    }

    /** Whether Kordon has taken labels off the object, as `detach` does. */
    boolean tookLabelsOff() {
        return applied.path("metadata").path("labels").properties().stream()
                .anyMatch(label -> label.getValue().isNull());
    }

    /** Value of the annotation of an object whose fields are not changed. */
    String json() {
        return json("");
    }

    /** Value of the annotation of the object with this UID. */
    String json(String uid) {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        if (!uid.isEmpty()) {
            node.put("uid", uid);
        }
        ObjectNode ids = node.putObject("incidents");
        incidents.forEach(ids::put);
        node.set("before", before);
        node.set("applied", applied);
        return node.toString();
    }

    /** Whether the API server will take the object with this annotation, whatever else is annotated there. */
    static boolean fits(HasMetadata live, String json) {
        long bytes = bytes(ANNOTATION) + bytes(json);
        Map<String, String> annotations = live.getMetadata().getAnnotations();
        for (Map.Entry<String, String> other :
                (annotations == null ? Map.<String, String>of() : annotations).entrySet()) {
            if (!other.getKey().equals(ANNOTATION)) {
                bytes += bytes(other.getKey()) + bytes(other.getValue() == null ? "" : other.getValue());
            }
        }
        return bytes <= MAX_ANNOTATIONS;
    }

    /** A merge patch of known fields in words: {@code app=tomcat, no status, spec.unschedulable unset}. */
    static String words(String kind, ObjectNode patch) {
        List<String> words = new ArrayList<>();
        for (Leaf leaf : leaves(kind, patch)) {
            boolean label = leaf.path().subList(0, leaf.path().size() - 1).equals(LABELS);
            String name = label ? leaf.path().get(2) : String.join(".", leaf.path());
            if (leaf.value().isNull()) {
                words.add(label ? "no " + name : name + " unset");
            } else {
                words.add(name + "=" + leaf.value().asString());
            }
        }
        words.sort(Comparator.naturalOrder());
        return String.join(", ", words);
    }

    /** One field of a merge patch, or one entry of a map. */
    private record Leaf(List<String> path, JsonNode value) {}

    private static List<Leaf> leaves(String kind, JsonNode patch) {
        List<Leaf> leaves = new ArrayList<>();
        for (List<String> field : FIELDS.getOrDefault(kind, Set.of())) {
            JsonNode value = at(patch, field);
            if (value == null) {
                continue;
            }
            if (!field.equals(LABELS)) {
                if (isTaken(field.get(field.size() - 1), value)) {
                    leaves.add(new Leaf(field, value));
                }
                continue;
            }
            value.properties().forEach(label -> {
                String key = label.getKey();
                boolean usable = label.getValue().isNull() || label.getValue().isString();
                if (usable
                        && Labels.mayChange(kind, key)
                        && LabelSyntax.problem(key, label.getValue().asString("")) == null) {
                    leaves.add(new Leaf(List.of("metadata", "labels", key), label.getValue()));
                }
            });
        }
        return leaves;
    }

    /** Whether the API server takes such a value, so that a forged one does not make every release fail. */
    private static boolean isTaken(String field, JsonNode value) {
        return switch (field) {
            case "replicas" ->
                value.isNull() || (value.canConvertToInt() && value.isIntegralNumber() && value.asInt() >= 0);
            case "unschedulable", "suspend" -> value.isNull() || value.isBoolean();
            default -> true;
        };
    }

    private static ObjectNode known(String kind, JsonNode patch) {
        ObjectNode known = JsonMapper.shared().createObjectNode();
        leaves(kind, patch).forEach(leaf -> put(known, leaf.path(), leaf.value()));
        return known;
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

    /** They are shown to operators, whoever wrote them. */
    private static boolean isId(String id) {
        return id.length() <= MAX_ID && !id.isBlank() && id.chars().noneMatch(Character::isISOControl);
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
