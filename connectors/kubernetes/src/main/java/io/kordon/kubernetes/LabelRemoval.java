package io.kordon.kubernetes;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which labels to take off a pod so that selections no longer match it.
 *
 * @param remove keys to remove, sorted
 * @param remaining selections that would match even then
 */
record LabelRemoval(Set<String> remove, List<PodSelection> remaining) {
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

    /** The merge patch that takes them off; empty if there are none. */
    ObjectNode patch() {
        ObjectNode patch = JsonMapper.shared().createObjectNode();
        if (!remove.isEmpty()) {
            ObjectNode labels = patch.putObject("metadata").putObject("labels");
            remove.forEach(labels::putNull);
        }
        return patch;
    }
}
