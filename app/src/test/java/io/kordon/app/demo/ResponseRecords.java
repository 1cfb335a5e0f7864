package io.kordon.app.demo;

import io.kordon.avro.Approval;
import io.kordon.avro.Command;
import io.kordon.avro.CommandState;
import io.kordon.avro.DecisionAction;
import io.kordon.avro.Entity;
import io.kordon.avro.Evidence;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentDecision;
import io.kordon.avro.IncidentStatus;
import io.kordon.avro.Level;
import io.kordon.avro.Mode;
import io.kordon.avro.Phase;
import io.kordon.avro.Result;
import io.kordon.avro.Signal;
import io.kordon.avro.Source;
import io.kordon.avro.Step;
import io.kordon.avro.StepStatus;
import io.kordon.avro.Timeline;
import io.kordon.schemas.EntityKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the example does not show: a run that failed, one that waits, one that was approved, a clock that runs ahead. */
public final class ResponseRecords {
    private final Instant now;

    /** @param now when all of it happened */
    public ResponseRecords(Instant now) {
        this.now = now;
    }

    private static Entity entity() {
        return EntityKey.podEntity("it", "shop", "worker-0", "11111111-2222-3333-4444-555555555555")
                .build();
    }

    private static String key() {
        return EntityKey.pod("it", "shop", "worker-0");
    }

    public Signal clamped(String id) {
        return Signal.newBuilder()
                .setId(id)
                .setKey(key())
                .setRuleId("rule-" + id)
                .setRuleTitle("A rule")
                .setRuleVersion("1")
                .setLevel(Level.LOW)
                .setAlerts(false)
                .setTags(List.of("attack.execution", "attack.t1059"))
                .setSource(Source.FALCO)
                .setEventId("event-" + id)
                .setEntity(entity())
                .setStart(now)
                .setEnd(now)
                .setEventTime(now)
                .setReceivedAt(now.plusMillis(5))
                .setClamped(true)
                .setTruncated(true)
                .setOriginal("{\"rule\":")
                .build();
    }

    /** An incident with a command that waits, and what it rests on. */
    public Incident waiting(String id) {
        return Incident.newBuilder()
                .setId(id)
                .setRevision(1)
                .setKey(key())
                .setEntity(entity())
                .setTitle("Something that only somebody may stop")
                .setSeverity(Level.HIGH)
                .setScore(73)
                .setStatus(IncidentStatus.AWAITING_APPROVAL)
                .setPhase(Phase.COORDINATION)
                .setTactics(List.of("execution"))
                .setTechniques(List.of("T1059"))
                .setEvidence(List.of(Evidence.newBuilder()
                        .setSignalId("signal-of-" + id)
                        .setEventId("event-of-" + id)
                        .setRuleId("rule")
                        .setRuleTitle("A rule")
                        .setSource(Source.AUDIT)
                        .setStart(now)
                        .setEnd(now)
                        .setReceivedAt(now)
                        .setSummary("<script>alert(1)</script> [click](javascript:alert(1))")
                        .build()))
                .setTimeline(Timeline.newBuilder()
                        .setFirstEvidenceAt(now)
                        .setLastEvidenceAt(now)
                        .setDetectedAt(now)
                        .build())
                .setCommands(List.of(CommandState.newBuilder()
                        .setId("command-of-" + id)
                        .setPlaybook("kill-pod")
                        .setMode(Mode.APPROVAL)
                        .setStatus(StepStatus.WAITING)
                        .build()))
                .setDecisions(List.of(IncidentDecision.newBuilder()
                        .setId("decision-of-" + id)
                        .setAction(DecisionAction.REOPEN)
                        .setBy("ada")
                        .setAt(now)
                        .build()))
                .build();
    }

    public Command approved(String id) {
        return Command.newBuilder()
                .setId(id)
                .setIncidentId("incident-of-" + id)
                .setKey(key())
                .setPlaybook("kill-pod")
                .setMode(Mode.AUTOMATIC)
                .setEntity(entity())
                .setSteps(List.of(Step.newBuilder()
                        .setAction("terminate")
                        .setParameters(Map.of())
                        .build()))
                .setFirstEvidenceAt(now)
                .setIssuedAt(now)
                .setExpiresAt(now)
                .setApproval(Approval.newBuilder()
                        .setDecisionId("decision-of-" + id)
                        .setBy("ada")
                        .setReason("seen")
                        .setAt(now)
                        .build())
                .build();
    }

    /**
     * A step that did not do what was asked.
     *
     * @param step -1 for the run as a whole
     */
    public Result failed(String commandId, int step) {
        return Result.newBuilder()
                .setCommandId(commandId)
                .setIncidentId("incident-of-" + commandId)
                .setKey(key())
                .setEntity(entity())
                .setStep(step)
                .setAction(step < 0 ? "run" : "terminate")
                .setStatus(StepStatus.FAILED)
                .setDetail("another pod bears this name")
                .setStartedAt(now)
                .setFinishedAt(now)
                .build();
    }
}
