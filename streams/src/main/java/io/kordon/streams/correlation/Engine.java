package io.kordon.streams.correlation;

import io.kordon.streams.correlation.Input.Decided;
import io.kordon.streams.correlation.Input.Identified;
import io.kordon.streams.correlation.Input.KnownPod;
import io.kordon.streams.correlation.Input.Observed;
import io.kordon.streams.correlation.Input.Owned;
import io.kordon.streams.correlation.Input.Reported;
import io.kordon.streams.incident.Bundle;
import io.kordon.streams.incident.Dossier;
import io.kordon.streams.incident.Incident;
import io.kordon.streams.response.Responder;
import io.kordon.streams.response.Responder.Issue;
import io.kordon.streams.rule.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of one correlation key: current state + input -> next state + what to tell the world. Pure; the wall
 * clock is a parameter and serves only to notice that an entity has gone quiet.
 *
 * <p>Eager: a match fires on the signal that completes it, in whatever order its signals come; what a further event could
 * undo is decided when its window has closed. Signals whose disorder stays within their source's grace give the same
 * incidents, evidence, scores and commands in any order, however often each arrives ({@code EngineInvarianceTest}); what
 * comes later still joins what it still finds.
 */
public final class Engine {
    private static final String IDENTIFIED = "identified";

    private final Matching matching;
    private final Aging aging;
    private final Responder responder;
    private final Policy policy;
    private final Deciding deciding;
    private final Provenance provenance;

    public Engine(RuleSet rules, Responder responder, Grouping grouping, Policy policy) {
        this.matching = new Matching(rules, grouping, policy);
        this.aging = new Aging(matching, policy);
        this.responder = responder;
        this.policy = policy;
        this.deciding = new Deciding(responder, policy);
        this.provenance = new Provenance(rules);
    }

    /**
     * Applies one input to the state of its key.
     *
     * @param state as stored, null if there is none
     * @param wallMillis wall clock, epoch milliseconds
     */
    public Outcome apply(@Nullable EntityState state, Input input, long wallMillis) {
        Turn turn = new Turn(state == null ? List.of() : state.generations());
        turn.generations.replaceAll(generation -> aging.age(generation, wallMillis, turn.effects));
        boolean late = false;
        if (input instanceof Observed observed) {
            late = observe(turn, observed.signal(), wallMillis);
        } else if (input instanceof Reported report) {
            fold(turn, report);
        } else if (input instanceof Decided decided) {
            decide(turn, decided, wallMillis);
        } else if (input instanceof Identified identified) {
            identify(turn, identified.pods());
        } else if (input instanceof Owned) {
            turn.closeAll(IDENTIFIED);
        }
        respond(turn, input, wallMillis);
        turn.nextRevisions();
        turn.generations.removeIf(Generation::empty);
        EntityState next = turn.generations.isEmpty()
                ? null
                : new EntityState(state == null ? EntityState.NO_TIMER : state.timerAt(), turn.generations);
        return new Outcome(
                next, turn.changedIncidents(), turn.effects.commands, turn.effects.derived, turn.effects.matches, late);
    }

    /** Wall clock, epoch milliseconds, at which something is due for the key if nothing happens before. */
    public long dueAt(EntityState state) {
        return state.generations().stream()
                .mapToLong(aging::dueAt)
                .min()
                .orElseThrow(() -> new IllegalArgumentException("a stored state has generations"));
    }

    private boolean observe(Turn turn, Signal signal, long wallMillis) {
        int index = generation(turn, signal, wallMillis);
        Generation before = turn.generations.get(index);
        long heard = Math.max(before.clock(), signal.receivedAt());
        boolean late = signal.eventTime() < heard - policy.graceMicros(signal.source());
        Generation aged = aging.passTo(before.clockAt(signal.eventTime(), wallMillis), turn.effects);
        turn.generations.set(index, matching.observe(aged, signal, turn.effects));
        return late;
    }

    /**
     * Which generation a signal belongs to: its UID's; one without UID is about the pod that was last heard of, unless that
     * one was gone before the signal began.
     */
    private int generation(Turn turn, Signal signal, long wallMillis) {
        List<Generation> generations = turn.generations;
        String uid = signal.subject().uid();
        for (int i = generations.size() - 1; i >= 0; i--) {
            Generation generation = generations.get(i);
            if (uid == null ? !goneBefore(generation, signal) : uid.equals(generation.uid())) {
                return i;
            }
            if (uid != null && generation.uid() == null) {
                turn.name(i, uid);
                return i;
            }
        }
        generations.add(Generation.born(uid, signal.eventTime(), wallMillis, Policy.micros(policy.memory())));
        return generations.size() - 1;
    }

    private static boolean goneBefore(Generation generation, Signal signal) {
        Long deletedAt = generation.deletedAt();
        return deletedAt != null && signal.start() > deletedAt;
    }

    /** What the inventory says of pods that something is known of already. It opens no state. */
    private void identify(Turn turn, List<KnownPod> pods) {
        for (int i = 0; i < turn.generations.size(); i++) {
            Generation generation = turn.generations.get(i);
            KnownPod pod = pod(generation, pods);
            if (pod != null) {
                String uid = pod.subject().uid();
                if (generation.uid() == null && uid != null) {
                    turn.name(i, uid);
                }
                turn.learn(i, pod);
            }
        }
    }

    /** The generation's own by UID; of one without, the pod that lived when it was last heard of. */
    private static @Nullable KnownPod pod(Generation generation, List<KnownPod> pods) {
        for (int i = pods.size() - 1; i >= 0; i--) {
            KnownPod pod = pods.get(i);
            String uid = generation.uid();
            if (uid == null
                    ? pod.lived(generation.clock())
                    : uid.equals(pod.subject().uid())) {
                return pod;
            }
        }
        return null;
    }

    private static void fold(Turn turn, Reported report) {
        turn.replaceIncidents(
                incident -> incident.id().equals(report.incidentId()) ? reported(incident, report) : incident, true);
    }

    private static Incident reported(Incident incident, Reported report) {
        Incident next = incident.reported(
                report.commandId(), report.step(), report.status(), report.detail(), report.changed(), report.at());
        Bundle bundle = report.bundle();
        return bundle == null || !incident.hasCommand(report.commandId())
                ? next
                : next.with(new Dossier(List.of(bundle), List.of(), 0));
    }

    private void decide(Turn turn, Decided decided, long wallMillis) {
        for (int g = 0; g < turn.generations.size(); g++) {
            Generation generation = turn.generations.get(g);
            for (int i = 0; i < generation.incidents().size(); i++) {
                TrackedIncident tracked = generation.incidents().get(i);
                if (tracked.incident().id().equals(decided.incidentId())) {
                    boolean last = i == generation.incidents().size() - 1;
                    long now = generation.clock() + Math.max(0, wallMillis - generation.touchedAt()) * 1_000;
                    Issue issue = issue(tracked.incident(), wallMillis * 1_000);
                    TrackedIncident next = deciding.decide(tracked, decided, now, last, issue, turn.effects);
                    if (!next.equals(tracked)) {
                        turn.generations.set(g, generation.with(i, next));
                        turn.effects.changed.add(decided.incidentId());
                    }
                    return;
                }
            }
        }
    }

    private void respond(Turn turn, Input input, long wallMillis) {
        long now = input instanceof Observed observed ? observed.signal().receivedAt() : wallMillis * 1_000;
        turn.replaceTracked((generation, tracked) -> {
            Incident incident = tracked.incident();
            if (!tracked.retired() && turn.effects.changed.contains(incident.id()) && responds(turn, incident)) {
                Responder.Response response = responder.respond(incident, issue(incident, now));
                turn.effects.commands.addAll(response.commands());
                incident = response.incident();
            }
            if (Aging.releaseAt(incident) <= generation.clock()) {
                incident = deciding.expired(incident, issue(incident, now), turn.effects);
                turn.effects.changed.add(incident.id());
            }
            return incident;
        });
    }

    /**
     * Whether playbooks are looked at. What joins an incident within grace after it went quiet counts as if it had come
     * before, or the order of arrival would decide what is contained.
     */
    private static boolean responds(Turn turn, Incident incident) {
        return !incident.closed()
                || (Incident.QUIET.equals(incident.closeReason()) && turn.effects.joined.contains(incident.id()));
    }

    private Issue issue(Incident incident, long now) {
        return new Issue(now, policy.commandTtl(), provenance.of(incident));
    }

    /** The generations of one key while an input is applied, and what comes of it. */
    private static final class Turn {
        private final List<Generation> generations;
        private final Effects effects = new Effects();

        Turn(List<Generation> generations) {
            this.generations = new ArrayList<>(generations);
        }

        void name(int index, String uid) {
            Generation named = generations.get(index).named(uid);
            named.incidents()
                    .forEach(tracked -> effects.changed.add(tracked.incident().id()));
            generations.set(index, named);
        }

        void learn(int index, KnownPod pod) {
            Generation known = generations.get(index).knowing(pod.context());
            Long deletedAt = pod.deletedAt();
            known = deletedAt == null ? known : known.deleted(deletedAt);
            for (int i = 0; i < known.incidents().size(); i++) {
                TrackedIncident tracked = known.incidents().get(i);
                Incident amended = tracked.incident().placed(pod.context());
                if (!tracked.incident().closed() && !amended.equals(tracked.incident())) {
                    known = known.with(i, tracked.with(amended));
                    effects.changed.add(amended.id());
                }
            }
            generations.set(index, known);
        }

        void closeAll(String reason) {
            generations.replaceAll(generation -> {
                Generation next = generation.withSignals(List.of());
                for (int i = 0; i < next.incidents().size(); i++) {
                    TrackedIncident tracked = next.incidents().get(i);
                    if (!tracked.incident().closed()) {
                        next = next.with(i, tracked.with(tracked.incident().close(next.clock(), reason)));
                        effects.changed.add(tracked.incident().id());
                    }
                }
                return next;
            });
        }

        void replaceIncidents(UnaryOperator<Incident> change, boolean marks) {
            replaceTracked((generation, tracked) -> {
                Incident replaced = change.apply(tracked.incident());
                if (marks && !replaced.equals(tracked.incident())) {
                    effects.changed.add(replaced.id());
                }
                return replaced;
            });
        }

        void replaceTracked(BiFunction<Generation, TrackedIncident, Incident> change) {
            generations.replaceAll(generation -> {
                Generation next = generation;
                for (int i = 0; i < next.incidents().size(); i++) {
                    TrackedIncident tracked = next.incidents().get(i);
                    Incident replaced = change.apply(next, tracked);
                    if (!replaced.equals(tracked.incident())) {
                        next = next.with(i, tracked.with(replaced));
                    }
                }
                return next;
            });
        }

        void nextRevisions() {
            replaceIncidents(
                    incident -> effects.changed.contains(incident.id()) ? incident.nextRevision() : incident, false);
        }

        List<Incident> changedIncidents() {
            return generations.stream()
                    .flatMap(generation -> generation.incidents().stream())
                    .map(TrackedIncident::incident)
                    .filter(incident -> effects.changed.contains(incident.id()))
                    .toList();
        }
    }
}
