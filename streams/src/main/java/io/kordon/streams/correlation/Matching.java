package io.kordon.streams.correlation;

import io.kordon.streams.correlation.Windows.Decision;
import io.kordon.streams.incident.Ids;
import io.kordon.streams.incident.Incident;
import io.kordon.streams.incident.PodContext;
import io.kordon.streams.incident.Source;
import io.kordon.streams.incident.Status;
import io.kordon.streams.rule.CorrelationRule;
import io.kordon.streams.rule.RuleSet;
import io.kordon.streams.scoring.Contribution;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a signal does to its generation: it joins the window, completes matches, opens or amends incidents. */
final class Matching {
    /** Signals kept for a correlation that looks at all values in its window. */
    private static final int SIGNALS_OF_VALUES = 1_000;

    private final RuleSet rules;
    private final Derivation derivation;
    private final Map<String, List<Eager>> eagerOver = new HashMap<>();
    private final Map<String, List<Windows>> windowsOver = new HashMap<>();

    /** The same, and by the rules that those rest on: of their signals a match may come that began before a decision. */
    private final Map<String, Set<Windows>> windowsAbove = new HashMap<>();

    private final Map<String, Long> retentions = new HashMap<>();
    private final Map<String, Integer> bounds = new HashMap<>();
    private final Map<String, Integer> depths = new HashMap<>();
    private final long quiet;
    private final long shortestRetention;
    private final long grace;

    /** A correlation that is matched on the signal that completes it. */
    private record Eager(CorrelationRule rule, Correlator correlator, List<Reference> references) {}

    /** A rule that a correlation refers to, and how its signals are grouped for it. */
    private record Reference(String ruleId, List<String> groupBy) {
        boolean covers(Signal signal) {
            return signal.rule().ruleId().equals(ruleId) && signal.groupedBy(groupBy);
        }
    }

    Matching(RuleSet rules, Grouping grouping, Policy policy) {
        this.rules = rules;
        this.derivation = new Derivation(rules, grouping);
        this.quiet = Policy.micros(policy.quiet());
        this.shortestRetention = Policy.micros(policy.alertHold());
        this.grace = policy.longestGraceMicros();
        rules.correlations().forEach(this::prepare);
    }

    private void prepare(CorrelationRule rule) {
        boolean eager = Correlator.eager(rule);
        if (eager) {
            List<Reference> references = rule.rules().stream()
                    .map(id -> new Reference(id, derivation.spelled(rule, id)))
                    .toList();
            Eager prepared = new Eager(rule, Correlator.of(rule), references);
            rule.rules()
                    .forEach(id -> eagerOver
                            .computeIfAbsent(id, unused -> new ArrayList<>())
                            .add(prepared));
        }
        if (!eager || derivation.counted(rule)) {
            Windows windows = new Windows(rule, derivation, depth(rule));
            rule.rules()
                    .forEach(id -> windowsOver
                            .computeIfAbsent(id, unused -> new ArrayList<>())
                            .add(windows));
            rule.rules().forEach(id -> above(id, windows));
        }
        Stream.of(rule.rules(), rule.absent(), rule.until())
                .flatMap(List::stream)
                .forEach(id -> {
                    retentions.merge(id, Policy.micros(rule.timespan()), Math::max);
                    bounds.merge(id, bound(rule), Math::max);
                });
    }

    private void above(String id, Windows windows) {
        boolean first =
                windowsAbove.computeIfAbsent(id, unused -> new HashSet<>()).add(windows);
        if (first && rules.rule(id) instanceof CorrelationRule below) {
            below.rules().forEach(each -> above(each, windows));
        }
    }

    /** Levels of correlations from here down, each looked at once however many ways lead to it. */
    private int depth(CorrelationRule rule) {
        Integer known = depths.get(rule.id());
        if (known != null) {
            return known;
        }
        int depth = 1
                + Stream.of(rule.rules(), rule.absent(), rule.until())
                        .flatMap(List::stream)
                        .mapToInt(id -> rules.rule(id) instanceof CorrelationRule below ? depth(below) : 0)
                        .max()
                        .orElse(0);
        depths.put(rule.id(), depth);
        return depth;
    }

    private static int bound(CorrelationRule rule) {
        if (rule.type().valued()) {
            return SIGNALS_OF_VALUES;
        }
        CorrelationRule.Condition condition = rule.condition();
        return condition == null || rule.type().temporal()
                ? 0
                : 2 * ((int) Math.min(SIGNALS_OF_VALUES, condition.largest()) + 1);
    }

    Generation observe(Generation generation, Signal signal, Effects effects) {
        Signal known = generation.signal(signal.id());
        Signal merged = known == null ? signal.withoutContext() : known.merge(signal);
        if (merged.equals(known)) {
            return generation; // a duplicate
        }
        String ruleId = signal.rule().ruleId();
        Generation next = generation
                .knowing(signal.context())
                .remembering(merged, Math.max(Generation.SIGNALS_PER_RULE, bounds.getOrDefault(ruleId, 0)));
        next = correct(next, merged, known, effects);
        if (next.signal(signal.id()) == null) {
            return next; // a full window keeps the latest, and this is not among them
        }
        if (merged.alerts() && signal.groupBy().equals(Grouping.ENTITY)) {
            next = join(next, null, new Participation(merged, merged.completeAt()), signal, effects);
        }
        for (Eager eager : eagerOver.getOrDefault(ruleId, List.of())) {
            if (eager.references().stream().anyMatch(reference -> reference.covers(signal))) {
                next = correlate(next, eager, signal, merged, effects);
            }
        }
        return next;
    }

    /** How long after its end a signal can still matter, microseconds. */
    long retention(String ruleId) {
        return Math.max(retentions.getOrDefault(ruleId, 0L), shortestRetention) + grace;
    }

    /** The next window to be decided; null when there is none. */
    @Nullable
    Decision nextDecision(Generation generation) {
        Decision first = null;
        for (Windows windows : undecided(generation)) {
            Decision decision = windows.next(generation);
            if (decision != null && (first == null || Decision.ORDER.compare(decision, first) < 0)) {
                first = decision;
            }
        }
        return first;
    }

    /** The generation without what was decided of rules to which no signal that is left can lead. */
    Generation forgettingDecisions(Generation generation) {
        if (generation.decided().isEmpty()) {
            return generation;
        }
        Set<String> kept = new HashSet<>();
        generation
                .signals()
                .forEach(signal -> windowsAbove
                        .getOrDefault(signal.rule().ruleId(), Set.of())
                        .forEach(windows -> kept.add(windows.rule().id())));
        return generation.decidedOnly(kept);
    }

    private Collection<Windows> undecided(Generation generation) {
        if (windowsOver.isEmpty() || generation.signals().isEmpty()) {
            return List.of();
        }
        Set<Windows> found = new HashSet<>();
        generation
                .signals()
                .forEach(signal ->
                        found.addAll(windowsOver.getOrDefault(signal.rule().ruleId(), List.of())));
        return found;
    }

    /** Takes a decision whose time has come. */
    Generation decide(Generation generation, Decision decision, Effects effects) {
        CorrelationRule rule = decision.windows().rule();
        Generation next = generation.deciding(rule.id(), decision.decidedUntil());
        if (decision.signals().isEmpty()) {
            return next;
        }
        Signal completing = decision.signals().get(decision.signals().size() - 1);
        if (Correlator.eager(rule)) {
            return deliver(next, completing.key(), derivation.ofMatch(rule, completing, decision.due()), effects);
        }
        effects.matches.add(new Match(rule.id(), completing.key(), decision.due(), decision.signals()));
        if (reportedHere(rule)) {
            for (Signal signal : decision.signals()) {
                next = join(next, rule, new Participation(signal, decision.due()), completing, effects);
            }
        }
        return deliver(next, completing.key(), derivation.ofDecision(rule, completing, decision.due()), effects);
    }

    private boolean reportedHere(CorrelationRule rule) {
        return rules.alertsAlone(rule.id()) && Derivation.atHome(rule);
    }

    private Generation correlate(Generation generation, Eager eager, Signal arrived, Signal merged, Effects effects) {
        CorrelationRule rule = eager.rule();
        List<List<Signal>> byRule = eager.references().stream()
                .map(reference -> generation.signals(reference.ruleId(), reference.groupBy()))
                .toList();
        List<Participation> found = eager.correlator().participations(byRule, merged.interval()).stream()
                .sorted(Participation.ORDER)
                .toList();
        if (found.isEmpty()) {
            return generation;
        }
        effects.matches.add(match(rule, merged, found));
        Generation next = generation;
        if (reportedHere(rule)) {
            for (Participation participation : found) {
                next = join(next, rule, participation, arrived, effects);
            }
        }
        boolean heard =
                !Derivation.atHome(rule) || !rules.correlationsOver(rule.id()).isEmpty();
        return heard ? tell(next, eager, byRule, merged, found, effects) : next;
    }

    /** Tells the correlations over a rule, and the pod, what takes part, or is complete earlier, since this one arrived. */
    private Generation tell(
            Generation generation,
            Eager eager,
            List<List<Signal>> byRule,
            Signal merged,
            List<Participation> found,
            Effects effects) {
        List<List<Signal>> without = byRule.stream()
                .map(signals -> signals.stream()
                        .filter(signal -> !signal.id().equals(merged.id()))
                        .toList())
                .toList();
        Map<String, Long> before = new HashMap<>();
        eager.correlator()
                .participations(without, merged.interval())
                .forEach(participation -> before.put(participation.signal().id(), participation.at()));
        Generation next = generation;
        for (Participation participation : found) {
            if (!Objects.equals(before.get(participation.signal().id()), participation.at())) {
                List<Signal> derived = derivation.ofParticipation(eager.rule(), participation);
                next = deliver(next, merged.key(), derived, effects);
            }
        }
        return next;
    }

    private static Match match(CorrelationRule rule, Signal merged, List<Participation> found) {
        long at = found.stream()
                .filter(participation -> participation.signal().id().equals(merged.id()))
                .findFirst()
                .orElse(found.get(0))
                .at();
        List<Signal> signals =
                found.stream().map(Participation::signal).sorted(Signal.ORDER).toList();
        return new Match(rule.id(), merged.key(), at, signals);
    }

    /** Signals for this very key are taken at once; the others travel. */
    private Generation deliver(Generation generation, String key, List<Signal> derived, Effects effects) {
        Generation next = generation;
        for (Signal signal : derived) {
            if (signal.key().equals(key)) {
                next = observe(next, signal, effects);
            } else {
                effects.derived.add(signal);
            }
        }
        return next;
    }

    /** An alert that is known better now is known better in the incidents that rest on it, too. */
    private Generation correct(Generation generation, Signal merged, @Nullable Signal known, Effects effects) {
        if (known == null) {
            return generation;
        }
        Generation next = generation;
        for (int i = 0; i < next.incidents().size(); i++) {
            TrackedIncident tracked = next.incidents().get(i);
            Incident corrected = tracked.incident().corrected(merged.evidence(tracked.until(quiet)));
            if (!tracked.retired() && !corrected.equals(tracked.incident())) {
                next = next.with(i, tracked.with(corrected));
                effects.changed.add(corrected.id());
            }
        }
        return next;
    }

    private Generation join(
            Generation generation,
            @Nullable CorrelationRule rule,
            Participation participation,
            Signal arrived,
            Effects effects) {
        String about = rule == null ? participation.signal().rule().ruleId() : rule.id();
        int index = incidentAt(generation, participation.at(), about);
        if (index == NONE) {
            return generation;
        }
        Generation next = generation;
        if (index == NEW) {
            next = next.opening(open(generation, participation, arrived));
            index = incidentAt(next, participation.at(), about);
        }
        TrackedIncident before = next.incidents().get(index);
        TrackedIncident after =
                count(before.matchedAt(participation.at(), quiet), rule, participation.signal(), next.context());
        if (!after.incident().equals(before.incident())) {
            effects.changed.add(after.incident().id());
            effects.joined.add(after.incident().id());
        }
        return next.with(index, after);
    }

    private static final int NONE = -1;
    private static final int NEW = -2;

    /** The incident that a match at that time belongs to; {@code ruleId} is the rule that reports it. */
    private int incidentAt(Generation generation, long at, String ruleId) {
        List<TrackedIncident> incidents = generation.incidents();
        for (int i = 0; i < incidents.size(); i++) {
            TrackedIncident tracked = incidents.get(i);
            if (at >= tracked.from() && at < tracked.until(quiet) && takes(tracked.incident(), at, ruleId)) {
                return i;
            }
        }
        if (generation.past().stream().anyMatch(extent -> extent.covers(at))) {
            return NONE; // its incident has ended: a replay, or later than any grace
        }
        for (int i = 0; i < incidents.size(); i++) {
            if (incidents.get(i).covers(at, quiet) && takes(incidents.get(i).incident(), at, ruleId)) {
                return i;
            }
        }
        return NEW;
    }

    /** What was dismissed goes on being so; another rule's match since is no part of what the analyst looked at. */
    private static boolean takes(Incident incident, long at, String ruleId) {
        Long closedAt = incident.timeline().closedAt();
        return incident.status() != Status.DISMISSED
                || closedAt == null
                || at < closedAt
                || incident.findings().has(ruleId);
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
            boolean again = signal.source() == Source.CORRELATION // told of once for each signal that takes part
                    && next.incident().findings().has(signal.rule().ruleId());
            Incident shown = next.incident().evidence(signal.evidence(next.until(quiet)), signal.subject(), context);
            next = next.counting(signal.id()).with(again ? shown : shown.matched(signal.rule(), signal.tags()));
        }
        if (rule != null && !next.counted().contains(rule.id())) {
            next = next.counting(rule.id()).with(next.incident().matched(Contribution.of(rule), rule.tags()));
        }
        return next;
    }
}
