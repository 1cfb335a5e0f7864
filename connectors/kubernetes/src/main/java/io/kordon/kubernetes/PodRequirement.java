package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * What a policy asks of a pod, as it is read from selectors of any kind: labels that the pod must have, and beside them
 * what is known already to hold, not to hold, or cannot be judged.
 *
 * @param selector what must hold of the pod's labels
 * @param certain false where something else is asked that cannot be judged
 * @param possible false where something is asked that does not hold, whatever the labels
 */
record PodRequirement(LabelSelector selector, boolean certain, boolean possible) {
    private static final List<String> OPERATORS = List.of("In", "NotIn", "Exists", "DoesNotExist");

    static PodRequirement none() {
        return new PodRequirement(new LabelSelector(), true, true);
    }

    PodSelection selection(String kind, String name) {
        return new PodSelection(kind, name, selector);
    }

    PodRequirement unsure() {
        return new PodRequirement(selector, false, possible);
    }

    PodRequirement impossible() {
        return new PodRequirement(selector, certain, false);
    }

    /** With one more label that must be there; {@code values} empty for any value. */
    PodRequirement label(String key, List<String> values) {
        return with(new LabelSelectorRequirement(key, values.isEmpty() ? "Exists" : "In", values));
    }

    /** With a selector as Kubernetes writes it, of the pod's own labels. */
    PodRequirement labels(JsonNode selector) {
        return read(selector, Label::new);
    }

    /** What a key of a selector speaks of. */
    sealed interface Key {}

    /** A label of the pod. */
    record Label(String key) implements Key {}

    /** Something else whose value is known. */
    record Known(String value) implements Key {}

    /** Something else that is not known here. */
    record Unknown() implements Key {}

    /** With a selector as Kubernetes writes it, of keys that are not all labels of the pod. */
    PodRequirement read(JsonNode selector, Function<String, Key> keys) {
        PodRequirement all = this;
        for (Map.Entry<String, JsonNode> label : selector.path("matchLabels").properties()) {
            all = all.read(label.getKey(), "In", List.of(label.getValue().asString("")), keys);
        }
        for (JsonNode expression : selector.path("matchExpressions")) {
            List<String> values = new ArrayList<>();
            expression.path("values").forEach(value -> values.add(value.asString("")));
            all = all.read(
                    expression.path("key").asString(""),
                    expression.path("operator").asString(""),
                    values,
                    keys);
        }
        return all;
    }

    private PodRequirement read(String name, String operator, List<String> values, Function<String, Key> keys) {
        if (!OPERATORS.contains(operator)) {
            return unsure();
        }
        Key key = keys.apply(name);
        if (key instanceof Label label) {
            return with(new LabelSelectorRequirement(label.key, operator, values));
        }
        if (key instanceof Known known) {
            LabelSelectorRequirement asked = new LabelSelectorRequirement(name, operator, values);
            return PodSelection.matches(asked, Map.of(name, known.value)) ? this : impossible();
        }
        return unsure();
    }

    private PodRequirement with(LabelSelectorRequirement requirement) {
        return new PodRequirement(
                new LabelSelectorBuilder(selector)
                        .addToMatchExpressions(requirement)
                        .build(),
                certain,
                possible);
    }
}
