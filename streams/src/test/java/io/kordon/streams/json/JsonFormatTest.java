package io.kordon.streams.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.detection.Event;
import io.kordon.streams.rule.LogSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which format a document is of, and the names of each format's fields. */
public class JsonFormatTest {
    public static final String FALCO = """
            {"time":"2026-11-24T12:00:00.123456789Z","rule":"Run shell untrusted","priority":"warning","source":"syscalls",
             "output":"a shell","hostname":"worker-1","tags":["t1"],"uuid":"u-1",
             "output_fields":{"proc.name":"bash","proc.aname[2]":"java","proc.aname[3]":"tini","proc.tty":0,
               "fd.rip":null,"evt.time":1764000000123456789,"rule":"inner","json":{"value":{"user":"eve"}},
               "list":["a","b"]}}""";

    public static final String AUDIT = """
            {"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a","stage":"ResponseComplete","verb":"create",
             "level":"RequestResponse","requestURI":"/api/v1/namespaces/shop/pods",
             "user":{"username":"eve","groups":["system:masters","dev"],"extra":{"authentication.kubernetes.io/pod-name":["p"]}},
             "sourceIPs":["10.0.0.1","10.0.0.2"],
             "objectRef":{"resource":"pods","namespace":"shop","apiGroup":"","apiVersion":"v1"},
             "responseStatus":{"metadata":{},"code":201},
             "requestObject":{"kind":"Pod","apiVersion":"v1","metadata":{"generateName":"x-","labels":{"app.kubernetes.io/name":"x"}},
               "spec":{"hostNetwork":true,"volumes":[{"name":"v","hostPath":{"path":"/var/run","type":""}},{"name":"w"}],
                 "containers":[{"name":"c","image":"img","securityContext":{"privileged":true,
                   "capabilities":{"add":["SYS_ADMIN"]}}},{"name":"d"}]}},
             "responseObject":{"kind":"Pod","metadata":{"name":"x-7","uid":"u"},"spec":{"hostIPC":true}},
             "requestReceivedTimestamp":"2026-11-24T12:00:00.123456Z",
             "annotations":{"authorization.k8s.io/decision":"allow"}}""";

    public static final String ALERT = """
            {"status":"firing","labels":{"alertname":"PodMemoryAbove2GiB","pod":"p","k8s.dotted":"d"},
             "annotations":{"summary":"much","value":"2.658500608e+09"},
             "startsAt":"2026-11-24T00:05:49.58Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://g","fingerprint":"f"}""";

    public static final String NOTIFICATION = """
            {"version":"4","status":"resolved","receiver":"kordon","groupKey":"{}","truncatedAlerts":3,
             "groupLabels":{"namespace":"shop"},"commonLabels":{"severity":"page"},"commonAnnotations":{"runbook":"r"},
             "alerts":[%s,{"labels":{"alertname":"Other","pod":"q"},"annotations":{"value":"2.476GiB"},
               "startsAt":"2026-11-24T00:00:00Z","endsAt":"2026-11-24T01:00:00Z"}]}""".formatted(ALERT);

    static Stream<Arguments> names() {
        return Stream.of(
                of(FALCO, "rule", "Run shell untrusted"),
                of(FALCO, "priority", "Warning"),
                of(FALCO, "source", "syscall"),
                of(FALCO, "time", "2026-11-24T12:00:00.123456789Z"),
                of(FALCO, "tags", List.of("t1")),
                of(FALCO, "uuid", "u-1"),
                of(FALCO, "proc.name", "bash"),
                of(FALCO, "output_fields.proc.name", "bash"),
                of(FALCO, "output_fields.rule", "inner"),
                of(FALCO, "proc.aname[2]", "java"),
                of(FALCO, "proc.aname", List.of("java", "tini")),
                of(FALCO, "proc.args", null),
                of(FALCO, "proc.tty", 0L),
                of(FALCO, "PROC.NAME", null),
                of(FALCO, "fd.rip", null),
                of(FALCO, "evt.time", 1764000000123456789L),
                of(FALCO, "json.value.user", "eve"),
                of(FALCO, "list", List.of("a", "b")),
                of(AUDIT, "verb", "create"),
                of(AUDIT, "objectRef.resource", "pods"),
                of(AUDIT, "resource", "pods"),
                of(AUDIT, "namespace", "shop"),
                of(AUDIT, "objectRef.subresource", null),
                of(AUDIT, "objectRef.name", "x-7"),
                of(AUDIT, "name", "x-7"),
                of(AUDIT, "user.groups", List.of("system:masters", "dev")),
                of(AUDIT, "user.extra.authentication.kubernetes.io/pod-name", List.of("p")),
                of(AUDIT, "annotations.authorization.k8s.io/decision", "allow"),
                of(AUDIT, "sourceIPs", List.of("10.0.0.1", "10.0.0.2")),
                of(AUDIT, "responseStatus.code", 201L),
                of(AUDIT, "hostPath", List.of("/var/run", "")),
                of(AUDIT, "hostPath.path", "/var/run"),
                of(AUDIT, "capabilities", List.of("SYS_ADMIN")),
                of(AUDIT, "capabilities.add", List.of("SYS_ADMIN")),
                of(AUDIT, "privileged", true),
                of(AUDIT, "hostNetwork", true),
                of(AUDIT, "hostnetwork", null),
                of(AUDIT, "hostIPC", null),
                of(AUDIT, "image", "img"),
                of(AUDIT, "requestObject.spec.containers.name", List.of("c", "d")),
                of(AUDIT, "responseObject.spec.hostIPC", true),
                of(AUDIT, "requestObject.metadata.labels.app.kubernetes.io/name", "x"),
                of(ALERT, "alertname", "PodMemoryAbove2GiB"),
                of(ALERT, "status", "firing"),
                of(ALERT, "value", 2.658500608e9),
                of(ALERT, "annotations.value", "2.658500608e+09"),
                of(ALERT, "pod", "p"),
                of(ALERT, "labels.pod", "p"),
                of(ALERT, "k8s.dotted", "d"),
                of(ALERT, "labels.k8s.dotted", "d"),
                of(ALERT, "startsAt", "2026-11-24T00:05:49.58Z"),
                of(ALERT, "endsAt", null),
                of(ALERT, "summary", null),
                of(NOTIFICATION, "status", "firing"),
                of(NOTIFICATION, "receiver", "kordon"),
                of(NOTIFICATION, "commonLabels.severity", "page"),
                of(NOTIFICATION, "commonAnnotations.runbook", "r"),
                of(NOTIFICATION, "groupLabels.namespace", "shop"),
                of(NOTIFICATION, "groupLabels", List.of("shop")),
                of(NOTIFICATION, "truncatedAlerts", 3L),
                of(NOTIFICATION, "alerts.labels.pod", null));
    }

    @ParameterizedTest
    @MethodSource("names")
    void namesFieldsAsRulesDo(String json, String name, Object expected) {
        Event event = events(json).get(0);
        assertThat(event.field(name)).isEqualTo(expected);
        if (expected != null) {
            assertThat(event.has(name)).isTrue();
        }
    }

    @Test
    void tellsNullFromAbsent() {
        assertThat(events(FALCO).get(0).has("fd.rip")).isTrue();
        assertThat(events(FALCO).get(0).has("fd.lip")).isFalse();
        assertThat(events(AUDIT).get(0).has("hostPath")).isTrue();
        assertThat(events(AUDIT).get(0).has("hostIPC")).isFalse();
    }

    @Test
    void takesListsApart() {
        Event second = events(NOTIFICATION).get(1);
        assertThat(events(NOTIFICATION)).hasSize(2);
        assertThat(second.field("pod")).isEqualTo("q");
        assertThat(second.field("status"))
                .as("the group's, where the alert says none")
                .isEqualTo("resolved");
        assertThat(second.field("value")).isEqualTo("2.476GiB");
        assertThat(second.field("endsAt")).isEqualTo("2026-11-24T01:00:00Z");
        String list =
                "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"items\":[" + AUDIT + "," + AUDIT + "]}";
        assertThat(events(list)).hasSize(2).allMatch(event -> "create".equals(event.field("verb")));
    }

    @Test
    void searchesKeywordsInWhatTheSenderSaidOfTheEvent() {
        assertThat(events(FALCO).get(0).texts())
                .contains("a shell", "bash", "eve", "t1")
                .doesNotContain("rule");
        assertThat(events(NOTIFICATION).get(0).texts()).contains("much", "p").doesNotContain("q");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'rule':'r','output_fields':{}}|FALCO",
                "{'rule':'r','priority':'Notice'}|FALCO",
                "{'rule':'r'}|",
                "{'rule':{'name':'r'},'priority':'1'}|",
                "{'auditID':'a'}|AUDIT",
                "{'kind':'EventList','apiVersion':'audit.k8s.io/v1','items':[]}|AUDIT",
                "{'kind':'Event','apiVersion':'v1','reason':'Killing'}|",
                "{'labels':{},'startsAt':''}|PROMETHEUS",
                "{'labels':{}}|",
                "{'alerts':[],'groupLabels':{}}|PROMETHEUS",
                "{'alerts':[]}|",
                "{}|"
            })
    void recognisesAFormatByItsShape(String json, JsonFormat expected) {
        assertThat(JsonFormat.of(JsonTree.of(json.replace('\'', '"')))).isEqualTo(expected);
    }

    @Test
    void readsOddMembersWithoutFailing() {
        for (String json : List.of(
                "{\"rule\":\"r\",\"priority\":\" \",\"source\":7,\"output_fields\":[1]}",
                "{\"auditID\":\"a\",\"objectRef\":[1],\"requestObject\":\"x\",\"items\":{}}",
                "{\"labels\":{},\"startsAt\":1,\"annotations\":7,\"status\":[]}",
                "{\"alerts\":[1,null,[]],\"groupLabels\":{}}")) {
            for (Event event : events(json)) {
                for (String name :
                        Arrays.asList("priority", "source", "hostPath", "proc.aname", "name", "value", "endsAt")) {
                    event.has(name);
                    event.field(name);
                }
                assertThat(event.texts()).isNotNull();
                assertThat(event.logSource()).isNotEqualTo(new LogSource(null, null, null));
            }
        }
    }

    private static List<Event> events(String json) {
        JsonTree tree = JsonTree.of(json);
        JsonFormat format = JsonFormat.of(tree);
        assertThat(format).isNotNull();
        return format.events(tree);
    }

    private static Arguments of(String json, String name, Object expected) {
        return Arguments.of(json, name, expected);
    }
}
