package io.kordon.streams.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.incident.Incident;
import io.kordon.streams.rule.CorrelationRule;
import io.kordon.streams.rule.CorrelationRule.Operator;
import io.kordon.streams.rule.RuleSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Correlations that are decided when their window has closed, or that look at values. */
class WindowsTest {
    private static final long MINUTE = 60;
    private static final long T = 1_000_000;
    private static final long GRACE = 5 * MINUTE;

    @Test
    void firesFewerThanThreeOnlyWhenTheWindowHasReallyClosed() {
        RuleSet rules = new Book()
                .detections("login")
                .correlation("few", CorrelationRule.Type.EVENT_COUNT, "login")
                .bound(Operator.LT, 3)
                .add()
                .set();
        Signals signals = new Signals(rules, "uid-1");
        Scenario scenario = new Scenario(rules)
                .observe(signals.point("login", T), signals.point("login", T + 60))
                .idle(10 * MINUTE + GRACE - 61);
        assertThat(scenario.incidents).as("its grace is not over").isEmpty();
        scenario.idle(2);
        assertThat(scenario.only().findings().evidence()).hasSize(2);

        Scenario third = new Scenario(rules)
                .observe(signals.point("login", T), signals.point("login", T + 60))
                .idle(10 * MINUTE)
                .observe(signals.point("login", T + 120))
                .idle(2 * 60 * MINUTE);
        assertThat(third.incidents).as("a third came in time").isEmpty();
    }

    @Test
    void holdsACountAgainstBothEndsOfARange() {
        RuleSet rules = new Book()
                .detections("login")
                .correlation("range", CorrelationRule.Type.EVENT_COUNT, "login")
                .bound(Operator.GTE, 2)
                .bound(Operator.LTE, 3)
                .add()
                .set();
        assertThat(incidentsAfter(rules, "login", 1)).isZero();
        assertThat(incidentsAfter(rules, "login", 2)).isOne();
        assertThat(incidentsAfter(rules, "login", 3)).isOne();
        assertThat(incidentsAfter(rules, "login", 4)).isZero();
    }

    @Test
    void countsAnExactNumberAndAnyOtherNumber() {
        RuleSet exactly = new Book()
                .detections("login")
                .correlation("two", CorrelationRule.Type.EVENT_COUNT, "login")
                .bound(Operator.EQ, 2)
                .add()
                .set();
        assertThat(incidentsAfter(exactly, "login", 2)).isOne();
        assertThat(incidentsAfter(exactly, "login", 3)).isZero();
        RuleSet other = new Book()
                .detections("login")
                .correlation("not-two", CorrelationRule.Type.EVENT_COUNT, "login")
                .bound(Operator.NEQ, 2)
                .add()
                .set();
        assertThat(incidentsAfter(other, "login", 2)).isZero();
        assertThat(incidentsAfter(other, "login", 3)).isOne();
    }

    private static int incidentsAfter(RuleSet rules, String rule, int events) {
        Signals signals = new Signals(rules, "uid-1");
        Scenario scenario = new Scenario(rules);
        for (int i = 0; i < events; i++) {
            scenario.observe(signals.point(rule, T + i));
        }
        return scenario.idle(2 * 60 * MINUTE).incidents.size();
    }

    @Test
    void countsDistinctValuesAsTheyCome() {
        RuleSet rules = new Book()
                .detections("read")
                .correlation("secrets", CorrelationRule.Type.VALUE_COUNT, "read")
                .field("name")
                .bound(Operator.GTE, 3)
                .add()
                .set();
        Signals signals = new Signals(rules, "uid-1");
        Scenario scenario = new Scenario(rules);
        for (String name : new String[] {"a", "b", "a", "b"}) {
            scenario.observe(
                    signals.grouped("read", T + scenario.revisions.size() + name.charAt(0), Map.of("name", name)));
        }
        scenario.observe(signals.grouped("read", T + 5, Map.of()));
        assertThat(scenario.incidents).as("two values, and one event without").isEmpty();
        scenario.observe(signals.grouped("read", T + 200, Map.of("name", "c")));
        assertThat(scenario.incidents).hasSize(1);
    }

    @Test
    void keepsDistinctValuesThoughOneIsSaidOverAndOver() {
        RuleSet rules = new Book()
                .detections("read")
                .correlation("secrets", CorrelationRule.Type.VALUE_COUNT, "read")
                .field("name")
                .bound(Operator.GTE, 3)
                .add()
                .set();
        Signals signals = new Signals(rules, "uid-1");
        Scenario scenario = new Scenario(rules)
                .observe(signals.grouped("read", T, Map.of("name", "a")))
                .observe(signals.grouped("read", T + 1, Map.of("name", "b")));
        for (int i = 0; i < 1_200; i++) {
            scenario.observe(signals.grouped("read", T + 2 + i / 10, Map.of("name", "noise", "n", "" + i % 7)));
        }
        assertThat(scenario.incidents).hasSize(1);
    }

    @Test
    void sumsNumbersAsTheyCome() {
        RuleSet rules = new Book()
                .detections("sent")
                .correlation("exfiltration", CorrelationRule.Type.VALUE_SUM, "sent")
                .field("bytes")
                .bound(Operator.GT, 1_000)
                .add()
                .set();
        Signals signals = new Signals(rules, "uid-1");
        Scenario scenario = new Scenario(rules)
                .observe(signals.grouped("sent", T, Map.of("bytes", "600")))
                .observe(signals.grouped("sent", T + 1, Map.of("bytes", "many")))
                .observe(signals.grouped("sent", T + 11 * MINUTE, Map.of("bytes", "4e2")));
        assertThat(scenario.incidents).isEmpty();
        scenario.observe(signals.grouped("sent", T + 60, Map.of("bytes", "400.5")));
        assertThat(scenario.only().findings().evidence()).hasSize(2);
    }

    @Test
    void decidesAMeanAndAPercentileWhenTheirWindowCloses() {
        RuleSet mean = new Book()
                .detections("sent")
                .correlation("mean", CorrelationRule.Type.VALUE_AVG, "sent")
                .field("bytes")
                .bound(Operator.GTE, 20)
                .add()
                .set();
        assertThat(valued(mean, "10", "30")).isOne();
        assertThat(valued(mean, "10", "29")).isZero();
        RuleSet ninetieth = new Book()
                .detections("sent")
                .correlation("p90", CorrelationRule.Type.VALUE_PERCENTILE, "sent")
                .field("bytes")
                .percentile(90)
                .bound(Operator.LT, 100)
                .add()
                .set();
        assertThat(valued(ninetieth, "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "500"))
                .isOne();
        assertThat(valued(ninetieth, "1", "500")).isZero();
    }

    private static int valued(RuleSet rules, String... values) {
        Signals signals = new Signals(rules, "uid-1");
        Scenario scenario = new Scenario(rules);
        for (int i = 0; i < values.length; i++) {
            scenario.observe(signals.grouped("sent", T + i, Map.of("bytes", values[i])));
        }
        assertThat(scenario.incidents)
                .as("nothing before the window has closed")
                .isEmpty();
        return scenario.idle(2 * 60 * MINUTE).incidents.size();
    }

    private static final RuleSet ABSENCE = new Book()
            .detections("created", "policy")
            .correlation("unprotected", CorrelationRule.Type.TEMPORAL, "created")
            .absent("policy")
            .add()
            .set();

    @Test
    void firesOnAnEventThatDidNotComeBeforeTheWindowClosed() {
        Signals signals = new Signals(ABSENCE, "uid-1");
        Scenario scenario =
                new Scenario(ABSENCE).observe(signals.point("created", T)).idle(10 * MINUTE + GRACE - 1);
        assertThat(scenario.incidents).isEmpty();
        scenario.idle(2);
        assertThat(scenario.only().timeline().firstEvidenceAt()).isEqualTo(Signals.micros(T));
    }

    @Test
    void doesNotFireWhenTheEventCameThoughItCameLate() {
        Signals signals = new Signals(ABSENCE, "uid-1");
        Scenario late = new Scenario(ABSENCE)
                .observe(signals.point("created", T))
                .idle(12 * MINUTE)
                .observe(signals.point("policy", T + 9 * MINUTE))
                .idle(5 * 60 * MINUTE);
        assertThat(late.incidents).isEmpty();
        assertThat(late.remembersNothing()).isTrue();
        Scenario tooLate = new Scenario(ABSENCE)
                .observe(signals.point("created", T), signals.point("policy", T + 11 * MINUTE))
                .idle(5 * 60 * MINUTE);
        assertThat(tooLate.incidents).hasSize(1);
    }

    @Test
    void looksAtEveryEventOfWhichTheAnswerIsAbsent() {
        Signals signals = new Signals(ABSENCE, "uid-1");
        Scenario scenario = new Scenario(ABSENCE)
                .observe(
                        signals.point("created", T),
                        signals.point("policy", T + MINUTE),
                        signals.point("created", T + 2 * MINUTE))
                .idle(5 * 60 * MINUTE);
        assertThat(scenario.only().timeline().firstEvidenceAt()).isEqualTo(Signals.micros(T + 2 * MINUTE));
    }

    @Test
    void joinsNothingAcrossAnEventThatEndsTheKey() {
        RuleSet rules = new Book()
                .detections("fail", "success", "logout")
                .correlation("guessed", CorrelationRule.Type.TEMPORAL_ORDERED, "fail", "success")
                .until("logout")
                .add()
                .set();
        Signals signals = new Signals(rules, "uid-1");
        Scenario ended = new Scenario(rules)
                .observe(signals.point("fail", T), signals.point("success", T + 120), signals.point("logout", T + 60))
                .idle(5 * 60 * MINUTE);
        assertThat(ended.incidents).isEmpty();
        Scenario open = new Scenario(rules)
                .observe(signals.point("fail", T), signals.point("success", T + 120), signals.point("logout", T + 121))
                .idle(GRACE + 1);
        assertThat(open.incidents)
                .as("decided grace after its completion, not after its window")
                .hasSize(1);
    }

    @Test
    void asksForAsManyDifferentRulesAsATemporalConditionSays() {
        RuleSet rules = new Book()
                .detections("a", "b", "c")
                .correlation("two-of-three", CorrelationRule.Type.TEMPORAL, "a", "b", "c")
                .bound(Operator.GTE, 2)
                .add()
                .correlation("two-in-order", CorrelationRule.Type.TEMPORAL_ORDERED, "a", "b", "c")
                .bound(Operator.GTE, 2)
                .add()
                .set();
        Signals signals = new Signals(rules, "uid-1");
        Scenario scenario = new Scenario(rules).observe(signals.point("c", T), signals.point("c", T + 1));
        assertThat(scenario.incidents).isEmpty();
        scenario.observe(signals.point("a", T + 5));
        assertThat(matched(scenario)).containsExactly("a", "c", "two-of-three");
        scenario.observe(signals.point("b", T + 9));
        assertThat(matched(scenario)).contains("two-in-order");
    }

    private static List<String> matched(Scenario scenario) {
        Incident incident = scenario.only();
        return incident.findings().contributions().stream()
                .map(each -> each.ruleId())
                .toList();
    }

    @Test
    void decidesAWindowOfADayOnceThatDayIsOver() {
        RuleSet rules = new Book()
                .detections("login")
                .correlation("daily", CorrelationRule.Type.EVENT_COUNT, "login")
                .within(Duration.ofDays(1))
                .bound(Operator.LTE, 2)
                .add()
                .set();
        Signals signals = new Signals(rules, "uid-1");
        Scenario scenario = new Scenario(rules).observe(signals.point("login", T));
        for (int hour = 0; hour < 24; hour++) {
            scenario.idle(60 * MINUTE);
        }
        assertThat(scenario.incidents).isEmpty();
        scenario.idle(60 * MINUTE);
        assertThat(scenario.incidents).hasSize(1);
    }
}
