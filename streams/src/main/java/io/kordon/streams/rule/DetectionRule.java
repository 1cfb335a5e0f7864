package io.kordon.streams.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A rule over single events. */
public record DetectionRule(RuleHead head, LogSource logSource, Matcher matcher) implements Rule {
    public DetectionRule {
        Objects.requireNonNull(head, "head");
        Objects.requireNonNull(logSource, "logSource");
        Objects.requireNonNull(matcher, "matcher");
    }

    /** Why the rule matches an event, or does not. The event's log source is not looked at. */
    public Explanation explain(Fields event) {
        return matcher.explain(event);
    }

    /** What it becomes under filters: a match has to pass each of them, and the version speaks of them, too. */
    DetectionRule filtered(List<FilterRule> filters) {
        if (filters.isEmpty()) {
            return this;
        }
        List<Matcher> parts = new ArrayList<>(List.of(matcher));
        StringBuilder versions = new StringBuilder(head.version());
        for (FilterRule filter : filters) {
            parts.add(Matcher.named("filter " + filter.id(), filter.matcher()));
            versions.append(' ').append(filter.id()).append(' ').append(filter.version());
        }
        RuleHead known = head.withVersion(YamlDocument.version(versions.toString()));
        return new DetectionRule(known, logSource, Matcher.allOf(parts));
    }
}
