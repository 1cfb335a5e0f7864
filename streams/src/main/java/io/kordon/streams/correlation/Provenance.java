package io.kordon.streams.correlation;

import io.kordon.streams.incident.Evidence;
import io.kordon.streams.incident.Incident;
import io.kordon.streams.incident.Source;
import io.kordon.streams.rule.CorrelationRule;
import io.kordon.streams.rule.DetectionRule;
import io.kordon.streams.rule.Rule;
import io.kordon.streams.rule.RuleSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which streams an incident's evidence came from. A match of a correlation rests on others; which ones is told by the rules
 * it refers to, and only those count that must have taken part: what a source may trigger is a guardrail, and a guess in
 * its favour would be a hole in it.
 */
final class Provenance {
    private static final Map<String, Source> PRODUCTS =
            Map.of("falco", Source.FALCO, "prometheus", Source.PROMETHEUS, "kubernetes", Source.AUDIT);

    private final RuleSet rules;
    private final Map<String, Set<Source>> certain = new ConcurrentHashMap<>();

    Provenance(RuleSet rules) {
        this.rules = rules;
    }

    Set<Source> of(Incident incident) {
        Set<Source> sources = EnumSet.noneOf(Source.class);
        for (Evidence evidence : incident.findings().evidence()) {
            if (evidence.source() == Source.CORRELATION) {
                sources.addAll(certain(evidence.ruleId()));
            } else {
                sources.add(evidence.source());
            }
        }
        return sources;
    }

    /** The sources that a match of a rule cannot do without; references form no circle. */
    private Set<Source> certain(String ruleId) {
        Set<Source> known = certain.get(ruleId);
        if (known == null) {
            known = derive(rules.rule(ruleId));
            certain.put(ruleId, known);
        }
        return known;
    }

    private Set<Source> derive(@Nullable Rule rule) {
        if (rule instanceof DetectionRule detection) {
            String product = detection.logSource().product();
            Source source = product == null ? null : PRODUCTS.get(product);
            return source == null ? Set.of() : Set.of(source);
        }
        if (!(rule instanceof CorrelationRule correlation)) {
            return Set.of();
        }
        List<Set<Source>> parts =
                correlation.rules().stream().distinct().map(this::certain).toList();
        boolean all = correlation.type().temporal() && Correlator.needed(correlation) >= parts.size();
        Set<Source> sources = EnumSet.noneOf(Source.class);
        parts.forEach(sources::addAll);
        return all
                ? sources
                : sources.stream()
                        .filter(source -> parts.stream().allMatch(part -> part.contains(source)))
                        .collect(Collectors.toSet());
    }
}
