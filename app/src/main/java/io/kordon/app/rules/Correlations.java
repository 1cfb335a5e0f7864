package io.kordon.app.rules;

import io.kordon.streams.correlation.Engine;
import io.kordon.streams.correlation.EntityState;
import io.kordon.streams.correlation.Grouping;
import io.kordon.streams.correlation.Grouping.Group;
import io.kordon.streams.correlation.Input;
import io.kordon.streams.correlation.Outcome;
import io.kordon.streams.correlation.Policy;
import io.kordon.streams.correlation.Signal;
import io.kordon.streams.detection.Event;
import io.kordon.streams.incident.Ids;
import io.kordon.streams.incident.Interval;
import io.kordon.streams.incident.Source;
import io.kordon.streams.incident.Subject;
import io.kordon.streams.json.AlertJson;
import io.kordon.streams.response.Responder;
import io.kordon.streams.rule.CorrelationRule;
import io.kordon.streams.rule.DetectionRule;
import io.kordon.streams.rule.RuleSet;
import io.kordon.streams.scoring.Contribution;
import io.kordon.streams.topology.EntityKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Correlations over the matches of a file, by the pipeline's own engine. A file may be in any order, and its whole is known
 * before an answer is due: so matches are kept and, when no more come, played in the order of event time, which also stands
 * in for the wall clock. After the last one time goes on until every window is closed.
 */
final class Correlations implements Matches {
    /** Matches kept, of rules that correlations refer to; they take some 300 bytes each. */
    private static final int MOST = 1_000_000;

    private static final int LONGEST_VALUE = 256;
    private static final Duration MOMENT = Duration.ofMillis(1);

    /** Nothing comes late, so no window waits; what incidents the engine makes is of no interest. */
    private static final Policy POLICY = new Policy(
            Map.of(Source.FALCO, MOMENT, Source.AUDIT, MOMENT, Source.PROMETHEUS, MOMENT),
            Policy.DEFAULT.alertHold(),
            Duration.ZERO,
            Duration.ofMinutes(1),
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO);

    private final RuleSet rules;
    private final EventTime times;
    private final CorrelationLines lines;
    private final Complaints complaints;
    private final Grouping grouping = new Grouping(EntityKeys.SPELLING);
    private final Engine engine;
    private final Map<String, Set<String>> fields = new HashMap<>();
    private final List<Signal> signals = new ArrayList<>();
    private final Map<String, EntityState> states = new HashMap<>();
    private final Map<String, Long> dueAt = new HashMap<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::at));
    private long matches;
    private long untimed;
    private long beyond;

    /** When something of a key is to be decided; epoch milliseconds. */
    private record Due(long at, String key) {}

    Correlations(RuleSet rules, EventTime times, CorrelationLines lines, Complaints complaints) {
        this.rules = rules;
        this.times = times;
        this.lines = lines;
        this.complaints = complaints;
        this.engine = new Engine(rules, new Responder(List.of()), grouping, POLICY);
        for (DetectionRule rule : rules.detections()) {
            Set<String> names = new TreeSet<>();
            collect(rule.id(), names);
            fields.put(rule.id(), names);
        }
    }

    @Override
    public void matched(DetectionRule rule, Event event, long line) {
        List<CorrelationRule> over = rules.correlationsOver(rule.id());
        if (over.isEmpty()) {
            return;
        }
        Long at = times.of(event);
        if (at == null) {
            untimed++;
        } else if (signals.size() >= MOST) {
            beyond++;
        } else {
            matches++;
            add(rule, over, event, line, at);
        }
    }

    @Override
    public void end() {
        if (untimed > 0) {
            complaints.other(
                    untimed + " matches have no time and are in no correlation; --time-field says where it is");
        }
        if (beyond > 0) {
            complaints.other(beyond + " matches beyond the first " + MOST + " are in no correlation");
        }
        signals.sort(Comparator.comparingLong(Signal::eventTime)); // stable: of one time, as in the file
        for (Signal signal : signals) {
            long now = Math.floorDiv(signal.eventTime(), 1_000);
            advanceTo(now);
            apply(signal.key(), new Input.Observed(signal), now);
        }
        advanceTo(Long.MAX_VALUE - 1);
    }

    /** References form no cycle, so that this ends. */
    private void collect(String ruleId, Set<String> names) {
        for (CorrelationRule rule : rules.correlationsOver(ruleId)) {
            rule.groupBy().forEach(name -> names.add(rule.field(name, ruleId)));
            if (rule.condition() != null) {
                rule.condition().fields().forEach(name -> names.add(rule.field(name, ruleId)));
            }
            collect(rule.id(), names);
        }
    }

    private void add(DetectionRule rule, List<CorrelationRule> over, Event event, long line, long at) {
        Interval interval = interval(event, at);
        for (Subject subject : Subjects.of(event)) {
            Map<String, String> values = new HashMap<>();
            for (String name : fields.getOrDefault(rule.id(), Set.of())) {
                String text = name.equals(Grouping.POD) ? subject.key() : text(event.field(name));
                if (text != null && !text.isEmpty()) {
                    values.put(name, text);
                }
            }
            Set<String> identities = new TreeSet<>();
            for (CorrelationRule correlation : over) {
                boolean nobody = subject.equals(Subjects.NOBODY)
                        && correlation.groupBy().stream()
                                .anyMatch(name ->
                                        correlation.field(name, rule.id()).equals(Grouping.POD));
                Group group = nobody ? null : grouping.of(correlation, rule.id(), subject, values::get);
                if (group != null && identities.add(group.identity())) {
                    signals.add(signal(rule, group, values, interval, at, line));
                }
            }
        }
    }

    private Signal signal(
            DetectionRule rule, Group group, Map<String, String> values, Interval interval, long at, long line) {
        return new Signal(
                Ids.signal(rule.id(), String.valueOf(matches), group.identity()),
                group.key(),
                group.groupBy(),
                Contribution.of(rule),
                false,
                values,
                List.of(),
                Source.AUDIT,
                String.valueOf(line),
                group.subject(),
                null,
                interval,
                interval.start(),
                false,
                null,
                at,
                at,
                false,
                "");
    }

    /** An alert lasts: to its end, or, since the file does not say until when it fired, for as long as one is held. */
    private static Interval interval(Event event, long at) {
        if (!(event instanceof AlertJson)) {
            return Interval.at(at);
        }
        Long end = EventTime.of(event.field("endsAt"));
        return new Interval(at, end == null || end < at ? at + Policy.micros(POLICY.alertHold()) : end);
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        String text = value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                : value.toString();
        return text.length() <= LONGEST_VALUE ? text : "sha256:" + Ids.digest(text);
    }

    private void advanceTo(long now) {
        for (Due next = due.peek(); next != null && next.at() <= now; next = due.peek()) {
            due.remove();
            if (Long.valueOf(next.at()).equals(dueAt.get(next.key()))) {
                apply(next.key(), new Input.Elapsed(), next.at());
            }
        }
    }

    private void apply(String key, Input input, long now) {
        Outcome outcome = engine.apply(states.get(key), input, now);
        EntityState state = outcome.state();
        if (state == null) {
            states.remove(key);
            dueAt.remove(key);
        } else {
            states.put(key, state);
            long at = Math.max(engine.dueAt(state), now + 1);
            dueAt.put(key, at);
            if (at != Long.MAX_VALUE) {
                due.add(new Due(at, key));
            }
        }
        outcome.matches().forEach(match -> {
            if (rules.rule(match.ruleId()) instanceof CorrelationRule rule) {
                lines.matched(rule, match);
            }
        });
        outcome.derived().forEach(derived -> apply(derived.key(), new Input.Observed(derived), now));
    }
}
