package io.kordon.streams.correlation;

import io.kordon.streams.incident.Incident;
import java.util.List;
import java.util.Set;

/** What the passing of event time does to a generation: incidents close, signals and memories are dropped. */
final class Aging {
    private static final String QUIET = "quiet";

    private final Matching matching;
    private final long quiet;
    private final long grace;
    private final long commandTtl;
    private final long memory;

    Aging(Matching matching, Policy policy) {
        this.matching = matching;
        this.quiet = Policy.micros(policy.quiet());
        this.grace = policy.longestGraceMicros();
        this.commandTtl = Policy.micros(policy.commandTtl());
        this.memory = Policy.micros(policy.memory());
    }

    /** Lets the wall clock stand in for events that do not come. */
    Generation age(Generation generation, long wallMillis, Set<String> changed) {
        long idleMicros = Math.max(0, wallMillis - generation.touchedAt()) * 1_000;
        long now = generation.clock() + idleMicros;
        return now < deadline(generation) ? generation : passTo(generation.clockAt(now, wallMillis), changed);
    }

    /** Does everything that is due at the generation's clock. */
    Generation passTo(Generation generation, Set<String> changed) {
        long now = generation.clock();
        Generation next = generation;
        for (int i = 0; i < next.incidents().size(); i++) {
            next = next.with(i, closeOrExtend(next.incidents().get(i), now, changed));
        }
        for (int i = next.incidents().size() - 1; i >= 0; i--) {
            // one that changed in this turn stays, to be told of; the next turn ends it
            TrackedIncident tracked = next.incidents().get(i);
            if (now >= endsAt(tracked) && !changed.contains(tracked.incident().id())) {
                next = next.ending(i, quiet);
            }
        }
        List<Signal> kept = next.signals().stream()
                .filter(signal -> now < expiresAt(signal))
                .toList();
        next = kept.size() == next.signals().size() ? next : next.withSignals(kept);
        return now >= forgetsAt(next) ? next.forgettingPast() : next;
    }

    /** Wall clock, epoch milliseconds, at which the generation's next deadline comes if it stays idle. */
    long dueAt(Generation generation) {
        long deadline = deadline(generation);
        long micros = Math.max(0, deadline - generation.clock());
        return deadline == Long.MAX_VALUE ? Long.MAX_VALUE : generation.touchedAt() + micros / 1_000 + 1;
    }

    private long deadline(Generation generation) {
        long deadline = forgetsAt(generation);
        for (TrackedIncident tracked : generation.incidents()) {
            deadline = Math.min(deadline, nextStep(tracked, generation.clock()));
        }
        for (Signal signal : generation.signals()) {
            deadline = Math.min(deadline, expiresAt(signal));
        }
        return deadline;
    }

    private TrackedIncident closeOrExtend(TrackedIncident tracked, long now, Set<String> changed) {
        TrackedIncident next = tracked;
        while (!next.incident().closed() && now >= next.until(quiet)) {
            // of the running period, matches before its last grace are known for certain whatever the disorder
            Long earliest = next.earliestMatch();
            if (earliest != null && earliest < next.until(quiet) - grace) {
                next = next.extended();
            } else if (now < closesAt(next)) {
                break;
            } else {
                Incident closed = next.incident().close(next.until(quiet), QUIET);
                changed.add(closed.id());
                next = next.with(closed);
            }
        }
        return next;
    }

    private long nextStep(TrackedIncident tracked, long now) {
        if (tracked.incident().closed()) {
            return endsAt(tracked);
        }
        long until = tracked.until(quiet);
        return now < until ? until : closesAt(tracked);
    }

    /** Event time at which a quiet incident closes: not before the actuator has answered, or can no longer. */
    private long closesAt(TrackedIncident tracked) {
        long until = tracked.until(quiet);
        return tracked.incident().awaitsResults() ? until + commandTtl : until;
    }

    /** Event time after which nothing can join an incident any more; MAX_VALUE while it is open. */
    private long endsAt(TrackedIncident tracked) {
        return tracked.incident().closed() ? closesAt(tracked) + grace : Long.MAX_VALUE;
    }

    private long expiresAt(Signal signal) {
        return signal.end() + matching.retention(signal.rule().ruleId());
    }

    private long forgetsAt(Generation generation) {
        return generation.past().isEmpty()
                ? Long.MAX_VALUE
                : generation.past().get(generation.past().size() - 1).until() + memory;
    }
}
