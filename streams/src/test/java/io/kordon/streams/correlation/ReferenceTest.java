package io.kordon.streams.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.correlation.Reference.Point;
import io.kordon.streams.rule.CorrelationRule;
import io.kordon.streams.rule.CorrelationRule.Operator;
import io.kordon.streams.rule.RuleSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/** Holds the engine, which learns of events in any order within grace, to a reader who sees all of them at once. */
class ReferenceTest {
    private static final long START = 1_000_000;
    private static final int GRACE = 300;
    private static final List<String> EVENTS = List.of("a", "b", "c", "d", "e");

    private record Arrival(Signal signal, long at) {}

    @Property(tries = 3_000)
    void oneCorrelationMatchesWhenAReaderOfTheWholeSaysSo(@ForAll long seed) {
        Random random = new Random(seed);
        Book book = new Book().detections(EVENTS.toArray(String[]::new));
        check(correlation(random, book, "z", EVENTS, List.of()).set(), random);
    }

    @Property(tries = 6_000)
    void chainsMatchWhenAReaderOfTheWholeSaysSo(@ForAll long seed) {
        Random random = new Random(seed);
        Book book = new Book().detections(EVENTS.toArray(String[]::new));
        String[] names = random.nextBoolean() ? new String[] {"x", "y", "z"} : new String[] {"z", "y", "x"};
        List<String> below = new ArrayList<>();
        for (String name : names) {
            correlation(random, book, name, EVENTS, below);
            below.add(name);
        }
        check(book.set(), random);
    }

    private static void check(RuleSet rules, Random random) {
        Signals signals = new Signals(rules, "uid-1");
        List<Point> history = new ArrayList<>();
        List<Arrival> arrivals = new ArrayList<>();
        int size = 1 + random.nextInt(14);
        int scale = List.of(1, 20, 60).get(random.nextInt(3));
        for (int i = 0; i < size; i++) {
            String rule = EVENTS.get(random.nextInt(EVENTS.size()));
            long at = START + (long) random.nextInt(40) * scale;
            Map<String, String> values = values(random);
            Point point = Point.event(rule, Signals.micros(at), values);
            if (!history.contains(point)) {
                history.add(point);
                for (Signal signal : signals.grouped(rule, at, values)) {
                    arrivals.add(new Arrival(signal, at + random.nextInt(GRACE)));
                }
            }
        }
        arrivals.sort(Comparator.comparingLong(Arrival::at));
        Scenario scenario = new Scenario(rules);
        long now = START;
        for (Arrival arrival : arrivals) {
            scenario.idle(arrival.at() - now).observe(arrival.signal());
            now = arrival.at();
        }
        scenario.idle(2L * 24 * 60 * 60);
        Reference reference = new Reference(rules, history);
        for (CorrelationRule rule : rules.correlations()) {
            List<Long> told = scenario.matches.stream()
                    .filter(match -> match.ruleId().equals(rule.id()))
                    .map(Match::at)
                    .sorted()
                    .limit(Reference.isFinal(rule) ? 1 : Integer.MAX_VALUE)
                    .toList();
            assertThat(told).as(() -> told(rules, history, arrivals, rule)).isEqualTo(reference.matches(rule));
            Statistics.label(Reference.isFinal(rule) ? "matches that stand" : "windows that match")
                    .collect(Math.min(told.size(), 1))
                    .coverage(coverage -> {
                        coverage.check(0).percentage(share -> share > 10);
                        coverage.check(1).percentage(share -> share > 10);
                    });
        }
    }

    private static String told(RuleSet rules, List<Point> history, List<Arrival> arrivals, CorrelationRule rule) {
        StringBuilder text = new StringBuilder(rule.id()).append(" of\n");
        rules.correlations()
                .forEach(each -> text.append("%s: %s %s within %s, %s, absent %s, until %s%n"
                        .formatted(
                                each.id(),
                                each.type(),
                                each.rules(),
                                each.timespan(),
                                each.condition() == null
                                        ? "all"
                                        : each.condition().bounds(),
                                each.absent(),
                                each.until())));
        history.stream()
                .sorted(Comparator.comparingLong(Point::at))
                .forEach(point -> text.append(
                        "%s@%d %s%n".formatted(point.rule(), point.at() / 1_000_000 - START, point.values())));
        arrivals.forEach(arrival ->
                text.append("%s+%d ".formatted(arrival.signal().rule().ruleId(), arrival.at() - START)));
        return text.append("\nfrom ").append(Signals.micros(START)).toString();
    }

    private static Map<String, String> values(Random random) {
        Map<String, String> values = new HashMap<>();
        if (random.nextInt(5) > 0) {
            values.put("n", String.valueOf(random.nextInt(7)));
        }
        return values;
    }

    /** Any kind; what looks at values does so at events only, for a match has none of its own. */
    private static Book correlation(
            Random random, Book book, String name, List<String> events, List<String> correlations) {
        CorrelationRule.Type type = List.of(
                        CorrelationRule.Type.EVENT_COUNT,
                        CorrelationRule.Type.EVENT_COUNT,
                        CorrelationRule.Type.TEMPORAL,
                        CorrelationRule.Type.TEMPORAL,
                        CorrelationRule.Type.TEMPORAL_ORDERED,
                        CorrelationRule.Type.TEMPORAL_ORDERED,
                        CorrelationRule.Type.VALUE_COUNT,
                        CorrelationRule.Type.VALUE_SUM,
                        CorrelationRule.Type.VALUE_AVG)
                .get(random.nextInt(9));
        List<String> names = new ArrayList<>(events);
        if (!type.valued()) {
            names.addAll(correlations);
        }
        Collections.shuffle(names, random);
        int size = 1 + random.nextInt(type.temporal() ? 3 : 2);
        List<String> over = new ArrayList<>(names.subList(0, size));
        if (!type.valued() && !correlations.isEmpty() && random.nextInt(3) > 0) {
            String last = correlations.get(correlations.size() - 1);
            over.remove(over.contains(last) ? last : over.get(0));
            over.add(random.nextInt(over.size() + 1), last);
        }
        List<String> others = new ArrayList<>(events);
        others.addAll(correlations);
        others.removeAll(over);
        Collections.shuffle(others, random);
        Book.Correlation correlation = book.correlation(name, type, over.toArray(String[]::new))
                .within(Duration.ofSeconds(
                        List.of(0L, 1L, 5L, 10L, 60L, 300L, 600L, 1_200L).get(random.nextInt(8))
                                + 1
                                + (random.nextBoolean() ? 59 : 0)));
        bounds(random, type, over.size(), correlation);
        if (random.nextInt(4) == 0) {
            correlation.absent(others.remove(0));
        }
        if (random.nextInt(4) == 0) {
            correlation.until(others.remove(0));
        }
        return correlation.add();
    }

    private static void bounds(Random random, CorrelationRule.Type type, int over, Book.Correlation correlation) {
        if (type.valued()) {
            correlation.field("n");
        }
        if (type.temporal()) {
            if (over > 1 && random.nextInt(3) == 0) {
                correlation.bound(random.nextInt(3) == 0 ? Operator.EQ : Operator.GTE, over - 1);
            }
            return;
        }
        int number = 1
                + random.nextInt(
                        type == CorrelationRule.Type.EVENT_COUNT || type == CorrelationRule.Type.VALUE_COUNT ? 3 : 8);
        switch (random.nextInt(7)) {
            case 0 -> correlation.bound(Operator.LTE, number);
            case 1 -> correlation.bound(Operator.LT, number + 1);
            case 2 -> correlation.bound(Operator.EQ, number);
            case 3 -> correlation.bound(Operator.GTE, number).bound(Operator.LTE, number + 1);
            case 4 -> correlation.bound(Operator.GT, number - 1);
            default -> correlation.bound(Operator.GTE, number);
        }
    }
}
