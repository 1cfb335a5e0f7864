package io.kordon.streams.correlation;

import io.kordon.streams.correlation.Input.Decided;
import io.kordon.streams.incident.Approval;
import io.kordon.streams.incident.CommandState;
import io.kordon.streams.incident.Ids;
import io.kordon.streams.incident.Incident;
import io.kordon.streams.incident.Verdict;
import io.kordon.streams.response.Responder;
import io.kordon.streams.response.Responder.Issue;
import io.kordon.streams.response.Responder.Response;

/** What analysts' decisions, and time limits that they gave, make of an incident. */
final class Deciding {
    private final Responder responder;
    private final long quiet;

    Deciding(Responder responder, Policy policy) {
        this.responder = responder;
        this.quiet = Policy.micros(policy.quiet());
    }

    /**
     * The incident after a decision; itself if that was taken before, or changes nothing.
     *
     * @param now event time of the entity, idle time included, epoch microseconds
     * @param last no later incident of this pod would be overlapped by reopening it
     */
    TrackedIncident decide(
            TrackedIncident tracked, Decided decided, long now, boolean last, Issue issue, Effects effects) {
        Incident incident = tracked.incident();
        Verdict verdict = decided.verdict();
        if (incident.hasDecision(verdict.id())) {
            return tracked;
        }
        return switch (verdict.action()) {
            case CLOSE, DISMISS, REOPEN -> tracked.decided(verdict, now, last, quiet);
            case APPROVE -> tracked.with(approved(incident, decided, issue, effects));
            case REJECT -> tracked.with(rejected(incident, decided));
            case RELEASE -> tracked.with(released(incident, verdict, issue, effects));
            case ATTACH -> tracked.with(incident.with(decided.attached()).noting(verdict));
        };
    }

    /** Of what was dismissed nothing is run: it was no incident. */
    private Incident approved(Incident incident, Decided decided, Issue issue, Effects effects) {
        if (incident.dismissed() || incident.waiting(decided.commandId()).isEmpty()) {
            return incident;
        }
        Verdict verdict = decided.verdict();
        Response response = responder.approve(incident, decided.commandId(), Approval.of(verdict), issue);
        effects.commands.addAll(response.commands());
        return response.incident().noting(verdict);
    }

    private static Incident rejected(Incident incident, Decided decided) {
        return incident.waiting(decided.commandId()).isEmpty()
                ? incident
                : incident.rejected(decided.commandId(), decided.verdict()).noting(decided.verdict());
    }

    /** One command, however many ask; where none was ever issued there is nothing to undo. */
    private Incident released(Incident incident, Verdict verdict, Issue issue, Effects effects) {
        if (!incident.everCommanded()) {
            return incident;
        }
        if (!incident.releasable() || incident.hasCommand(Ids.release(incident.id(), verdict.id()))) {
            return incident.noting(verdict);
        }
        String why = verdict.reason().isEmpty() ? "" : ": " + verdict.reason();
        return release(incident, verdict.id(), "by " + verdict.by() + why, issue, effects)
                .noting(verdict);
    }

    /** Releases an incident whose time is over. */
    Incident expired(Incident incident, Issue issue, Effects effects) {
        CommandState limited = incident.limited();
        return limited == null
                ? incident
                : release(
                        incident,
                        limited.id(),
                        "by kordon: the time limit of " + limited.playbook() + " is over",
                        issue,
                        effects);
    }

    private Incident release(Incident incident, String cause, String why, Issue issue, Effects effects) {
        Response response = responder.release(incident, cause, why, issue);
        effects.commands.addAll(response.commands());
        return response.incident();
    }
}
