package io.kordon.elasticsearch;

import io.kordon.avro.CommandState;
import io.kordon.avro.Evidence;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentDecision;
import io.kordon.avro.StepState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What happened to an incident, one small document for each moment: each revision, each piece of evidence, each decision.
 * The incident's own document holds the last revision only, and lists that Kibana cannot aggregate; beside commands and
 * results these make its history.
 */
final class IncidentTimeline {
    static final String REVISION = "revision";
    static final String EVIDENCE = "evidence";
    static final String DECISION = "decision";

    /** More than the engine keeps in an incident; what a foreign writer puts beyond it stands in the incident alone. */
    private static final int MOST_ENTRIES = 1_000;

    private IncidentTimeline() {}

    /**
     * One moment.
     *
     * @param id the same at every replay
     */
    record Entry(String id, Json json) {}

    /** The revision first, then evidence and decisions in their order; the same ones in every later revision. */
    static List<Entry> of(Incident incident) {
        List<Entry> entries = new ArrayList<>();
        entries.add(revision(incident));
        for (Evidence evidence : incident.getEvidence()) {
            entries.add(evidence(incident, evidence));
        }
        for (IncidentDecision decision : incident.getDecisions()) {
            entries.add(decision(incident, decision));
        }
        return entries.subList(0, Math.min(MOST_ENTRIES, entries.size()));
    }

    private static Entry revision(Incident incident) {
        String status = Ecs.lower(incident.getStatus());
        String severity = Ecs.lower(incident.getSeverity());
        Json json = entry(incident, REVISION)
                .put("@timestamp", lastChange(incident))
                .put(
                        "message",
                        String.format(
                                Locale.ROOT, // one text on every machine: the document is written once
                                "Revision %d: %s, %s, score %.1f",
                                incident.getRevision(),
                                status.replace('_', ' '),
                                severity,
                                incident.getScore()))
                .put("event.severity", Ecs.severity(incident.getSeverity()))
                .put("event.risk_score", incident.getScore())
                .put("kordon.revision", incident.getRevision())
                .put("kordon.severity", severity)
                .put("kordon.score", incident.getScore())
                .put("kordon.status", status)
                .put("kordon.phase", Ecs.lower(incident.getPhase()))
                .put("kordon.evidence_count", IncidentDocument.evidenceCount(incident));
        return new Entry(incident.getId() + "/" + REVISION + "/" + incident.getRevision(), json);
    }

    private static Entry evidence(Incident incident, Evidence evidence) {
        Json json = entry(incident, EVIDENCE)
                .put("@timestamp", evidence.getStart())
                .put("message", evidence.getSummary().isEmpty() ? evidence.getRuleTitle() : evidence.getSummary())
                .put("event.reason", evidence.getRuleTitle())
                .put("event.start", evidence.getStart())
                .put("event.created", evidence.getReceivedAt())
                .put("rule.id", evidence.getRuleId())
                .put("rule.name", evidence.getRuleTitle())
                .put("kordon.source", Ecs.lower(evidence.getSource()))
                .put("kordon.signal_id", evidence.getSignalId())
                .put("kordon.event_id", evidence.getEventId())
                .put("kordon.clamped", evidence.getClamped());
        return new Entry(incident.getId() + "/" + EVIDENCE + "/" + evidence.getSignalId(), json);
    }

    private static Entry decision(Incident incident, IncidentDecision decision) {
        String action = Ecs.lower(decision.getAction());
        String reason = decision.getReason().isEmpty() ? "" : ": " + decision.getReason();
        Json json = entry(incident, DECISION)
                .put("@timestamp", decision.getAt())
                .put("message", action + " by " + decision.getBy() + reason)
                .put("event.reason", decision.getReason())
                .put("user.name", decision.getBy())
                .put("related.user", List.of(decision.getBy()))
                .put("kordon.action", action);
        return new Entry(incident.getId() + "/" + DECISION + "/" + decision.getId(), json);
    }

    private static Json entry(Incident incident, String kind) {
        Json json = Ecs.document(Documents.TIMELINE)
                .put("event.kind", "event")
                .put("event.category", List.of("intrusion_detection"))
                .put("event.type", List.of("info"))
                .put("event.action", kind)
                .put("kordon.incident_id", incident.getId())
                .put("kordon.key", incident.getKey())
                .put("kordon.title", incident.getTitle());
        Ecs.entity(json, incident.getEntity(), null);
        return json;
    }

    /** Time of the latest thing that the revision tells of: made of the record alone, so that a replay says the same. */
    private static Instant lastChange(Incident incident) {
        var timeline = incident.getTimeline();
        Instant last = Documents.later(timeline.getDetectedAt(), timeline.getContainmentRequestedAt());
        last = Documents.later(last, timeline.getContainedAt());
        last = Documents.later(last, timeline.getClosedAt());
        for (Evidence evidence : incident.getEvidence()) {
            last = Documents.later(last, evidence.getReceivedAt());
        }
        for (IncidentDecision decision : incident.getDecisions()) {
            last = Documents.later(last, decision.getAt());
        }
        for (CommandState command : incident.getCommands()) {
            last = Documents.later(last, command.getIssuedAt());
            for (StepState step : command.getSteps()) {
                last = Documents.later(last, step.getFinishedAt());
            }
        }
        return last;
    }
}
