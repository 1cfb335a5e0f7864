package io.kordon.streams.rule;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules in force, with the references of correlations resolved. What cannot stand is left out and named in {@link
 * #problems()}; the rest stands. Immutable; the same rules in any order give the same set, save for which of two rules
 * with one id is kept: the first.
 */
public final class RuleSet {
    private final Map<String, Rule> byId;
    private final List<DetectionRule> detections;
    private final List<CorrelationRule> correlations;
    private final List<FilterRule> filters;
    private final Map<String, List<CorrelationRule>> over;
    private final Set<String> silent;
    private final List<RuleProblem> problems;

    private RuleSet(
            Map<String, Rule> byId,
            Map<String, List<CorrelationRule>> over,
            Set<String> silent,
            List<RuleProblem> problems) {
        this.byId = Map.copyOf(byId);
        this.over = Map.copyOf(over);
        this.silent = Set.copyOf(silent);
        this.problems = List.copyOf(problems);
        this.detections = sorted(byId.values(), DetectionRule.class);
        this.correlations = sorted(byId.values(), CorrelationRule.class);
        this.filters = sorted(byId.values(), FilterRule.class);
    }

    /** The rules that can stand together. */
    public static RuleSet of(Collection<? extends Rule> rules) {
        return of(rules, List.of());
    }

    /** The rules of what was read that can stand together; what reading met is among the problems. */
    public static RuleSet of(ParsedRules parsed) {
        return of(parsed.rules(), parsed.problems());
    }

    /** As {@link #of(Collection)}, with the problems that reading the rules already met. */
    public static RuleSet of(Collection<? extends Rule> rules, List<RuleProblem> met) {
        List<RuleProblem> problems = new ArrayList<>(met);
        Map<String, Rule> byId = new LinkedHashMap<>();
        for (Rule rule : rules) {
            Rule first = byId.putIfAbsent(rule.id(), rule);
            if (first != null) {
                problems.add(rule.head()
                        .place()
                        .problem("id '" + rule.id() + "' is already taken by the rule at "
                                + first.head().place().origin() + ":"
                                + first.head().place().line()));
            }
        }
        Resolution resolution = new Resolution(byId, problems);
        return new RuleSet(resolution.standing(), resolution.over(), resolution.silent(), resolution.problems());
    }

    /** Detection rules, by id, with the filters that are for them. */
    public List<DetectionRule> detections() {
        return detections;
    }

    /** Correlation rules, by id, their references resolved to ids. */
    public List<CorrelationRule> correlations() {
        return correlations;
    }

    /** Filters, by id. They have already been added to the detections. */
    public List<FilterRule> filters() {
        return filters;
    }

    public List<RuleProblem> problems() {
        return problems;
    }

    public @Nullable Rule rule(String id) {
        return byId.get(id);
    }

    /** The correlations that refer to a rule, be it as one of theirs, as absent or as until; by id. */
    public List<CorrelationRule> correlationsOver(String ruleId) {
        return over.getOrDefault(ruleId, List.of());
    }

    /**
     * Whether a match of this rule is reported by itself: no correlation refers to it, or one that does says {@code
     * generate: true}. A correlation that was left out here for a problem still counts, so that a broken reference does not
     * turn what its author meant as a part into an alarm.
     */
    public boolean alertsAlone(String ruleId) {
        return !silent.contains(ruleId);
    }

    static <R extends Rule> List<R> sorted(Collection<Rule> rules, Class<R> type) {
        return rules.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .sorted(Comparator.comparing(Rule::id))
                .toList();
    }
}
