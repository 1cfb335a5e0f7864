package io.kordon.streams.scoring;

import java.util.Collection;
import java.util.Comparator;

/** How contributions make a score in [0, 100]: independent chances that something is wrong. */
public final class RiskScore {
    private RiskScore() {}

    /**
     * {@code 100 * (1 - prod(1 - weight/100))} over distinct rules. Multiplied in the order of rule ids, so that the last
     * bit of the result does not depend on the order of arrival.
     */
    public static double of(Collection<Contribution> contributions) {
        double innocent = contributions.stream()
                .sorted(Comparator.comparing(Contribution::ruleId))
                .mapToDouble(contribution -> 1 - contribution.weight() / 100)
                .reduce(1, (a, b) -> a * b);
        return 100 * (1 - innocent);
    }
}
