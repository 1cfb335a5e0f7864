package io.kordon.streams.correlation;

import io.kordon.streams.incident.Ids;
import io.kordon.streams.incident.Interval;
import io.kordon.streams.incident.Source;
import io.kordon.streams.incident.Subject;
import io.kordon.streams.rule.Rule;
import io.kordon.streams.rule.RuleSet;
import io.kordon.streams.scoring.Contribution;
import java.util.List;
import java.util.Map;

/** Builds signals for tests. Times are seconds of event time unless a name says otherwise. */
final class Signals {
    static final String KEY = "demo/tomcat/tomcat-1";

    private final RuleSet rules;
    private final String uid;

    Signals(RuleSet rules, String uid) {
        this.rules = rules;
        this.uid = uid;
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
