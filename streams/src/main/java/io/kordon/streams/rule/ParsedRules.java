package io.kordon.streams.rule;

import java.util.List;

/**
 * What a rule file gave.
 *
 * @param rules those that are fine, in the order written
 * @param documents the document of each of {@code rules}, in the same order
 * @param problems why others are not fine
 */
public record ParsedRules(List<Rule> rules, List<RuleDocument> documents, List<RuleProblem> problems) {
    public ParsedRules {
        rules = List.copyOf(rules);
        documents = List.copyOf(documents);
        problems = List.copyOf(problems);
        if (rules.size() != documents.size()) {
            throw new IllegalArgumentException(rules.size() + " rules, but " + documents.size() + " documents");
        }
    }
}
