package io.kordon.kubernetes;

import java.time.Duration;
import java.util.Set;

/**
 * What the actuator may do, and how patiently.
 *
 * @param cluster name of the cluster that the client talks to; commands for others are left alone
 * @param protection what is left alone, whatever a command says
 * @param dryRun whether every command only says what it would do, whatever its own mode
 * @param retry for requests that the API server could not fulfil just now
 * @param requestTimeout for one request to the API server
 * @param stepTimeout for one step with all its attempts, where the command does not say
 * @param lanes partitions of commands that are worked on at once
 */
public record ActuatorConfig(
        String cluster,
        ProtectionConfig protection,
        boolean dryRun,
        RetryPolicy retry,
        Duration requestTimeout,
        Duration stepTimeout,
        int lanes) {
    public static final Duration DEFAULT_STEP_TIMEOUT = Duration.ofMinutes(2);

    /** No command makes a step longer than this: a lane must come to an end. */
    static final Duration LONGEST_STEP = Duration.ofHours(1);

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    private static final int LANES = 4;

    public ActuatorConfig {
        if (cluster.isBlank()) {
            throw new IllegalArgumentException("cluster is not set: name the cluster that this actuator serves");
        }
        positive("requestTimeout", requestTimeout);
        positive("stepTimeout", stepTimeout);
        if (lanes < 1) {
            throw new IllegalArgumentException("lanes must be 1 or more, not " + lanes);
        }
    }

    public ActuatorConfig(String cluster, ProtectionConfig protection, boolean dryRun, Duration stepTimeout) {
        this(cluster, protection, dryRun, RetryPolicy.DEFAULT, REQUEST_TIMEOUT, stepTimeout, LANES);
    }

    public ActuatorConfig(String cluster, Set<String> protectedNamespaces, boolean dryRun) {
        this(cluster, ProtectionConfig.of(protectedNamespaces), dryRun, DEFAULT_STEP_TIMEOUT);
    }

    /** Everything by default. */
    public static ActuatorConfig of(String cluster) {
        return new ActuatorConfig(cluster, ProtectionConfig.DEFAULT, false, DEFAULT_STEP_TIMEOUT);
    }

    /** How long a step may take for which a command has {@code millis}; 0 for what is configured. */
    Duration limit(long millis) {
        if (millis <= 0) {
            return stepTimeout;
        }
        Duration wanted = Duration.ofMillis(millis);
        return wanted.compareTo(LONGEST_STEP) < 0 ? wanted : LONGEST_STEP;
    }

    private static void positive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, not " + duration);
        }
    }
}
