package io.kordon.elasticsearch;

import io.kordon.avro.CommandState;
import io.kordon.avro.Contribution;
import io.kordon.avro.Evidence;
import io.kordon.avro.Finding;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentDecision;
import io.kordon.avro.StepState;
import io.kordon.avro.StepStatus;
import io.kordon.avro.Timeline;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The document of an incident, whole at every revision. */
final class IncidentDocument {
    /** The engine keeps as many; what a foreign writer puts beyond them is counted. */
    private static final int MOST_FINDINGS = 100;

    private IncidentDocument() {}

    static Json of(Incident incident) {
        Timeline timeline = incident.getTimeline();
        Json json = Ecs.document(Documents.INCIDENTS)
                .put("@timestamp", timeline.getDetectedAt())
                .put("message", incident.getTitle())
                .put("event.id", incident.getId())
                .put("event.kind", "alert")
                .put("event.category", List.of("intrusion_detection"))
                .put("event.type", List.of("info"))
                .put("event.action", Ecs.lower(incident.getStatus()))
                .put("event.severity", Ecs.severity(incident.getSeverity()))
                .put("event.risk_score", incident.getScore())
                .put(
                        "event.reason",
                        incident.getCloseReason() == null ? incident.getTitle() : incident.getCloseReason())
                .put("event.start", timeline.getFirstEvidenceAt())
                .put("event.created", timeline.getDetectedAt())
                .put("event.end", Documents.later(timeline.getLastEvidenceAt(), timeline.getClosedAt()))
                .put("rule.id", rules(incident, Contribution::getRuleId))
                .put("rule.name", rules(incident, Contribution::getRuleTitle))
                .put("rule.version", rules(incident, Contribution::getRuleVersion))
                .put("rule.ruleset", "kordon");
        Ecs.entity(json, incident.getEntity(), incident.getContext());
        Ecs.threat(json, incident.getTactics(), incident.getTechniques());
        String node = Ecs.node(incident.getEntity(), incident.getContext());
        json.put("related.hosts", node == null ? List.of() : List.of(node));
        kordon(json, incident);
        return json;
    }

    /** Pieces of evidence, those left out of the list too. */
    static long evidenceCount(Incident incident) {
        return incident.getEvidence().size() + incident.getEvidenceOmitted();
    }

    /** How many commands stand so; of nested ones a dashboard counts incidents only. */
    private static long commands(Incident incident, Set<StepStatus> statuses) {
        return incident.getCommands().stream()
                .filter(command -> statuses.contains(command.getStatus()))
                .count();
    }

    private static @Nullable Long since(Instant from, @Nullable Instant to) {
        return to == null ? null : Documents.between(from, to);
    }

    private static List<String> rules(Incident incident, Function<Contribution, String> part) {
        return incident.getContributions().stream().map(part).toList();
    }

    private static void kordon(Json json, Incident incident) {
        Timeline timeline = incident.getTimeline();
        json.put("kordon.id", incident.getId())
                .put("kordon.incident_id", incident.getId())
                .put("kordon.key", incident.getKey())
                .put("kordon.revision", incident.getRevision())
                .put("kordon.title", incident.getTitle())
                .put("kordon.severity", Ecs.lower(incident.getSeverity()))
                .put("kordon.score", incident.getScore())
                .put("kordon.status", Ecs.lower(incident.getStatus()))
                .put("kordon.phase", Ecs.lower(incident.getPhase()))
                .put("kordon.close_reason", incident.getCloseReason())
                .put("kordon.evidence_omitted", incident.getEvidenceOmitted())
                .put("kordon.timeline.first_evidence_at", timeline.getFirstEvidenceAt())
                .put("kordon.timeline.last_evidence_at", timeline.getLastEvidenceAt())
                .put("kordon.timeline.detected_at", timeline.getDetectedAt())
                .put("kordon.timeline.containment_requested_at", timeline.getContainmentRequestedAt())
                .put("kordon.timeline.contained_at", timeline.getContainedAt())
                .put("kordon.timeline.closed_at", timeline.getClosedAt())
                .put(
                        "kordon.timeline.detect_ms",
                        Documents.between(timeline.getFirstEvidenceAt(), timeline.getDetectedAt()))
                .put("kordon.timeline.contain_ms", since(timeline.getDetectedAt(), timeline.getContainedAt()))
                .put("kordon.timeline.close_ms", since(timeline.getDetectedAt(), timeline.getClosedAt()))
                .put("kordon.evidence_count", evidenceCount(incident))
                .put("kordon.commands_waiting", commands(incident, Set.of(StepStatus.WAITING)))
                .put("kordon.commands_failed", commands(incident, Set.of(StepStatus.FAILED, StepStatus.REFUSED)))
                .put(
                        "kordon.playbooks",
                        incident.getCommands().stream()
                                .map(CommandState::getPlaybook)
                                .toList())
                .putAll(
                        "kordon.contributions",
                        incident.getContributions().stream()
                                .map(IncidentDocument::contribution)
                                .toList())
                .putAll(
                        "kordon.evidence",
                        incident.getEvidence().stream()
                                .map(IncidentDocument::evidence)
                                .toList())
                .putAll(
                        "kordon.commands",
                        incident.getCommands().stream()
                                .map(IncidentDocument::command)
                                .toList())
                .putAll(
                        "kordon.decisions",
                        incident.getDecisions().stream()
                                .map(IncidentDocument::decision)
                                .toList());
        evidenceStored(json, incident);
    }

    private static void evidenceStored(Json json, Incident incident) {
        List<Finding> findings = incident.getFindings();
        List<Finding> told = findings.subList(0, Math.min(MOST_FINDINGS, findings.size()));
        json.putAll(
                        "kordon.bundles",
                        incident.getBundles().stream()
                                .map(ResponseFields::bundle)
                                .toList())
                .putAll(
                        "kordon.findings",
                        told.stream().map(ResponseFields::finding).toList())
                .put("kordon.findings_omitted", incident.getFindingsOmitted() + findings.size() - told.size())
                .put(
                        "related.hash",
                        told.stream()
                                .flatMap(finding -> Stream.ofNullable(finding.getSha256()))
                                .toList());
    }

    private static Json contribution(Contribution contribution) {
        return new Json()
                .put("rule_id", contribution.getRuleId())
                .put("rule_name", contribution.getRuleName())
                .put("rule_title", contribution.getRuleTitle())
                .put("rule_version", contribution.getRuleVersion())
                .put("level", Ecs.lower(contribution.getLevel()))
                .put("weight", contribution.getWeight())
                .put("playbook", contribution.getPlaybook())
                .put("matches", contribution.getMatches());
    }

    private static Json evidence(Evidence evidence) {
        return new Json()
                .put("signal_id", evidence.getSignalId())
                .put("event_id", evidence.getEventId())
                .put("rule_id", evidence.getRuleId())
                .put("rule_title", evidence.getRuleTitle())
                .put("source", Ecs.lower(evidence.getSource()))
                .put("start", evidence.getStart())
                .put("end", evidence.getEnd())
                .put("open", evidence.getOpen())
                .put("received_at", evidence.getReceivedAt())
                .put("clamped", evidence.getClamped())
                .put("summary", evidence.getSummary())
                .put("original", evidence.getOriginal())
                .put("truncated", evidence.getTruncated());
    }

    private static Json command(CommandState command) {
        Json json = new Json()
                .put("id", command.getId())
                .put("playbook", command.getPlaybook())
                .put("mode", Ecs.lower(command.getMode()))
                .put("status", Ecs.lower(command.getStatus()))
                .put("detail", command.getDetail())
                .putAll(
                        "steps",
                        command.getSteps().stream().map(IncidentDocument::step).toList())
                .put("issued_at", command.getIssuedAt())
                .put("release_at", command.getReleaseAt());
        if (command.getReleaseAfterMillis() > 0) {
            json.put("release_after_ms", command.getReleaseAfterMillis());
        }
        ResponseFields.approval(json, "approval", command.getApproval());
        return json;
    }

    private static Json step(StepState step) {
        Json json = new Json()
                .put("action", step.getAction())
                .put("parameters", step.getParameters())
                .put("status", Ecs.lower(step.getStatus()))
                .put("detail", step.getDetail())
                .put("changed", step.getChanged())
                .put("finished_at", step.getFinishedAt());
        ResponseFields.limits(json, step.getTimeoutMillis(), step.getOnFailure());
        return json;
    }

    private static Json decision(IncidentDecision decision) {
        return new Json()
                .put("id", decision.getId())
                .put("action", Ecs.lower(decision.getAction()))
                .put("by", decision.getBy())
                .put("reason", decision.getReason())
                .put("at", decision.getAt());
    }
}
