package io.kordon.streams.correlation;

import io.kordon.streams.incident.Ids;
import io.kordon.streams.incident.Interval;
import io.kordon.streams.incident.Source;
import io.kordon.streams.incident.Subject;
import io.kordon.streams.rule.CorrelationRule;
import io.kordon.streams.rule.Rule;
import io.kordon.streams.rule.RuleSet;
import io.kordon.streams.scoring.Contribution;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Builds signals for tests. Times are seconds of event time unless a name says otherwise. */
final class Signals {
    static final String KEY = "demo/tomcat/tomcat-1";

    private static final Grouping GROUPING = new Grouping(PlainKeys.PLAIN);

    private final RuleSet rules;
    private final String uid;

    Signals(RuleSet rules, String uid) {
        this.rules = rules;
        this.uid = uid;
    }

    /** A point event with values, for each of the groups of the correlations over its rule. */
    Signal[] grouped(String rule, long at, Map<String, String> values) {
        List<Signal> signals = new ArrayList<>();
        Signal alone = point(rule, at, "event-" + rule + "-" + at + values);
        Map<String, String> all = new HashMap<>(values);
        all.put("pod", KEY);
        Signal valued = valued(alone, alone.key(), List.of("pod"), all, alone.subject());
        signals.add(valued);
        for (CorrelationRule over : rules.correlationsOver(alone.rule().ruleId())) {
            Grouping.Group group = GROUPING.of(over, alone.rule().ruleId(), alone.subject(), all::get);
            if (group != null && !group.groupBy().equals(Grouping.ENTITY)) {
                signals.add(valued(alone, group.identity(), group.groupBy(), all, group.subject()));
            }
        }
        return signals.toArray(Signal[]::new);
    }

    private static Signal valued(
            Signal signal, String identity, List<String> groupBy, Map<String, String> values, Subject subject) {
        return new Signal(
                Ids.signal(signal.rule().ruleId(), signal.eventId(), identity),
                subject.key(),
                groupBy,
                signal.rule(),
                signal.alerts() && groupBy.equals(Grouping.ENTITY),
                values,
                signal.tags(),
                signal.source(),
                signal.eventId(),
                subject,
                null,
                signal.interval(),
                signal.interval().start(),
                false,
                null,
                signal.eventTime(),
                signal.receivedAt(),
                false,
                signal.summary());
    }

    Signal point(String rule, long at) {
        return point(rule, at, "event-" + rule + "-" + at);
    }

    Signal point(String rule, long at, String eventId) {
        return signal(rule, Source.FALCO, eventId, new Interval(micros(at), micros(at)), false, null, at, at);
    }

    /** A firing notification that was received at {@code notifiedAt}. */
    Signal firing(String rule, String alert, long startsAt, long notifiedAt) {
        long end = micros(notifiedAt) + Policy.micros(Policy.DEFAULT.alertHold());
        return signal(
                rule,
                Source.PROMETHEUS,
                alert,
                new Interval(micros(startsAt), end),
                true,
                alert,
                notifiedAt,
                notifiedAt);
    }

    Signal resolved(String rule, String alert, long startsAt, long endsAt, long notifiedAt) {
        Interval interval = new Interval(micros(startsAt), micros(endsAt));
        return signal(rule, Source.PROMETHEUS, alert, interval, false, alert, endsAt, notifiedAt);
    }

    private Signal signal(
            String ruleName,
            Source source,
            String eventId,
            Interval interval,
            boolean open,
            String alertId,
            long eventTime,
            long receivedAt) {
        Rule rule = rules.detections().stream()
                .filter(each -> ruleName.equals(each.name()))
                .findFirst()
                .orElseThrow();
        return new Signal(
                Ids.signal(rule.id(), eventId, KEY),
                KEY,
                List.of("pod"),
                Contribution.of(rule),
                rules.alertsAlone(rule.id()),
                Map.of(),
                rule.tags(),
                source,
                eventId,
                new Subject(KEY, Subject.Kind.POD, "demo", "tomcat", "tomcat-1", uid, null, null, null),
                null,
                interval,
                interval.start(),
                open,
                alertId,
                micros(eventTime),
                micros(receivedAt),
                false,
                "summary of " + eventId);
    }

    static long micros(long seconds) {
        return seconds * 1_000_000;
    }
}
