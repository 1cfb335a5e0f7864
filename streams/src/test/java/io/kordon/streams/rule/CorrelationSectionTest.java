package io.kordon.streams.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.kordon.streams.rule.CorrelationRule.Bound;
import io.kordon.streams.rule.CorrelationRule.Operator;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CorrelationSectionTest {
    private static String correlation(String type, String condition) {
        return "title: c\ncorrelation:\n  type: " + type + "\n  rules: [a, b]\n  timespan: 5m\n  group-by: [pod]\n"
                + (condition.isEmpty() ? "" : "  condition: " + condition + "\n");
    }

    private static CorrelationRule read(String yaml) {
        ParsedRules parsed = Rules.parse(yaml);
        assertThat(parsed.problems()).isEmpty();
        return (CorrelationRule) parsed.rules().get(0);
    }

    @Test
    void readsAllOfACorrelation() {
        CorrelationRule rule = read("""
                title: c
                generate: true
                correlation:
                  type: event_count
                  rules: [a, b]
                  group-by: [pod, user.username]
                  aliases: {user.username: {b: user.name}}
                  timespan: 2h
                  condition: {gt: 4}
                kordon: {weight: 12.5, playbook: contain, absent: [x], until: y}
                """);
        assertThat(rule.type()).isEqualTo(CorrelationRule.Type.EVENT_COUNT);
        assertThat(rule.rules()).containsExactly("a", "b");
        assertThat(rule.groupBy()).containsExactly("pod", "user.username");
        assertThat(rule.field("user.username", "b")).isEqualTo("user.name");
        assertThat(rule.timespan()).isEqualTo(Duration.ofHours(2));
        assertThat(rule.condition().atLeast()).isEqualTo(5);
        assertThat(rule.generate()).isTrue();
        assertThat(rule.weight()).isEqualTo(12.5);
        assertThat(rule.head().playbook()).isEqualTo("contain");
        assertThat(rule.absent()).containsExactly("x");
        assertThat(rule.until()).containsExactly("y");
        assertThat(rule.places()).extracting(Place::line).containsExactly(5, 5, 10, 10);
        assertThat(read(correlation("event_count", "{gte: 2}\n  generate: true"))
                        .generate())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"45s, PT45S", "90m, PT90M", "24h, PT24H", "90d, PT2160H"})
    void readsTimespans(String text, Duration timespan) {
        assertThat(read(correlation("temporal", "").replace("5m", text)).timespan())
                .isEqualTo(timespan);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "event_count      | {gte: 1000}                              | EVENT_COUNT",
                "event_count      | {lte: 100000}                            | EVENT_COUNT",
                "event_count      | {neq: 3}                                 | EVENT_COUNT",
                "value_count      | {field: user, gte: 3}                    | VALUE_COUNT",
                "value_count      | {field: [user, ip], gte: 3, lt: 9}       | VALUE_COUNT",
                "value_sum        | {field: bytes, gt: 2147483648}           | VALUE_SUM",
                "value_sum        | {field: bytes, lt: -0.5}                 | VALUE_SUM",
                "value_avg        | {field: bytes, eq: 1e300}                | VALUE_AVG",
                "value_percentile | {field: bytes, gte: 1, percentile: 99.9} | VALUE_PERCENTILE",
                "value_median     | {field: bytes, gte: 1}                   | VALUE_PERCENTILE",
                "temporal         | {gte: 1}                                 | TEMPORAL",
                "temporal_ordered | {eq: 2}                                  | TEMPORAL_ORDERED",
            })
    void readsEveryType(String type, String condition, CorrelationRule.Type expected) {
        assertThat(read(correlation(type, condition)).type()).isEqualTo(expected);
    }

    @Test
    void readsBoundsFieldsAndPercentiles() {
        CorrelationRule.Condition range =
                read(correlation("event_count", "{gt: 100, lte: 200}")).condition();
        assertThat(range.bounds()).containsExactly(new Bound(Operator.GT, 100), new Bound(Operator.LTE, 200));
        assertThat(range.holds(100)).isFalse();
        assertThat(range.holds(101)).isTrue();
        assertThat(range.holds(201)).isFalse();
        CorrelationRule.Condition values =
                read(correlation("value_count", "{gte: 3, field: [user, ip]}")).condition();
        assertThat(values.fields()).containsExactly("user", "ip");
        String high = "{gte: 3, field: x, percentile: 99}";
        assertThat(read(correlation("value_percentile", high)).condition().percentile())
                .isEqualTo(99);
        assertThat(read(correlation("value_median", "{gte: 3, field: x}"))
                        .condition()
                        .percentile())
                .isEqualTo(50);
    }

    @Test
    void needsNoGroupAndNoConditionForTogetherness() {
        CorrelationRule rule = read("{title: c, correlation: {type: temporal, rules: a, timespan: 1m}}");
        assertThat(rule.groupBy()).isEmpty();
        assertThat(rule.condition()).isNull();
        assertThat(rule.rules()).containsExactly("a");
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void namesTheLineAndTheReason(String yaml, String problem) {
        assertThat(Rules.problems(yaml)).startsWith(problem);
        assertThat(Rules.parse(yaml).rules()).isEmpty();
    }

    static Stream<Arguments> namesTheLineAndTheReason() {
        String counted = correlation("event_count", "{gte: 5}");
        return Stream.of(
                arguments(correlation("event_count", ""), "3:3: a correlation of type event_count needs 'condition'"),
                arguments(correlation("event_count", "{}"), "7:14: 'condition' needs a comparison"),
                arguments(correlation("event_count", "{about: 5}"), "7:15: unknown key 'about' in 'condition' of a"),
                arguments(
                        correlation("event_count", "{gte: 100000}"), "7:20: a count is a whole number from 0 to 1000"),
                arguments(correlation("event_count", "{gte: 2.5}"), "7:20: a count is a whole number from 0 to 1000"),
                arguments(correlation("event_count", "{gte: many}"), "7:20: a count is a whole number from 0 to 1000"),
                arguments(correlation("event_count", "{lt: 5e9}"), "7:19: a count is a whole number from 0 to 21474"),
                arguments(correlation("event_count", "{lt: 1}"), "7:14: no number that is ever seen satisfies"),
                arguments(correlation("event_count", "{eq: 0}"), "7:14: no number that is ever seen satisfies"),
                arguments(correlation("event_count", "{gt: 9, lt: 10}"), "7:14: no number that is ever seen satisfies"),
                arguments(correlation("event_count", "{gte: 5, field: x}"), "7:23: unknown key 'field'"),
                arguments(
                        correlation("event_count", "a and b"),
                        "7:14: 'condition' of a correlation of type event_count"),
                arguments(
                        correlation("value_count", "{gte: 5}"),
                        "7:14: 'condition' of a correlation of type value_count"),
                arguments(correlation("value_count", "{gte: 5, field: [a, a]}"), "7:30: 'field' names a field twice"),
                arguments(correlation("value_count", "{gte: 5, field: []}"), "7:30: 'field' takes 1 to 32 fields"),
                arguments(correlation("value_sum", "{gte: 5, field: [a, b]}"), "7:30: only value_count takes several"),
                arguments(correlation("value_sum", "{gte: .nan, field: a}"), "7:20: 'gte' needs a number"),
                arguments(correlation("value_sum", "{gt: 2, lt: 2, field: a}"), "7:14: no number that is ever seen"),
                arguments(
                        correlation("value_avg", "{gte: 5, field: a, percentile: 9}"),
                        "7:33: unknown key 'percentile'"),
                arguments(
                        correlation("value_median", "{gte: 5, field: a, percentile: 9}"),
                        "7:33: unknown key 'percentile'"),
                arguments(
                        correlation("value_percentile", "{gte: 5, field: a, percentile: 101}"),
                        "7:45: 'percentile' must be a number in [0, 100]"),
                arguments(correlation("temporal", "{gte: 3}"), "7:14: no number of the 2 rules satisfies 'condition'"),
                arguments(correlation("temporal", "a and not b"), "7:14: an expression over rules is not part of"),
                arguments(correlation("nearby", "{gte: 1}"), "3:9: unknown correlation type 'nearby'"),
                arguments(counted.replace("5m", "200000d"), "5:13: a timespan is at most 90d"),
                arguments(counted.replace("5m", "1w"), "5:13: timespan '1w' is not a number followed by s, m, h or d"),
                arguments(counted.replace("5m", "0s"), "5:13: a timespan of nothing"),
                arguments(counted.replace("5m", "5 minutes"), "5:13: timespan '5 minutes' is not a number"),
                arguments(counted.replace("[a, b]", "[a, b, a]"), "4:17: 'rules' refers to 'a' twice"),
                arguments(counted.replace("[a, b]", "[]"), "4:3: 'rules' refers to no rule"),
                arguments(counted.replace("[pod]", "[pod, pod]"), "6:3: 'group-by' names a field twice"),
                arguments(counted + "  field: x", "8:3: unknown key 'field' in 'correlation'"),
                arguments(counted + "  aliases: {x: y}", "8:16: the alias 'x' must be a mapping"),
                arguments(counted + "  aliases: {x: {a: ''}}", "8:17: the alias 'x' needs a field of 'a'"),
                arguments(counted + "  aliases: {x: {}}", "8:13: the alias 'x' stands for no field"),
                arguments(counted + "kordon: {absent: []}", "8:10: 'absent' refers to no rule"),
                arguments(counted + "kordon: {absent: [b]}", "8:19: 'b' is asked for and must be absent"),
                arguments(
                        counted + "kordon: {absence: [b]}",
                        "8:10: unknown key 'absence' in 'kordon' of a correlation"));
    }
}
