package io.kordon.decoding;

import static io.kordon.decoding.Decoding.decode;
import static io.kordon.decoding.Decoding.event;
import static io.kordon.decoding.Decoding.only;
import static io.kordon.decoding.Decoding.rejected;
import static io.kordon.decoding.Decoding.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.AlertStatus;
import io.kordon.avro.PrometheusEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of Alertmanager's event recorder, as protobuf's JSON form spells them. */
class EventRecordingTest {
    private static final String ALERT = "{\"fingerprint\":\"18053653083636690725\",\"name\":\"PodMemoryAbove2GiB\","
            + "\"labels\":{\"labels\":[{\"key\":\"alertname\",\"value\":\"PodMemoryAbove2GiB\"},{\"key\":\"namespace\","
            + "\"value\":\"tomcat\"},{\"key\":\"pod\",\"value\":\"tomcat-0\"},{\"key\":\"empty\"}]},\"annotations\":{"
            + "\"labels\":[{\"key\":\"value\",\"value\":\"2.658500608e+09\"}]},\"startsAt\":"
            + "\"2026-11-24T00:05:49.580Z\",\"endsAt\":\"2026-11-24T00:10:49.580Z\"}";
    private static final String RESOLVED =
            ALERT.substring(0, ALERT.length() - 1).replace("tomcat-0", "tomcat-1") + ", \"resolved\":true}";
    private static final String GROUP =
            "\"groupInfo\":{\"groupKey\":\"{}:{}\",\"receiverName\":\"kordon\",\"matchers\":[{}]}";
    private static final String WEBHOOK = "{\"version\":\"4\",\"alerts\":[{\"status\":\"firing\",\"labels\":{"
            + "\"alertname\":\"PodMemoryAbove2GiB\",\"namespace\":\"tomcat\",\"pod\":\"tomcat-0\"},\"fingerprint\":"
            + "\"fa8b75d3c44cef25\",\"startsAt\":\"2026-11-24T00:05:49.58Z\"}]}";

    private final Decoder decoder = new AlertmanagerDecoder();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"alertCreated\":{\"alert\":@}",
                "\"alertGrouped\":{\"alert\":{\"hash\":\"9\",\"details\":@},#}",
                "\"alertResolved\":{#,\"alert\":{\"details\":@}}"
            })
    void readsTheAlertOfARecord(String data) {
        String record = record(data);
        PrometheusEvent event = only(PrometheusEvent.class, decode(decoder, record + "\n"));

        assertThat(event.getStatus()).isEqualTo(AlertStatus.FIRING);
        assertThat(event.getAlertname()).isEqualTo("PodMemoryAbove2GiB");
        assertThat(event.getLabels()).hasSize(4).containsEntry("empty", "");
        assertThat(event.getValue()).isEqualTo(2_658_500_608.0);
        assertThat(event.getStartsAt()).hasToString("2026-11-24T00:05:49.580Z");
        assertThat(event.getEndsAt()).isNull();
        assertThat(event.getEntity().getKey()).isEqualTo("demo/tomcat/tomcat-0");
        assertThat(event.getOriginal()).isEqualTo(record);
        assertThat(event.getReceiver()).isEqualTo(data.contains("#") ? "kordon" : null);
    }

    @Test
    void givesAnAlertTheIdThatItHasByWebhook() {
        PrometheusEvent recorded =
                only(PrometheusEvent.class, decode(decoder, record("\"alertCreated\":{\"alert\":@}")));
        PrometheusEvent sent = only(PrometheusEvent.class, decode(decoder, WEBHOOK));

        assertThat(recorded.getFingerprint()).isEqualTo("fa8b75d3c44cef25").isEqualTo(sent.getFingerprint());
        assertThat(recorded.getId()).isEqualTo(sent.getId());
    }

    @Test
    void readsEveryAlertOfANotificationAndKeepsItsEnvelope() {
        String element = "{\"hash\":\"9\", \"details\":" + RESOLVED + "}";
        String record = record("\"notification\":{\"alerts\":[{\"details\":@}, " + element
                + ",{\"hash\":\"8\"}],#,\"firingAlerts\":[{\"hash\":\"9\"}],\"flushId\":\"3\"}");
        List<Decoded> items = decode(decoder, record);

        assertThat(items).hasSize(3);
        assertThat(event(PrometheusEvent.class, items.get(0)).getStatus()).isEqualTo(AlertStatus.FIRING);
        PrometheusEvent resolved = event(PrometheusEvent.class, items.get(1));
        assertThat(resolved.getStatus()).isEqualTo(AlertStatus.RESOLVED);
        assertThat(resolved.getEndsAt()).hasToString("2026-11-24T00:10:49.580Z");
        assertThat(resolved.getOriginal()).isEqualTo(element);
        assertThat(resolved.getGroupKey()).isEqualTo("{}:{}");
        assertThat(resolved.getEnvelope()).startsWith("{\"@timestamp\"").contains("\"alerts\":[],");
        assertThat(items.get(2)).isInstanceOf(Decoded.Ignored.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"alertmanagerStartupEvent\":{\"version\":\"0.34.0\"}",
                "\"alertmanagerShutdownEvent\":{}",
                "\"silenceCreated\":{\"silence\":{\"id\":\"s\"}}",
                "\"silenceMutedAlert\":{\"mutedAlert\":{}}",
                "\"ofALaterVersion\":7",
                "\"notification\":{}",
                "\"alertGrouped\":{\"alert\":{\"hash\":\"9\"}}"
            })
    void takesWhatIsNoAlertForNoEvent(String data) {
        assertThat(decode(decoder, record(data))).singleElement().isInstanceOf(Decoded.Ignored.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[@,@]", "@\n@\n", "@\n" + WEBHOOK})
    void readsArraysAndLines(String body) {
        String record = record("\"alertCreated\":{\"alert\":@}");
        List<Decoded> items =
                decode(decoder, body.replace("@\n", record + "\n").replace("[@,@]", "[" + record + "," + record + "]"));

        assertThat(items)
                .hasSize(2)
                .allSatisfy(item -> assertThat(
                                event(PrometheusEvent.class, item).getEntity().getKey())
                        .isEqualTo("demo/tomcat/tomcat-0"));
    }

    @Test
    void keepsTheGoodRecordsOfAFile() {
        String good = record("\"alertCreated\":{\"alert\":@}");
        List<Decoded> items = decode(decoder, good + "\n{\"data\":{}}\n" + good);

        assertThat(items).hasSize(3);
        assertThat(rejected(items.get(1)).field()).isEqualTo("data");
        event(PrometheusEvent.class, items.get(2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"data\":7} | field.type | data",
                "{\"data\":{\"alertCreated\":{\"alert\":{}}}} | field.missing | data.alertCreated.alert.labels",
                "{\"data\":{\"alertCreated\":{\"alert\":{\"labels\":{\"labels\":[7]}}}}}"
                        + " | field.type | data.alertCreated.alert.labels.labels[]",
                "{\"data\":{\"alertCreated\":{\"alert\":{\"labels\":{\"labels\":[{\"key\":\"a\"},{\"key\":\"a\"}]}}}}}"
                        + " | json.duplicate-key | data.alertCreated.alert.labels.labels[]",
                "{\"data\":{\"alertCreated\":{\"alert\":{\"fingerprint\":\"-1\"}}}}"
                        + " | field.value | data.alertCreated.alert.fingerprint",
                "{\"data\":{\"alertCreated\":{\"alert\":{\"resolved\":\"yes\"}}}}"
                        + " | field.type | data.alertCreated.alert.resolved",
                "{\"data\":{\"notification\":{\"alerts\":{}}}} | field.type | data.notification.alerts",
                "{\"data\":{\"notification\":{\"alerts\":[{\"details\":{\"labels\":{}}}]}}}"
                        + " | field.missing | data.notification.alerts[].details.startsAt",
                "{\"data\":{\"alertCreated\":{},\"alertCreated\":{}}} | json.duplicate-key | data.alertCreated"
            })
    void saysWhatIsWrong(String body, String code, String field) {
        Decoded.Rejected rejected = rejected(decode(decoder, body));

        assertThat(rejected.code()).isEqualTo(code);
        assertThat(rejected.field()).isEqualTo(field);
        assertThat(body).contains(text(rejected.bytes()));
    }

    @Test
    void saysHowToConfigureARecorderThatSendsProtobuf() {
        byte[] protobuf = {0x0A, 0x06, 0x08, (byte) 0xF0, (byte) 0xC6, (byte) 0xC5, (byte) 0xD0, 0x06, 0x12, 0x01, 'a'};
        Decoded.Rejected rejected = rejected(decode(decoder, protobuf, false));

        assertThat(rejected.code()).isEqualTo("format.protobuf");
        assertThat(rejected.reason()).contains("format: json");
        assertThat(rejected.bytes().copy(100)).isEqualTo(protobuf);
    }

    @Test
    void boundsTheAlertsOfAllRecordsTogether() {
        String record = "{\"data\":{\"notification\":{\"alerts\":[" + "{},".repeat(29_999) + "{}]}}}";
        List<Decoded> items = decode(decoder, record + "\n" + record);

        assertThat(items).hasSize(30_001);
        assertThat(rejected(items.get(30_000)).code()).isEqualTo("items.too-many");
    }

    private static String record(String data) {
        return "{\"@timestamp\":\"2026-11-24T12:00:00Z\", \"instance\":\"am-0\", \"data\":{"
                + data.replace("@", ALERT).replace("#", GROUP) + "}, \"clusterPosition\":1}";
    }
}
