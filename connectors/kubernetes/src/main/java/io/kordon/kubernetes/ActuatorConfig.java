package io.kordon.kubernetes;

import java.time.Duration;
import java.util.Set;

/**
 * What the actuator may do, and how patiently.
 *
 * @param cluster name of the cluster that the client talks to; commands for others are left alone
 * @param protectedNamespaces namespaces in which every step is refused
 * @param dryRun whether every command only says what it would do, whatever its own mode
 * @param retry for requests that the API server could not fulfil just now
 * @param requestTimeout for one request to the API server
 * @param lanes partitions of commands that are worked on at once
 */
public record ActuatorConfig(
        String cluster,
        Set<String> protectedNamespaces,
        boolean dryRun,
        RetryPolicy retry,
        Duration requestTimeout,
        int lanes) {
    /** The namespaces that keep a cluster alive, and Kordon's own. */
    public static final Set<String> DEFAULT_PROTECTED_NAMESPACES =
            Set.of("kube-system", "kube-public", "kube-node-lease", "kordon");

    public ActuatorConfig {
        if (cluster.isBlank()) {
            throw new IllegalArgumentException("cluster is not set: name the cluster that this actuator serves");
        }
        if (requestTimeout.isNegative() || requestTimeout.isZero()) {
            throw new IllegalArgumentException("requestTimeout must be positive, not " + requestTimeout);
        }
        if (lanes < 1) {
            throw new IllegalArgumentException("lanes must be 1 or more, not " + lanes);
        }
        protectedNamespaces = Set.copyOf(protectedNamespaces);
    }

    public ActuatorConfig(String cluster, Set<String> protectedNamespaces, boolean dryRun) {
        this(cluster, protectedNamespaces, dryRun, RetryPolicy.DEFAULT, Duration.ofSeconds(10), 4);
    }

    /** Everything by default. */
    public static ActuatorConfig of(String cluster) {
        return new ActuatorConfig(cluster, DEFAULT_PROTECTED_NAMESPACES, false);
    }
}
