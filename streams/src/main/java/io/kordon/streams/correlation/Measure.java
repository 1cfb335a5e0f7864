package io.kordon.streams.correlation;

import io.kordon.streams.rule.CorrelationRule;
import io.kordon.streams.rule.CorrelationRule.Condition;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a counting correlation measures of its signals: their number, or something of a field's values. */
final class Measure {
    /** Longer texts are no numbers that anybody meant, and cost more than linear time to read. */
    private static final int LONGEST_NUMBER = 64;

    private final CorrelationRule rule;
    private final Condition condition;

    private Measure(CorrelationRule rule, Condition condition) {
        this.rule = rule;
        this.condition = condition;
    }

    static Measure of(CorrelationRule rule) {
        return new Measure(
                rule, Objects.requireNonNull(rule.condition(), () -> rule.id() + " measures without a condition"));
    }

    /** Whether a signal is counted at all: it must have the field, and a number where numbers are asked for. */
    boolean counts(Signal signal) {
        return switch (rule.type()) {
            case VALUE_COUNT -> value(signal) != null;
            case VALUE_SUM, VALUE_AVG, VALUE_PERCENTILE -> number(signal) != null;
            default -> true;
        };
    }

    /** Whether the condition holds for all of them together; for none of them it does not. */
    boolean holds(List<Signal> signals) {
        List<Signal> counted = signals.stream().filter(this::counts).toList();
        return !counted.isEmpty() && condition.holds(number(counted));
    }

    private double number(List<Signal> counted) {
        return switch (rule.type()) {
            case VALUE_COUNT -> counted.stream().map(this::value).distinct().count();
            case VALUE_SUM -> sum(counted).doubleValue();
            case VALUE_AVG -> sum(counted).doubleValue() / counted.size();
            case VALUE_PERCENTILE -> percentile(counted);
            default -> counted.size();
        };
    }

    private BigDecimal sum(List<Signal> counted) {
        return counted.stream()
                .map(signal -> Objects.requireNonNull(number(signal)))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** Between the two closest ranks in proportion, as SQL's {@code percentile_cont} has it. */
    private double percentile(List<Signal> counted) {
        double[] numbers = counted.stream()
                .mapToDouble(signal -> Objects.requireNonNull(number(signal)).doubleValue())
                .toArray();
        Arrays.sort(numbers);
        double rank = condition.percentile() / 100 * (numbers.length - 1);
        int below = (int) Math.floor(rank);
        int above = (int) Math.ceil(rank);
        return numbers[below] + (rank - below) * (numbers[above] - numbers[below]);
    }

    private @Nullable String value(Signal signal) {
        if (condition.fields().size() == 1) {
            return part(signal, condition.fields().get(0));
        }
        List<String> parts = new ArrayList<>();
        for (String name : condition.fields()) {
            String part = part(signal, name);
            if (part == null) {
                return null;
            }
            parts.add(part);
        }
        return String.join("\u0000", parts);
    }

    private @Nullable String part(Signal signal, String name) {
        return signal.values().get(rule.field(name, signal.rule().ruleId()));
    }

    private @Nullable BigDecimal number(Signal signal) {
        String text = value(signal);
        if (text == null || text.length() > LONGEST_NUMBER) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(text.strip());
            // one with an exponent of a million would take a megabyte to add to another
            return Math.abs((long) number.precision() - number.scale()) <= 400 ? number : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** An empty tally of a sliding window. */
    Tally tally() {
        return switch (rule.type()) {
            case VALUE_COUNT -> new Distinct();
            case VALUE_SUM -> new Sum();
            default -> new Count();
        };
    }

    /** What a window that slides measures; more signals never make it less. */
    abstract sealed class Tally permits Count, Distinct, Sum {
        abstract void add(Signal signal);

        abstract void remove(Signal signal);

        abstract double measured();

        private int size;

        final boolean enough() {
            return size > 0 && condition.holds(measured());
        }

        final void sized(int change) {
            size += change;
        }
    }

    private final class Count extends Tally {
        private int count;

        @Override
        void add(Signal signal) {
            count++;
            sized(1);
        }

        @Override
        void remove(Signal signal) {
            count--;
            sized(-1);
        }

        @Override
        double measured() {
            return count;
        }
    }

    private final class Distinct extends Tally {
        private final Map<String, Integer> counts = new HashMap<>();

        @Override
        void add(Signal signal) {
            counts.merge(Objects.requireNonNull(value(signal)), 1, Integer::sum);
            sized(1);
        }

        @Override
        void remove(Signal signal) {
            counts.computeIfPresent(Objects.requireNonNull(value(signal)), (value, n) -> n == 1 ? null : n - 1);
            sized(-1);
        }

        @Override
        double measured() {
            return counts.size();
        }
    }

    /** Negative numbers count as nothing here, or a signal that is still on its way could undo a match. */
    private final class Sum extends Tally {
        private BigDecimal sum = BigDecimal.ZERO;

        @Override
        void add(Signal signal) {
            sum = sum.add(amount(signal));
            sized(1);
        }

        @Override
        void remove(Signal signal) {
            sum = sum.subtract(amount(signal));
            sized(-1);
        }

        @Override
        double measured() {
            return sum.doubleValue();
        }

        private BigDecimal amount(Signal signal) {
            return Objects.requireNonNull(number(signal)).max(BigDecimal.ZERO);
        }
    }
}
