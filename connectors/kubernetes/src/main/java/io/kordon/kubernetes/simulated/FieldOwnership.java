package io.kordon.kubernetes.simulated;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who owns which field of an object, kept in {@code metadata.managedFields} as the API server does
 * (https://kubernetes.io/docs/reference/using-api/server-side-apply/). Maps are granular, except selectors; every list is
 * atomic, which is true of {@code policyTypes}, {@code ingress} and {@code egress} and simpler than the truth for others.
 */
final class FieldOwnership {
    private static final Set<String> NOT_OWNED = Set.of(
            "name",
            "namespace",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "managedFields",
            "selfLink");

    /** Maps that the API server's schema marks as atomic: the selectors of policies, Services and workloads. */
    private static final Set<List<String>> ATOMIC = Set.of(List.of("spec", "podSelector"), List.of("spec", "selector"));

    /** One entry of managedFields. */
    private record Owner(String manager, String operation) {}

    private final ObjectNode object;
    private final Map<Owner, Set<List<String>>> owned = new LinkedHashMap<>();

    private FieldOwnership(ObjectNode object) {
        this.object = object;
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            Set<List<String>> paths = new LinkedHashSet<>();
            readFields(entry.path("fieldsV1"), List.of(), paths);
            owned.put(
                    new Owner(
                            entry.path("manager").asString(""),
                            entry.path("operation").asString("")),
                    paths);
        }
    }

    /**
     * Applies {@code configuration} to {@code live} as {@code manager}: what it states is set, what this manager stated
     * before and no longer states is removed unless another owns it, all else stays.
     *
     * @param live the object, or an empty one that is to be created
     * @throws Refusal 409 where another manager owns a field with another value and {@code force} is false
     */
    static ObjectNode apply(ObjectNode live, ObjectNode configuration, String manager, boolean force) throws Refusal {
        FieldOwnership ownership = new FieldOwnership(live.deepCopy());
        ownership.ownBeforeFirstApply();
        ownership.apply(configuration, new Owner(manager, "Apply"), force);
        return ownership.object;
    }

    /** Moves the ownership of what {@code patched} changed against {@code live} to {@code manager}. */
    static ObjectNode updated(ObjectNode live, ObjectNode patched, String manager) {
        FieldOwnership ownership = new FieldOwnership(patched.deepCopy());
        if (ownership.owned.isEmpty()) {
            return ownership.object; // nothing was ever applied to it: the API server too starts tracking then
        }
        Map<List<String>, JsonNode> before = leaves(live);
        Map<List<String>, JsonNode> after = leaves(patched);
        Set<List<String>> changed = new LinkedHashSet<>();
        after.forEach((path, value) -> {
            if (!value.equals(before.get(path))) {
                changed.add(path);
            }
        });
        ownership.owned.values().forEach(paths -> {
            paths.retainAll(after.keySet());
            paths.removeAll(changed);
        });
        ownership
                .owned
                .computeIfAbsent(new Owner(manager, "Update"), o -> new LinkedHashSet<>())
                .addAll(changed);
        ownership.writeManagedFields();
        return ownership.object;
    }

    private void ownBeforeFirstApply() {
        if (owned.isEmpty() && !leaves(object).isEmpty()) {
            owned.put(
                    new Owner("before-first-apply", "Update"),
                    new LinkedHashSet<>(leaves(object).keySet()));
        }
    }

    private void apply(ObjectNode configuration, Owner owner, boolean force) throws Refusal {
        Map<List<String>, JsonNode> stated = leaves(configuration);
        List<String> conflicts = new ArrayList<>();
        owned.forEach((other, paths) -> stated.forEach((path, value) -> {
            if (!other.equals(owner) && paths.contains(path) && !value.equals(at(path))) {
                conflicts.add("conflict with \"" + other.manager + "\": ." + String.join(".", path));
                paths.remove(path);
            }
        }));
        if (!conflicts.isEmpty() && !force) {
            throw new Refusal(
                    409,
                    "Conflict",
                    "Apply failed with " + conflicts.size() + " conflict: " + String.join(", ", conflicts));
        }
        Set<List<String>> before = owned.getOrDefault(owner, Set.of());
        owned.put(owner, new LinkedHashSet<>(stated.keySet()));
        for (List<String> path : before) {
            if (owned.values().stream().noneMatch(paths -> paths.contains(path))) {
                remove(path);
            }
        }
        stated.forEach(this::set);
        writeManagedFields();
    }

    private @Nullable JsonNode at(List<String> path) {
        JsonNode node = object;
        for (String part : path) {
            node = node.path(part);
        }
        return node.isMissingNode() ? null : node;
    }

    private void set(List<String> path, JsonNode value) {
        ObjectNode node = object;
        for (String part : path.subList(0, path.size() - 1)) {
            node = node.get(part) instanceof ObjectNode child ? child : node.putObject(part);
        }
        node.set(path.get(path.size() - 1), value);
    }

    private void remove(List<String> path) {
        if (path.size() == 1) {
            object.remove(path.get(0));
        } else if (at(path.subList(0, path.size() - 1)) instanceof ObjectNode parent) {
            parent.remove(path.get(path.size() - 1));
        }
    }

    private void writeManagedFields() {
        ArrayNode entries = JsonMapper.shared().createArrayNode();
        owned.forEach((owner, paths) -> {
            if (!paths.isEmpty()) {
                ObjectNode entry = entries.addObject();
                entry.put("manager", owner.manager)
                        .put("operation", owner.operation)
                        .put("apiVersion", object.path("apiVersion").asString(""))
                        .put("fieldsType", "FieldsV1");
                ObjectNode fields = entry.putObject("fieldsV1");
                paths.forEach(path -> {
                    ObjectNode node = fields;
                    for (String part : path) {
                        node = node.get("f:" + part) instanceof ObjectNode child ? child : node.putObject("f:" + part);
                    }
                });
            }
        });
        if (object.get("metadata") instanceof ObjectNode metadata) {
            metadata.set("managedFields", entries);
        }
    }

    private static void readFields(JsonNode fields, List<String> path, Set<List<String>> paths) {
        if (fields.isEmpty() && !path.isEmpty()) {
            paths.add(path);
        }
        fields.properties()
                .forEach(field ->
                        readFields(field.getValue(), append(path, field.getKey().substring(2)), paths));
    }

    private static Map<List<String>, JsonNode> leaves(ObjectNode object) {
        Map<List<String>, JsonNode> leaves = new LinkedHashMap<>();
        object.properties().forEach(field -> {
            if (field.getKey().equals("metadata")) {
                field.getValue().properties().forEach(meta -> {
                    if (!NOT_OWNED.contains(meta.getKey())) {
                        collect(List.of("metadata", meta.getKey()), meta.getValue(), leaves);
                    }
                });
            } else if (!Set.of("apiVersion", "kind", "status").contains(field.getKey())) {
                collect(List.of(field.getKey()), field.getValue(), leaves);
            }
        });
        return leaves;
    }

    private static void collect(List<String> path, JsonNode value, Map<List<String>, JsonNode> leaves) {
        if (value.isObject() && !value.isEmpty() && !ATOMIC.contains(path)) {
            value.properties().forEach(field -> collect(append(path, field.getKey()), field.getValue(), leaves));
        } else {
            leaves.put(path, value);
        }
    }

    private static List<String> append(List<String> path, String part) {
        List<String> longer = new ArrayList<>(path);
        longer.add(part);
        return List.copyOf(longer);
    }
}
