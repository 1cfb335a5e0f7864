package io.kordon.streams.rule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
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
    }

    /** The rules that can stand together. */
    public static RuleSet of(Collection<? extends Rule> rules) {
        return of(rules, List.of());
    }

    /** As {@link #of(Collection)}, with the problems that reading the rules already met. */
    static RuleSet of(Collection<? extends Rule> rules, List<RuleProblem> met) {
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
        return new Resolution(byId, problems).resolve();
    }

    /** Detection rules, by id. */
    public List<DetectionRule> detections() {
        return detections;
    }

    /** Correlation rules, by id, their references resolved to ids. */
    public List<CorrelationRule> correlations() {
        return correlations;
    }

    public List<RuleProblem> problems() {
        return problems;
    }

    public @Nullable Rule rule(String id) {
        return byId.get(id);
    }

    /** The correlations that refer to a rule, by id. */
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

    private static <R extends Rule> List<R> sorted(Collection<Rule> rules, Class<R> type) {
        return rules.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .sorted(Comparator.comparing(Rule::id))
                .toList();
    }

    /** Resolves references, and takes out the correlations that cannot be resolved. */
    private static final class Resolution {
        private final Map<String, Rule> byId;
        private final Map<String, List<Rule>> byName = new HashMap<>();
        private final List<RuleProblem> problems;

        Resolution(Map<String, Rule> byId, List<RuleProblem> problems) {
            this.byId = byId;
            this.problems = problems;
            for (Rule rule : byId.values()) {
                String name = rule.name();
                if (name != null) {
                    byName.computeIfAbsent(name, unused -> new ArrayList<>()).add(rule);
                }
            }
        }

        RuleSet resolve() {
            Map<String, Rule> standing = new LinkedHashMap<>();
            Map<String, List<CorrelationRule>> over = new HashMap<>();
            Set<String> referred = new HashSet<>();
            Set<String> generated = new HashSet<>();
            for (CorrelationRule correlation : sorted(byId.values(), CorrelationRule.class)) {
                List<Rule> targets = targets(correlation);
                targets.forEach(target -> referred.add(target.id()));
                if (correlation.generate()) {
                    targets.forEach(target -> generated.add(target.id()));
                }
                if (targets.size() == correlation.rules().size() && supported(correlation, targets)) {
                    CorrelationRule resolved =
                            correlation.resolved(targets.stream().map(Rule::id).toList(), highest(targets));
                    standing.put(resolved.id(), resolved);
                    for (String id : Set.copyOf(resolved.rules())) {
                        over.computeIfAbsent(id, unused -> new ArrayList<>()).add(resolved);
                    }
                }
            }
            for (DetectionRule detection : sorted(byId.values(), DetectionRule.class)) {
                standing.put(detection.id(), detection);
            }
            referred.removeAll(generated);
            over.replaceAll((id, list) -> List.copyOf(list));
            return new RuleSet(standing, over, referred, problems);
        }

        /** What it refers to; fewer than its references where one is unknown, which is then a problem. */
        private List<Rule> targets(CorrelationRule correlation) {
            List<Rule> targets = new ArrayList<>();
            for (int i = 0; i < correlation.rules().size(); i++) {
                String reference = correlation.rules().get(i);
                Rule target = byId.get(reference);
                List<Rule> named = byName.getOrDefault(reference, List.of());
                if (target == null && named.size() == 1) {
                    target = named.get(0);
                }
                if (target != null && targets.contains(target)) {
                    problems.add(correlation
                            .places()
                            .get(i)
                            .problem("'" + reference + "' is a rule that this correlation already refers to"));
                } else if (target != null) {
                    targets.add(target);
                } else {
                    String reason = named.isEmpty()
                            ? "no rule has the id or name '" + reference + "'"
                            : named.size() + " rules have the name '" + reference + "'; refer to one by its id";
                    problems.add(correlation.places().get(i).problem(reason));
                }
            }
            return targets;
        }

        private boolean supported(CorrelationRule correlation, List<Rule> targets) {
            for (int i = 0; i < targets.size(); i++) {
                if (targets.get(i) instanceof CorrelationRule inner) {
                    String reason = reaches(inner, correlation.id())
                            ? "'" + correlation.rules().get(i) + "' leads back to this rule"
                            : "'" + correlation.rules().get(i)
                                    + "' is a correlation; correlations over correlations are not supported yet";
                    problems.add(correlation.places().get(i).problem(reason));
                    return false;
                }
            }
            return true;
        }

        private boolean reaches(CorrelationRule from, String id) {
            Set<String> seen = new HashSet<>();
            Deque<CorrelationRule> next = new ArrayDeque<>(List.of(from));
            while (!next.isEmpty()) {
                CorrelationRule rule = next.pop();
                if (rule.id().equals(id)) {
                    return true;
                }
                for (String reference : rule.rules()) {
                    List<Rule> named = byName.getOrDefault(reference, List.of());
                    Rule target = byId.getOrDefault(reference, named.size() == 1 ? named.get(0) : rule);
                    if (target instanceof CorrelationRule inner && seen.add(inner.id())) {
                        next.push(inner);
                    }
                }
            }
            return false;
        }

        private static Level highest(List<Rule> rules) {
            return rules.stream()
                    .map(Rule::level)
                    .max(Comparator.naturalOrder())
                    .orElse(Level.LOW);
        }
    }
}
