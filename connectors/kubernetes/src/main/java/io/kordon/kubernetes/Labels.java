package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Labels as parameters, as text, and as what a field manager of ours has applied before. */
final class Labels {
    /** Keys with this prefix are Kordon's own: never taken off by a step that takes labels off. */
    static final String OWN_PREFIX = "kordon.io/";

    private Labels() {}

    /** Reads {@code key=value,key=value}, and takes no label that the API server would refuse. */
    static Map<String, String> parse(String parameter, String text) throws StepFailure {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new StepFailure("parameter " + parameter + ": '" + pair + "' is not key=value; write " + parameter
                        + ": status=affected");
            }
            String key = pair.substring(0, equals).trim();
            String value = pair.substring(equals + 1).trim();
            String problem = LabelSyntax.problem(key, value);
            if (problem != null) {
                throw new StepFailure("parameter " + parameter + ": " + problem);
            }
            labels.put(key, value);
        }
        return labels;
    }

    /** As {@code key=value,key=value}, sorted. */
    static String text(Map<String, String> labels) {
        return new TreeMap<>(labels)
                .entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(","));
    }

    static Map<String, String> of(ObjectMeta metadata) {
        return metadata.getLabels() == null ? Map.of() : metadata.getLabels();
    }

    /** Labels of {@code wanted} that the object does not carry yet. */
    static Map<String, String> missing(ObjectMeta metadata, Map<String, String> wanted) {
        Map<String, String> missing = new LinkedHashMap<>(wanted);
        missing.entrySet().removeAll(of(metadata).entrySet());
        return missing;
    }

    /**
     * Whether Kordon may change this label at all. A node's labels under Kubernetes' own domains say what may run there;
     * who can write a node's annotations must not get us to write those.
     */
    static boolean mayChange(String kind, String key) {
        int slash = key.indexOf('/');
        String domain = slash < 0 ? "" : "." + key.substring(0, slash);
        return !kind.equals("Node") || !(domain.endsWith(".kubernetes.io") || domain.endsWith(".k8s.io"));
    }

    /** A merge patch that sets these labels. */
    static ObjectNode set(Map<String, String> labels) {
        ObjectNode patch = JsonMapper.shared().createObjectNode();
        if (!labels.isEmpty()) {
            ObjectNode node = patch.putObject("metadata").putObject("labels");
            labels.forEach(node::put);
        }
        return patch;
    }
}
