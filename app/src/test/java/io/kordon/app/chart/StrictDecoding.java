package io.kordon.app.chart;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Quantity;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Holds a document to the types of its kind, as an API server with strict field validation does: fields that the kind does not
 * have, and values of another type. The model's classes keep what they do not know aside, and turn numbers into texts; both is
 * looked for.
 */
final class StrictDecoding {
    private final List<String> problems = new ArrayList<>();

    private StrictDecoding() {}

    /** What is wrong with it; empty if nothing is. */
    static List<String> problems(Map<String, Object> document) {
        StrictDecoding decoding = new StrictDecoding();
        String version = String.valueOf(document.get("apiVersion"));
        String kind = String.valueOf(document.get("kind"));
        Class<? extends KubernetesResource> type = RenderedChart.KINDS.getRegisteredKubernetesResource(version, kind);
        if (CustomKinds.knows(version, kind)) {
            return CustomKinds.problems(document);
        }
        if (type == null) {
            return List.of("there is no kind " + version + " " + kind);
        }
        KubernetesResource object = RenderedChart.KINDS.unmarshal(RenderedChart.KINDS.asJson(document), type);
        if (!(object instanceof HasMetadata named) || named.getMetadata().getName() == null) {
            decoding.problems.add(kind + " has no name");
        }
        decoding.unknown(object, kind);
        Object again = RenderedChart.KINDS.unmarshal(RenderedChart.KINDS.asJson(object), Map.class);
        decoding.compare(document, again, kind);
        return decoding.problems;
    }

    private void unknown(Object value, String at) {
        if (value instanceof Collection<?> items) {
            int index = 0;
            for (Object item : items) {
                unknown(item, at + "[" + index++ + "]");
            }
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, item) -> unknown(item, at + "." + key));
        } else if (value != null && value.getClass().getPackageName().startsWith("io.fabric8.kubernetes.api.model")) {
            for (Method getter : value.getClass().getMethods()) {
                if (getter.getParameterCount() == 0 && getter.getName().startsWith("get")) {
                    field(value, getter, at);
                }
            }
        }
    }

    private void field(Object of, Method getter, String at) {
        String name = getter.getName().substring(3);
        if (name.equals("Class") || of instanceof IntOrString || of instanceof Quantity) {
            return;
        }
        try {
            Object value = getter.invoke(of);
            if (name.equals("AdditionalProperties")) {
                ((Map<?, ?>) Objects.requireNonNull(value))
                        .keySet()
                        .forEach(key -> problems.add(at + " has no field " + key));
            } else {
                unknown(value, at + "." + name);
            }
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(at + "." + name, e);
        }
    }

    /** What was written must come out as it went in; what is empty may go. */
    private void compare(Object written, Object read, String at) {
        if (written instanceof Map<?, ?> map && (read instanceof Map || map.isEmpty())) {
            map.forEach((key, value) ->
                    compare(value, read instanceof Map<?, ?> other ? other.get(key) : null, at + "." + key));
        } else if (written instanceof List<?> list && (read instanceof List || list.isEmpty())) {
            List<?> other = read instanceof List<?> items ? items : List.of();
            if (list.size() != other.size()) {
                problems.add(at + " has " + list.size() + " items, of which " + other.size() + " are understood");
                return;
            }
            for (int i = 0; i < list.size(); i++) {
                compare(list.get(i), other.get(i), at + "[" + i + "]");
            }
        } else if (!Objects.equals(written, read)) {
            problems.add(at + " is " + written + ", and would be " + read);
        }
    }
}
