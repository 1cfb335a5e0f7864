package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Selectors in Calico's language, as far as they are a conjunction of {@code key == 'value'} and {@code has(key)}. Of
 * others nothing is known.
 */
final class CalicoSelector {
    private static final int MAX_LENGTH = 4_096;
    private static final Pattern EQUALS = Pattern.compile("([\\w./-]{1,317}) *== *(?:'([^']*)'|\"([^\"]*)\")");
    private static final Pattern HAS = Pattern.compile("has\\( *([\\w./-]{1,317}) *\\)");
    private static final String NAMESPACE = "projectcalico.org/namespace";

    private CalicoSelector() {}

    static PodRequirement read(String text, Pod pod) {
        PodRequirement all = PodRequirement.none();
        String selector = text.trim();
        if (selector.isEmpty() || selector.equals("all()")) {
            return all;
        }
        if (selector.length() > MAX_LENGTH || selector.contains("||") || selector.contains("!")) {
            return all.unsure();
        }
        for (String part : selector.split("&&", -1)) {
            all = and(all, part.trim(), pod);
        }
        return all;
    }

    private static PodRequirement and(PodRequirement all, String part, Pod pod) {
        Matcher equals = EQUALS.matcher(part);
        Matcher has = HAS.matcher(part);
        if (part.equals("all()")) {
            return all;
        }
        if (equals.matches()) {
            String key = equals.group(1);
            String value = equals.group(2) == null ? equals.group(3) : equals.group(2);
            if (key.equals(NAMESPACE)) {
                return value.equals(pod.getMetadata().getNamespace()) ? all : all.impossible();
            }
            return key.startsWith("projectcalico.org/") ? all.unsure() : all.label(key, List.of(value));
        }
        if (has.matches() && !has.group(1).startsWith("projectcalico.org/")) {
            return all.label(has.group(1), List.of());
        }
        return all.unsure();
    }
}
