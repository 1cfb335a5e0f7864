package io.kordon.streams.scoring;

import io.kordon.streams.rule.Level;
import io.kordon.streams.rule.Rule;
import org.jspecify.annotations.Nullable;

/**
 * One matched rule's part of a score.
 *
 * @param weight in [0, 100]
 * @param playbook that the rule asks for, or null
 * @param matches pieces of evidence for a detection rule, 1 for a correlation; repeats do not add to the score
 */
public record Contribution(
        String ruleId,
        @Nullable String ruleName,
        String ruleTitle,
        String ruleVersion,
        Level level,
        double weight,
        @Nullable String playbook,
        long matches) {

    public Contribution {
        if (!(weight >= 0 && weight <= 100)) {
            throw new IllegalArgumentException("weight of rule " + ruleId + " is " + weight + ", not in [0, 100]");
        }
    }

    /** What one match of a rule contributes. */
    public static Contribution of(Rule rule) {
        return new Contribution(
                rule.id(),
                rule.name(),
                rule.title(),
                rule.version(),
                rule.level(),
                rule.weight(),
                rule.head().playbook(),
                1);
    }

    /** This contribution with another count. */
    public Contribution counted(long count) {
        return new Contribution(ruleId, ruleName, ruleTitle, ruleVersion, level, weight, playbook, count);
    }
}
