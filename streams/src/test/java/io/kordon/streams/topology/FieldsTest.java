package io.kordon.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.AlertStatus;
import io.kordon.avro.AuditEvent;
import io.kordon.avro.FalcoEvent;
import io.kordon.avro.FalcoPriority;
import io.kordon.avro.ObjectRef;
import io.kordon.avro.PrometheusEvent;
import io.kordon.schemas.EntityKey;
import io.kordon.streams.detection.Detector;
import io.kordon.streams.rule.LogSource;
import io.kordon.streams.rule.RuleParser;
import io.kordon.streams.rule.RuleSet;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The three formats under the names that rules use, and the shipped rules over them. */
class FieldsTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00.123456Z");

    @Test
    void namesFalcosOwnFieldsAndEveryOutputField() {
        FalcoFields fields = falco(
                "RCE: Tomcat runs curl",
                Map.of("proc.name", "curl", "evt.time", 1764000000123456789L, "proc.aname[2]", "java"));
        assertThat(fields.field("rule")).isEqualTo("RCE: Tomcat runs curl");
        assertThat(fields.field("priority")).isEqualTo("Warning");
        assertThat(fields.field("tags")).isEqualTo(List.of("mitre_execution"));
        assertThat(fields.field("time")).isEqualTo("2026-11-24T12:00:00.123456Z");
        assertThat(fields.field("proc.name")).isEqualTo("curl");
        assertThat(fields.field("output_fields.proc.name")).isEqualTo("curl");
        assertThat(fields.field("proc.aname[2]")).isEqualTo("java");
        assertThat(fields.field("evt.time")).isEqualTo(1764000000123456789L);
        assertThat(fields.field("fd.name")).isNull();
        assertThat(fields.field("uuid")).isEqualTo("u-1");
        assertThat(fields.has("k8s.pod.name")).isTrue();
        assertThat(fields.field("k8s.pod.name")).isNull();
        assertThat(fields.has("fd.name")).isFalse();
        assertThat(fields.has("hostname")).isFalse();
        assertThat(fields.logSource()).isEqualTo(new LogSource("falco", null, "syscall"));
        assertThat(fields.texts()).contains("curl", "the output");
    }

    @Test
    void namesAnAlertsFieldsLabelsAndAnnotations() {
        PrometheusFields fields = prometheus("PodMemoryAbove2GiB", AlertStatus.FIRING, 2.658500608e9);
        assertThat(fields.field("alertname")).isEqualTo("PodMemoryAbove2GiB");
        assertThat(fields.field("status")).isEqualTo("firing");
        assertThat(fields.field("value")).isEqualTo(2.658500608e9);
        assertThat(fields.field("pod")).isEqualTo("tomcat-1");
        assertThat(fields.field("labels.pod")).isEqualTo("tomcat-1");
        assertThat(fields.field("annotations.summary")).isEqualTo("much");
        assertThat(fields.field("startsAt")).isEqualTo("2026-11-24T12:00:00.123456Z");
        assertThat(fields.field("endsAt")).isNull();
        assertThat(fields.has("container")).isFalse();
        assertThat(fields.texts()).contains("much", "tomcat-1");
    }

    @Test
    void namesAnAuditEventAsSigmaHqDoes() {
        AuditFields fields = audit("create", "pods", null, """
                {"kind":"Event","auditID":"a","requestReceivedTimestamp":"2026-11-24T12:00:00.123456Z",
                 "responseObject":{"spec":{"hostIPC":true}},
                 "requestObject":{"metadata":{"labels":{"app.kubernetes.io/name":"x"}},
                   "spec":{"priority":9223372036854775807,"volumes":[{"name":"v","hostPath":{"path":"/var/run"}},{"name":"w"}],
                   "containers":[{"securityContext":{"capabilities":{"add":["SYS_ADMIN","NET_ADMIN"]}}},
                                 {"securityContext":{"privileged":true}}]}}}""");
        assertThat(fields.field("verb")).isEqualTo("create");
        assertThat(fields.field("objectRef.resource")).isEqualTo("pods");
        assertThat(fields.field("objectRef.subresource")).isNull();
        assertThat(fields.field("responseStatus.code")).isEqualTo(201L);
        assertThat(fields.field("user.groups")).isEqualTo(List.of("system:masters"));
        assertThat(fields.field("user.extra.authentication.kubernetes.io/pod-name"))
                .isEqualTo(List.of("tomcat-1"));
        assertThat(fields.field("annotations.authorization.k8s.io/decision")).isEqualTo("allow");
        assertThat(fields.field("requestReceivedTimestamp")).isEqualTo("2026-11-24T12:00:00.123456Z");
        assertThat(fields.field("hostPath")).isEqualTo(List.of("/var/run"));
        assertThat(fields.field("hostPath.path")).isEqualTo("/var/run");
        assertThat(fields.field("capabilities")).isEqualTo(List.of("SYS_ADMIN", "NET_ADMIN"));
        assertThat(fields.field("securityContext.privileged")).isEqualTo(true);
        assertThat(fields.field("requestObject.spec.volumes.name")).isEqualTo(List.of("v", "w"));
        assertThat(fields.field("requestObject.spec.priority")).isEqualTo(Long.MAX_VALUE);
        assertThat(fields.field("requestObject.metadata.labels.app.kubernetes.io/name"))
                .isEqualTo("x");
        assertThat(fields.field("hostIPC")).isNull();
        assertThat(fields.has("hostPath")).isTrue();
        assertThat(fields.has("hostNetwork")).isFalse();
        assertThat(fields.texts()).contains("SYS_ADMIN");
    }

    @Test
    void readsFromTheOriginalWhatAFalcoRecordHasNoFieldFor() {
        FalcoEvent record = FalcoEvent.newBuilder(
                        falcoRecord("r", Map.of("json", "{\"user\":\"eve\"}", "proc.aname[2]", "java")))
                .setOriginal("""
                        {"time":"2026-11-24T12:00:00.123456789Z","output_fields":{"json":{"user":"eve"}},
                         "kubernetes":{"labels":{"app.kubernetes.io/name":"shop"}}}""")
                .build();
        FalcoFields fields = new FalcoFields(record);
        assertThat(fields.field("json")).isEqualTo(List.of("eve"));
        assertThat(fields.field("json.user")).isEqualTo("eve");
        assertThat(fields.field("proc.aname")).isEqualTo(List.of("java"));
        assertThat(fields.field("kubernetes.labels.app.kubernetes.io/name")).isEqualTo("shop");
        assertThat(fields.has("kubernetes.labels")).isTrue();
        assertThat(fields.has("kubernetes.annotations")).isFalse();
        assertThat(fields.field("time")).isEqualTo("2026-11-24T12:00:00.123456789Z");
    }

    @Test
    void readsFromTheNotificationWhatAnAlertLacks() {
        PrometheusFields fields =
                new PrometheusFields(PrometheusEvent.newBuilder(alertRecord("A", AlertStatus.FIRING, 1.0))
                        .setOriginal("{\"startsAt\":\"2026-11-24T12:00:00+00:00\",\"silenced\":false}")
                        .setEnvelope("""
                        {"version":"4","commonLabels":{"severity":"page","pod":"other"},"groupLabels":{"job":"x"},
                         "routeLabels":{"team":"blue"},"alerts":[]}""")
                        .build());
        assertThat(fields.field("commonLabels.severity")).isEqualTo("page");
        assertThat(fields.field("groupLabels.job")).isEqualTo("x");
        assertThat(fields.field("groupLabels")).isEqualTo(List.of("x"));
        assertThat(fields.field("routeLabels.team")).isEqualTo("blue");
        assertThat(fields.field("version")).isEqualTo("4");
        assertThat(fields.field("silenced")).isEqualTo(false);
        assertThat(fields.field("pod")).isEqualTo("tomcat-1");
        assertThat(fields.field("startsAt")).isEqualTo("2026-11-24T12:00:00+00:00");
        assertThat(fields.has("commonLabels.job")).isFalse();
    }

    @Test
    void namesPartsOfAnAuditEventsObjectWithoutThePathToThem() {
        AuditFields fields = audit("patch", "deployments", null, """
                {"objectRef":{"apiGroup":"apps"},"requestObject":{"roleRef":{"apiGroup":"rbac"},"name":"asked"}}""");
        assertThat(fields.field("resource")).isEqualTo("deployments");
        assertThat(fields.field("apiGroup")).isEqualTo("apps");
        assertThat(fields.field("name")).isEqualTo("asked");
        assertThat(fields.field("requestURI")).as("said by nobody").isNull();
    }

    @Test
    void matchesSigmaHqsWayToAskForAHostPath() {
        String rule = """
                title: t
                logsource: {category: application, product: kubernetes, service: audit}
                detection:
                  s: {verb: create, objectRef.resource: pods, hostPath: '*'}
                  condition: s
                """;
        Detector detector = new Detector(
                RuleSet.of(new RuleParser().parse("hostpath.yml", rule).rules()));
        String with = "{\"requestObject\":{\"spec\":{\"volumes\":[{\"hostPath\":{\"path\":\"/\"}}]}}}";
        String without = "{\"requestObject\":{\"spec\":{\"volumes\":[{\"emptyDir\":{}}]}}}";
        assertThat(detector.detect(audit("create", "pods", null, with))).hasSize(1);
        assertThat(detector.detect(audit("create", "pods", null, without))).isEmpty();
        assertThat(detector.detect(audit("create", "pods", null, "not json"))).isEmpty();
    }

    private static FalcoFields falco(String rule, Map<String, Object> outputFields) {
        return new FalcoFields(falcoRecord(rule, outputFields));
    }

    private static FalcoEvent falcoRecord(String rule, Map<String, Object> outputFields) {
        Map<String, Object> fields = new HashMap<>(outputFields);
        fields.put("k8s.pod.name", null);
        return FalcoEvent.newBuilder()
                .setId("f")
                .setEntity(EntityKey.podEntity("c", "tomcat", "tomcat-1", null).build())
                .setTime(NOON)
                .setReceivedAt(NOON)
                .setRule(rule)
                .setPriority(FalcoPriority.WARNING)
                .setSource("syscall")
                .setOutput("the output")
                .setTags(List.of("mitre_execution"))
                .setOutputFields(fields)
                .setOriginal("{\"uuid\":\"u-1\",\"rule\":\"x\"}")
                .build();
    }

    private static PrometheusFields prometheus(String alertname, AlertStatus status, Double value) {
        return new PrometheusFields(alertRecord(alertname, status, value));
    }

    private static PrometheusEvent alertRecord(String alertname, AlertStatus status, Double value) {
        return PrometheusEvent.newBuilder()
                .setId("p")
                .setEntity(EntityKey.podEntity("c", "tomcat", "tomcat-1", null).build())
                .setStatus(status)
                .setStartsAt(NOON)
                .setReceivedAt(NOON)
                .setAlertname(alertname)
                .setValue(value)
                .setLabels(Map.of("alertname", alertname, "pod", "tomcat-1"))
                .setAnnotations(Map.of("summary", "much"))
                .setFingerprint("x")
                .setOriginal("{}")
                .build();
    }

    private static AuditFields audit(String verb, String resource, String subresource, String original) {
        return new AuditFields(AuditEvent.newBuilder()
                .setId("a")
                .setEntity(EntityKey.podEntity("c", "tomcat", "tomcat-1", null).build())
                .setTime(NOON)
                .setReceivedAt(NOON)
                .setAuditId("a")
                .setStage("ResponseComplete")
                .setVerb(verb)
                .setUsername("admin")
                .setGroups(Arrays.asList("system:masters"))
                .setExtra(Map.of("authentication.kubernetes.io/pod-name", List.of("tomcat-1")))
                .setAnnotations(Map.of("authorization.k8s.io/decision", "allow"))
                .setObject(ObjectRef.newBuilder()
                        .setResource(resource)
                        .setSubresource(subresource)
                        .build())
                .setResponseCode(201)
                .setOriginal(original)
                .build());
    }
}
