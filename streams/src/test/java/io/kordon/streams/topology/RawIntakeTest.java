package io.kordon.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kordon.avro.AuditEvent;
import io.kordon.avro.EntityKind;
import io.kordon.avro.FalcoEvent;
import io.kordon.avro.PrometheusEvent;
import io.kordon.avro.Signal;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Rejection;
import io.kordon.schemas.Topic;
import io.kordon.schemas.Topics;
import io.kordon.streams.correlation.Policy;
import io.kordon.streams.response.Budgets;
import io.kordon.streams.response.SourceLimits;
import io.kordon.streams.rule.RuleFiles;
import io.kordon.streams.rule.RuleSet;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RawIntakeTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Topics TOPICS = TopologyHarness.TOPICS;
    private static final RuleSet RULES = RuleFiles.load(List.of(Path.of("../rules")));
    private static final RawTopics RAW = new RawTopics(
            Map.of("falco-raw", "prod", "falco-edge", "edge"), Map.of("am-raw", "prod"), Map.of("audit-raw", "prod"));

    private static final String FALCO =
            "{\"uuid\":\"u-1\",\"rule\":\"RCE in Tomcat\",\"priority\":\"Critical\",\"time\":"
                    + "\"2026-11-24T11:59:59.48Z\",\"hostname\":\"worker-1\",\"output\":\"curl \\u003c x\",\"output_fields\":{"
                    + "\"k8s.ns.name\":\"tomcat\",\"k8s.pod.name\":\"tomcat-0\",\"container.id\":\"ee97d9c4186f\"}}";
    private static final String HOMELESS = FALCO.replace("\"tomcat\"", "null").replace("\"tomcat-0\"", "null");
    private static final String ALERT =
            "{\"@timestamp\":\"2026-11-24T11:59:59Z\",\"data\":{\"alertCreated\":{\"alert\":{"
                    + "\"fingerprint\":\"12\",\"labels\":{\"labels\":[{\"key\":\"namespace\",\"value\":\"tomcat\"},{\"key\":"
                    + "\"pod\",\"value\":\"tomcat-0\"}]},\"startsAt\":\"2026-11-24T11:59:00Z\"}}}}\n";
    private static final String AUDIT =
            "{\"file\":\"audit.log\",\"message\":\"{\\\"auditID\\\":\\\"a\\\",\\\"stage\\\":"
                    + "\\\"Panic\\\",\\\"verb\\\":\\\"get\\\",\\\"objectRef\\\":{\\\"resource\\\":\\\"pods\\\",\\\"namespace\\\":"
                    + "\\\"tomcat\\\",\\\"name\\\":\\\"tomcat-0\\\"}}\"}";

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final AvroSerdes serdes = AvroSerdes.registry("mock://" + UUID.randomUUID());
    private final TopologyTestDriver driver = driver();

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void keysEventsOfEveryFormatByTheirPod() {
        send("falco-raw", FALCO);
        send("am-raw", ALERT);
        send("audit-raw", AUDIT);

        TestRecord<String, FalcoEvent> falco = only(events(TOPICS.falcoEvents()));
        TestRecord<String, PrometheusEvent> alert = only(events(TOPICS.prometheusEvents()));
        TestRecord<String, AuditEvent> audit = only(events(TOPICS.auditEvents()));
        assertThat(List.of(falco.key(), alert.key(), audit.key())).containsOnly("prod/tomcat/tomcat-0");
        assertThat(falco.value().getOriginal()).isEqualTo(FALCO);
        assertThat(alert.value().getOriginal()).isEqualTo(ALERT.strip());
        assertThat(audit.value().getOriginal()).isEqualTo(AUDIT);
        assertThat(falco.value().getSender()).isEqualTo("kafka:falco-raw");
        assertThat(falco.value().getReceivedAt()).isEqualTo(NOW);
        assertThat(falco.getRecordTime()).isEqualTo(NOW);
        assertThat(rejected()).isEmpty();
        assertThat(count("accepted", "falco")).isEqualTo(1);
    }

    @Test
    void takesTheClusterFromTheTopicAlone() {
        send("falco-edge", FALCO.replace("{\"uuid\"", "{\"cluster\":\"forged\",\"uuid\""));

        assertThat(only(events(TOPICS.falcoEvents())).key()).isEqualTo("edge/tomcat/tomcat-0");
    }

    @Test
    void keysByContainerWhatNamesNoPod() {
        send("falco-raw", HOMELESS);

        TestRecord<String, FalcoEvent> event = only(events(TOPICS.falcoEvents()));
        assertThat(event.key()).isEqualTo("prod/container/ee97d9c4186f");
        assertThat(event.value().getEntity().getKind()).isEqualTo(EntityKind.CONTAINER);
    }

    @Test
    void doesWithARecordWhatItDidBefore() {
        List<TestRecord<byte[], byte[]>> first = allOf(() -> send("falco-raw", "[" + FALCO + ",{}]"));
        driver.advanceWallClockTime(Duration.ofDays(3));
        List<TestRecord<byte[], byte[]>> again = allOf(() -> send("falco-raw", "[" + FALCO + ",{}]"));

        assertThat(first).hasSize(2);
        for (int i = 0; i < first.size(); i++) {
            assertThat(again.get(i).key()).isEqualTo(first.get(i).key());
            assertThat(again.get(i).value()).isEqualTo(first.get(i).value());
            assertThat(again.get(i).timestamp()).isEqualTo(first.get(i).timestamp());
        }
    }

    static List<byte[]> poison() {
        return List.of(
                new byte[] {0, 1, 2, 3, (byte) 0xFF},
                "\u0000".getBytes(StandardCharsets.UTF_8),
                "<html>".getBytes(StandardCharsets.UTF_8),
                "{\"rule\":\"half".getBytes(StandardCharsets.UTF_8),
                "[".repeat(100_000).getBytes(StandardCharsets.UTF_8),
                new byte[] {0x1F, (byte) 0x8B, 8, 0, 0, 0});
    }

    @ParameterizedTest
    @MethodSource("poison")
    void rejectsPoisonWithItsCoordinatesAndGoesOn(byte[] bytes) {
        for (String topic : List.of("falco-raw", "am-raw", "audit-raw")) {
            send(topic, new TestRecord<>(null, bytes, NOW));
        }
        send("falco-raw", FALCO);

        List<TestRecord<byte[], byte[]>> rejected = rejected();
        assertThat(rejected).hasSize(3).allSatisfy(record -> {
            assertThat(record.value()).isEqualTo(bytes);
            assertThat(header(record, "component")).isEqualTo("streams");
            assertThat(header(record, "code")).matches("json\\..*|utf8\\.invalid");
            assertThat(header(record, "partition")).isEqualTo("0");
            assertThat(header(record, "offset")).isEqualTo("0");
            assertThat(header(record, "item")).isEqualTo("0");
            assertThat(header(record, "cluster")).isEqualTo("prod");
        });
        assertThat(rejected.stream().map(record -> header(record, "topic")))
                .containsExactlyInAnyOrder("falco-raw", "am-raw", "audit-raw");
        assertThat(events(TOPICS.falcoEvents())).hasSize(1);
    }

    @Test
    void rejectsOnlyTheBadItemsOfARecord() {
        send("falco-raw", "[" + FALCO + ",{\"rule\":\"r\"}," + FALCO + "]");

        assertThat(events(TOPICS.falcoEvents())).hasSize(2);
        TestRecord<byte[], byte[]> rejected = only(rejected());
        assertThat(header(rejected, "item")).isEqualTo("1");
        assertThat(header(rejected, "code")).isEqualTo("field.missing");
        assertThat(rejected.value()).asString(StandardCharsets.UTF_8).isEqualTo("{\"rule\":\"r\"}");
        assertThat(rejected.key()).asString(StandardCharsets.UTF_8).isEqualTo("falco");
        assertThat(metrics.counter("kordon.streams.raw.rejected", "source", "falco", "code", "field.missing")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void rejectsRecordsWithoutAValue() {
        send("falco-raw", new TestRecord<>("key".getBytes(StandardCharsets.UTF_8), null, NOW));
        send("audit-raw", new TestRecord<>(null, " \n".getBytes(StandardCharsets.UTF_8), NOW));

        assertThat(rejected())
                .hasSize(2)
                .allSatisfy(record -> assertThat(header(record, "code")).isEqualTo("body.empty"));
    }

    @Test
    void rejectsWhatMakesARecordTooLargeAndCutsIt() {
        String large = FALCO.replace("curl", "x".repeat(10 << 20));
        send("falco-raw", large);
        send("falco-raw", "y".repeat(10 << 20));

        List<TestRecord<byte[], byte[]>> rejected = rejected();
        assertThat(rejected.stream().map(record -> header(record, "code")))
                .containsExactly("record.too-large", "json.syntax");
        assertThat(rejected).allSatisfy(record -> {
            assertThat(record.value()).hasSizeLessThan(1 << 20);
            assertThat(Integer.parseInt(header(record, "truncated"))).isEqualTo(record.value().length);
        });
        assertThat(header(rejected.get(0), "bytes")).isEqualTo(Integer.toString(large.length()));
        assertThat(events(TOPICS.falcoEvents())).isEmpty();
    }

    @Test
    void passesNoHeadersOfTheSenderOn() {
        RecordHeaders forged = new RecordHeaders();
        forged.add(Rejection.HEADER_PREFIX + "code", "forged".getBytes(StandardCharsets.UTF_8));
        send("falco-raw", new TestRecord<>(null, "{}".getBytes(StandardCharsets.UTF_8), forged, NOW));
        send("falco-raw", new TestRecord<>(null, FALCO.getBytes(StandardCharsets.UTF_8), forged, NOW));

        assertThat(only(rejected()).headers().headers(Rejection.HEADER_PREFIX + "code"))
                .extracting(Header::value)
                .containsExactly("field.missing".getBytes(StandardCharsets.UTF_8));
        assertThat(only(events(TOPICS.falcoEvents())).headers()).isEmpty();
    }

    @Test
    void takesARecordFromTheFutureForReceivedNow() {
        send("falco-raw", new TestRecord<>(null, bytes(FALCO), NOW.plus(Duration.ofDays(400))));
        send("falco-raw", new TestRecord<>(null, bytes(FALCO), NOW.plus(Duration.ofMinutes(2))));

        List<TestRecord<String, FalcoEvent>> events = events(TOPICS.falcoEvents());
        assertThat(events.get(0).value().getReceivedAt()).isEqualTo(NOW);
        assertThat(events.get(0).getRecordTime()).isEqualTo(NOW);
        assertThat(events.get(1).value().getReceivedAt()).isEqualTo(NOW.plus(Duration.ofMinutes(2)));
        assertThat(count("clamped", "falco")).isEqualTo(1);
    }

    @Test
    void countsFalcosMetricsSnapshotsAsIgnored() {
        send("falco-raw", "{\"rule\":\"Falco internal: metrics snapshot\",\"source\":\"internal\"}");

        assertThat(count("ignored", "falco")).isEqualTo(1);
        assertThat(events(TOPICS.falcoEvents())).isEmpty();
        assertThat(rejected()).isEmpty();
    }

    @Test
    void leadsIntoThePathThatTheGatewayLeadsInto() {
        KordonTopology whole = new KordonTopology(
                TOPICS,
                serdes,
                () -> RULES,
                List::of,
                Policy.DEFAULT,
                SourceLimits.DEFAULT,
                Budgets.DEFAULT,
                RAW,
                new SimpleMeterRegistry());
        try (TopologyTestDriver pipeline = driver(whole.build())) {
            pipeline.createInputTopic("falco-raw", new ByteArraySerializer(), new ByteArraySerializer())
                    .pipeInput(new TestRecord<>(null, bytes(FALCO), NOW));

            assertThat(pipeline.createOutputTopic(
                                    TOPICS.signals().name(), new StringDeserializer(), serdes.<Signal>deserializer())
                            .readKeyValuesToList())
                    .singleElement()
                    .satisfies(signal -> assertThat(signal.key).isEqualTo("prod/tomcat/tomcat-0"));
        }
    }

    @Test
    void addsNothingWhereNoTopicIsNamed() {
        assertThat(new RawIntake(TOPICS, serdes, RawTopics.NONE, metrics)
                        .addTo(new StreamsBuilder().build())
                        .describe()
                        .subtopologies())
                .isEmpty();
    }

    @Test
    void refusesTopicsThatWouldFeedThemselvesOrBelongToTwoFormats() {
        String own = TOPICS.falcoEvents().name();
        RawTopics loop = new RawTopics(Map.of(own, "prod"), Map.of(), Map.of());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RawIntake(TOPICS, serdes, loop, metrics))
                .withMessageContaining(own);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RawTopics(Map.of("t", "prod"), Map.of(), Map.of("t", "prod")))
                .withMessageContaining("two formats");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RawTopics(Map.of("t", "a/b"), Map.of(), Map.of()))
                .withMessageContaining("a/b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RawTopics(Map.of("t t", "a"), Map.of(), Map.of()))
                .withMessageContaining("t t");
    }

    private TopologyTestDriver driver() {
        return driver(new RawIntake(TOPICS, serdes, RAW, metrics).addTo(new StreamsBuilder().build()));
    }

    private static TopologyTestDriver driver(Topology topology) {
        StreamsSettings settings =
                StreamsSettings.in(Path.of("target", "state", UUID.randomUUID().toString()));
        Map<String, Object> kafka = new HashMap<>(Map.of("bootstrap.servers", "unused:9092"));
        return new TopologyTestDriver(
                topology, KordonStreams.properties(settings, TOPICS, kafka, new SimpleMeterRegistry()), NOW);
    }

    private void send(String topic, String value) {
        send(topic, new TestRecord<>(null, bytes(value), NOW));
    }

    private void send(String topic, TestRecord<byte[], byte[]> record) {
        driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(record);
    }

    private <V extends SpecificRecord> List<TestRecord<String, V>> events(Topic<V> topic) {
        return driver.createOutputTopic(topic.name(), new StringDeserializer(), serdes.<V>deserializer())
                .readRecordsToList();
    }

    private List<TestRecord<byte[], byte[]>> rejected() {
        return bytesOf(TOPICS.rejected());
    }

    private List<TestRecord<byte[], byte[]>> allOf(Runnable sending) {
        sending.run();
        List<TestRecord<byte[], byte[]>> all = new ArrayList<>(bytesOf(TOPICS.falcoEvents()));
        all.addAll(rejected());
        return all;
    }

    private List<TestRecord<byte[], byte[]>> bytesOf(Topic<?> topic) {
        return driver.createOutputTopic(topic.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    private double count(String what, String source) {
        return metrics.counter("kordon.streams.raw." + what, "source", source).count();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T only(List<T> records) {
        assertThat(records).hasSize(1);
        return records.get(0);
    }

    private static String header(TestRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(Rejection.HEADER_PREFIX + name);
        assertThat(header).as(name).isNotNull();
        return new String(header.value(), StandardCharsets.UTF_8);
    }
}
