package io.kordon.streams.rule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Resolves what rules refer to, and takes out the correlations for which that cannot be done. Correlations are resolved
 * from the detections up, so that levels are inherited through chains and circles are what is left over.
 */
final class Resolution {
    /** How many correlations may stand on each other. */
    static final int DEEPEST = 16;

    private final Map<String, Rule> byId;
    private final Map<String, List<Rule>> byName = new HashMap<>();
    private final List<RuleProblem> problems;
    private final Map<String, Rule> standing = new LinkedHashMap<>();
    private final Map<String, Integer> depths = new HashMap<>();
    private final Map<String, List<CorrelationRule>> over = new HashMap<>();
    private final Set<String> silent = new HashSet<>();

    Resolution(Map<String, Rule> byId, List<RuleProblem> problems) {
        this.byId = byId;
        this.problems = problems;
        for (Rule rule : byId.values()) {
            String name = rule.name();
            if (name != null) {
                byName.computeIfAbsent(name, unused -> new ArrayList<>()).add(rule);
            }
        }
        filter();
        correlate();
    }

    /** What can stand, by id. */
    Map<String, Rule> standing() {
        return standing;
    }

    /** By id of a rule, the correlations over it. */
    Map<String, List<CorrelationRule>> over() {
        return over;
    }

    /** Ids of rules that only are parts of others. */
    Set<String> silent() {
        return silent;
    }

    List<RuleProblem> problems() {
        return problems;
    }

    private void filter() {
        Map<String, List<FilterRule>> filters = new HashMap<>();
        List<FilterRule> general = new ArrayList<>();
        for (FilterRule filter : RuleSet.sorted(byId.values(), FilterRule.class)) {
            standing.put(filter.id(), filter);
            if (filter.any()) {
                general.add(filter);
            }
            Set<String> targets = new HashSet<>();
            for (int i = 0; i < filter.rules().size(); i++) {
                Rule target = target(filter.rules().get(i), filter.places().get(i));
                if (target instanceof DetectionRule) {
                    targets.add(target.id());
                } else if (target != null) {
                    problems.add(filter.places()
                            .get(i)
                            .problem("'" + filter.rules().get(i)
                                    + "' is no detection; filters apply to detections only"));
                }
            }
            targets.forEach(id ->
                    filters.computeIfAbsent(id, unused -> new ArrayList<>()).add(filter));
        }
        for (DetectionRule detection : RuleSet.sorted(byId.values(), DetectionRule.class)) {
            List<FilterRule> own = Stream.concat(
                            general.stream(), filters.getOrDefault(detection.id(), List.of()).stream())
                    .filter(filter -> filter.logSource().covers(detection.logSource()))
                    .sorted(Comparator.comparing(Rule::id))
                    .toList();
            standing.put(detection.id(), detection.filtered(own));
        }
    }

    /** Takes correlations as soon as all that they refer to is taken. */
    private void correlate() {
        Map<String, List<Rule>> targets = new TreeMap<>();
        Map<String, List<String>> waiting = new HashMap<>();
        Map<String, Integer> missing = new HashMap<>();
        Deque<String> ready = new ArrayDeque<>();
        Set<String> generated = new HashSet<>();
        for (CorrelationRule correlation : RuleSet.sorted(byId.values(), CorrelationRule.class)) {
            List<Rule> found = targets(correlation);
            for (Rule target : found) {
                (correlation.generate() ? generated : silent).add(target.id());
                if (target instanceof CorrelationRule) {
                    waiting.computeIfAbsent(target.id(), unused -> new ArrayList<>())
                            .add(correlation.id());
                    missing.merge(correlation.id(), 1, Integer::sum);
                }
            }
            targets.put(correlation.id(), found);
            if (!missing.containsKey(correlation.id())) {
                ready.add(correlation.id());
            }
        }
        silent.removeAll(generated);
        while (!ready.isEmpty()) {
            String id = ready.remove();
            take((CorrelationRule) known(id), targets.getOrDefault(id, List.of()));
            targets.remove(id);
            for (String next : waiting.getOrDefault(id, List.of())) {
                if (missing.merge(next, -1, Integer::sum) == 0) {
                    ready.add(next);
                }
            }
        }
        targets.forEach((id, found) -> circular((CorrelationRule) known(id), found, targets.keySet()));
        over.replaceAll((id, list) ->
                list.stream().sorted(Comparator.comparing(Rule::id)).toList());
    }

    private Rule known(String id) {
        return Objects.requireNonNull(byId.get(id));
    }

    private void take(CorrelationRule correlation, List<Rule> targets) {
        if (targets.size() < correlation.references().size()) {
            return; // and its problem is known
        }
        int depth = 1;
        for (int i = 0; i < targets.size(); i++) {
            Rule target = targets.get(i);
            if (!standing.containsKey(target.id())) {
                problems.add(correlation
                        .places()
                        .get(i)
                        .problem("'" + correlation.references().get(i) + "' was left out for a problem of its own"));
                return;
            }
            depth = Math.max(depth, 1 + depths.getOrDefault(target.id(), 0));
            if (depth > DEEPEST) {
                problems.add(correlation
                        .places()
                        .get(i)
                        .problem("more than " + DEEPEST + " correlations stand on each other here"));
                return;
            }
        }
        Map<String, Map<String, String>> aliases = aliases(correlation, targets);
        if (aliases == null) {
            return;
        }
        List<String> ids = targets.stream().map(Rule::id).toList();
        Level highest = ids.subList(0, correlation.rules().size()).stream()
                .map(id -> Objects.requireNonNull(standing.get(id)).level())
                .max(Comparator.naturalOrder())
                .orElse(Level.LOW);
        CorrelationRule resolved = correlation.resolved(ids, aliases, highest);
        standing.put(resolved.id(), resolved);
        depths.put(resolved.id(), depth);
        for (String id : Set.copyOf(ids)) {
            over.computeIfAbsent(id, unused -> new ArrayList<>()).add(resolved);
        }
    }

    private void circular(CorrelationRule correlation, List<Rule> targets, Set<String> left) {
        for (int i = 0; i < correlation.references().size() && i < targets.size(); i++) {
            if (left.contains(targets.get(i).id())
                    && targets.size() == correlation.references().size()) {
                problems.add(correlation
                        .places()
                        .get(i)
                        .problem(
                                "'" + correlation.references().get(i) + "' leads back to itself, or to rules that do"));
                return;
            }
        }
    }

    /** What it refers to; fewer than its references where one is unknown or named twice, which is then a problem. */
    private List<Rule> targets(CorrelationRule correlation) {
        List<Rule> targets = new ArrayList<>();
        List<String> references = correlation.references();
        Map<String, Integer> seen = new HashMap<>();
        int first = correlation.rules().size();
        int second = first + correlation.absent().size();
        for (int i = 0; i < references.size(); i++) {
            Place place = correlation.places().get(i);
            Rule target = target(references.get(i), place);
            if (target == null) {
                continue;
            }
            int role = i < first ? 0 : i < second ? 1 : 2;
            Integer before = seen.put(target.id(), role);
            if (target instanceof FilterRule) {
                problems.add(place.problem("'" + references.get(i) + "' is a filter, which matches nothing by itself"));
            } else if (before != null && before == role) {
                problems.add(
                        place.problem("'" + references.get(i) + "' is a rule that this correlation already refers to"));
            } else if (before != null && role == 1) {
                problems.add(place.problem("'" + references.get(i) + "' is asked for and must be absent"));
            } else {
                targets.add(target);
            }
        }
        return targets;
    }

    private @Nullable Rule target(String reference, Place place) {
        Rule target = byId.get(reference);
        List<Rule> named = byName.getOrDefault(reference, List.of());
        if (target == null && named.size() == 1) {
            return named.get(0);
        }
        if (target == null) {
            problems.add(place.problem(
                    named.isEmpty()
                            ? "no rule has the id or name '" + reference + "'"
                            : named.size() + " rules have the name '" + reference + "'; refer to one by its id"));
        }
        return target;
    }

    /** With ids; null where one names a rule whose matches this correlation never sees. */
    private @Nullable Map<String, Map<String, String>> aliases(CorrelationRule correlation, List<Rule> targets) {
        if (correlation.aliases().isEmpty()) {
            return Map.of();
        }
        Map<String, String> ids = new HashMap<>();
        Set<String> within = within(targets);
        for (String reference : CorrelationSection.aliased(correlation.aliases())) {
            Rule target = target(reference, correlation.head().place());
            if (target == null) {
                return null;
            }
            if (!within.contains(target.id())) {
                problems.add(correlation
                        .head()
                        .place()
                        .problem("'aliases' speak of '" + reference + "', which is none of the rules referred to"));
                return null;
            }
            ids.put(reference, target.id());
        }
        Map<String, Map<String, String>> resolved = new HashMap<>();
        correlation.aliases().forEach((alias, fields) -> {
            Map<String, String> byId = new HashMap<>();
            fields.forEach((reference, field) -> byId.put(Objects.requireNonNull(ids.get(reference)), field));
            resolved.put(alias, Map.copyOf(byId));
        });
        return resolved;
    }

    /** The rules below a correlation, through chains. */
    private Set<String> within(List<Rule> targets) {
        Set<String> within = new HashSet<>();
        Deque<String> next = new ArrayDeque<>();
        targets.forEach(target -> next.add(target.id()));
        while (!next.isEmpty()) {
            String id = next.pop();
            if (within.add(id) && standing.get(id) instanceof CorrelationRule inner) {
                next.addAll(inner.references());
            }
        }
        return within;
    }
}
