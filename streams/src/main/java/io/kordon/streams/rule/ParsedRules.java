package io.kordon.streams.rule;

import java.util.List;

/** What a rule file gave: the rules that are fine, and why others are not. */
public record ParsedRules(List<Rule> rules, List<RuleProblem> problems) {
    public ParsedRules {
        rules = List.copyOf(rules);
        problems = List.copyOf(problems);
    }
}
