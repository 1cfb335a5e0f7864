package io.kordon.streams.correlation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.kordon.streams.rule.Level;
import io.kordon.streams.rule.RuleSet;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What one pod can do by sending a great deal. */
class FloodTest {
    private static final RuleSet ALONE = Scenario.rules("""
            title: Noise
            name: noise
            logsource: {product: falco}
            detection: {selection: {rule: N}, condition: selection}
            level: low
            ---
            title: The real thing
            name: real
            logsource: {product: falco}
            detection: {selection: {rule: R}, condition: selection}
            level: critical
            """);

    @Test
    void doesNotHideARuleThatMatchesAfterMoreEvidenceThanIsCounted() {
        Signals signals = new Signals(ALONE, "uid-1");
        Scenario scenario = new Scenario(ALONE);
        for (int i = 0; i <= TrackedIncident.MAX_COUNTED; i++) {
            scenario.observe(signals.point("noise", 1_000 + i));
        }
        scenario.observe(signals.point("real", 1_600));

        assertThat(scenario.only().severity()).isEqualTo(Level.CRITICAL);
        assertThat(scenario.commands).hasSize(1);
    }

    @Test
    void decidesQuicklyWhenBothRulesHaveMatchedOverAndOver() {
        Signals signals = new Signals(Scenario.TOMCAT, "uid-1");
        Scenario scenario = new Scenario(Scenario.TOMCAT);
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            for (int i = 0; i < 2 * Generation.SIGNALS_PER_RULE; i++) {
                scenario.observe(
                        signals.point("rce", 1_000 + i), signals.firing("memory", "alert-" + i, 1_000 + i, 1_300 + i));
            }
        });
        assertThat(scenario.only().severity()).isEqualTo(Level.CRITICAL);
    }
}
