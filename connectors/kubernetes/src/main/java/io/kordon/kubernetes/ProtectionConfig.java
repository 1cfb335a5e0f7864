package io.kordon.kubernetes;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the actuator leaves alone, whatever a command says.
 *
 * @param namespaces namespaces in which every step is refused
 * @param ownNamespace where Kordon runs itself: refused too; null if it does not run in the cluster
 * @param label key of a label that protects: a namespace that carries it, with any value but {@code false}, is refused; for
 *     a pod that does, a command waits for an approval, since who runs in a pod may be able to label it
 * @param minHealthy ready pods that a workload must keep, itself permitting, or a command waits for an approval; 0 for none
 */
public record ProtectionConfig(
        Set<String> namespaces, @Nullable String ownNamespace, String label, int minHealthy) {
    /** The namespaces that keep a cluster alive, and Kordon's own. */
    public static final Set<String> DEFAULT_NAMESPACES =
            Set.of("kube-system", "kube-public", "kube-node-lease", "kordon");

    public static final String DEFAULT_LABEL = "kordon.io/protected";
    public static final ProtectionConfig DEFAULT = of(DEFAULT_NAMESPACES);

    public ProtectionConfig {
        String problem = LabelSyntax.problem(label, "");
        if (problem != null) {
            throw new IllegalArgumentException("the protecting label: " + problem);
        }
        if (minHealthy < 0) {
            throw new IllegalArgumentException("minHealthy must not be negative, as " + minHealthy);
        }
        namespaces = Set.copyOf(namespaces);
    }

    /** Whether the namespace is protected by its name; its label may say so besides. */
    boolean covers(String namespace) {
        return namespaces.contains(namespace) || namespace.equals(ownNamespace);
    }

    /** Whether labels of an object say that it is protected. */
    boolean isMarked(Map<String, String> labels) {
        String value = labels.get(label);
        return value != null && !value.equals("false");
    }

    /** These namespaces, all else by default. */
    public static ProtectionConfig of(Set<String> namespaces) {
        return new ProtectionConfig(namespaces, null, DEFAULT_LABEL, 1);
    }
}
