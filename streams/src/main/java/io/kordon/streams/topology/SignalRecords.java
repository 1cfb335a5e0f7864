package io.kordon.streams.topology;

import io.kordon.avro.Pod;
import io.kordon.streams.correlation.Signal;
import io.kordon.streams.incident.Ids;
import io.kordon.streams.incident.Interval;
import io.kordon.streams.incident.Source;
import io.kordon.streams.incident.Subject;
import io.kordon.streams.rule.Level;
import io.kordon.streams.scoring.Contribution;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Signals between their record and the core's value. */
final class SignalRecords {
    private SignalRecords() {}

    /** Longest original that a signal carries, in characters. */
    private static final int MAX_ORIGINAL = 64 * 1024;

    /** A signal with the sender's JSON, which is cut if it is longer than a record should be. */
    static io.kordon.avro.Signal record(Signal signal, String original) {
        boolean whole = original.length() <= MAX_ORIGINAL;
        io.kordon.avro.Signal record = record(signal);
        record.setOriginal(whole ? original : original.substring(0, MAX_ORIGINAL));
        record.setTruncated(!whole);
        return record;
    }

    static io.kordon.avro.Signal record(Signal signal) {
        return io.kordon.avro.Signal.newBuilder()
                .setId(signal.id())
                .setKey(signal.key())
                .setGroupBy(signal.groupBy())
                .setRuleId(signal.rule().ruleId())
                .setRuleName(signal.rule().ruleName())
                .setRuleTitle(signal.rule().ruleTitle())
                .setRuleVersion(signal.rule().ruleVersion())
                .setLevel(level(signal.rule().level()))
                .setWeight(signal.rule().weight())
                .setPlaybook(signal.rule().playbook())
                .setAlerts(signal.alerts())
                .setValues(signal.values())
                .setTags(signal.tags())
                .setSource(io.kordon.avro.Source.valueOf(signal.source().name()))
                .setEventId(signal.eventId())
                .setEntity(SubjectRecords.entity(signal.subject()))
                .setContext(SubjectRecords.context(signal.context()))
                .setStart(Micros.instant(signal.interval().start()))
                .setEnd(Micros.instant(signal.interval().end()))
                .setCompleteAt(completeAt(signal))
                .setOpen(signal.open())
                .setAlertId(signal.alertId())
                .setEventTime(Micros.instant(signal.eventTime()))
                .setReceivedAt(Micros.instant(signal.receivedAt()))
                .setClamped(signal.clamped())
                .setSummary(signal.summary())
                .build();
    }

    /** The same signal, now that its pod is known; of a container's, the one that detection makes once it knows the pod. */
    static io.kordon.avro.Signal identified(io.kordon.avro.Signal record, Subject subject, Pod pod) {
        Subject identified = Identities.identified(subject, pod);
        boolean moved = !identified.key().equals(record.getKey());
        String id = moved ? Ids.signal(record.getRuleId(), record.getEventId(), identified.key()) : record.getId();
        return io.kordon.avro.Signal.newBuilder(record)
                .setId(id)
                .setKey(identified.key())
                .setEntity(SubjectRecords.entity(identified))
                .setContext(pod.getContext())
                .build();
    }

    static Signal signal(io.kordon.avro.Signal record) {
        return new Signal(
                record.getId(),
                record.getKey(),
                record.getGroupBy(),
                new Contribution(
                        record.getRuleId(),
                        record.getRuleName(),
                        record.getRuleTitle(),
                        record.getRuleVersion(),
                        level(record.getLevel()),
                        record.getWeight(),
                        record.getPlaybook(),
                        1),
                record.getAlerts(),
                record.getValues(),
                record.getTags(),
                Source.valueOf(record.getSource().name()),
                record.getEventId(),
                SubjectRecords.subject(record.getEntity()),
                SubjectRecords.context(record.getContext()),
                new Interval(Micros.of(record.getStart()), Micros.of(record.getEnd())),
                Micros.of(record.getCompleteAt() == null ? record.getStart() : record.getCompleteAt()),
                record.getOpen(),
                record.getAlertId(),
                Micros.of(record.getEventTime()),
                Micros.of(record.getReceivedAt()),
                record.getClamped(),
                record.getSummary());
    }

    private static @Nullable Instant completeAt(Signal signal) {
        return signal.source() == Source.CORRELATION ? Micros.instant(signal.completeAt()) : null;
    }

    static io.kordon.avro.Level level(Level level) {
        return io.kordon.avro.Level.valueOf(level.name());
    }

    static Level level(io.kordon.avro.Level level) {
        return level == io.kordon.avro.Level.UNKNOWN ? Level.INFORMATIONAL : Level.valueOf(level.name());
    }
}
