package io.kordon.decoding;

import static io.kordon.decoding.Decoding.decode;
import static io.kordon.decoding.Decoding.event;
import static io.kordon.decoding.Decoding.only;
import static io.kordon.decoding.Decoding.rejected;
import static io.kordon.decoding.Decoding.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.AlertStatus;
import io.kordon.avro.EntityKind;
import io.kordon.avro.PrometheusEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertmanagerDecoderTest {
    private static final String ALERT = "{\"status\":\"firing\",\"labels\":{\"alertname\":\"A\",\"namespace\":\"n\","
            + "\"pod\":\"p\"},\"annotations\":{},\"startsAt\":\"2026-11-24T00:05:49.58Z\","
            + "\"endsAt\":\"0001-01-01T00:00:00Z\",\"fingerprint\":\"7a8cf2ced3c739a5\"}";

    private final Decoder decoder = new AlertmanagerDecoder();

    @ParameterizedTest
    @CsvSource({
        "001, PodCpuAbove3Cores, demo/tomcat/tomcat-depl-89bb8c5c7-lspcw, tomcat, worker-1, FIRING, 3.7174, ",
        "002, PodMemoryAbove2GiB, demo/tomcat/tomcat-depl-89bb8c5c7-lspcw, , worker-1, FIRING, 2658500608, ",
        "003, PodMemoryAbove2GiB, demo/shop/cart-6d4cf56db6-9q7wz, , worker-2, FIRING, 2316288000, ",
        "006, PodMemoryAbove2GiB, demo/tomcat/tomcat-depl-89bb8c5c7-lspcw, , worker-1, FIRING, 2658500608, ",
        "007, Watchdog, demo, , , FIRING, , ",
        "011, PodMemoryAbove2GiB, demo/shop/cart-6d4cf56db6-9q7wz, , worker-2, RESOLVED, 2316288000,"
                + " 2026-11-24T00:06:55.580Z",
        "012, PodMemoryAbove2GiB, demo/tomcat/tomcat-depl-89bb8c5c7-lspcw, , worker-1, RESOLVED, 2658500608,"
                + " 2026-11-24T00:06:55.580Z",
        "014, PodCpuAbove3Cores, demo/tomcat/tomcat-depl-89bb8c5c7-lspcw, tomcat, worker-1, RESOLVED, 3.7174,"
                + " 2026-11-24T00:06:55.580Z"
    })
    void readsWhatARealAlertmanagerSent(
            String number,
            String alertname,
            String key,
            String container,
            String node,
            AlertStatus status,
            Double value,
            Instant endsAt)
            throws IOException {
        String body = captured(number);
        PrometheusEvent event = only(PrometheusEvent.class, decode(decoder, body));

        assertThat(event.getAlertname()).isEqualTo(alertname);
        assertThat(event.getEntity().getKey()).isEqualTo(key);
        assertThat(event.getEntity().getContainer()).isEqualTo(container);
        assertThat(event.getEntity().getNode()).isEqualTo(node);
        assertThat(event.getStatus()).isEqualTo(status);
        assertThat(event.getValue()).isEqualTo(value);
        assertThat(event.getEndsAt()).isEqualTo(endsAt);
        assertThat(event.getReceivedAt()).isEqualTo(Decoding.RECEIVED);
        assertThat(event.getReceiver()).isEqualTo("kordon");
        assertThat(event.getExternalUrl()).isEqualTo("http://vm:19093");
        assertThat(event.getGroupKey()).startsWith("{}:{alertname=");
        assertThat(event.getLabels()).containsEntry("cluster", "prod-eu-1");
        assertThat(body).contains(event.getOriginal());
        assertThat(event.getEnvelope()).isEqualTo(body.strip().replace(event.getOriginal(), ""));
    }

    @Test
    void givesARepeatedNotificationOneIdAndAResolveAnother() throws IOException {
        String first = id(captured("002"));

        assertThat(id(captured("006"))).isEqualTo(first).hasSize(32);
        assertThat(id(captured("012"))).isNotEqualTo(first);
        assertThat(id(captured("003"))).isNotEqualTo(first);
    }

    @Test
    void readsEachAlertOfANotification() {
        String other = ALERT.replace("\"p\"", "\"q\"");
        String broken = "{\"labels\":{}}";
        List<Decoded> items = decode(decoder, notification(ALERT + " , " + broken + ",\n" + other));

        assertThat(items).hasSize(3);
        PrometheusEvent first = event(PrometheusEvent.class, items.get(0));
        assertThat(first.getOriginal()).isEqualTo(ALERT);
        assertThat(first.getEnvelope()).isEqualTo(notification(""));
        assertThat(rejected(items.get(1)).field()).isEqualTo("alerts[].startsAt");
        assertThat(text(rejected(items.get(1)).bytes())).isEqualTo(broken);
        assertThat(event(PrometheusEvent.class, items.get(2)).getEntity().getName())
                .isEqualTo("q");
    }

    @Test
    void copesWithOldSendersThatOmitStatusAndFingerprint() {
        String old = "{\"labels\":{\"b\":\"2\",\"alertname\":\"A\"},\"startsAt\":\"2026-11-24T00:05:49Z\"}";
        String sorted = "{\"labels\":{\"alertname\":\"A\",\"b\":\"2\"},\"startsAt\":\"2026-11-24T01:05:49+01:00\"}";
        PrometheusEvent event = only(PrometheusEvent.class, decode(decoder, notification(old)));

        assertThat(event.getStatus()).isEqualTo(AlertStatus.RESOLVED);
        assertThat(event.getEndsAt()).isNull();
        assertThat(event.getFingerprint()).hasSize(16);
        assertThat(id(notification(sorted))).isEqualTo(event.getId());
        assertThat(id(notification(sorted.replace("\"2\"", "\"3\"")))).isNotEqualTo(event.getId());
    }

    @Test
    void takesNoEndForAnAlertThatFires() {
        String future = ALERT.replace("0001-01-01T00:00:00Z", "2026-11-24T00:10:49.58Z");

        assertThat(only(PrometheusEvent.class, decode(decoder, notification(future)))
                        .getEndsAt())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "2.658500608e+09, 2658500608",
        "3.7174, 3.7174",
        "-1, -1",
        " 0 , 0",
        "+5E-1, 0.5",
        ".5, 0.5",
        "7., 7",
        "2.476GiB, ",
        "NaN, ",
        "+Inf, ",
        "1e999, ",
        "0x1p3, ",
        "1d, ",
        "371.7%, ",
        "'', "
    })
    void readsPlainNumbersOnly(String written, Double expected) {
        String alert = ALERT.replace("\"annotations\":{}", "\"annotations\":{\"value\":\"" + written + "\"}");

        assertThat(only(PrometheusEvent.class, decode(decoder, notification(alert)))
                        .getValue())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"namespace\":\"n\",\"pod\":\"p\",\"uid\":\"u\"} | POD | demo/n/p | u",
                "{\"namespace\":\"n\",\"pod\":\"p\",\"pod_uid\":\"u\"} | POD | demo/n/p | u",
                "{\"pod\":\"p\",\"node\":\"w\"} | NODE | demo/node/w | ",
                "{\"namespace\":\"n\",\"instance\":\"10.0.0.1:9100\"} | NAMESPACE | demo/namespace/n | ",
                "{\"instance\":\"10.0.0.1:9100\",\"cluster\":\"forged\"} | CLUSTER | demo | ",
                "{\"namespace\":\"a/b\",\"pod\":\"%\"} | CLUSTER | demo | ",
                "{\"namespace\":\"kube-system/pods/victim#\",\"pod\":\"p\"} | CLUSTER | demo | ",
                "{\"namespace\":\"shop\",\"pod\":\"../../kube-system/pods/victim\"} | NAMESPACE | demo/namespace/shop | ",
                "{\"namespace\":\"shop\",\"pod\":\"p\",\"uid\":\"a/b\"} | POD | demo/shop/p | "
            })
    void keysByTheNarrowestLabel(String labels, EntityKind kind, String key, String uid) {
        String alert = "{\"labels\":" + labels + ",\"startsAt\":\"2026-11-24T00:05:49Z\"}";
        PrometheusEvent event = only(PrometheusEvent.class, decode(decoder, notification(alert)));

        assertThat(event.getEntity().getKind()).isEqualTo(kind);
        assertThat(event.getEntity().getKey()).isEqualTo(key);
        assertThat(event.getEntity().getUid()).isEqualTo(uid);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"alerts\":[]} | field.missing | version",
                "{\"version\":\"3\",\"alerts\":[]} | field.value | version",
                "{\"version\":null,\"alerts\":[]} | field.missing | version",
                "{\"version\":\"4\"} | field.missing | alerts",
                "{\"version\":\"4\",\"alerts\":null} | field.type | alerts",
                "{\"version\":\"4\",\"alerts\":{}} | field.type | alerts",
                "{\"version\":\"4\",\"alerts\":[],\"alerts\":[]} | json.duplicate-key | alerts",
                "{\"version\":\"4\",\"alerts\":[],\"\\u0061lerts\":[]} | json.duplicate-key | alerts",
                "{\"version\":\"4\",\"\\u0061lerts\":[]} | field.missing | alerts",
                "{\"version\":\"4\",\"alerts\":[] | json.syntax | ",
                "{\"version\":\"4\",\"alerts\":[]} x | json.syntax | ",
                "{\"version\":\"4\",\"alerts\":[}]} | json.syntax | ",
                "7 | json.type | ",
                "null | json.type | "
            })
    void saysWhatIsWrongWithTheNotification(String body, String code, String field) {
        Decoded.Rejected rejected = rejected(decode(decoder, body));

        assertThat(rejected.code()).isEqualTo(code);
        assertThat(rejected.field()).isEqualTo(field);
        assertThat(text(rejected.bytes())).isEqualTo(body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"labels\":{\"alertname\" | \"labelz\":{\"alertname\" | field.missing | alerts[].labels",
                "\"firing\" | \"smouldering\" | field.value | alerts[].status",
                "2026-11-24T00:05:49.58Z | 0001-01-01T00:00:00Z | field.value | alerts[].startsAt",
                "0001-01-01T00:00:00Z | soon | field.value | alerts[].endsAt",
                "\"pod\":\"p\" | \"pod\":{} | field.type | alerts[].labels.pod",
                "\"pod\":\"p\" | \"namespace\":\"o\" | json.duplicate-key | alerts[].labels.namespace"
            })
    void saysWhatIsWrongWithAnAlert(String from, String to, String code, String field) {
        Decoded.Rejected rejected = rejected(decode(decoder, notification(ALERT.replace(from, to))));

        assertThat(rejected.code()).isEqualTo(code);
        assertThat(rejected.field()).isEqualTo(field);
    }

    @Test
    void boundsWhatTheEnvelopeMultipliesTo() {
        String large = notification("@").replace("\"kordon\"", "\"" + "k".repeat(200_000) + "\"");
        List<Decoded> items = decode(decoder, large.replace("@", ALERT + ("," + ALERT).repeat(999)));

        assertThat(items).hasSize(1_000);
        assertThat(event(PrometheusEvent.class, items.get(0)).getEnvelope()).isEqualTo(large.replace("@", ""));
        assertThat(event(PrometheusEvent.class, items.get(999)).getEnvelope()).isEmpty();
        String huge = notification(ALERT).replace("\"kordon\"", "\"" + "k".repeat(300_000) + "\"");
        assertThat(rejected(decode(decoder, huge)).code()).isEqualTo("field.too-large");
    }

    private String id(String body) {
        return only(PrometheusEvent.class, decode(decoder, body)).getId();
    }

    private static String notification(String alerts) {
        return "{\"receiver\":\"kordon\",\"status\":\"resolved\",\"alerts\":[" + alerts
                + "],\"groupLabels\":{\"alerts\":\"[{\"},\"version\":\"4\",\"groupKey\":\"{}\",\"truncatedAlerts\":0}";
    }

    private static String captured(String number) throws IOException {
        String name = "alertmanager/alertmanager-" + number + ".json";
        try (InputStream in = AlertmanagerDecoderTest.class.getClassLoader().getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
