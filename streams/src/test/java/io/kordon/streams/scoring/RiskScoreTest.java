package io.kordon.streams.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kordon.streams.rule.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RiskScoreTest {
    @Test
    void combinesHighAndMediumAsTheDesignSays() {
        assertThat(RiskScore.of(List.of(rule("a", 73), rule("b", 47)))).isCloseTo(85.69, within(1e-9));
        assertThat(RiskScore.of(List.of())).isZero();
    }

    @Property
    void staysWithinBoundsGrowsWithEveryRuleAndIgnoresOrder(
            @ForAll @Size(max = 20) List<@DoubleRange(max = 100) Double> weights, @ForAll long seed) {
        List<Contribution> rules = new ArrayList<>();
        double before = 0;
        for (double weight : weights) {
            rules.add(rule("rule-" + rules.size(), weight));
            double score = RiskScore.of(rules);
            assertThat(score).isBetween(before - 1e-9, 100.0);
            before = score;
        }
        Collections.shuffle(rules, new Random(seed));
        assertThat(RiskScore.of(rules)).isEqualTo(before);
    }

    @Test
    void refusesAWeightOutOfBounds() {
        assertThatThrownBy(() -> rule("a", 101)).hasMessageContaining("rule a").hasMessageContaining("101");
        assertThatThrownBy(() -> rule("a", Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Contribution rule(String id, double weight) {
        return new Contribution(id, null, id, "v", Level.LOW, weight, null, 1);
    }
}
