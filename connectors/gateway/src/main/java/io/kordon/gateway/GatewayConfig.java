package io.kordon.gateway;

import io.kordon.decoding.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Settings of the gateway.
 *
 * @param host address to listen on
 * @param port port to listen on; 0 takes any free one
 * @param cluster name of the cluster whose senders post here, where the address has no {@code ?cluster=}
 * @param maxBodyBytes largest request body, before and after inflating
 * @param maxRecordBytes largest Kafka record; the brokers and topics must allow as much
 * @param maxBufferedBytes most bytes of bodies in memory at one time, over all requests; beyond it senders get 503
 * @param acknowledgeTimeout longest wait for Kafka, from the end of a request's body to its answer
 * @param bodyTimeout longest time that a request's body may take to arrive
 * @param idleTimeout a connection on which nothing moves, or no request is begun, for this long is closed
 * @param maxConnections connections beyond it are closed at once
 * @param workers threads that decode and send
 * @param maxQueued requests that may wait for a worker; beyond it senders get 503
 * @param retryAfter what a 503 asks its sender to wait
 */
public record GatewayConfig(
        String host,
        int port,
        String cluster,
        long maxBodyBytes,
        int maxRecordBytes,
        long maxBufferedBytes,
        Duration acknowledgeTimeout,
        Duration bodyTimeout,
        Duration idleTimeout,
        int maxConnections,
        int workers,
        int maxQueued,
        Duration retryAfter) {
    /** Port of a plain installation. */
    public static final int DEFAULT_PORT = 8080;

    private static final long MIB = 1024 * 1024;

    public GatewayConfig {
        List<String> wrong = new ArrayList<>();
        check(wrong, !host.isBlank(), "host is empty: name the address to listen on, as 0.0.0.0");
        check(wrong, port >= 0 && port <= 65_535, "port " + port + " is not between 0 and 65535");
        check(
                wrong,
                Origin.isClusterName(cluster),
                "cluster '" + cluster + "' must be 1 to 100 letters, digits, . _ -");
        check(wrong, maxBodyBytes >= 1 && maxBodyBytes <= 1024 * MIB, "maxBodyBytes must be between 1 and 1 GiB");
        check(wrong, maxRecordBytes >= 64 * 1024, "maxRecordBytes must be at least 65536");
        check(wrong, maxBufferedBytes >= maxBodyBytes, "maxBufferedBytes must be at least maxBodyBytes");
        check(wrong, isPositive(acknowledgeTimeout), "acknowledgeTimeout must be between 1 ms and 1 h");
        check(wrong, isPositive(bodyTimeout), "bodyTimeout must be between 1 ms and 1 h");
        check(wrong, isPositive(idleTimeout), "idleTimeout must be between 1 ms and 1 h");
        check(wrong, maxConnections >= 1, "maxConnections must be at least 1");
        check(wrong, workers >= 1, "workers must be at least 1");
        check(wrong, maxQueued >= 1, "maxQueued must be at least 1");
        check(wrong, isPositive(retryAfter), "retryAfter must be between 1 ms and 1 h");
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException("gateway: " + String.join("; ", wrong));
        }
    }

    /** A plain installation: all addresses, port 8080, cluster {@code default}, bodies of 16 MiB. */
    public static GatewayConfig defaults() {
        int cores = Runtime.getRuntime().availableProcessors();
        return new GatewayConfig(
                "0.0.0.0",
                DEFAULT_PORT,
                "default",
                16 * MIB,
                (int) MIB,
                Math.max(64 * MIB, Runtime.getRuntime().maxMemory() / 8),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(75),
                10_000,
                Math.max(4, 2 * cores),
                1_000,
                Duration.ofSeconds(5));
    }

    /** The same, listening elsewhere. */
    public GatewayConfig listeningOn(String newHost, int newPort) {
        return new GatewayConfig(
                newHost,
                newPort,
                cluster,
                maxBodyBytes,
                maxRecordBytes,
                maxBufferedBytes,
                acknowledgeTimeout,
                bodyTimeout,
                idleTimeout,
                maxConnections,
                workers,
                maxQueued,
                retryAfter);
    }

    /** The same, for another cluster. */
    public GatewayConfig forCluster(String newCluster) {
        return new GatewayConfig(
                host,
                port,
                newCluster,
                maxBodyBytes,
                maxRecordBytes,
                maxBufferedBytes,
                acknowledgeTimeout,
                bodyTimeout,
                idleTimeout,
                maxConnections,
                workers,
                maxQueued,
                retryAfter);
    }

    private static boolean isPositive(Duration duration) {
        return duration.compareTo(Duration.ofMillis(1)) >= 0 && duration.compareTo(Duration.ofHours(1)) <= 0;
    }

    private static void check(List<String> wrong, boolean right, String message) {
        if (!right) {
            wrong.add(message);
        }
    }
}
