package io.kordon.app.rules;

import io.kordon.streams.detection.Event;
import io.kordon.streams.rule.DetectionRule;
import io.kordon.streams.rule.Rule;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Counts matches by rule. */
final class Tally implements Matches {
    private final Map<Rule, Long> byRule = new HashMap<>();

    @Override
    public void matched(DetectionRule rule, Event event, long line) {
        count(rule);
    }

    void count(Rule rule) {
        byRule.merge(rule, 1L, Long::sum);
    }

    /** The rules that matched, most matches first. */
    void print(PrintWriter err, long events, long badLines, double seconds) {
        long matches = byRule.values().stream().mapToLong(Long::longValue).sum();
        err.printf(
                Locale.ROOT,
                "%d events, %d lines that could not be used, %d matches of %d %s, %.1f s%n",
                events,
                badLines,
                matches,
                byRule.size(),
                byRule.size() == 1 ? "rule" : "rules",
                seconds);
        byRule.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<Rule, Long> entry) -> -entry.getValue())
                        .thenComparing(entry -> entry.getKey().id()))
                .forEach(entry -> err.printf(
                        Locale.ROOT,
                        "%10d  %-13s  %s (%s)%n",
                        entry.getValue(),
                        entry.getKey().level().name().toLowerCase(Locale.ROOT),
                        Printable.of(entry.getKey().title(), 100),
                        Printable.of(entry.getKey().id(), 100)));
        err.flush();
    }
}
