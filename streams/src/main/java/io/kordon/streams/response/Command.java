package io.kordon.streams.response;

import io.kordon.streams.incident.Approval;
import io.kordon.streams.incident.CommandState;
import io.kordon.streams.incident.Incident;
import io.kordon.streams.incident.Mode;
import io.kordon.streams.incident.PodContext;
import io.kordon.streams.incident.Source;
import io.kordon.streams.incident.Subject;
import io.kordon.streams.rule.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One playbook run against one pod; times in epoch microseconds.
 *
 * @param id deterministic, of incident and playbook
 * @param key correlation key of the incident
 * @param mode AUTOMATIC or DRY_RUN: one that was approved is no longer held by its playbook
 * @param firstEvidenceAt event time of the earliest evidence
 * @param issuedAt when the event that asked for it was received: a backlog makes a command old, and rightly so
 * @param expiresAt after this it must not be run any more
 * @param workload what the pod's owners lead up to, null where that is unknown
 * @param sources streams that the incident's evidence came from
 * @param approval who let it run; null where nobody had to be asked
 */
public record Command(
        String id,
        String incidentId,
        String key,
        String playbook,
        Mode mode,
        Subject subject,
        List<Step> steps,
        String reason,
        Level severity,
        double score,
        long firstEvidenceAt,
        long issuedAt,
        long expiresAt,
        PodContext.@Nullable Owner workload,
        Set<Source> sources,
        @Nullable Approval approval) {

    public Command {
        steps = List.copyOf(steps);
        sources = Set.copyOf(sources);
    }

    /** A command as it stands on its incident, to be run now. */
    static Command of(
            Incident incident, CommandState state, String reason, Set<Source> sources, long now, Duration ttl) {
        PodContext context = incident.context();
        return new Command(
                state.id(),
                incident.id(),
                incident.key(),
                state.playbook(),
                state.mode() == Mode.DRY_RUN ? Mode.DRY_RUN : Mode.AUTOMATIC,
                incident.subject(),
                state.steps().stream().map(Step::of).toList(),
                reason,
                incident.severity(),
                incident.score(),
                incident.timeline().firstEvidenceAt(),
                now,
                now + ttl.toNanos() / 1_000,
                context == null ? null : context.workload(),
                sources,
                state.approval());
    }
}
