package io.kordon.elasticsearch;

import io.kordon.avro.Approval;
import io.kordon.avro.Command;
import io.kordon.avro.Incident;
import io.kordon.avro.Owner;
import io.kordon.avro.Result;
import io.kordon.avro.Signal;
import io.kordon.avro.Step;
import io.kordon.avro.StepStatus;
import io.kordon.elasticsearch.Document.Write;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Makes documents of records: ECS where it has a field, {@code kordon.*} for the rest. */
final class Documents {
    static final String INCIDENTS = "incidents";
    static final String SIGNALS = "signals";
    static final String COMMANDS = "commands";
    static final String RESULTS = "results";
    static final String TIMELINE = "timeline";

    private final String prefix;
    private final Clock clock;

    /** @param clock tells {@code event.ingested} */
    Documents(String prefix, Clock clock) {
        this.prefix = prefix;
        this.clock = clock;
    }

    /**
     * All documents of a record: its own, and an incident's timeline after it.
     *
     * @throws IllegalArgumentException for a class that has no document, or a record without id
     */
    List<Document> all(SpecificRecord record) {
        Document own = of(record);
        if (!(record instanceof Incident incident)) {
            return List.of(own);
        }
        List<Document> all = new ArrayList<>();
        all.add(own);
        for (IncidentTimeline.Entry entry : IncidentTimeline.of(incident)) {
            all.add(document(TIMELINE, entry.id(), new Write.Create(), entry.json()));
        }
        return all;
    }

    /** The record's own document. */
    Document of(SpecificRecord record) {
        if (record instanceof Incident incident) {
            Json json = IncidentDocument.of(incident);
            return document(INCIDENTS, incident.getId(), new Write.Replace(incident.getRevision()), json);
        }
        if (record instanceof Signal signal) {
            Json json =
                    signal(signal).put("kordon.lag.sender_ms", between(signal.getEventTime(), signal.getReceivedAt()));
            return document(SIGNALS, signal.getId(), new Write.Create(), lag(json, signal.getReceivedAt()));
        }
        if (record instanceof Command command) {
            String id = id(command);
            return document(COMMANDS, id, new Write.Create(), lag(command(command, id), command.getIssuedAt()));
        }
        if (record instanceof Result result) {
            String id = id(result);
            return document(RESULTS, id, new Write.Create(), lag(result(result, id), result.getFinishedAt()));
        }
        throw new IllegalArgumentException(
                "no document is made of " + record.getClass().getName());
    }

    private Document document(String name, String id, Write write, Json json) {
        json.put("event.ingested", clock.instant());
        return new Document(prefix + name, id, write, json.binary());
    }

    /** @param came when it came to be within Kordon */
    private Json lag(Json json, Instant came) {
        return json.put("kordon.lag.sink_ms", between(came, clock.instant()));
    }

    /** Milliseconds from one time to a later one; 0 where clocks that differ put the later one first. */
    static long between(Instant from, Instant to) {
        try {
            return Math.max(0, Duration.between(from, to).toMillis());
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE; // hundreds of millions of years: a sender's fancy
        }
    }

    private static Json signal(Signal signal) {
        Json json = Ecs.document(SIGNALS)
                .put("@timestamp", signal.getEventTime())
                .put("message", signal.getSummary().isEmpty() ? signal.getRuleTitle() : signal.getSummary())
                .put("tags", signal.getTags())
                .put("event.id", signal.getId())
                .put("event.kind", "alert")
                .put("event.severity", Ecs.severity(signal.getLevel()))
                .put("event.risk_score", signal.getWeight())
                .put("event.start", signal.getStart())
                .put("event.created", signal.getReceivedAt())
                .put("event.reason", signal.getRuleTitle())
                .put("event.original", signal.getOriginal())
                .put("rule.id", signal.getRuleId())
                .put("rule.uuid", Ecs.uuid(signal.getRuleId()))
                .put("rule.name", signal.getRuleTitle())
                .put("rule.version", signal.getRuleVersion())
                .put("rule.ruleset", "kordon")
                .put("kordon.id", signal.getId())
                .put("kordon.key", signal.getKey())
                .put("kordon.group_by", signal.getGroupBy())
                .put("kordon.level", Ecs.lower(signal.getLevel()))
                .put("kordon.weight", signal.getWeight())
                .put("kordon.source", Ecs.lower(signal.getSource()))
                .put("kordon.event_id", signal.getEventId())
                .put("kordon.alert_id", signal.getAlertId())
                .put("kordon.open", signal.getOpen())
                .put("kordon.clamped", signal.getClamped())
                .put("kordon.truncated", signal.getTruncated())
                .put("kordon.alerts", signal.getAlerts())
                .put("kordon.playbook", signal.getPlaybook())
                .put("kordon.values", signal.getValues());
        if (!signal.getOpen()) {
            json.put("event.end", signal.getEnd());
        }
        Ecs.entity(json, signal.getEntity(), signal.getContext());
        Ecs.threat(json, signal.getTags());
        Original.describe(signal.getSource(), signal.getOriginal(), json);
        return json;
    }

    /** A command that an analyst let run is issued a second time under its id: both are told of. */
    private static String id(Command command) {
        Approval approval = command.getApproval();
        return approval == null || command.getId().isEmpty()
                ? command.getId()
                : command.getId() + "/" + approval.getDecisionId();
    }

    /** That a run waits is told beside what came of it once it was approved: documents here are written once. */
    private static String id(Result result) {
        String run = result.getStatus() == StepStatus.WAITING ? "run/waiting" : "run";
        return result.getCommandId() + "/" + (result.getStep() < 0 ? run : result.getStep());
    }

    private static Json command(Command command, String id) {
        Json json = Ecs.document(COMMANDS)
                .put("@timestamp", command.getIssuedAt())
                .put("message", "Playbook " + command.getPlaybook() + ": " + command.getReason())
                .put("event.id", id)
                .put("event.kind", "event")
                .put("event.category", List.of("configuration"))
                .put("event.type", List.of("info"))
                .put("event.action", command.getPlaybook())
                .put("event.severity", Ecs.severity(command.getSeverity()))
                .put("event.risk_score", command.getScore())
                .put("event.reason", command.getReason())
                .put("event.created", command.getIssuedAt())
                .put("event.start", command.getFirstEvidenceAt())
                .put("kordon.id", id)
                .put("kordon.key", command.getKey())
                .put("kordon.incident_id", command.getIncidentId())
                .put("kordon.command_id", command.getId())
                .put("kordon.playbook", command.getPlaybook())
                .put("kordon.mode", Ecs.lower(command.getMode()))
                .put("kordon.severity", Ecs.lower(command.getSeverity()))
                .put("kordon.score", command.getScore())
                .put("kordon.expires_at", command.getExpiresAt())
                .put(
                        "kordon.sources",
                        command.getSources().stream().map(Ecs::lower).toList())
                .putAll(
                        "kordon.steps",
                        command.getSteps().stream().map(Documents::step).toList());
        ResponseFields.approval(json, "kordon.approval", command.getApproval());
        Ecs.entity(json, command.getEntity(), null);
        Owner workload = command.getWorkload();
        if (workload != null) {
            json.put("orchestrator.resource.parent.type", workload.getKind())
                    .put("kordon.workload.kind", workload.getKind())
                    .put("kordon.workload.name", workload.getName());
        }
        return json;
    }

    private static Json step(Step step) {
        Json json = new Json().put("action", step.getAction()).put("parameters", step.getParameters());
        ResponseFields.limits(json, step.getTimeoutMillis(), step.getOnFailure());
        return json;
    }

    private static Json result(Result result, String id) {
        String node = Ecs.node(result.getEntity(), null);
        Json json = Ecs.document(RESULTS)
                .put("@timestamp", result.getFinishedAt())
                .put("message", result.getAction() + " " + Ecs.lower(result.getStatus()) + ": " + result.getDetail())
                .put("event.id", id)
                .put("event.kind", "event")
                .put("event.category", List.of("configuration"))
                .put("event.type", List.of(result.getChanged() ? "change" : "info"))
                .put("event.action", result.getAction())
                .put("event.outcome", outcome(result.getStatus()))
                .put("event.reason", result.getDetail())
                .put("event.start", result.getStartedAt())
                .put("event.end", result.getFinishedAt())
                .put("kordon.id", id)
                .put("kordon.key", result.getKey())
                .put("kordon.incident_id", result.getIncidentId())
                .put("kordon.command_id", result.getCommandId())
                .put("kordon.step", (long) result.getStep())
                .put("kordon.action", result.getAction())
                .put("kordon.status", Ecs.lower(result.getStatus()))
                .put("kordon.changed", result.getChanged())
                .put("kordon.detail", result.getDetail())
                .put("kordon.observed", result.getObserved())
                .put("related.hosts", node == null ? List.of() : List.of(node));
        if (result.getBundle() != null) {
            ResponseFields.bundle(json, "kordon.bundle.", result.getBundle());
        }
        Ecs.entity(json, result.getEntity(), null);
        return json;
    }

    /** ECS knows success, failure and unknown. A refusal did not do what was asked. */
    private static String outcome(StepStatus status) {
        return switch (status) {
            case DONE -> "success";
            case FAILED, REFUSED -> "failure";
            case UNKNOWN, PENDING, DRY_RUN, SKIPPED, WAITING -> "unknown";
        };
    }

    /** The later of two times, of which one may be unknown. */
    static Instant later(Instant one, @Nullable Instant other) {
        return other != null && other.isAfter(one) ? other : one;
    }
}
