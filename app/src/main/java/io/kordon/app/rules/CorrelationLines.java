package io.kordon.app.rules;

import io.kordon.streams.correlation.Grouping;
import io.kordon.streams.correlation.Match;
import io.kordon.streams.correlation.Signal;
import io.kordon.streams.rule.CorrelationRule;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One line of JSON for each match of a correlation. The engine tells of a match again with each event that joins it; here a
 * match that shares an event with the one before it, of the same rule and group, is that one.
 */
final class CorrelationLines {
    private final PrintWriter out;
    private final Tally tally;
    private final Map<String, Set<String>> last = new HashMap<>();

    CorrelationLines(PrintWriter out, Tally tally) {
        this.out = out;
        this.tally = tally;
    }

    /** @param match whose signals' event ids are numbers of lines */
    void matched(CorrelationRule rule, Match match) {
        Set<String> ids = match.signals().stream().map(Signal::id).collect(Collectors.toCollection(HashSet::new));
        Set<String> before = last.computeIfAbsent(rule.id() + ' ' + match.key(), unused -> new HashSet<>());
        boolean same = ids.stream().anyMatch(before::contains);
        if (!same) {
            before.clear();
            before.addAll(ids);
            tally.count(rule);
            out.print(line(rule, match));
        }
    }

    private static String line(CorrelationRule rule, Match match) {
        List<Long> lines = match.signals().stream()
                .map(signal -> Long.valueOf(signal.eventId()))
                .distinct()
                .sorted()
                .toList();
        Signal completing = match.signals().stream()
                .max(Comparator.<Signal>comparingLong(
                                signal -> signal.interval().start())
                        .thenComparingLong(signal -> Long.parseLong(signal.eventId())))
                .orElseThrow();
        return MatchLines.line(json -> {
            json.writeStringField("rule_id", rule.id());
            json.writeStringField("rule_name", rule.name());
            json.writeStringField("title", rule.title());
            json.writeStringField("level", rule.level().name().toLowerCase(Locale.ROOT));
            json.writeBooleanField("correlation", true);
            json.writeObjectFieldStart("group");
            for (String name : rule.groupBy()) {
                String field = rule.field(name, completing.rule().ruleId());
                String value = completing.values().get(field);
                boolean entity = value == null && field.equals(Grouping.POD);
                json.writeStringField(name, entity ? completing.subject().key() : value);
            }
            json.writeEndObject();
            json.writeArrayFieldStart("events");
            for (Long number : lines) {
                json.writeNumber(number);
            }
            json.writeEndArray();
            json.writeNumberField("event", Long.parseLong(completing.eventId()));
            json.writeStringField(
                    "at", Instant.EPOCH.plus(match.at(), ChronoUnit.MICROS).toString());
        });
    }
}
