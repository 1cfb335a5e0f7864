package io.kordon.streams.correlation;

import io.kordon.streams.correlation.Windows.Decision;
import io.kordon.streams.incident.CommandState;
import io.kordon.streams.incident.Incident;
import java.util.List;
import java.util.Objects;

/** What the passing of event time does to a generation: windows are decided, incidents close, memories are dropped. */
final class Aging {
    private static final String DELETED = "deleted";

    private final Matching matching;
    private final long quiet;
    private final long grace;
    private final long commandTtl;
    private final long reopen;
    private final long memory;

    Aging(Matching matching, Policy policy) {
        this.matching = matching;
        this.quiet = Policy.micros(policy.quiet());
        this.grace = policy.longestGraceMicros();
        this.commandTtl = Policy.micros(policy.commandTtl());
        this.reopen = Policy.micros(policy.reopen());
        this.memory = Policy.micros(policy.memory());
    }

    /** Lets the wall clock stand in for events that do not come. */
    Generation age(Generation generation, long wallMillis, Effects effects) {
        long idleMicros = Math.max(0, wallMillis - generation.touchedAt()) * 1_000;
        long now = generation.clock() + idleMicros;
        return now < deadline(generation) ? generation : passTo(generation.clockAt(now, wallMillis), effects);
    }

    /**
     * Does everything that is due at the generation's clock, in the order of event time: a window that matched may extend
     * an incident that would else have closed, whether time went by in one step or in many.
     */
    Generation passTo(Generation generation, Effects effects) {
        long now = generation.clock();
        Generation next = generation;
        while (true) {
            Decision decision = matching.nextDecision(next);
            long decidable = decision == null ? Long.MAX_VALUE : decision.due() + grace;
            long step = nextStep(next);
            if (Math.min(decidable, step) > now) {
                break;
            }
            next = decision != null && decidable <= step
                    ? matching.decide(next, decision, effects)
                    : step(next, step, effects);
        }
        return forget(next, now, effects);
    }

    private Generation forget(Generation generation, long now, Effects effects) {
        Generation next = generation;
        for (int i = next.incidents().size() - 1; i >= 0; i--) {
            // one that changed in this turn stays, to be told of; the next turn ends it
            TrackedIncident tracked = next.incidents().get(i);
            if (now >= endsAt(next, tracked)
                    && !effects.changed.contains(tracked.incident().id())) {
                next = end(next, i);
            }
        }
        List<Signal> kept = next.signals().stream()
                .filter(signal -> now < expiresAt(signal))
                .toList();
        if (kept.size() != next.signals().size()) {
            next = matching.forgettingDecisions(next.withSignals(kept));
        }
        return now >= forgetsAt(next) ? next.forgettingPast() : next;
    }

    /** Nothing joins it any more; what it did to the pod may still be there, and then it has to be known for its release. */
    private Generation end(Generation generation, int index) {
        TrackedIncident tracked = generation.incidents().get(index);
        if (tracked.retired()) {
            return generation.without(index);
        }
        boolean kept = tracked.incident().holds() && generation.clock() < releasedAt(tracked);
        return kept ? generation.retiring(index, quiet) : generation.ending(index, quiet);
    }

    /** Wall clock, epoch milliseconds, at which the generation's next deadline comes if it stays idle. */
    long dueAt(Generation generation) {
        long deadline = deadline(generation);
        long micros = Math.max(0, deadline - generation.clock());
        return deadline == Long.MAX_VALUE ? Long.MAX_VALUE : generation.touchedAt() + micros / 1_000 + 1;
    }

    private long deadline(Generation generation) {
        Decision decision = matching.nextDecision(generation);
        long deadline = Math.min(forgetsAt(generation), nextStep(generation));
        deadline = decision == null ? deadline : Math.min(deadline, decision.due() + grace);
        for (TrackedIncident tracked : generation.incidents()) {
            deadline = Math.min(deadline, endsAt(generation, tracked));
            deadline = Math.min(deadline, releaseAt(tracked.incident()));
        }
        for (Signal signal : generation.signals()) {
            deadline = Math.min(deadline, expiresAt(signal));
        }
        return deadline;
    }

    /** Event time at which an incident releases what it holds by itself; MAX_VALUE if it does not. */
    static long releaseAt(Incident incident) {
        CommandState limited = incident.limited();
        Long at = limited == null ? null : limited.releaseAt();
        return at == null ? Long.MAX_VALUE : at;
    }

    /** Event time at which the next open incident closes or is extended. */
    private long nextStep(Generation generation) {
        long next = Long.MAX_VALUE;
        for (TrackedIncident tracked : generation.incidents()) {
            next = Math.min(next, stepsAt(generation, tracked));
        }
        return next;
    }

    private long stepsAt(Generation generation, TrackedIncident tracked) {
        if (tracked.incident().closed()) {
            return Long.MAX_VALUE;
        }
        long until = tracked.until(quiet);
        long step = goesOn(tracked) ? until : closesAt(tracked);
        return Math.min(step, deletionClosesAt(generation, tracked));
    }

    private Generation step(Generation generation, long at, Effects effects) {
        Generation next = generation;
        for (int i = 0; i < next.incidents().size(); i++) {
            TrackedIncident tracked = next.incidents().get(i);
            if (stepsAt(next, tracked) <= at) {
                boolean gone = deletionClosesAt(next, tracked) <= at;
                next = next.with(
                        i, gone || !goesOn(tracked) ? close(next, tracked, gone, effects) : tracked.extended());
            }
        }
        return next;
    }

    private TrackedIncident close(Generation generation, TrackedIncident tracked, boolean gone, Effects effects) {
        Long deletedAt = generation.deletedAt();
        Incident closed = gone && deletedAt != null
                ? tracked.incident()
                        .close(Math.max(deletedAt, tracked.incident().timeline().lastEvidenceAt()), DELETED)
                : tracked.incident().close(tracked.until(quiet), Incident.QUIET);
        effects.changed.add(closed.id());
        return tracked.with(closed);
    }

    /** Of the running period, matches before its last grace are known for certain whatever the disorder. */
    private boolean goesOn(TrackedIncident tracked) {
        Long earliest = tracked.earliestMatch();
        return earliest != null && earliest < tracked.until(quiet) - grace;
    }

    /** Event time at which a quiet incident closes: not before the actuator has answered, or can no longer. */
    private long closesAt(TrackedIncident tracked) {
        long until = tracked.until(quiet);
        return tracked.incident().awaitsResults() ? until + commandTtl : until;
    }

    /** A pod that is gone does nothing more, but what it did may still be on its way, and results as well. */
    private long deletionClosesAt(Generation generation, TrackedIncident tracked) {
        Long deletedAt = generation.deletedAt();
        if (deletedAt == null || tracked.incident().reopened()) {
            return Long.MAX_VALUE;
        }
        return deletedAt + grace + (tracked.incident().awaitsResults() ? commandTtl : 0);
    }

    /**
     * Event time after which nothing can join an incident any more; MAX_VALUE while it is open. The last one of a
     * generation stays for as long as an analyst may reopen it.
     */
    private long endsAt(Generation generation, TrackedIncident tracked) {
        if (!tracked.incident().closed()) {
            return Long.MAX_VALUE;
        }
        if (tracked.retired()) {
            return releasedAt(tracked);
        }
        long ends = closesAt(tracked) + grace;
        List<TrackedIncident> all = generation.incidents();
        boolean last = all.get(all.size() - 1)
                .incident()
                .id()
                .equals(tracked.incident().id());
        return last ? ends + reopen : ends;
    }

    /** Event time until which a retired incident is kept: a cordoned node outlives the pod, so its deletion is no end. */
    private long releasedAt(TrackedIncident tracked) {
        Incident incident = tracked.incident();
        Long closedAt = incident.timeline().closedAt();
        long closed = closedAt == null ? tracked.from() : closedAt;
        if (incident.holds()) {
            return closed + memory;
        }
        long released = incident.commands().stream()
                .filter(CommandState::isRelease)
                .mapToLong(command -> Objects.requireNonNullElse(command.issuedAt(), closed))
                .max()
                .orElse(closed);
        return Math.min(Math.max(closed, released) + reopen, closed + memory);
    }

    private long expiresAt(Signal signal) {
        return Math.max(signal.end(), signal.completeAt())
                + matching.retention(signal.rule().ruleId());
    }

    private long forgetsAt(Generation generation) {
        return generation.past().isEmpty()
                ? Long.MAX_VALUE
                : generation.past().get(generation.past().size() - 1).until() + memory;
    }
}
