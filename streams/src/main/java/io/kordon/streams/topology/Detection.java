package io.kordon.streams.topology;

import io.kordon.streams.correlation.Grouping;
import io.kordon.streams.correlation.Grouping.Group;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns observations into signals: which rules match, and under which correlation keys. */
final class Detection {
    /** Longest value of a field that goes into a key or a signal as it is, in characters. */
    private static final int MAX_VALUE = 256;

    private final Detector detector;
    private final Grouping grouping = new Grouping(EntityKeys.SPELLING);
    private final Map<String, Plan> plans = new HashMap<>();

    /**
     * What to make of a rule's match.
     *
     * @param alerts whether it is reported by itself
     * @param over the correlations that refer to it
     * @param fields what those, and the correlations over them, compare
     */
    private record Plan(boolean alerts, List<CorrelationRule> over, Set<String> fields) {}

    Detection(RuleSet rules) {
        this.detector = new Detector(rules);
        for (DetectionRule rule : rules.detections()) {
            Set<String> fields = new TreeSet<>();
            collect(rules, rule.id(), fields, new HashSet<>());
            plans.put(rule.id(), new Plan(rules.alertsAlone(rule.id()), rules.correlationsOver(rule.id()), fields));
        }
    }

    /** Each correlation is looked at once, however many ways lead to it. A field of an upper correlation is looked for in the event as well. */
    private static void collect(RuleSet rules, String ruleId, Set<String> fields, Set<String> seen) {
        if (!seen.add(ruleId)) {
            return;
        }
        for (CorrelationRule rule : rules.correlationsOver(ruleId)) {
            if (!rule.groupBy().equals(Grouping.ENTITY)) {
                rule.groupBy().forEach(name -> fields.add(rule.field(name, ruleId)));
            }
            if (rule.condition() != null) {
                rule.condition().fields().forEach(name -> fields.add(rule.field(name, ruleId)));
            }
            collect(rules, rule.id(), fields, seen);
        }
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
                    addSignals(signals, observation, rule, identity);
                }
            }
        }
        return signals;
    }

    private void addSignals(List<Signal> signals, Observation observation, DetectionRule rule, Identity identity) {
        Plan plan = Objects.requireNonNull(plans.get(rule.id()));
        Set<String> identities = new HashSet<>();
        for (Subject subject : observation.subjects()) {
            Resolved resolved = identity.resolve(subject, observation.eventTime());
            Map<String, String> values = values(plan, observation, resolved.subject());
            Function<String, @Nullable String> value = values::get;
            List<Group> groups = new ArrayList<>();
            if (plan.alerts()) {
                groups.add(new Group(resolved.subject(), Grouping.ENTITY));
            }
            for (CorrelationRule over : plan.over()) {
                Group group = grouping.of(over, rule.id(), resolved.subject(), value);
                if (group != null) {
                    groups.add(group);
                }
            }
            for (Group group : groups) {
                if (identities.add(group.identity())) {
                    signals.add(signal(observation, rule, plan, group, values, resolved.context()));
                }
            }
        }
    }

    private static Map<String, String> values(Plan plan, Observation observation, Subject subject) {
        Map<String, String> values = new HashMap<>();
        for (String field : plan.fields()) {
            String text = field.equals(Grouping.POD)
                    ? subject.key()
                    : text(observation.event().field(field));
            if (text != null) {
                values.put(field, text);
            }
        }
        return values;
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.isEmpty()
                    ? null
                    : bounded(list.stream().map(String::valueOf).collect(Collectors.joining(",")));
        }
        return value == null ? null : bounded(value.toString());
    }

    /** A long value is known by its digest: it becomes part of a key, and of state. */
    private static String bounded(String value) {
        return value.length() <= MAX_VALUE ? value : "sha256:" + Ids.digest(value);
    }

    private static Signal signal(
            Observation observation,
            DetectionRule rule,
            Plan plan,
            Group group,
            Map<String, String> values,
            @Nullable PodContext context) {
        boolean entity = group.groupBy().equals(Grouping.ENTITY);
        return new Signal(
                Ids.signal(rule.id(), observation.id(), group.identity()),
                group.key(),
                group.groupBy(),
                Contribution.of(rule),
                plan.alerts() && entity,
                values,
                rule.tags(),
                observation.source(),
                observation.eventId(),
                group.subject(),
                entity ? context : null,
                observation.interval(),
                observation.interval().start(),
                observation.open(),
                observation.alertId(),
                observation.eventTime(),
                observation.receivedAt(),
                observation.clamped(),
                observation.summary());
    }
}
