package io.kordon.app.demo;

import io.kordon.avro.CommandState;
import io.kordon.avro.Contribution;
import io.kordon.avro.Evidence;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentStatus;
import io.kordon.avro.Level;
import io.kordon.avro.Mode;
import io.kordon.avro.Phase;
import io.kordon.avro.Source;
import io.kordon.avro.StepState;
import io.kordon.avro.StepStatus;
import io.kordon.avro.Timeline;
import io.kordon.schemas.EntityKey;
import java.time.Instant;
import java.util.List;

/** Incidents for tests. */
public final class Incidents {
    static final ScenarioPod POD = new ScenarioPod(
            "tomcat", "tomcat-depl-89bb8c5c7-lspcw", "uid-1", "worker-1", "tomcat", "d242ada771e9", "tomcat:9.0.30");
    static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

    private Incidents() {}

    /** The example's incident as it must be in the end. */
    public static Incident contained() {
        return Incident.newBuilder()
                .setId("inc-1")
                .setRevision(6)
                .setKey("it/tomcat/tomcat-depl-89bb8c5c7-lspcw")
                .setEntity(EntityKey.podEntity("it", POD.namespace(), POD.name(), POD.uid())
                        .build())
                .setTitle("Remote code execution with abnormal memory")
                .setSeverity(Level.CRITICAL)
                .setScore(85.69)
                .setContributions(List.of(contribution("a", 73), contribution("b", 47)))
                .setStatus(IncidentStatus.CONTAINED)
                .setPhase(Phase.RESOLUTION)
                .setTechniques(List.of("T1190"))
                .setEvidence(List.of(evidence(Source.FALCO), evidence(Source.PROMETHEUS)))
                .setTimeline(Timeline.newBuilder()
                        .setFirstEvidenceAt(START)
                        .setLastEvidenceAt(START.plusSeconds(5))
                        .setDetectedAt(START.plusSeconds(6))
                        .setContainmentRequestedAt(START.plusSeconds(6))
                        .setContainedAt(START.plusSeconds(8))
                        .build())
                .setCommands(List.of(CommandState.newBuilder()
                        .setId("cmd-1")
                        .setPlaybook("contain-pod")
                        .setMode(Mode.AUTOMATIC)
                        .setStatus(StepStatus.DONE)
                        .setSteps(IncidentCheck.STEPS.stream()
                                .map(action -> step(action, StepStatus.DONE))
                                .toList())
                        .build()))
                .build();
    }

    static StepState step(String action, StepStatus status) {
        return StepState.newBuilder().setAction(action).setStatus(status).build();
    }

    static Evidence evidence(Source source) {
        return Evidence.newBuilder()
                .setSignalId("sig-" + source)
                .setEventId("evt-" + source)
                .setRuleId("rule-" + source)
                .setRuleTitle("rule of " + source)
                .setSource(source)
                .setStart(START)
                .setEnd(START)
                .setReceivedAt(START)
                .setSummary("seen by " + source)
                .setOriginal("{\"by\":\"" + source + "\"}")
                .build();
    }

    private static Contribution contribution(String rule, double weight) {
        return Contribution.newBuilder()
                .setRuleId(rule)
                .setRuleTitle("rule " + rule)
                .setRuleVersion("1")
                .setLevel(Level.HIGH)
                .setWeight(weight)
                .build();
    }
}
