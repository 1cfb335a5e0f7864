package io.kordon.streams.topology;

import io.kordon.schemas.EntityKey;
import io.kordon.streams.correlation.Signal;
import io.kordon.streams.detection.Detector;
import io.kordon.streams.incident.Ids;
import io.kordon.streams.incident.PodContext;
import io.kordon.streams.incident.Subject;
import io.kordon.streams.rule.CorrelationRule;
import io.kordon.streams.rule.DetectionRule;
import io.kordon.streams.rule.RuleSet;
import io.kordon.streams.scoring.Contribution;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns observations into signals: which rules match, and under which correlation keys. */
final class Detection {
    /** Field of group-by that means the resolved entity. */
    private static final String POD = "pod";

    private static final List<String> ENTITY = List.of(POD);

    private static final Set<String> USER_FIELDS = Set.of("user.username", "user.name", "ka.user.name");

    /** Longest value of a group-by field that goes into a key as it is, in characters. */
    private static final int MAX_GROUP_VALUE = 256;

    private final RuleSet rules;
    private final Detector detector;

    Detection(RuleSet rules) {
        this.rules = rules;
        this.detector = new Detector(rules);
    }

    /** What is known of a subject at a time of the event's; epoch microseconds. */
    interface Identity {
        Resolved resolve(Subject subject, long at);
    }

    /** A subject with its UID where it is known, and what else is known of the pod. */
    record Resolved(Subject subject, @Nullable PodContext context) {}

    /** Signals of one event, which may have been observed in more than one way; a rule matches it once. */
    List<Signal> signals(List<Observation> observations, Identity identity) {
        List<Signal> signals = new ArrayList<>();
        Set<String> matched = new HashSet<>();
        for (Observation observation : observations) {
            for (DetectionRule rule : detector.detect(observation.event())) {
                if (matched.add(rule.id())) {
                    for (List<String> groupBy : groupings(rule)) {
                        addSignals(signals, observation, rule, groupBy, identity);
                    }
                }
            }
        }
        return signals;
    }

    private Set<List<String>> groupings(DetectionRule rule) {
        Set<List<String>> groupings = new LinkedHashSet<>();
        if (rules.alertsAlone(rule.id())) {
            groupings.add(ENTITY);
        }
        rules.correlationsOver(rule.id()).stream().map(CorrelationRule::groupBy).forEach(groupings::add);
        return groupings;
    }

    private static void addSignals(
            List<Signal> signals,
            Observation observation,
            DetectionRule rule,
            List<String> groupBy,
            Identity identity) {
        Set<String> keys = new HashSet<>();
        for (Subject subject : observation.subjects()) {
            Resolved resolved = identity.resolve(subject, observation.eventTime());
            boolean entity = groupBy.equals(ENTITY);
            Subject about = entity ? resolved.subject() : group(observation, groupBy, subject);
            if (about != null && keys.add(about.key())) {
                signals.add(signal(observation, rule, groupBy, about, entity ? resolved.context() : null));
            }
        }
    }

    /** What a group of field values is about; null when the event lacks one of the fields and so belongs to no group. */
    private static @Nullable Subject group(Observation observation, List<String> groupBy, Subject subject) {
        String cluster = subject.cluster();
        List<String> values = new ArrayList<>();
        for (String field : groupBy) {
            Object value =
                    field.equals(POD) ? subject.key() : observation.event().field(field);
            if (value == null) {
                return null;
            }
            values.add(bounded(value.toString()));
        }
        if (groupBy.isEmpty()) {
            return subject(EntityKey.cluster(cluster), Subject.Kind.CLUSTER, cluster, cluster);
        }
        String joined = String.join(",", values);
        String name = joined.length() <= Subject.MAX_PART ? joined : joined.substring(0, Subject.MAX_PART);
        if (groupBy.size() == 1 && USER_FIELDS.contains(groupBy.get(0))) {
            return subject(EntityKey.user(cluster, name), Subject.Kind.USER, cluster, name);
        }
        return subject(EntityKey.group(cluster, groupBy, values), Subject.Kind.UNKNOWN, cluster, name);
    }

    /** A long value groups by its digest: it becomes part of a key. */
    private static String bounded(String value) {
        return value.length() <= MAX_GROUP_VALUE ? value : "sha256:" + Ids.digest(value);
    }

    private static Subject subject(String key, Subject.Kind kind, String cluster, String name) {
        return new Subject(key, kind, cluster, null, name, null, null, null, null);
    }

    private static Signal signal(
            Observation observation,
            DetectionRule rule,
            List<String> groupBy,
            Subject subject,
            @Nullable PodContext context) {
        return new Signal(
                Ids.signal(rule.id(), observation.id(), subject.key()),
                subject.key(),
                groupBy,
                Contribution.of(rule),
                rule.tags(),
                observation.source(),
                observation.eventId(),
                subject,
                context,
                observation.interval(),
                observation.open(),
                observation.alertId(),
                observation.eventTime(),
                observation.receivedAt(),
                observation.clamped(),
                observation.summary());
    }
}
