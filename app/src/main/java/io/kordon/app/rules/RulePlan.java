package io.kordon.app.rules;

import io.kordon.app.published.ApplyPlan;
import io.kordon.app.published.PublishedDocuments;
import io.kordon.avro.Rule;
import io.kordon.streams.rule.FilterRule;
import io.kordon.streams.rule.ParsedRules;
import io.kordon.streams.rule.RuleDocument;
import io.kordon.streams.rule.RuleLedger;
import io.kordon.streams.rule.RuleLedger.Refusal;
import io.kordon.streams.rule.RuleLedger.Resolution;
import io.kordon.streams.rule.RuleParser;
import io.kordon.streams.rule.RuleProblem;
import io.kordon.streams.rule.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What publishing some files would do to the topic of rules. References are looked for in the files first, and then among
 * the rules that are published already.
 */
final class RulePlan {
    private RulePlan() {}

    /** With what the files hold, and what the topic says, read by a parser that knows the placeholders. */
    static ApplyPlan of(ParsedRules files, Map<String, Rule> topic, boolean prune, RuleParser parser) {
        Set<String> ids = files.documents().stream().map(RuleDocument::id).collect(Collectors.toSet());
        List<String> switchOff = topic.entrySet().stream()
                .filter(entry -> prune && !ids.contains(entry.getKey()) && !PublishedDocuments.off(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        Resolution together = together(files, topic, ids, Set.copyOf(switchOff), parser);
        Set<RuleProblem> others =
                together.refused().stream().map(Refusal::problem).collect(Collectors.toSet());
        List<RuleProblem> problems = new ArrayList<>(together.rules().problems());
        List<RuleProblem> leftOut = problems.stream().filter(others::contains).toList();
        problems.removeAll(others);
        List<RuleDocument> publish = new ArrayList<>();
        List<RuleDocument> unchanged = new ArrayList<>();
        List<RuleDocument> refused = new ArrayList<>();
        for (RuleDocument document : files.documents()) {
            if (!problems.isEmpty() && !stands(document, together.rules(), problems)) {
                refused.add(document);
            } else if (document.version().equals(version(topic.get(document.id()), parser))) {
                unchanged.add(document);
            } else {
                publish.add(document);
            }
        }
        return new ApplyPlan(problems, publish, unchanged, refused, switchOff, leftOut);
    }

    private static Resolution together(
            ParsedRules files, Map<String, Rule> topic, Set<String> ids, Set<String> off, RuleParser parser) {
        RuleLedger ledger = new RuleLedger(files, parser);
        topic.forEach((id, rule) -> {
            if (!ids.contains(id) && !off.contains(id)) {
                ledger.publish(id, rule.getOrigin(), rule.getDocument());
            }
        });
        return ledger.resolve();
    }

    /** A filter stands for those rules that it rightly names; here it must name nothing else. */
    private static boolean stands(RuleDocument document, RuleSet rules, List<RuleProblem> problems) {
        io.kordon.streams.rule.Rule rule = rules.rule(document.id());
        return rule != null
                && rule.head().place().equals(document.place())
                && !(rule instanceof FilterRule filter
                        && filter.places().stream()
                                .anyMatch(place -> problems.stream()
                                        .anyMatch(problem -> problem.origin().equals(place.origin())
                                                && problem.line() == place.line()
                                                && problem.column() == place.column())));
    }

    /** By the document itself: the version in the record is only what its publisher said. */
    private static String version(@Nullable Rule rule, RuleParser parser) {
        if (rule == null) {
            return "";
        }
        List<RuleDocument> documents =
                parser.parse(rule.getOrigin(), rule.getDocument()).documents();
        return documents.size() == 1 ? documents.get(0).version() : "";
    }
}
