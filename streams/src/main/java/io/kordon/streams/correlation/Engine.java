package io.kordon.streams.correlation;

import io.kordon.streams.correlation.Input.Decided;
import io.kordon.streams.correlation.Input.Identified;
import io.kordon.streams.correlation.Input.KnownPod;
import io.kordon.streams.correlation.Input.Observed;
import io.kordon.streams.correlation.Input.Owned;
import io.kordon.streams.correlation.Input.Reported;
import io.kordon.streams.incident.Incident;
import io.kordon.streams.response.Command;
import io.kordon.streams.response.Responder;
import io.kordon.streams.rule.RuleSet;
import java.util.ArrayList;
import java.util.List;
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
    private final long quiet;

    public Engine(RuleSet rules, Responder responder, Grouping grouping, Policy policy) {
        this.matching = new Matching(rules, grouping, policy);
        this.aging = new Aging(matching, policy);
        this.responder = responder;
        this.policy = policy;
        this.quiet = Policy.micros(policy.quiet());
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
        List<Command> commands = respond(turn, input, wallMillis);
        turn.nextRevisions();
        turn.generations.removeIf(Generation::empty);
        EntityState next = turn.generations.isEmpty()
                ? null
                : new EntityState(state == null ? EntityState.NO_TIMER : state.timerAt(), turn.generations);
        return new Outcome(next, turn.changedIncidents(), commands, turn.effects.derived, turn.effects.matches, late);
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
                incident -> incident.id().equals(report.incidentId())
                        ? incident.reported(
                                report.commandId(), report.step(), report.status(), report.detail(), report.at())
                        : incident,
                true);
    }

    private void decide(Turn turn, Decided decided, long wallMillis) {
        for (int g = 0; g < turn.generations.size(); g++) {
            Generation generation = turn.generations.get(g);
            for (int i = 0; i < generation.incidents().size(); i++) {
                TrackedIncident tracked = generation.incidents().get(i);
                if (tracked.incident().id().equals(decided.incidentId())) {
                    boolean last = i == generation.incidents().size() - 1;
                    long now = generation.clock() + Math.max(0, wallMillis - generation.touchedAt()) * 1_000;
                    TrackedIncident next = tracked.decided(decided.verdict(), now, last, quiet);
                    if (!next.equals(tracked)) {
                        turn.generations.set(g, generation.with(i, next));
                        turn.effects.changed.add(decided.incidentId());
                    }
                    return;
                }
            }
        }
    }

    private List<Command> respond(Turn turn, Input input, long wallMillis) {
        long now = input instanceof Observed observed ? observed.signal().receivedAt() : wallMillis * 1_000;
        List<Command> commands = new ArrayList<>();
        turn.replaceIncidents(
                incident -> {
                    if (incident.closed() || !turn.effects.changed.contains(incident.id())) {
                        return incident;
                    }
                    Responder.Response response = responder.respond(incident, now, policy.commandTtl());
                    commands.addAll(response.commands());
                    return response.incident();
                },
                false);
        return commands;
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
            generations.replaceAll(generation -> {
                Generation next = generation;
                for (int i = 0; i < next.incidents().size(); i++) {
                    TrackedIncident tracked = next.incidents().get(i);
                    Incident replaced = change.apply(tracked.incident());
                    if (!replaced.equals(tracked.incident())) {
                        next = next.with(i, tracked.with(replaced));
                        if (marks) {
                            effects.changed.add(replaced.id());
                        }
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
