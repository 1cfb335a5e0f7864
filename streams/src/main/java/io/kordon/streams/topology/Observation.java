package io.kordon.streams.topology;

import io.kordon.avro.AlertStatus;
import io.kordon.avro.AuditEvent;
import io.kordon.avro.Entity;
import io.kordon.avro.FalcoEvent;
import io.kordon.avro.ObjectRef;
import io.kordon.avro.PrometheusEvent;
import io.kordon.streams.correlation.Policy;
import io.kordon.streams.detection.Event;
import io.kordon.streams.incident.Interval;
import io.kordon.streams.incident.Source;
import io.kordon.streams.incident.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event as detection and correlation see it: its fields, what it is about, and when it holds.
 *
 * @param id of the event, or of the alert over all of its notifications
 * @param subjects what it speaks of; an audit event may speak of the pod that called and of the pod that was called on
 * @param interval event time during which it holds, epoch microseconds
 * @param open the interval's end is provisional
 * @param eventTime what moves a subject's clock, epoch microseconds
 * @param clamped the sender's time lay too far in the future and was taken as the time of receipt
 */
record Observation(
        Event event,
        Source source,
        String id,
        String eventId,
        List<Subject> subjects,
        Interval interval,
        boolean open,
        @Nullable String alertId,
        long eventTime,
        long receivedAt,
        boolean clamped,
        String summary,
        String original) {

    /** Longest summary, in characters: it is kept in state. */
    private static final int MAX_SUMMARY = 300;

    Observation {
        summary = summary.length() <= MAX_SUMMARY ? summary : summary.substring(0, MAX_SUMMARY) + "…";
    }

    static List<Observation> of(FalcoEvent event, Policy policy) {
        Time time = Time.of(event.getTime(), event.getReceivedAt(), policy);
        return List.of(point(
                new FalcoFields(event),
                Source.FALCO,
                event.getId(),
                List.of(SubjectRecords.subject(event.getEntity())),
                time,
                event.getOutput(),
                event.getOriginal()));
    }

    static List<Observation> of(AuditEvent event, Policy policy) {
        Time time = Time.of(event.getTime(), event.getReceivedAt(), policy);
        List<Subject> subjects = new ArrayList<>();
        for (Entity entity : new Entity[] {event.getTarget(), event.getActor(), event.getEntity()}) {
            boolean known = entity == null
                    || subjects.stream().anyMatch(subject -> subject.key().equals(entity.getKey()));
            if (!known && (subjects.isEmpty() || !entity.equals(event.getEntity()))) {
                subjects.add(SubjectRecords.subject(entity));
            }
        }
        return List.of(point(
                new AuditFields(event),
                Source.AUDIT,
                event.getId(),
                subjects,
                time,
                summary(event),
                event.getOriginal()));
    }

    /**
     * A firing notification holds from the alert's start to its receipt plus the hold. A resolved one says two things:
     * that the alert was firing from start to end, which is what rules on {@code status: firing} look for, and that it
     * resolved, at its end.
     */
    static List<Observation> of(PrometheusEvent event, Policy policy) {
        Time start = Time.of(event.getStartsAt(), event.getReceivedAt(), policy);
        String alertId =
                event.getEntity().getCluster() + "/" + event.getFingerprint() + "/" + Micros.of(event.getStartsAt());
        if (event.getStatus() != AlertStatus.RESOLVED) {
            long end = Math.max(start.at(), start.receivedAt() + Policy.micros(policy.alertHold()));
            Interval interval = new Interval(start.at(), end);
            return List.of(alert(event, alertId, alertId, interval, true, start.receivedAt(), start));
        }
        Instant endsAt = Objects.requireNonNullElse(event.getEndsAt(), event.getReceivedAt());
        long end = Math.max(
                start.at(), Time.of(endsAt, event.getReceivedAt(), policy).at());
        PrometheusEvent fired =
                PrometheusEvent.newBuilder(event).setStatus(AlertStatus.FIRING).build();
        return List.of(
                alert(fired, alertId, alertId, new Interval(start.at(), end), false, end, start),
                alert(event, event.getId(), alertId, Interval.at(end), false, end, start));
    }

    private static Observation alert(
            PrometheusEvent event,
            String id,
            String alertId,
            Interval interval,
            boolean open,
            long eventTime,
            Time time) {
        String summary = event.getAnnotations().get("summary");
        return new Observation(
                new PrometheusFields(event),
                Source.PROMETHEUS,
                id,
                event.getId(),
                List.of(SubjectRecords.subject(event.getEntity())),
                interval,
                open,
                alertId,
                eventTime,
                time.receivedAt(),
                time.clamped(),
                summary == null ? event.getAlertname() : summary,
                event.getOriginal());
    }

    private static Observation point(
            Event fields,
            Source source,
            String id,
            List<Subject> subjects,
            Time time,
            String summary,
            String original) {
        return new Observation(
                fields,
                source,
                id,
                id,
                subjects,
                Interval.at(time.at()),
                false,
                null,
                time.at(),
                time.receivedAt(),
                time.clamped(),
                summary,
                original);
    }

    private static String summary(AuditEvent event) {
        ObjectRef object = event.getObject();
        StringBuilder line = new StringBuilder(event.getUsername()).append(' ').append(event.getVerb());
        if (object == null) {
            return line.append(' ').append(event.getRequestUri()).toString();
        }
        line.append(' ').append(object.getResource());
        for (String part : new String[] {object.getSubresource(), object.getNamespace(), object.getName()}) {
            if (part != null) {
                line.append('/').append(part);
            }
        }
        return event.getResponseCode() == null
                ? line.toString()
                : line.append(" (").append(event.getResponseCode()).append(')').toString();
    }

    /** A sender's time against its receipt; epoch microseconds. */
    private record Time(long at, long receivedAt, boolean clamped) {
        static Time of(Instant sent, Instant received, Policy policy) {
            long at = Micros.of(sent);
            long receivedAt = Micros.of(received);
            boolean ahead = at > receivedAt + Policy.micros(policy.futureBound());
            return new Time(ahead ? receivedAt : at, receivedAt, ahead);
        }
    }
}
