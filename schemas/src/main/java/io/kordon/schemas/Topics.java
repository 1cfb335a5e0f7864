package io.kordon.schemas;

import io.kordon.avro.AuditEvent;
import io.kordon.avro.Command;
import io.kordon.avro.Decision;
import io.kordon.avro.FalcoEvent;
import io.kordon.avro.Incident;
import io.kordon.avro.Pod;
import io.kordon.avro.PodHistory;
import io.kordon.avro.PrometheusEvent;
import io.kordon.avro.Result;
import io.kordon.avro.Rule;
import io.kordon.avro.Signal;
import io.kordon.schemas.Topic.Cleanup;
import java.time.Duration;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/**
 * The topic catalogue: the only place where topics are named. All topics have one partition count, so that whatever is
 * keyed alike meets in one task.
 *
 * @param prefix before every name, dot included; {@code kordon.} by default
 * @param partitions of every topic
 */
public record Topics(String prefix, int partitions) {
    /** Prefix of a plain installation. */
    public static final String DEFAULT_PREFIX = "kordon.";

    /** Partitions of a plain installation: twelve divide evenly among 2, 3, 4 or 6 instances. */
    public static final int DEFAULT_PARTITIONS = 12;

    public Topics {
        if (!prefix.matches("[a-zA-Z0-9._-]*")) {
            throw new IllegalArgumentException(
                    "topic prefix '" + prefix + "' holds characters that Kafka refuses: use letters, digits, . _ -");
        }
    }

    public Topics() {
        this(DEFAULT_PREFIX, DEFAULT_PARTITIONS);
    }

    public Topic<FalcoEvent> falcoEvents() {
        return topic("events.falco", "entity key", FalcoEvent.class, Cleanup.DELETE, 7);
    }

    public Topic<PrometheusEvent> prometheusEvents() {
        return topic("events.prometheus", "entity key", PrometheusEvent.class, Cleanup.DELETE, 7);
    }

    public Topic<AuditEvent> auditEvents() {
        return topic("events.audit", "entity key", AuditEvent.class, Cleanup.DELETE, 7);
    }

    public Topic<Pod> pods() {
        return topic("pods", "pod key", Pod.class, Cleanup.COMPACT, 0);
    }

    /** Internal: the streams application makes it from {@link #pods()} and reads it back whole on every instance. */
    public Topic<PodHistory> identities() {
        return topic("identities", "pod key or container key", PodHistory.class, Cleanup.COMPACT, 0);
    }

    public Topic<Rule> rules() {
        return topic("rules", "rule id", Rule.class, Cleanup.COMPACT, 0);
    }

    /** A topic of its own: who may write rules need not be who may say what is done to pods. */
    public Topic<Rule> playbooks() {
        return topic("playbooks", "playbook's name", Rule.class, Cleanup.COMPACT, 0);
    }

    public Topic<Signal> signals() {
        return topic("signals", "correlation key", Signal.class, Cleanup.DELETE, 7);
    }

    public Topic<Incident> incidents() {
        return topic("incidents", "incident id", Incident.class, Cleanup.COMPACT_AND_DELETE, 90);
    }

    public Topic<Command> commands() {
        return topic("commands", "pod key", Command.class, Cleanup.DELETE, 30);
    }

    public Topic<Result> results() {
        return topic("results", "command's correlation key", Result.class, Cleanup.DELETE, 30);
    }

    public Topic<Decision> decisions() {
        return topic("decisions", "incident id", Decision.class, Cleanup.DELETE, 90);
    }

    /** Bytes that could not be used; see {@link Rejection} for the headers. */
    public Topic<SpecificRecord> rejected() {
        return new Topic<>(prefix + "rejected", "source key", null, partitions, Cleanup.DELETE, Duration.ofDays(14));
    }

    /** Not in the catalogue: a topic to which a sender writes bytes of its own, of any key and any partition count. */
    public Topic<SpecificRecord> raw(String name) {
        return new Topic<>(name, "the sender's", null, partitions, Cleanup.DELETE, Duration.ofDays(7));
    }

    /** Every topic, in the order of the design's table. */
    public List<Topic<?>> all() {
        return List.of(
                falcoEvents(),
                prometheusEvents(),
                auditEvents(),
                pods(),
                identities(),
                rules(),
                playbooks(),
                signals(),
                incidents(),
                commands(),
                results(),
                decisions(),
                rejected());
    }

    private <V extends SpecificRecord> Topic<V> topic(
            String name, String key, Class<V> value, Cleanup cleanup, int retentionDays) {
        return new Topic<>(prefix + name, key, value, partitions, cleanup, Duration.ofDays(retentionDays));
    }
}
