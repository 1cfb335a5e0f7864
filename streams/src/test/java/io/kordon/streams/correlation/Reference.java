package io.kordon.streams.correlation;

import io.kordon.streams.rule.CorrelationRule;
import io.kordon.streams.rule.RuleSet;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What correlations say of a whole history of one key, all of it known at once: written from the module's RATIONALE, naive
 * on purpose. It tries every combination of events and every window, and shares no code with the engine.
 */
final class Reference {
    /** When something happened, and when it was complete: of an event the same. */
    record Point(String rule, long at, long complete, Map<String, String> values) {
        static Point event(String rule, long at, Map<String, String> values) {
            return new Point(rule, at, at, values);
        }
    }

    private final RuleSet rules;
    private final List<Point> history;

    Reference(RuleSet rules, List<Point> history) {
        this.rules = rules;
        this.history = history.stream().distinct().toList();
    }

    /** Whether a match once made stands; else the correlation is decided window by window. */
    static boolean isFinal(CorrelationRule rule) {
        return grows(rule) && rule.absent().isEmpty() && rule.until().isEmpty();
    }

    private static boolean grows(CorrelationRule rule) {
        boolean lower = rule.condition() == null
                || rule.condition().bounds().stream()
                        .allMatch(bound ->
                                Set.of("GT", "GTE").contains(bound.operator().name()));
        return lower
                && rule.type() != CorrelationRule.Type.VALUE_AVG
                && rule.type() != CorrelationRule.Type.VALUE_PERCENTILE;
    }

    /** Times of the matches of a correlation: of one that stands once made the first, else each. */
    List<Long> matches(CorrelationRule rule) {
        return isFinal(rule)
                ? parts(rule).stream().map(Point::complete).sorted().limit(1).toList()
                : windows(rule);
    }

    /** The matches of a rule as a correlation over it sees them. */
    private List<Point> points(String id, CorrelationRule upper) {
        if (!(rules.rule(id) instanceof CorrelationRule below)) {
            return history.stream().filter(point -> point.rule().equals(id)).toList();
        }
        boolean counts = upper.rules().contains(id)
                && !upper.type().temporal()
                && upper.type() != CorrelationRule.Type.VALUE_COUNT;
        if (isFinal(below) && !counts) {
            return parts(below);
        }
        return windows(below).stream()
                .map(at -> new Point(id, at, at, Map.of()))
                .toList();
    }

    private List<Point> points(List<String> ids, CorrelationRule upper) {
        return ids.stream()
                .flatMap(id -> points(id, upper).stream())
                .sorted(Comparator.comparingLong(Point::at))
                .toList();
    }

    /** What takes part in some match, each with the time of the earliest. */
    private List<Point> parts(CorrelationRule rule) {
        long timespan = Policy.micros(rule.timespan());
        List<Point> all = points(rule.rules(), rule);
        List<Point> parts = new ArrayList<>();
        for (Point part : all) {
            long complete = Long.MAX_VALUE;
            for (Point first : all) {
                long end = first.at() + timespan;
                if (part.at() >= first.at() && part.complete() <= end) {
                    complete = Math.min(complete, completion(rule, within(all, first.at(), end), part));
                }
            }
            if (complete != Long.MAX_VALUE) {
                parts.add(new Point(rule.id(), part.at(), complete, part.values()));
            }
        }
        return parts;
    }

    private static List<Point> within(List<Point> all, long from, long until) {
        return all.stream()
                .filter(point -> point.at() >= from && point.complete() <= until)
                .toList();
    }

    /** When a window was complete, with one that has to be among what completes it; MAX_VALUE if never. */
    private static long completion(CorrelationRule rule, List<Point> window, Point forced) {
        return window.stream()
                .mapToLong(Point::complete)
                .filter(at -> forced == null || at >= forced.complete())
                .filter(at -> holds(rule, within(window, Long.MIN_VALUE, at), forced))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private static boolean holds(CorrelationRule rule, List<Point> window, Point forced) {
        if (rule.type() == CorrelationRule.Type.TEMPORAL_ORDERED && grows(rule)) {
            return inOrder(rule, window, forced, 0, 0, Long.MIN_VALUE);
        }
        List<Point> counted =
                window.stream().filter(point -> number(rule, point) != null).toList();
        boolean among = forced == null || counted.contains(forced);
        if (counted.isEmpty() || !among) {
            return false;
        }
        if (rule.type().temporal()) {
            long different = counted.stream().map(Point::rule).distinct().count();
            return rule.condition() == null
                    ? different == rule.rules().size()
                    : rule.condition().holds((double) different);
        }
        return rule.condition().holds(measured(rule, counted));
    }

    /** Tries every choice: of a rule one of its events, or none. */
    private static boolean inOrder(
            CorrelationRule rule, List<Point> window, Point forced, int next, int met, long after) {
        int needed = rule.condition() == null
                ? rule.rules().size()
                : rule.condition().atLeast();
        if (met == needed) {
            return forced == null;
        }
        if (next == rule.rules().size()) {
            return false;
        }
        String id = rule.rules().get(next);
        boolean found = window.stream()
                .filter(point -> point.rule().equals(id) && point.at() >= after)
                .anyMatch(point -> inOrder(
                        rule,
                        window,
                        point.equals(forced) ? null : forced,
                        next + 1,
                        met + 1,
                        Math.max(after, point.complete())));
        return found || inOrder(rule, window, forced, next + 1, met, after);
    }

    private static Object number(CorrelationRule rule, Point point) {
        if (!rule.type().valued()) {
            return point;
        }
        String text = point.values().get(rule.condition().fields().get(0));
        return text == null || rule.type() == CorrelationRule.Type.VALUE_COUNT ? text : new BigDecimal(text);
    }

    private static double measured(CorrelationRule rule, List<Point> counted) {
        Stream<Object> numbers = counted.stream().map(point -> Objects.requireNonNull(number(rule, point)));
        return switch (rule.type()) {
            case EVENT_COUNT -> counted.size();
            case VALUE_COUNT -> numbers.distinct().count();
            case VALUE_SUM ->
                numbers.mapToDouble(number -> ((BigDecimal) number).doubleValue())
                        .sum();
            case VALUE_AVG ->
                numbers.mapToDouble(number -> ((BigDecimal) number).doubleValue())
                        .average()
                        .orElseThrow();
            default -> throw new IllegalArgumentException(rule.type().toString());
        };
    }

    /** Each begins with the first event that none before used up, and ends with the timespan or before an until event. */
    private List<Long> windows(CorrelationRule rule) {
        long timespan = Policy.micros(rule.timespan());
        List<Point> all = points(rule.rules(), rule);
        TreeSet<Long> untils = new TreeSet<>();
        points(rule.until(), rule).forEach(point -> untils.add(point.complete()));
        List<Point> absent = points(rule.absent(), rule);
        List<Long> matches = new ArrayList<>();
        long used = Long.MIN_VALUE;
        while (true) {
            Long start = null;
            long end = Long.MIN_VALUE;
            for (Point point : all) {
                Long until = untils.higher(point.at());
                long ends = until == null ? point.at() + timespan : Math.min(point.at() + timespan, until - 1);
                boolean begins = point.at() > used && number(rule, point) != null;
                // What is complete only after the window that it would begin has ended does not count in it.
                if (begins && point.complete() <= ends && start == null) {
                    start = point.at();
                    end = ends;
                }
            }
            if (start == null) {
                return matches;
            }
            List<Point> window = within(all, start, end);
            boolean fails = !within(absent, start, end).isEmpty();
            boolean early = grows(rule) && absent.isEmpty() && rule.absent().isEmpty();
            long complete =
                    grows(rule) ? completion(rule, window, null) : holds(rule, window, null) ? end : Long.MAX_VALUE;
            if (complete == Long.MAX_VALUE || fails) {
                used = grows(rule) ? start : end;
            } else {
                used = early ? complete : end;
                matches.add(used);
            }
        }
    }
}
