package io.kordon.streams.correlation;

import io.kordon.streams.correlation.Input.Observed;
import io.kordon.streams.correlation.Input.Reported;
import io.kordon.streams.incident.Incident;
import io.kordon.streams.response.Command;
import io.kordon.streams.response.Responder;
import io.kordon.streams.rule.RuleSet;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of one correlation key: current state + input -> next state + what to tell the world. Pure; the wall
 * clock is a parameter and serves only to notice that an entity has gone quiet.
 *
 * <p>Eager: a match fires on the signal that completes it, in whatever order its signals come. Signals whose disorder
 * stays within their source's grace give the same incidents, evidence, scores and commands in any order, however often
 * each arrives ({@code EngineInvarianceTest}); what comes later still joins what it still finds.
 */
public final class Engine {
    private final Matching matching;
    private final Aging aging;
    private final Responder responder;
    private final Policy policy;

    public Engine(RuleSet rules, Responder responder, Policy policy) {
        this.matching = new Matching(rules, policy);
        this.aging = new Aging(matching, policy);
        this.responder = responder;
        this.policy = policy;
    }

    /**
     * Applies one input to the state of its key.
     *
     * @param state as stored, null if there is none
     * @param wallMillis wall clock, epoch milliseconds
     */
    public Outcome apply(@Nullable EntityState state, Input input, long wallMillis) {
        Turn turn = new Turn(state == null ? List.of() : state.generations());
        turn.generations.replaceAll(generation -> aging.age(generation, wallMillis, turn.changed));
        boolean late = false;
        if (input instanceof Observed observed) {
            late = observe(turn, observed.signal(), wallMillis);
        } else if (input instanceof Reported report) {
            fold(turn, report);
        }
        List<Command> commands = respond(turn, input);
        turn.nextRevisions();
        turn.generations.removeIf(Generation::empty);
        EntityState next = turn.generations.isEmpty()
                ? null
                : new EntityState(state == null ? EntityState.NO_TIMER : state.timerAt(), turn.generations);
        return new Outcome(next, turn.changedIncidents(), commands, late);
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
        boolean late = signal.eventTime() < before.clock() - policy.graceMicros(signal.source());
        Generation aged = aging.passTo(before.clockAt(signal.eventTime(), wallMillis), turn.changed);
        turn.generations.set(index, matching.observe(aged, signal, turn.changed));
        return late;
    }

    /** Which generation a signal belongs to: its UID's; one without UID is about the pod that was last heard of. */
    private int generation(Turn turn, Signal signal, long wallMillis) {
        List<Generation> generations = turn.generations;
        String uid = signal.subject().uid();
        for (int i = generations.size() - 1; i >= 0; i--) {
            Generation generation = generations.get(i);
            if (uid == null || uid.equals(generation.uid())) {
                return i;
            }
            if (generation.uid() == null) {
                Generation named = generation.named(uid);
                named.incidents()
                        .forEach(tracked -> turn.changed.add(tracked.incident().id()));
                generations.set(i, named);
                return i;
            }
        }
        generations.add(Generation.born(uid, signal.eventTime(), wallMillis, Policy.micros(policy.memory())));
        return generations.size() - 1;
    }

    private static void fold(Turn turn, Reported report) {
        turn.replaceIncidents(
                incident -> incident.id().equals(report.incidentId())
                        ? incident.reported(
                                report.commandId(), report.step(), report.status(), report.detail(), report.at())
                        : incident,
                true);
    }

    private List<Command> respond(Turn turn, Input input) {
        List<Command> commands = new ArrayList<>();
        if (input instanceof Observed observed) {
            long now = observed.signal().receivedAt();
            turn.replaceIncidents(
                    incident -> {
                        if (!turn.changed.contains(incident.id())) {
                            return incident;
                        }
                        Responder.Response response = responder.respond(incident, now, policy.commandTtl());
                        commands.addAll(response.commands());
                        return response.incident();
                    },
                    false);
        }
        return commands;
    }

    /** The generations of one key while an input is applied, and which incidents changed. */
    private static final class Turn {
        private final List<Generation> generations;
        private final Set<String> changed = new LinkedHashSet<>();

        Turn(List<Generation> generations) {
            this.generations = new ArrayList<>(generations);
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
                            changed.add(replaced.id());
                        }
                    }
                }
                return next;
            });
        }

        void nextRevisions() {
            replaceIncidents(incident -> changed.contains(incident.id()) ? incident.nextRevision() : incident, false);
        }

        List<Incident> changedIncidents() {
            return generations.stream()
                    .flatMap(generation -> generation.incidents().stream())
                    .map(TrackedIncident::incident)
                    .filter(incident -> changed.contains(incident.id()))
                    .toList();
        }
    }
}
