package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which labels to take off a pod so that selections no longer match it, and the taking off. What was there is remembered
 * in an annotation, for the day the pod is released.
 *
 * @param remove keys to remove, sorted
 * @param remaining selections that would match even then
 */
record LabelRemoval(Set<String> remove, List<PodSelection> remaining) {
    /** JSON object: key to value of every label that Kordon took off this pod, as it was at first. */
    static final String ANNOTATION = "kordon.io/detached-labels";

    LabelRemoval {
        remove = new TreeSet<>(remove);
        remaining = List.copyOf(remaining);
    }

    /**
     * Removes every label that a matching selection asks for, until none matches or nothing more can go: a removal can
     * make a selection by absence match that did not before.
     *
     * @param kept labels that must stay; those with Kordon's prefix stay as well
     */
    static LabelRemoval plan(Map<String, String> labels, List<PodSelection> selections, Map<String, String> kept) {
        Map<String, String> left = new TreeMap<>(labels);
        Set<String> remove = new LinkedHashSet<>();
        boolean progress = true;
        while (progress) {
            progress = false;
            List<PodSelection> matching = selections.stream()
                    .filter(selection -> selection.matches(left))
                    .toList();
            for (PodSelection selection : matching) {
                for (String key : selection.positiveKeys()) {
                    boolean stays = key.startsWith(Labels.OWN_PREFIX)
                            || (kept.containsKey(key) && kept.get(key).equals(left.get(key)));
                    if (!stays && left.remove(key) != null) {
                        remove.add(key);
                        progress = true;
                    }
                }
            }
        }
        List<PodSelection> remaining = new ArrayList<>(selections);
        remaining.removeIf(selection -> !selection.matches(left));
        return new LabelRemoval(remove, remaining);
    }

    /**
     * Takes the labels off by a merge patch that holds only for this very pod in the very state that was read: a conflict
     * is thrown to the caller, who reads again.
     */
    void carryOut(StepRun run, Pod pod, String fieldManager) {
        ObjectNode patch = JsonMapper.shared().createObjectNode();
        ObjectNode metadata = patch.putObject("metadata");
        metadata.put("uid", run.target().uid());
        metadata.put("resourceVersion", pod.getMetadata().getResourceVersion());
        ObjectNode labels = metadata.putObject("labels");
        remove.forEach(labels::putNull);
        metadata.putObject("annotations").put(ANNOTATION, remember(pod));
        run.client()
                .pods()
                .inNamespace(run.target().namespace())
                .withName(run.target().name())
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .withFieldManager(fieldManager)
                                .build(),
                        patch.toString());
        run.markChanged();
    }

    /** What was remembered before wins: the first value is the original. */
    private String remember(Pod pod) {
        Map<String, String> originals = new TreeMap<>();
        Map<String, String> labels = Labels.of(pod.getMetadata());
        remove.forEach(key -> originals.put(key, labels.getOrDefault(key, "")));
        originals.putAll(remembered(pod));
        return JsonMapper.shared().writeValueAsString(originals);
    }

    /** The original labels that the annotation holds; empty if there is none, or if it is no JSON object of strings. */
    static Map<String, String> remembered(Pod pod) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        String json = annotations == null ? null : annotations.get(ANNOTATION);
        Map<String, String> remembered = new TreeMap<>();
        if (json != null) {
            try {
                JsonNode node = JsonMapper.shared().readTree(json);
                node.properties().forEach(label -> {
                    if (label.getValue().isString()) {
                        remembered.put(label.getKey(), label.getValue().asString());
                    }
                });
            } catch (JacksonException e) {
                return Map.of(); // someone else wrote there; what we remember now is still worth more
            }
        }
        return remembered;
    }
}
