package io.kordon.streams.rule;

import java.util.List;
import java.util.Objects;

/**
 * A condition that is added to other rules, to keep known good events out of many at once. As pySigma has it, what a rule
 * finds must <em>also</em> satisfy the filter's condition: exclusions are written {@code condition: not selection}.
 *
 * @param logSource a rule is only filtered if this covers its own
 * @param rules names or ids of the detections that it is added to; empty means all of its log source
 * @param places where each of {@code rules} is written
 * @see <a href="https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-filters-specification.md">
 *     Sigma filters</a>
 */
public record FilterRule(RuleHead head, LogSource logSource, List<String> rules, List<Place> places, Matcher matcher)
        implements Rule {
    public FilterRule {
        Objects.requireNonNull(head, "head");
        Objects.requireNonNull(logSource, "logSource");
        Objects.requireNonNull(matcher, "matcher");
        rules = List.copyOf(rules);
        places = List.copyOf(places);
        if (places.size() != rules.size()) {
            throw new IllegalArgumentException("each reference has its place");
        }
    }

    /** Whether it is added to every rule of its log source. */
    public boolean any() {
        return rules.isEmpty();
    }
}
