package io.kordon.streams.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.rule.CorrelationRule;
import io.kordon.streams.rule.CorrelationRule.Operator;
import io.kordon.streams.rule.RuleSet;
import io.kordon.streams.topology.StateCodec;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** State stays bounded as RATIONALE.md says: the numbers here are the numbers there. */
class StateSizeTest {
    private static final long T = 1_000_000;
    private static final int KIB = 1_024;

    @Test
    void oneSignalOfAnEntityTakesLessThanAKibibyte() {
        RuleSet rules = Scenario.TOMCAT;
        Scenario scenario =
                new Scenario(rules).observe(new Signals(rules, "0f8fad5b-d9cb-469f-a165-70867728950e").point("rce", T));
        assertThat(StateCodec.bytes(scenario.state())).hasSizeLessThan(KIB);
    }

    @Test
    void aDayOfEventsOnOneKeyTakesNoMoreThanTheBoundOfItsCorrelation() {
        RuleSet rules = new Book()
                .detections("login")
                .correlation("daily", CorrelationRule.Type.VALUE_COUNT, "login")
                .within(Duration.ofDays(1))
                .field("user")
                .bound(Operator.GTE, 900)
                .add()
                .set();
        Signals signals = new Signals(rules, "uid-1");
        Scenario scenario = new Scenario(rules);
        int largest = 0;
        for (int i = 0; i < 6_000; i++) {
            scenario.observe(signals.grouped("login", T + 14L * i, Map.of("user", "user-" + i % 800)));
            if (i % 500 == 499) {
                largest = Math.max(largest, StateCodec.bytes(scenario.state()).length);
            }
        }
        assertThat(scenario.incidents).as("800 users, not 900").isEmpty();
        assertThat(scenario.state().generations().get(0).signals()).hasSizeLessThanOrEqualTo(1_000);
        assertThat(largest).isLessThan(600 * KIB);
        scenario.idle(Duration.ofDays(2).toSeconds());
        assertThat(scenario.remembersNothing()).isTrue();
    }

    @Test
    void aPodUnderConstantAttackKeepsNoMoreThanItsIncidentsOfTheDay() {
        Signals signals = new Signals(Scenario.TOMCAT, "uid-1");
        Scenario scenario = new Scenario(Scenario.TOMCAT);
        int largest = 0;
        for (int minute = 0; minute < 3 * 24 * 60; minute++) {
            long at = T + 60L * minute;
            scenario.observe(signals.firing("memory", "alert-" + minute / 10, at, at), signals.point("rce", at + 30));
            if (minute % 60 == 59) {
                largest = Math.max(largest, StateCodec.bytes(scenario.state()).length);
            }
        }
        assertThat(largest).isLessThan(200 * KIB);
    }
}
