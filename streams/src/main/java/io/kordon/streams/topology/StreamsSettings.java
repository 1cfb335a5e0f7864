package io.kordon.streams.topology;

import io.kordon.streams.correlation.Policy;
import io.kordon.streams.response.Budgets;
import io.kordon.streams.response.SourceLimits;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How the streams application runs.
 *
 * @param applicationId consumer group, prefix of internal topics and of transactions
 * @param stateDir where RocksDB lives
 * @param threads stream threads in this process
 * @param standbys standby replicas of the state
 * @param commitInterval how long a transaction stays open: bounds the delay that exactly-once adds
 * @param replication replication factor of internal topics; -1 takes the broker's default
 * @param policy times of correlation
 * @param limits which source may trigger which steps
 * @param budgets how much containment needs no approval
 * @param raw topics that senders write to themselves
 */
public record StreamsSettings(
        String applicationId,
        Path stateDir,
        int threads,
        int standbys,
        Duration commitInterval,
        int replication,
        Policy policy,
        SourceLimits limits,
        Budgets budgets,
        RawTopics raw) {

    public StreamsSettings {
        if (applicationId.isBlank()) {
            throw new IllegalArgumentException("applicationId is empty");
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ": at least 1");
        }
        if (standbys < 0) {
            throw new IllegalArgumentException("standbys is " + standbys + ": 0 or more");
        }
        if (commitInterval.isNegative() || commitInterval.isZero()) {
            throw new IllegalArgumentException("commitInterval is " + commitInterval + ": more than nothing");
        }
    }

    /** Defaults, with the state under {@code stateDir}. */
    public static StreamsSettings in(Path stateDir) {
        return new StreamsSettings(
                "kordon-streams",
                stateDir,
                1,
                0,
                Duration.ofMillis(100),
                -1,
                Policy.DEFAULT,
                SourceLimits.DEFAULT,
                Budgets.DEFAULT,
                RawTopics.NONE);
    }
}
