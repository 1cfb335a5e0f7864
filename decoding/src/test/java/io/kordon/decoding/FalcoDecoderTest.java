package io.kordon.decoding;

import static io.kordon.decoding.Decoding.decode;
import static io.kordon.decoding.Decoding.event;
import static io.kordon.decoding.Decoding.only;
import static io.kordon.decoding.Decoding.rejected;
import static io.kordon.decoding.Decoding.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.Entity;
import io.kordon.avro.EntityKind;
import io.kordon.avro.FalcoEvent;
import io.kordon.avro.FalcoPriority;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FalcoDecoderTest {
    private static final String CURL = "{\"hostname\":\"worker-1\",\"output\":\"12:00:00.480000001: Critical RCE"
            + " (command=curl http://198.51.100.7/x)\",\"priority\":\"Critical\",\"rule\":\"RCE in Tomcat\","
            + "\"source\":\"syscall\",\"tags\":[\"T1190\",\"container\"],\"time\":\"2026-11-24T12:00:00.480000001Z\","
            + "\"output_fields\":{\"container.id\":\"ee97d9c4186f\",\"container.name\":\"tomcat\","
            + "\"evt.time\":1795521600480000001,\"k8s.ns.name\":\"tomcat\",\"k8s.pod.name\":\"tomcat-0\","
            + "\"k8s.pod.uid\":\"7c1f0c2e\",\"proc.aname[2]\":\"java\",\"proc.tty\":0,\"proc.pname\":null,"
            + "\"user.loginuid\":-1,\"proc.is_exe_upper_layer\":true,\"cpu\":0.5,\"args\":[\"a\",1,null]}}";

    private final Decoder decoder = new FalcoDecoder();

    @Test
    void readsEveryFieldOfAnEvent() {
        FalcoEvent event = only(FalcoEvent.class, decode(decoder, CURL));

        assertThat(event.getRule()).isEqualTo("RCE in Tomcat");
        assertThat(event.getPriority()).isEqualTo(FalcoPriority.CRITICAL);
        assertThat(event.getSource()).isEqualTo("syscall");
        assertThat(event.getHostname()).isEqualTo("worker-1");
        assertThat(event.getTags()).containsExactly("T1190", "container");
        assertThat(event.getTime()).isEqualTo(Instant.parse("2026-11-24T12:00:00.480Z"));
        assertThat(event.getReceivedAt()).isEqualTo(Decoding.RECEIVED);
        assertThat(event.getOriginal()).isEqualTo(CURL);
        assertThat(event.getEntity().getKey()).isEqualTo("demo/tomcat/tomcat-0");
        assertThat(event.getEntity().getUid()).isEqualTo("7c1f0c2e");
        assertThat(event.getEntity().getContainer()).isEqualTo("tomcat");
        assertThat(event.getEntity().getContainerId()).isEqualTo("ee97d9c4186f");
        assertThat(event.getEntity().getNode()).isEqualTo("worker-1");
        assertThat(event.getOutputFields())
                .containsEntry("evt.time", 1795521600480000001L)
                .containsEntry("proc.aname[2]", "java")
                .containsEntry("proc.pname", null)
                .containsEntry("user.loginuid", -1L)
                .containsEntry("proc.is_exe_upper_layer", true)
                .containsEntry("cpu", 0.5)
                .containsEntry("args", List.of("a", "1", "null"));
    }

    @ParameterizedTest
    @CsvSource({
        "9223372036854775807, 9223372036854775807, java.lang.Long",
        "-9223372036854775808, -9223372036854775808, java.lang.Long",
        "9007199254740993, 9007199254740993, java.lang.Long",
        "9223372036854775808, 9223372036854775808, java.lang.String",
        "123456789012345678901234567890, 123456789012345678901234567890, java.lang.String"
    })
    void keepsWholeNumbersExactly(String digits, String expected, Class<?> type) {
        FalcoEvent event = only(FalcoEvent.class, decode(decoder, withFields("\"n\":" + digits)));

        assertThat(event.getOutputFields().get("n")).hasToString(expected).isInstanceOf(type);
    }

    @Test
    void keepsNestedValuesAsTheirText() {
        FalcoEvent event =
                only(FalcoEvent.class, decode(decoder, withFields("\"é\":{\"a\": [1, {}]},\"l\":[[1,2],{\"x\":1}]")));

        assertThat(event.getOutputFields())
                .containsEntry("é", "{\"a\": [1, {}]}")
                .containsEntry("l", List.of("[1,2]", "{\"x\":1}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"2026-11-24T12:00:00.48Z", "2026-11-24T14:00:00.480+02:00", "2026-11-24T12:00:00.480000000Z"})
    void givesAnEventOneIdHoweverItsTimeIsWritten(String time) {
        String direct = "{\"rule\":\"r\",\"hostname\":\"h\",\"output\":\"o\",\"time\":\"2026-11-24T12:00:00.480Z\"}";
        String other = direct.replace("2026-11-24T12:00:00.480Z", time);

        assertThat(id(other)).isEqualTo(id(direct));
    }

    @Test
    void givesAnEventOneIdDirectAndThroughFalcosidekick() {
        String output = "x".repeat(600);
        String direct = "{\"rule\":\"r\",\"hostname\":\"h\",\"priority\":\"Notice\",\"message\":\"m\",\"output\":\""
                + output + "<\",\"tags\":[\"b\",\"a\"],\"time\":\"2026-11-24T12:00:00.480000000Z\"}";
        String forwarded = "{\"uuid\":\"1\",\"rule\":\"r\",\"hostname\":\"h\",\"priority\":\"Notice\",\"source\":"
                + "\"syscalls\",\"output\":\"" + output.substring(0, 507) + "[...]\",\"tags\":[\"a\",\"b\"],"
                + "\"time\":\"2026-11-24T12:00:00.48Z\"}";

        assertThat(id(forwarded)).isEqualTo(id(direct)).hasSize(32);
        assertThat(id(direct.replace("480000000", "480000001"))).isNotEqualTo(id(direct));
        assertThat(id(direct.replace("\"h\"", "\"h2\""))).isNotEqualTo(id(direct));
    }

    @ParameterizedTest
    @CsvSource({
        "informational, INFORMATIONAL",
        "Info, INFORMATIONAL",
        "EMERGENCY, EMERGENCY",
        "debug, DEBUG",
        "Loud, UNKNOWN"
    })
    void readsPrioritiesInAnyCase(String written, FalcoPriority expected) {
        String json = "{\"rule\":\"r\",\"time\":\"2026-11-24T12:00:00Z\",\"priority\":\"" + written + "\"}";

        assertThat(only(FalcoEvent.class, decode(decoder, json)).getPriority()).isEqualTo(expected);
    }

    @Test
    void takesOutermostKeysInAnyCase() {
        FalcoEvent event = only(
                FalcoEvent.class,
                decode(decoder, "{\"Rule\":\"r\",\"Time\":\"2026-11-24T12:00:00Z\",\"HostName\":\"n\"}"));

        assertThat(event.getRule()).isEqualTo("r");
        assertThat(event.getHostname()).isEqualTo("n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"k8s.ns.name\":null,\"k8s.pod.name\":null,",
                "\"k8s.ns.name\":\"<NA>\",\"k8s.pod.name\":\"<NA>\",",
                "\"k8s.ns.name\":\"shop\",\"k8s.pod.name\":\"\",",
                ""
            })
    void keysByTheContainerWhenItsPodIsUnknown(String pod) {
        Entity entity = only(
                        FalcoEvent.class,
                        decode(
                                decoder,
                                withFields(pod + "\"container.id\":\"ee97d9c4186f\",\"container.name\":\"web\"")))
                .getEntity();

        assertThat(entity.getKind()).isEqualTo(EntityKind.CONTAINER);
        assertThat(entity.getKey()).isEqualTo("demo/container/ee97d9c4186f");
        assertThat(entity.getContainerId()).isEqualTo("ee97d9c4186f");
        assertThat(entity.getContainer()).isEqualTo("web");
        assertThat(entity.getNode()).isEqualTo("worker-1");
        assertThat(entity.getNamespace()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"host\"", "\"<NA>\"", "\"\"", "null", "7"})
    void keysByTheNodeWhatIsInNoContainer(String container) {
        Entity entity = only(
                        FalcoEvent.class,
                        decode(decoder, withFields("\"k8s.pod.name\":null,\"container.id\":" + container)))
                .getEntity();

        assertThat(entity.getKind()).isEqualTo(EntityKind.NODE);
        assertThat(entity.getKey()).isEqualTo("demo/node/worker-1");
        assertThat(entity.getContainerId()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"log\":%s,\"stream\":\"stdout\",\"kubernetes\":{\"pod_name\":\"falco-x\"}}",
                "{\"message\":%s,\"file\":\"/var/log/containers/falco.log\",\"source_type\":\"file\"}"
            })
    void readsWhatLogShippersMakeOfFalcosOutput(String envelope) {
        FalcoEvent direct = only(FalcoEvent.class, decode(decoder, CURL));
        for (String line : new String[] {CURL, Decoding.quoted(CURL + "\n")}) {
            String shipped = envelope.formatted(line);
            FalcoEvent event = only(FalcoEvent.class, decode(decoder, shipped));

            assertThat(event.getId()).isEqualTo(direct.getId());
            assertThat(event.getEntity()).isEqualTo(direct.getEntity());
            assertThat(event.getOutputFields()).isEqualTo(direct.getOutputFields());
            assertThat(event.getOriginal()).isEqualTo(shipped);
            assertThat(FalcoOriginal.event(shipped)).isEqualTo(CURL);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"Rule\":\"r\"}", "{\"rule\":\"r\"}", "{\"log\":\"{\"}", "{}", "", "{", "null"})
    void leavesWhatIsInNoEnvelopeAsItIs(String original) {
        assertThat(FalcoOriginal.event(original)).isEqualTo(original);
    }

    @Test
    void takesNoMessageOfAnEventForAnEnvelope() {
        String json =
                "{\"rule\":\"r\",\"time\":\"2026-11-24T12:00:00Z\",\"message\":\"{\\\"rule\\\":\\\"forged\\\"}\"}";

        assertThat(only(FalcoEvent.class, decode(decoder, json)).getRule()).isEqualTo("r");
    }

    @Test
    void keysByClusterWhenNothingIsNamed() {
        FalcoEvent event =
                only(FalcoEvent.class, decode(decoder, "{\"rule\":\"r\",\"time\":\"2026-11-24T12:00:00Z\"}"));

        assertThat(event.getEntity().getKey()).isEqualTo("demo");
        assertThat(event.getSource()).isEqualTo("syscall");
    }

    @Test
    void takesTheHostForNoContainer() {
        FalcoEvent event = only(
                FalcoEvent.class, decode(decoder, withFields("\"container.id\":\"host\",\"container.name\":\"host\"")));

        assertThat(event.getEntity().getContainerId()).isNull();
        assertThat(event.getEntity().getContainer()).isNull();
    }

    @Test
    void keysAuditEventsByTheTargetPod() {
        String json = "{\"rule\":\"Attach/Exec Pod\",\"source\":\"k8s_audit\",\"hostname\":\"worker-1\",\"time\":"
                + "\"2026-11-24T12:00:00Z\",\"output_fields\":{\"ka.target.resource\":\"pods\","
                + "\"ka.target.namespace\":\"shop\",\"ka.target.name\":\"cart-1\"}}";

        FalcoEvent event = only(FalcoEvent.class, decode(decoder, json));
        assertThat(event.getEntity().getKey()).isEqualTo("demo/shop/cart-1");
        assertThat(event.getEntity().getNode()).isNull();
    }

    @Test
    void fallsBackToTheNanosecondsOfTheEvent() {
        FalcoEvent event = only(
                FalcoEvent.class,
                decode(decoder, "{\"rule\":\"r\",\"output_fields\":{\"evt.time\":1748557198960296886}}"));

        assertThat(event.getTime()).isEqualTo(Instant.parse("2025-05-29T22:19:58.960296Z"));
    }

    @Test
    void takesMetricsSnapshotsForNoEvents() {
        List<Decoded> items = decode(
                decoder,
                "{\"rule\":\"Falco internal: metrics snapshot\",\"source\":\"internal\",\"hostname\":\"n1\","
                        + "\"output_fields\":{\"falco.outputs_queue_num_drops\":3,\"scap.n_drops\":7,\"falco.num_evts\":9}}");

        assertThat(items).hasSize(1);
        Decoded.Ignored ignored = (Decoded.Ignored) items.get(0);
        assertThat(ignored.hostname()).isEqualTo("n1");
        assertThat(ignored.counters())
                .containsOnlyKeys("falco.outputs_queue_num_drops", "scap.n_drops")
                .containsEntry("scap.n_drops", 7.0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"time\":\"2026-11-24T12:00:00Z\"} | field.missing | rule",
                "{\"rule\":null,\"time\":\"2026-11-24T12:00:00Z\"} | field.missing | rule",
                "{\"rule\":{},\"time\":\"2026-11-24T12:00:00Z\"} | field.type | rule",
                "{\"rule\":\"r\"} | field.missing | time",
                "{\"rule\":\"r\",\"time\":\"yesterday\"} | field.value | time",
                "{\"rule\":\"r\",\"time\":\"1969-12-31T23:59:59Z\"} | field.value | time",
                "{\"rule\":\"r\",\"time\":\"2026-11-24T12:00:00\"} | field.value | time",
                "{\"rule\":\"r\",\"output_fields\":{\"evt.time\":-1}} | field.value | output_fields.evt.time",
                "{\"rule\":\"r\",\"output_fields\":[]} | field.type | output_fields",
                "{\"rule\":\"r\",\"rule\":\"s\",\"time\":\"2026-11-24T12:00:00Z\"} | json.duplicate-key | rule",
                "{\"rule\":\"r\",\"Rule\":\"s\",\"time\":\"2026-11-24T12:00:00Z\"} | json.duplicate-key | rule",
                "{\"rule\":\"r\",\"output_fields\":{\"a\":1,\"a\":2}} | json.duplicate-key | output_fields.a",
                "{\"rule\":\"r\" | json.syntax | ",
                "{\"rule\":\"r\"} {} | json.syntax | ",
                "{'rule':1} | json.syntax | ",
                "\"text\" | json.type | ",
                "17 | json.type | ",
                "<html> | json.syntax | "
            })
    void saysWhatIsWrong(String body, String code, String field) {
        Decoded.Rejected rejected = rejected(decode(decoder, body));

        assertThat(rejected.code()).isEqualTo(code);
        assertThat(rejected.field()).isEqualTo(field);
        assertThat(rejected.reason()).isNotBlank();
        assertThat(text(rejected.bytes())).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:00Z", "2262-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59Z"})
    void holdsTimesFarAway(String time) {
        FalcoEvent event = only(FalcoEvent.class, decode(decoder, "{\"rule\":\"r\",\"time\":\"" + time + "\"}"));

        assertThat(event.getTime().toString()).startsWith(time.substring(0, 19));
    }

    @ParameterizedTest
    @ValueSource(strings = {"+10000-01-01T00:00:00Z", "+999999999-12-31T23:59:59Z"})
    void refusesTimesThatMicrosecondsCannotHold(String time) {
        Decoded.Rejected rejected = rejected(decode(decoder, "{\"rule\":\"r\",\"time\":\"" + time + "\"}"));

        assertThat(rejected.field()).isEqualTo("time");
        assertThat(rejected.reason()).contains("before the year 10000");
    }

    @Test
    void keepsTheGoodItemsOfAnArray() {
        String good = "{\"rule\":\"r\",\"time\":\"2026-11-24T12:00:00Z\",\"output\":\"a ]},\\\" b\"}";
        List<Decoded> items = decode(decoder, "[ " + good + ",\n {\"rule\":tru}, 7, " + good + " ]");

        assertThat(items).hasSize(4);
        assertThat(event(FalcoEvent.class, items.get(0)).getOriginal()).isEqualTo(good);
        assertThat(rejected(items.get(1)).code()).isEqualTo("json.syntax");
        assertThat(text(rejected(items.get(1)).bytes())).isEqualTo("{\"rule\":tru}");
        assertThat(rejected(items.get(2)).code()).isEqualTo("json.type");
        assertThat(event(FalcoEvent.class, items.get(3)).getOriginal()).isEqualTo(good);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsTheGoodLines(boolean announced) {
        String good = "{\"rule\":\"r\",\"time\":\"2026-11-24T12:00:00Z\"}";
        String body = "\uFEFF" + good + "\r\n\n{\"rule\":\"half\n" + good + "\n";
        List<Decoded> items = decode(decoder, body.getBytes(StandardCharsets.UTF_8), announced);

        assertThat(items).hasSize(3);
        assertThat(event(FalcoEvent.class, items.get(0)).getOriginal()).isEqualTo(good);
        assertThat(rejected(items.get(1)).code()).isEqualTo("json.syntax");
        assertThat(event(FalcoEvent.class, items.get(2)).getOriginal()).isEqualTo(good);
    }

    @Test
    void readsOneEventOverManyLines() {
        String pretty =
                "{\n  \"rule\": \"r\",\n  \"output_fields\":\n{\n\"a\": 1\n},\n  \"time\": \"2026-11-24T12:00:00Z\"\n}";

        assertThat(only(FalcoEvent.class, decode(decoder, pretty.getBytes(StandardCharsets.UTF_8), true))
                        .getOriginal())
                .isEqualTo(pretty);
    }

    @Test
    void rejectsOnlyTheItemThatIsNotUtf8() {
        byte[] body = ("[{\"rule\":\"r\",\"time\":\"2026-11-24T12:00:00Z\"},{\"rule\":\"?\",\"time\":"
                        + "\"2026-11-24T12:00:00Z\"}]")
                .getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < body.length; i++) {
            body[i] = body[i] == '?' ? (byte) 0xFF : body[i];
        }
        List<Decoded> items = decode(decoder, body, false);

        event(FalcoEvent.class, items.get(0));
        assertThat(rejected(items.get(1)).code()).isEqualTo("utf8.invalid");
        assertThat(rejected(items.get(1)).bytes().copy(100)).contains(0xFF);
    }

    @Test
    void storesControlCharactersAndLooksLikeNothingElse() {
        String json = "{\"rule\":\"a\\u0000b\\n\\u001b[31m${jndi:x}../<b>\",\"time\":\"2026-11-24T12:00:00Z\"}";

        assertThat(only(FalcoEvent.class, decode(decoder, json)).getRule())
                .isEqualTo("a\u0000b\n\u001b[31m${jndi:x}../<b>");
    }

    @Test
    void boundsNestingNamesNumbersAndKeys() {
        assertThat(rejected(decode(decoder, "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"))
                        .code())
                .isEqualTo("json.limit");
        assertThat(rejected(decode(decoder, "[".repeat(100_000))).code()).isIn("json.type", "json.limit");
        assertThat(rejected(decode(decoder, withFields("\"n\":" + "9".repeat(100_000))))
                        .code())
                .isEqualTo("json.limit");
        StringBuilder keys = new StringBuilder("\"k\":1");
        for (int i = 0; i < 1_000_000; i++) {
            keys.append(",\"").append(i).append("\":1");
        }
        assertThat(rejected(decode(decoder, withFields(keys.toString()))).code())
                .isEqualTo("json.limit");
        assertThat(rejected(decode(decoder, "[" + "{},".repeat(5_000_000) + "{}]"))
                        .code())
                .isEqualTo("items.too-many");
    }

    @Test
    void takesAnEmptyArrayForNothing() {
        assertThat(decode(decoder, "[]")).isEmpty();
        assertThat(decode(decoder, " [ ] ")).isEmpty();
        assertThat(decode(decoder, "[,]")).hasSize(2).allMatch(Decoded.Rejected.class::isInstance);
    }

    private String id(String json) {
        return only(FalcoEvent.class, decode(decoder, json)).getId();
    }

    private static String withFields(String fields) {
        return "{\"rule\":\"r\",\"hostname\":\"worker-1\",\"time\":\"2026-11-24T12:00:00Z\",\"output_fields\":{"
                + fields + "}}";
    }
}
