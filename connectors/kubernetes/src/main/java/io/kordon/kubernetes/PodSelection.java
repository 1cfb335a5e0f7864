package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Something that selects pods by their labels.
 *
 * @param kind kind of the object, as {@code Service}
 * @param name its name
 * @param selector its selector; an empty one selects every pod
 */
record PodSelection(String kind, String name, LabelSelector selector) {

    /** A selection by a plain map of labels, as Services and ReplicationControllers have. */
    static PodSelection byLabels(String kind, String name, Map<String, String> labels) {
        return new PodSelection(
                kind,
                name,
                new LabelSelectorBuilder().withMatchLabels(Map.copyOf(labels)).build());
    }

    boolean matches(Map<String, String> labels) {
        return matchLabels().entrySet().stream()
                        .allMatch(wanted -> wanted.getValue().equals(labels.get(wanted.getKey())))
                && expressions().stream().allMatch(expression -> matches(expression, labels));
    }

    /** Keys of labels that must be there for a match: taking one off ends it. Empty if it matches by absence only. */
    Set<String> positiveKeys() {
        Set<String> keys = new LinkedHashSet<>(matchLabels().keySet());
        for (LabelSelectorRequirement expression : expressions()) {
            if (expression.getOperator().equals("In")
                    || expression.getOperator().equals("Exists")) {
                keys.add(expression.getKey());
            }
        }
        return keys;
    }

    @Override
    public String toString() {
        return kind + " " + name;
    }

    private Map<String, String> matchLabels() {
        return selector.getMatchLabels() == null ? Map.of() : selector.getMatchLabels();
    }

    private List<LabelSelectorRequirement> expressions() {
        return selector.getMatchExpressions() == null ? List.of() : selector.getMatchExpressions();
    }

    /** As Kubernetes has it: NotIn and DoesNotExist also match a pod without the key. */
    static boolean matches(LabelSelectorRequirement expression, Map<String, String> labels) {
        String value = labels.get(expression.getKey());
        List<String> values = expression.getValues() == null ? List.of() : expression.getValues();
        return switch (expression.getOperator()) {
            case "In" -> value != null && values.contains(value);
            case "NotIn" -> value == null || !values.contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false;
        };
    }
}
