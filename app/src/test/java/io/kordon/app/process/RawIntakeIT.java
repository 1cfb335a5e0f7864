package io.kordon.app.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kordon.app.config.Settings;
import io.kordon.app.embedded.EmbeddedStack;
import io.kordon.app.embedded.SharedStack;
import io.kordon.avro.AuditEvent;
import io.kordon.avro.FalcoEvent;
import io.kordon.avro.PrometheusEvent;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Rejection;
import io.kordon.schemas.SchemaRegistration;
import io.kordon.schemas.Topic;
import io.kordon.schemas.TopicAdmin;
import io.kordon.schemas.Topics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Senders that write to Kafka themselves, on a real broker and registry, through the settings of `kordon streams`. */
@ExtendWith(SharedStack.class)
class RawIntakeIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Topics TOPICS = new Topics("raw-it.", 2);
    private static final String FALCO = "raw-it-falco";
    private static final String ALERTMANAGER = "raw-it-alertmanager";
    private static final String AUDIT = "raw-it-audit";
    private static final byte[] POISON = {'{', (byte) 0xFF, 0, '"'};

    private static final String FALCOSIDEKICK =
            "{\"uuid\":\"5a0c\",\"output\":\"a shell \\u003c was started\",\"priority\":"
                    + "\"Notice\",\"rule\":\"Run shell untrusted\",\"time\":\"2026-11-24T12:00:00.48Z\",\"output_fields\":{"
                    + "\"container.id\":\"ee97d9c4186f\",\"k8s.ns.name\":\"tomcat\",\"k8s.pod.name\":\"tomcat-0\"},"
                    + "\"source\":\"syscall\",\"tags\":[\"shell\"],\"hostname\":\"worker-1\"}";
    private static final String RECORDED = "{\"@timestamp\":\"2026-11-24T12:00:00Z\",\"instance\":\"am-0\",\"data\":{"
            + "\"alertCreated\":{\"alert\":{\"fingerprint\":\"17\",\"name\":\"A\",\"labels\":{\"labels\":[{\"key\":"
            + "\"alertname\",\"value\":\"A\"},{\"key\":\"namespace\",\"value\":\"tomcat\"},{\"key\":\"pod\",\"value\":"
            + "\"tomcat-0\"}]},\"startsAt\":\"2026-11-24T12:00:00Z\"}}}}\n";
    private static final String SHIPPED = "{\"message\":\"{\\\"kind\\\":\\\"Event\\\",\\\"apiVersion\\\":"
            + "\\\"audit.k8s.io/v1\\\",\\\"auditID\\\":\\\"a\\\",\\\"stage\\\":\\\"ResponseComplete\\\",\\\"verb\\\":"
            + "\\\"create\\\",\\\"objectRef\\\":{\\\"resource\\\":\\\"pods\\\",\\\"namespace\\\":\\\"tomcat\\\","
            + "\\\"name\\\":\\\"tomcat-0\\\",\\\"subresource\\\":\\\"exec\\\"}}\",\"source_type\":\"file\"}";

    @Test
    void turnsWhatSendersWriteToKafkaIntoEventsByPod(EmbeddedStack stack, @TempDir Path state) throws Exception {
        AvroSerdes serdes = AvroSerdes.registry(stack.registry().url());
        Map<String, Object> kafka = Map.of("bootstrap.servers", stack.broker().bootstrapServers());
        createTopics(kafka, serdes);
        Settings settings = Settings.load(
                null,
                Map.of(),
                Map.of(
                        "kafka.bootstrap.servers",
                        stack.broker().bootstrapServers(),
                        "kordon.registry.url",
                        stack.registry().url(),
                        "kordon.topics.prefix",
                        TOPICS.prefix(),
                        "kordon.streams.application-id",
                        "raw-it",
                        "kordon.streams.state-dir",
                        state.resolve("streams").toString(),
                        "kordon.cluster",
                        "prod",
                        "kordon.raw.falco-topics",
                        FALCO,
                        "kordon.raw.alertmanager-topics",
                        ALERTMANAGER + "=prod",
                        "kordon.raw.audit-topics",
                        AUDIT));
        try (AutoCloseable streams = new StreamsCommand()
                .start(settings, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))
                .component()) {
            assertThat(streams).isNotNull();
            produce(kafka);

            assertThat(only(kafka, serdes, TOPICS.falcoEvents(), FalcoEvent.class))
                    .satisfies(event -> assertThat(event.getOriginal()).isEqualTo(FALCOSIDEKICK))
                    .satisfies(event -> assertThat(event.getSender()).isEqualTo("kafka:" + FALCO));
            assertThat(only(kafka, serdes, TOPICS.prometheusEvents(), PrometheusEvent.class)
                            .getOriginal())
                    .isEqualTo(RECORDED.strip());
            assertThat(only(kafka, serdes, TOPICS.auditEvents(), AuditEvent.class)
                            .getOriginal())
                    .isEqualTo(SHIPPED);
            List<ConsumerRecord<byte[], byte[]>> rejected = records(kafka, TOPICS.rejected(), 2);
            assertThat(rejected.stream().map(record -> header(record, "topic") + ": " + header(record, "code")))
                    .containsExactlyInAnyOrder(FALCO + ": utf8.invalid", AUDIT + ": body.empty");
            assertThat(rejected).anySatisfy(record -> assertThat(record.value()).isEqualTo(POISON));
        }
    }

    private static void createTopics(Map<String, Object> kafka, AvroSerdes serdes) throws Exception {
        try (Admin admin = Admin.create(kafka)) {
            TopicAdmin topics = new TopicAdmin(admin);
            topics.create(TOPICS, (short) 1);
            List<Topic<SpecificRecord>> raw =
                    Stream.of(FALCO, ALERTMANAGER, AUDIT).map(TOPICS::raw).toList();
            assertThat(topics.createMissing(raw, (short) 1)).containsExactly(FALCO, ALERTMANAGER, AUDIT);
            assertThat(topics.createMissing(raw, (short) 1)).isEmpty();
        }
        SchemaRegistration.with(serdes).register(TOPICS);
    }

    private static void produce(Map<String, Object> kafka) throws Exception {
        try (KafkaProducer<byte[], byte[]> sender =
                new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<ProducerRecord<byte[], byte[]>> records = List.of(
                    new ProducerRecord<>(FALCO, POISON),
                    new ProducerRecord<>(FALCO, FALCOSIDEKICK.getBytes(StandardCharsets.UTF_8)),
                    new ProducerRecord<>(
                            ALERTMANAGER,
                            "am-0".getBytes(StandardCharsets.UTF_8),
                            RECORDED.getBytes(StandardCharsets.UTF_8)),
                    new ProducerRecord<>(AUDIT, null),
                    new ProducerRecord<>(AUDIT, SHIPPED.getBytes(StandardCharsets.UTF_8)));
            for (ProducerRecord<byte[], byte[]> record : records) {
                sender.send(record).get();
            }
        }
    }

    /** The topic's only event, keyed by the pod. */
    private static <V extends SpecificRecord> V only(
            Map<String, Object> kafka, AvroSerdes serdes, Topic<V> topic, Class<V> type) {
        ConsumerRecord<byte[], byte[]> record = records(kafka, topic, 1).get(0);
        assertThat(record.key()).asString(StandardCharsets.UTF_8).isEqualTo("prod/tomcat/tomcat-0");
        return type.cast(serdes.<V>deserializer().deserialize(topic.name(), record.value()));
    }

    /** All committed records of a topic, once there are as many; more would be too many. */
    private static List<ConsumerRecord<byte[], byte[]>> records(Map<String, Object> kafka, Topic<?> topic, int count) {
        Map<String, Object> client = new HashMap<>(kafka);
        client.put("isolation.level", "read_committed");
        client.put("auto.offset.reset", "earliest");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(IntStream.range(0, topic.partitions())
                    .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                    .toList());
            await().atMost(LIMIT).untilAsserted(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                assertThat(records).hasSizeGreaterThanOrEqualTo(count);
            });
        }
        assertThat(records).hasSize(count);
        return records;
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        return new String(
                record.headers().lastHeader(Rejection.HEADER_PREFIX + name).value(), StandardCharsets.UTF_8);
    }
}
