package io.kordon.streams.correlation;

import io.kordon.streams.incident.Ids;
import io.kordon.streams.incident.Incident;
import io.kordon.streams.incident.PodContext;
import io.kordon.streams.rule.CorrelationRule;
import io.kordon.streams.rule.RuleSet;
import io.kordon.streams.scoring.Contribution;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a signal does to its generation: it joins the window, completes matches, opens or amends incidents. */
final class Matching {
    private final RuleSet rules;
    private final Policy policy;
    private final Map<String, Correlator> correlators;
    private final long quiet;

    Matching(RuleSet rules, Policy policy) {
        this.rules = rules;
        this.policy = policy;
        this.quiet = Policy.micros(policy.quiet());
        this.correlators = rules.correlations().stream().collect(Collectors.toMap(CorrelationRule::id, Correlator::of));
    }

    Generation observe(Generation generation, Signal signal, Set<String> changed) {
        Signal known = generation.signal(signal.id());
        Signal merged = known == null ? signal.withoutContext() : known.merge(signal);
        if (merged.equals(known)) {
            return generation; // a duplicate
        }
        Generation next = generation
                .knowing(signal.context())
                .remembering(merged, windowBound(signal.rule().ruleId()));
        next = correct(next, merged, known, changed);
        if (next.signal(signal.id()) == null) {
            return next; // a full window keeps the latest, and this is not among them
        }
        if (rules.alertsAlone(signal.rule().ruleId()) && signal.groupBy().equals(ENTITY)) {
            next = join(next, null, new Participation(merged, merged.start()), signal, changed);
        }
        for (CorrelationRule rule : rules.correlationsOver(signal.rule().ruleId())) {
            if (rule.groupBy().equals(signal.groupBy())) {
                next = correlate(next, rule, signal, merged, changed);
            }
        }
        return next;
    }

    /** Rules without correlation, and those grouped by pod, speak of the entity itself. */
    static final List<String> ENTITY = List.of("pod");

    /** How long after its end a signal can still matter, microseconds. */
    long retention(String ruleId) {
        long longest = rules.correlationsOver(ruleId).stream()
                .mapToLong(rule -> Policy.micros(rule.timespan()))
                .max()
                .orElse(0);
        return Math.max(longest, Policy.micros(policy.alertHold())) + policy.longestGraceMicros();
    }

    private int windowBound(String ruleId) {
        return rules.correlationsOver(ruleId).stream()
                .filter(rule -> rule.condition() != null)
                .mapToInt(rule -> 2 * Correlator.needed(rule))
                .reduce(Generation.SIGNALS_PER_RULE, Math::max);
    }

    private Generation correlate(
            Generation generation, CorrelationRule rule, Signal arrived, Signal merged, Set<String> changed) {
        Correlator correlator = correlators.get(rule.id());
        if (correlator == null) {
            return generation;
        }
        List<List<Signal>> byRule = rule.rules().stream()
                .map(id -> generation.signals(id, rule.groupBy()))
                .toList();
        Generation next = generation;
        List<Participation> found = correlator.participations(byRule, merged.interval()).stream()
                .sorted(Participation.ORDER)
                .toList();
        for (Participation participation : found) {
            next = join(next, rule, participation, arrived, changed);
        }
        return next;
    }

    /** An alert that is known better now is known better in the incidents that rest on it, too. */
    private Generation correct(Generation generation, Signal merged, @Nullable Signal known, Set<String> changed) {
        if (known == null) {
            return generation;
        }
        Generation next = generation;
        for (int i = 0; i < next.incidents().size(); i++) {
            TrackedIncident tracked = next.incidents().get(i);
            Incident corrected = tracked.incident().corrected(merged.evidence(tracked.until(quiet)));
            if (!corrected.equals(tracked.incident())) {
                next = next.with(i, tracked.with(corrected));
                changed.add(corrected.id());
            }
        }
        return next;
    }

    private Generation join(
            Generation generation,
            @Nullable CorrelationRule rule,
            Participation participation,
            Signal arrived,
            Set<String> changed) {
        int index = incidentAt(generation, participation.at());
        if (index == NONE) {
            return generation;
        }
        Generation next = generation;
        if (index == NEW) {
            next = next.opening(open(generation, participation, arrived));
            index = incidentAt(next, participation.at());
        }
        TrackedIncident before = next.incidents().get(index);
        TrackedIncident after =
                count(before.matchedAt(participation.at(), quiet), rule, participation.signal(), next.context());
        if (!after.incident().equals(before.incident())) {
            changed.add(after.incident().id());
        }
        return next.with(index, after);
    }

    private static final int NONE = -1;
    private static final int NEW = -2;

    private int incidentAt(Generation generation, long at) {
        List<TrackedIncident> incidents = generation.incidents();
        for (int i = 0; i < incidents.size(); i++) {
            if (at >= incidents.get(i).from() && at < incidents.get(i).until(quiet)) {
                return i;
            }
        }
        if (generation.past().stream().anyMatch(extent -> extent.covers(at))) {
            return NONE; // its incident has ended: a replay, or later than any grace
        }
        for (int i = 0; i < incidents.size(); i++) {
            if (incidents.get(i).covers(at, quiet)) {
                return i;
            }
        }
        return NEW;
    }

    private static TrackedIncident open(Generation generation, Participation participation, Signal arrived) {
        Signal signal = participation.signal();
        String id = Ids.incident(signal.key(), generation.uid(), generation.opened() + 1);
        Incident incident = Incident.open(id, signal.key(), signal.subject(), signal.start(), arrived.receivedAt());
        return TrackedIncident.open(incident, participation.at());
    }

    private TrackedIncident count(
            TrackedIncident tracked, @Nullable CorrelationRule rule, Signal signal, @Nullable PodContext context) {
        TrackedIncident next = tracked;
        boolean news =
                !next.full() || !next.incident().findings().has(signal.rule().ruleId());
        if (news && !next.counted().contains(signal.id())) {
            next = next.counting(signal.id())
                    .with(next.incident()
                            .evidence(signal.evidence(next.until(quiet)), signal.subject(), context)
                            .matched(signal.rule(), signal.tags()));
        }
        if (rule != null && !next.counted().contains(rule.id())) {
            next = next.counting(rule.id()).with(next.incident().matched(contribution(rule), rule.tags()));
        }
        return next;
    }

    private static Contribution contribution(CorrelationRule rule) {
        return Contribution.of(rule);
    }
}
