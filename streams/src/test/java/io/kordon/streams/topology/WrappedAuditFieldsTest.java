package io.kordon.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.AuditEvent;
import io.kordon.decoding.AuditDecoder;
import io.kordon.decoding.Decoded;
import io.kordon.decoding.Origin;
import io.kordon.decoding.Slice;
import io.kordon.streams.detection.Event;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules see one audit event, whatever it was wrapped in. */
class WrappedAuditFieldsTest {
    private static final String EVENT =
            "{\\\"auditID\\\":\\\"a\\\",\\\"stage\\\":\\\"ResponseComplete\\\",\\\"verb\\\":"
                    + "\\\"create\\\",\\\"requestObject\\\":{\\\"spec\\\":{\\\"hostPID\\\":true,\\\"image\\\":\\\"miner\\\"}}}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"category\":\"kube-audit\",\"properties\":{\"log\":\"@\"}}",
                "{\"log\":\"@\\n\",\"kubernetes\":{\"requestObject\":\"not this\"}}",
                "{\"message\":\"@\",\"verb\":\"not this\"}"
            })
    void readsTheRequestOfAnEventInsideAnEnvelope(String envelope) {
        Event event = decoded(envelope.replace("@", EVENT));

        assertThat(event.field("verb")).isEqualTo("create");
        assertThat(event.field("requestObject.spec.image")).isEqualTo("miner");
        assertThat(event.field("hostPID")).isEqualTo(true);
        assertThat(event.has("requestObject.spec.hostPID")).isTrue();
        assertThat(event.texts()).contains("miner").doesNotContain("not this");
    }

    @Test
    void readsTheRequestOfGooglesLogEntry() {
        Event event = decoded("{\"insertId\":\"i\",\"protoPayload\":{\"methodName\":\"io.k8s.core.v1.pods.create\","
                + "\"resourceName\":\"core/v1/namespaces/shop/pods/x\",\"request\":{\"spec\":{\"hostPID\":true}},"
                + "\"response\":{\"metadata\":{\"uid\":\"u\"}}}}");

        assertThat(event.field("objectRef.resource")).isEqualTo("pods");
        assertThat(event.field("requestObject.spec.hostPID")).isEqualTo(true);
        assertThat(event.field("hostPID")).isEqualTo(true);
        assertThat(event.field("responseObject.metadata.uid")).isEqualTo("u");
        assertThat(event.field("protoPayload.methodName")).isEqualTo("io.k8s.core.v1.pods.create");
    }

    private static Event decoded(String json) {
        List<Decoded> items = new ArrayList<>();
        new AuditDecoder()
                .decode(
                        Slice.of(json.getBytes(StandardCharsets.UTF_8)),
                        false,
                        new Origin("prod", "test", Instant.EPOCH),
                        items::add);
        assertThat(items).singleElement().isInstanceOf(Decoded.Valid.class);
        return new AuditFields((AuditEvent) ((Decoded.Valid) items.get(0)).event());
    }
}
