package io.kordon.streams.rule;

import java.util.Objects;

/** A rule over single events. */
public record DetectionRule(RuleHead head, LogSource logSource, Matcher matcher) implements Rule {
    public DetectionRule {
        Objects.requireNonNull(head, "head");
        Objects.requireNonNull(logSource, "logSource");
        Objects.requireNonNull(matcher, "matcher");
    }
}
