package io.kordon.kubernetes;

import java.time.Duration;
import java.util.Set;

/**
 * What the inventory watches.
 *
 * @param cluster name of the cluster that the client talks to
 * @param namespaces namespaces to watch; empty for all of them
 * @param readTimeout for each next record while, at the start, it is read what the pods topic holds already
 * @param resync how often unwritten changes are looked for among pods that stand still
 * @param forgetAfter how long the topic keeps a pod after its deletion, until a tombstone takes it out
 */
public record InventoryConfig(
        String cluster, Set<String> namespaces, Duration readTimeout, Duration resync, Duration forgetAfter) {
    public InventoryConfig {
        if (cluster.isBlank()) {
            throw new IllegalArgumentException("cluster is not set: name the cluster that this inventory lists");
        }
        positive("readTimeout", readTimeout);
        positive("resync", resync);
        positive("forgetAfter", forgetAfter);
        namespaces = Set.copyOf(namespaces);
    }

    /** All namespaces; a minute to read, five minutes between looks, a day until a deleted pod is forgotten. */
    public static InventoryConfig of(String cluster) {
        return new InventoryConfig(cluster, Set.of(), Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofDays(1));
    }

    private static void positive(String key, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(key + " must be positive, not " + value);
        }
    }
}
