package io.kordon.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.AlertStatus;
import io.kordon.avro.AuditEvent;
import io.kordon.avro.FalcoEvent;
import io.kordon.avro.FalcoPriority;
import io.kordon.avro.ObjectRef;
import io.kordon.avro.PrometheusEvent;
import io.kordon.schemas.EntityKey;
import io.kordon.streams.detection.Event;
import io.kordon.streams.json.JsonFormat;
import io.kordon.streams.json.JsonFormatTest;
import io.kordon.streams.json.JsonTree;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rule finds the same in a record of the pipeline as in the JSON that the record was made of. */
class ViewsAgreeTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00.123456Z");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rule",
                "priority",
                "source",
                "output",
                "hostname",
                "tags",
                "time",
                "uuid",
                "proc.name",
                "fd.rip",
                "fd.lip",
                "output_fields.proc.name",
                "output_fields.fd.rip",
                "proc.aname",
                "proc.aname[2]",
                "proc.args",
                "proc.tty",
                "evt.time",
                "json",
                "json.value.user",
                "list",
                "output_fields",
                "PROC.NAME",
                "absent",
                "absent.too"
            })
    void ofFalco(String name) {
        Map<String, Object> fields = new HashMap<>(Map.of(
                "proc.name",
                "bash",
                "proc.aname[2]",
                "java",
                "proc.aname[3]",
                "tini",
                "proc.tty",
                0L,
                "evt.time",
                1764000000123456789L,
                "rule",
                "inner",
                "json",
                "{\"value\":{\"user\":\"eve\"}}",
                "list",
                List.of("a", "b")));
        fields.put("fd.rip", null);
        Event typed = new FalcoFields(FalcoEvent.newBuilder()
                .setId("f")
                .setEntity(EntityKey.nodeEntity("c", "worker-1").build())
                .setTime(NOON)
                .setReceivedAt(NOON)
                .setRule("Run shell untrusted")
                .setPriority(FalcoPriority.WARNING)
                .setSource("syscall")
                .setOutput("a shell")
                .setHostname("worker-1")
                .setTags(List.of("t1"))
                .setOutputFields(fields)
                .setOriginal(JsonFormatTest.FALCO)
                .build());
        assertSame(typed, JsonFormatTest.FALCO, name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "verb",
                "stage",
                "level",
                "auditID",
                "requestURI",
                "userAgent",
                "sourceIPs",
                "user",
                "user.username",
                "user.uid",
                "user.groups",
                "user.extra.authentication.kubernetes.io/pod-name",
                "impersonatedUser.username",
                "objectRef",
                "objectRef.resource",
                "objectRef.subresource",
                "objectRef.namespace",
                "objectRef.name",
                "objectRef.uid",
                "objectRef.apiVersion",
                "resource",
                "subresource",
                "namespace",
                "name",
                "uid",
                "resourceVersion",
                "kind",
                "apiVersion",
                "responseStatus.code",
                "responseStatus.reason",
                "annotations.authorization.k8s.io/decision",
                "hostPath",
                "hostPath.path",
                "capabilities",
                "privileged",
                "hostIPC",
                "image",
                "metadata.generateName",
                "requestObject.spec.containers.name",
                "responseObject.spec.hostIPC",
                "requestReceivedTimestamp",
                "absent"
            })
    void ofAudit(String name) {
        Event typed = new AuditFields(AuditEvent.newBuilder()
                .setId("a")
                .setEntity(EntityKey.podEntity("c", "shop", "x-7", null).build())
                .setTime(NOON)
                .setReceivedAt(NOON)
                .setAuditId("a")
                .setStage("ResponseComplete")
                .setLevel("RequestResponse")
                .setVerb("create")
                .setRequestUri("/api/v1/namespaces/shop/pods")
                .setUsername("eve")
                .setGroups(Arrays.asList("system:masters", "dev"))
                .setExtra(Map.of("authentication.kubernetes.io/pod-name", List.of("p")))
                .setSourceIps(List.of("10.0.0.1", "10.0.0.2"))
                .setAnnotations(Map.of("authorization.k8s.io/decision", "allow"))
                .setObject(ObjectRef.newBuilder()
                        .setResource("pods")
                        .setNamespace("shop")
                        .setApiVersion("v1")
                        .setName("x-7")
                        .setUid("u")
                        .build())
                .setResponseCode(201)
                .setOriginal(JsonFormatTest.AUDIT)
                .build());
        assertSame(typed, JsonFormatTest.AUDIT, name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alertname",
                "status",
                "value",
                "startsAt",
                "endsAt",
                "fingerprint",
                "generatorURL",
                "receiver",
                "groupKey",
                "pod",
                "labels",
                "labels.pod",
                "k8s.dotted",
                "labels.k8s.dotted",
                "annotations.summary",
                "summary",
                "commonLabels.severity",
                "groupLabels",
                "truncatedAlerts",
                "version",
                "alerts",
                "alerts.status",
                "absent"
            })
    void ofPrometheus(String name) {
        Event typed = new PrometheusFields(PrometheusEvent.newBuilder()
                .setId("p")
                .setEntity(EntityKey.clusterEntity("c").build())
                .setStatus(AlertStatus.FIRING)
                .setStartsAt(NOON)
                .setReceivedAt(NOON)
                .setAlertname("PodMemoryAbove2GiB")
                .setValue(2.658500608e9)
                .setLabels(Map.of("alertname", "PodMemoryAbove2GiB", "pod", "p", "k8s.dotted", "d"))
                .setAnnotations(Map.of("summary", "much", "value", "2.658500608e+09"))
                .setFingerprint("f")
                .setGeneratorUrl("http://g")
                .setReceiver("kordon")
                .setGroupKey("{}")
                .setOriginal(JsonFormatTest.ALERT)
                .setEnvelope(JsonFormatTest.NOTIFICATION.replaceFirst("(?s)\"alerts\":.*", "\"alerts\":[]}"))
                .build());
        assertSame(typed, JsonFormatTest.NOTIFICATION, name);
    }

    private static void assertSame(Event typed, String json, String name) {
        JsonTree tree = JsonTree.of(json);
        Event plain = JsonFormat.of(tree).events(tree).get(0);
        assertThat(typed.field(name)).isEqualTo(plain.field(name));
        assertThat(typed.has(name)).isEqualTo(plain.has(name));
        assertThat(typed.logSource()).isEqualTo(plain.logSource());
    }
}
