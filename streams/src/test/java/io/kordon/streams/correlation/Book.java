package io.kordon.streams.correlation;

import io.kordon.streams.rule.CorrelationRule;
import io.kordon.streams.rule.CorrelationRule.Bound;
import io.kordon.streams.rule.CorrelationRule.Condition;
import io.kordon.streams.rule.CorrelationRule.Operator;
import io.kordon.streams.rule.DetectionRule;
import io.kordon.streams.rule.Level;
import io.kordon.streams.rule.LogSource;
import io.kordon.streams.rule.Matcher;
import io.kordon.streams.rule.Place;
import io.kordon.streams.rule.Rule;
import io.kordon.streams.rule.RuleHead;
import io.kordon.streams.rule.RuleSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Rules for tests of the engine, by words; every rule's id is its name. */
final class Book {
    private final List<Rule> rules = new ArrayList<>();

    Book detections(String... names) {
        for (String name : names) {
            rules.add(new DetectionRule(
                    head(name, Level.LOW), new LogSource("falco", null, null), Matcher.allOf(List.of())));
        }
        return this;
    }

    Correlation correlation(String name, CorrelationRule.Type type, String... over) {
        return new Correlation(name, type, List.of(over));
    }

    RuleSet set() {
        RuleSet set = RuleSet.of(rules);
        if (!set.problems().isEmpty()) {
            throw new IllegalArgumentException(set.problems().toString());
        }
        return set;
    }

    private static RuleHead head(String name, Level level) {
        return new RuleHead(name, name, "Title of " + name, "v1", level, null, null, List.of(), new Place("t", 1, 1));
    }

    /** A correlation as far as it has been said; grouped by pod, within ten minutes, unless said otherwise. */
    final class Correlation {
        private final String name;
        private final CorrelationRule.Type type;
        private final List<String> over;
        private final List<Bound> bounds = new ArrayList<>();
        private List<String> groupBy = List.of("pod");
        private List<String> fields = List.of();
        private List<String> absent = List.of();
        private List<String> until = List.of();
        private Map<String, Map<String, String>> aliases = Map.of();
        private Duration timespan = Duration.ofMinutes(10);
        private double percentile = Condition.MEDIAN;
        private boolean generate;

        private Correlation(String name, CorrelationRule.Type type, List<String> over) {
            this.name = name;
            this.type = type;
            this.over = over;
        }

        Correlation bound(Operator operator, double value) {
            bounds.add(new Bound(operator, value));
            return this;
        }

        Correlation field(String... names) {
            fields = List.of(names);
            return this;
        }

        Correlation percentile(double p) {
            percentile = p;
            return this;
        }

        Correlation groupBy(String... names) {
            groupBy = List.of(names);
            return this;
        }

        Correlation aliases(Map<String, Map<String, String>> byAlias) {
            aliases = byAlias;
            return this;
        }

        Correlation absent(String... names) {
            absent = List.of(names);
            return this;
        }

        Correlation until(String... names) {
            until = List.of(names);
            return this;
        }

        Correlation within(Duration duration) {
            timespan = duration;
            return this;
        }

        Correlation generate() {
            generate = true;
            return this;
        }

        Book add() {
            Condition condition = bounds.isEmpty() ? null : new Condition(bounds, fields, percentile);
            int references = over.size() + absent.size() + until.size();
            rules.add(new CorrelationRule(
                    head(name, Level.HIGH),
                    type,
                    over,
                    groupBy,
                    aliases,
                    timespan,
                    condition,
                    generate,
                    absent,
                    until,
                    Collections.nCopies(references, new Place("t", 1, 1))));
            return Book.this;
        }
    }
}
