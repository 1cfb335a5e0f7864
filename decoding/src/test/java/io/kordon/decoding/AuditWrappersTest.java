package io.kordon.decoding;

import static io.kordon.decoding.Decoding.decode;
import static io.kordon.decoding.Decoding.event;
import static io.kordon.decoding.Decoding.only;
import static io.kordon.decoding.Decoding.quoted;
import static io.kordon.decoding.Decoding.rejected;
import static io.kordon.decoding.Decoding.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.AuditEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Audit events in what shippers and clouds put around them. */
class AuditWrappersTest {
    private static final String EVENT = "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"a-1\","
            + "\"stage\":\"ResponseComplete\",\"verb\":\"create\",\"user\":{\"username\":\"eve\"},\"objectRef\":{"
            + "\"resource\":\"pods\",\"namespace\":\"shop\",\"name\":\"cart-1\",\"subresource\":\"exec\"},"
            + "\"requestObject\":{\"spec\":{\"hostPID\":true}},"
            + "\"requestReceivedTimestamp\":\"2026-11-24T11:59:58.239076Z\"}";

    private static final String AZURE = "{\"category\":\"kube-audit\",\"operationName\":"
            + "\"Microsoft.ContainerService/managedClusters/diagnosticLogs/Read\",\"time\":\"2026-11-24T12:00:00Z\","
            + "\"properties\":{\"log\":@,\"stream\":\"stdout\",\"pod\":\"kube-apiserver-0\"}}";

    private static final String FLUENT_BIT = "{\"date\":1795521600.1,\"log\":@,\"kubernetes\":{\"pod_name\":\"x\","
            + "\"labels\":{\"auditID\":\"not this\"}}}";

    private static final String VECTOR = "{\"file\":\"/var/log/kubernetes/audit.log\",\"host\":\"cp-1\",\"message\":@,"
            + "\"source_type\":\"file\",\"timestamp\":\"2026-11-24T12:00:00Z\"}";

    private final Decoder decoder = new AuditDecoder();

    @ParameterizedTest
    @ValueSource(strings = {AZURE, FLUENT_BIT, VECTOR})
    void findsTheEventInItsEnvelope(String envelope) {
        for (String line : List.of(EVENT, quoted(EVENT), quoted(EVENT + "\n"))) {
            String item = envelope.replace("@", line);
            AuditEvent event = only(AuditEvent.class, decode(decoder, item));

            assertThat(event.getId()).isEqualTo("a-1/ResponseComplete");
            assertThat(event.getEntity().getKey()).isEqualTo("demo/shop/cart-1");
            assertThat(event.getTime()).hasToString("2026-11-24T11:59:58.239076Z");
            assertThat(event.getOriginal()).isEqualTo(item);
            assertThat(AuditOriginal.event(item)).isEqualTo(EVENT);
        }
    }

    @Test
    void findsAnEventInsideSeveralEnvelopesButNotInAnyNumber() {
        String twice = VECTOR.replace("@", quoted(FLUENT_BIT.replace("@", quoted(EVENT))));
        String thrice = AZURE.replace("@", twice);
        String oftener = VECTOR.replace("@", thrice);

        assertThat(only(AuditEvent.class, decode(decoder, twice)).getAuditId()).isEqualTo("a-1");
        assertThat(only(AuditEvent.class, decode(decoder, thrice)).getAuditId()).isEqualTo("a-1");
        assertThat(AuditOriginal.event(thrice)).isEqualTo(EVENT);
        assertThat(rejected(decode(decoder, oftener)).code()).isEqualTo("json.limit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[@,@]", "@\n@\n", "{\"records\":[@,@]}", "[{\"records\":[@]},@]"})
    void readsArraysLinesAndRecordsOfEnvelopes(String body) {
        String item = AZURE.replace("@", quoted(EVENT));
        List<Decoded> items = decode(decoder, body.replace("@", item));

        assertThat(items)
                .hasSize(2)
                .allSatisfy(one ->
                        assertThat(event(AuditEvent.class, one).getOriginal()).isEqualTo(item));
    }

    @Test
    void takesOtherLogsOfAzureForNoEventsAndKeepsTheirNeighbours() {
        String scheduler =
                AZURE.replace("kube-audit", "kube-scheduler").replace("@", quoted("I1124 12:00:00 server.go:1] hello"));
        String admin = AZURE.replace("kube-audit", "kube-audit-admin").replace("@", EVENT);
        List<Decoded> items = decode(decoder, "{\"records\":[" + scheduler + "," + admin + "]}");

        assertThat(items.get(0)).isInstanceOf(Decoded.Ignored.class);
        assertThat(event(AuditEvent.class, items.get(1)).getAuditId()).isEqualTo("a-1");
    }

    @Test
    void believesAnEventBeforeWhatLooksLikeItsEnvelope() {
        String forged =
                EVENT.substring(0, EVENT.length() - 1) + ",\"log\":" + quoted(EVENT.replace("a-1", "b-2")) + "}";

        assertThat(only(AuditEvent.class, decode(decoder, forged)).getAuditId()).isEqualTo("a-1");
        assertThat(AuditOriginal.event(forged)).isEqualTo(forged);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"log\":\"{\\\"auditID\\\":\"} | json.syntax | log",
                "{\"message\":\"{\\\"auditID\\\":\\\"a\\\",\\\"auditID\\\":\\\"b\\\"}\"}"
                        + " | json.duplicate-key | message.auditID",
                "{\"message\":{\"auditID\":\"a\",\"stage\":\"s\"}} | field.missing | message.verb",
                "{\"properties\":{\"log\":\"{\\\"kind\\\":\\\"Pod\\\",\\\"auditID\\\":\\\"a\\\"}\"}}"
                        + " | field.value | properties.log.kind",
                "{\"message\":\"I1124 12:00:00 hello\"} | field.missing | auditID",
                "{\"log\":7} | field.missing | auditID",
                "{\"records\":{}} | field.type | records",
                "{\"protoPayload\":7} | field.type | protoPayload",
                "{\"protoPayload\":{}} | field.missing | auditID",
                "{\"insertId\":\"i\",\"protoPayload\":{}} | field.missing | verb",
                "{\"log\":{\"insertId\":\"i\",\"protoPayload\":{\"status\":[]}}}"
                        + " | field.type | log.protoPayload.status"
            })
    void saysWhatIsWrongInside(String body, String code, String field) {
        Decoded.Rejected rejected = rejected(decode(decoder, body));

        assertThat(rejected.code()).isEqualTo(code);
        assertThat(rejected.field()).isEqualTo(field);
        assertThat(text(rejected.bytes())).isEqualTo(body);
    }
}
