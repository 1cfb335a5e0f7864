package io.kordon.streams.response;

import io.kordon.streams.incident.Mode;
import io.kordon.streams.incident.Subject;
import io.kordon.streams.rule.Level;
import java.util.List;

/**
 * One playbook run against one pod; times in epoch microseconds.
 *
 * @param id deterministic, of incident and playbook
 * @param key correlation key of the incident
 * @param firstEvidenceAt event time of the earliest evidence
 * @param issuedAt when the event that asked for it was received: a backlog makes a command old, and rightly so
 * @param expiresAt after this it must not be run any more
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
        long expiresAt) {

    public Command {
        steps = List.copyOf(steps);
    }
}
