package io.kordon.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kordon.app.embedded.EmbeddedStack;
import io.kordon.app.embedded.SharedStack;
import io.kordon.avro.Evidence;
import io.kordon.avro.Incident;
import io.kordon.avro.Source;
import io.kordon.avro.StepStatus;
import io.kordon.schemas.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What anybody may post to a running pipeline, and what must come of it. Each test has pods of its own. That something
 * makes no incident is shown by what follows: a pair that does make one, on the same pod, with its own evidence only.
 */
@ExtendWith(SharedStack.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnybodyWithCurlIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final double GIB = 1L << 30;

    private RunningPipeline running;
    private IncidentFollower follower;
    private Senders senders;

    @BeforeAll
    void start(EmbeddedStack stack, @TempDir Path state) throws InterruptedException {
        running = new RunningPipeline(stack, "anybody-it", state.resolve("streams"));
        follower = new IncidentFollower(
                running.setup().topics().incidents(),
                running.setup().kafka(),
                running.setup().serdes());
        senders = new Senders(running.pipeline().gatewayUrl());
    }

    @AfterAll
    void stop() {
        follower.close();
        running.close();
    }

    @Test
    void makesTheSameOfThePairInEitherOrder() {
        Instant now = Instant.now();
        senders.rce("shop", "rce-first", now);
        senders.firing("shop", "rce-first", 2.5 * GIB, now.minusSeconds(5));
        senders.firing("shop", "alert-first", 2.5 * GIB, now.minusSeconds(5));
        senders.rce("shop", "alert-first", now);

        Incident one = incident("rce-first", 2);
        Incident other = incident("alert-first", 2);
        assertThat(one.getScore()).isEqualTo(other.getScore()).isGreaterThanOrEqualTo(85);
        assertThat(one.getId()).isNotEqualTo(other.getId());
        assertThat(sources(one)).isEqualTo(sources(other)).containsExactly("FALCO", "PROMETHEUS");
    }

    @Test
    void makesNoIncidentOfMemoryAtOnePointNineGibibytes() {
        Instant now = Instant.now();
        senders.firing("shop", "small", 1.9 * GIB, now.minusSeconds(60));
        senders.rce("shop", "small", now);
        senders.firing("shop", "small", 2.1 * GIB, now.minusSeconds(30));

        assertThat(incident("small", 2).getEvidence())
                .filteredOn(evidence -> evidence.getSource() == Source.PROMETHEUS)
                .allMatch(evidence -> evidence.getStart().equals(micros(now.minusSeconds(30))));
    }

    @Test
    void makesNoIncidentOfTwoPods() {
        Instant now = Instant.now();
        senders.rce("shop", "here", now);
        senders.firing("shop", "there", 3 * GIB, now);
        senders.firing("shop", "here", 3 * GIB, now);

        assertThat(incident("here", 2).getEvidence()).hasSize(2);
        assertThat(incidents("there")).isEmpty();
    }

    @Test
    void makesNoIncidentOfAnAlertThatResolvedElevenMinutesBefore() {
        Instant now = Instant.now();
        Instant start = now.minus(Duration.ofMinutes(30));
        senders.firing("shop", "over", 3 * GIB, start);
        senders.resolved("shop", "over", 3 * GIB, start, now.minus(Duration.ofMinutes(11)));
        senders.rce("shop", "over", now);
        senders.firing("shop", "over", 3 * GIB, now);

        assertThat(incident("over", 2).getEvidence())
                .noneMatch(evidence -> evidence.getStart().equals(micros(start)));
    }

    @Test
    void countsAnAlertThatBeganFortyMinutesAgoAndStillFires() {
        Instant now = Instant.now();
        senders.firing("shop", "long", 3 * GIB, now.minus(Duration.ofMinutes(40)));
        senders.rce("shop", "long", now);
        assertThat(incident("long", 2).getEvidence()).anyMatch(Evidence::getOpen);
    }

    @Test
    void takesTheSameEventFiveTimesAsOnePieceOfEvidence() {
        Instant now = Instant.now();
        for (int i = 0; i < 5; i++) {
            senders.rce("shop", "again", now);
        }
        senders.firing("shop", "again", 3 * GIB, now);
        assertThat(incident("again", 2).getEvidence()).hasSize(2);
    }

    @Test
    void goesOnAfterAPodWhoseNameIsABook() throws IOException, InterruptedException {
        Instant now = Instant.now();
        byte[] book = Senders.falco("shop", "b".repeat(200_000), now).getBytes(StandardCharsets.UTF_8);
        assertThat(senders.post("/v1/falco", book).statusCode()).isIn(200, 400);
        for (int i = 0; i < 8; i++) { // on every partition
            senders.rce("shop", "after-book-" + i, now);
            senders.firing("shop", "after-book-" + i, 3 * GIB, now);
        }
        for (int i = 0; i < 8; i++) {
            assertThat(incident("after-book-" + i, 2)).isNotNull();
        }
    }

    @Test
    void tellsTheTruthAboutAPodThatDoesNotExist() {
        Instant now = Instant.now();
        senders.rce("shop", "nowhere", now);
        senders.firing("shop", "nowhere", 3 * GIB, now);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(incidents("nowhere"))
                        .singleElement()
                        .satisfies(incident -> assertThat(incident.getCommands())
                                .isNotEmpty()
                                .allMatch(command -> command.getStatus() == StepStatus.FAILED
                                        || command.getStatus() == StepStatus.REFUSED)));
    }

    static Stream<Arguments> badRequests() {
        byte[] notUtf8 = {'{', '"', 'r', 'u', 'l', 'e', '"', ':', '"', (byte) 0xff, (byte) 0xfe, '"', '}'};
        return Stream.of(
                Arguments.of("/v1/falco", "{\"rule\":", 400),
                Arguments.of("/v1/falco", "", 400),
                Arguments.of("/v1/falco", "[".repeat(100_000), 400),
                Arguments.of("/v1/falco", notUtf8, 400),
                Arguments.of("/v1/alertmanager", "{\"version\":\"3\",\"alerts\":[]}", 400),
                Arguments.of("/v1/audit", "{\"kind\":\"Pod\"}", 400),
                Arguments.of("/v1/falco", " ".repeat(17 * 1024 * 1024), 413),
                Arguments.of("/v1/nothing", "{}", 404));
    }

    @ParameterizedTest
    @MethodSource("badRequests")
    void answersWhatIsWrongAndServesTheNext(String path, Object body, int status)
            throws IOException, InterruptedException {
        byte[] bytes = body instanceof byte[] raw ? raw : body.toString().getBytes(StandardCharsets.UTF_8);
        assertThat(senders.post(path, bytes).statusCode()).isEqualTo(status);
        assertGoodRequestWorks();
    }

    @Test
    void cutsAGzipBombOffAndServesTheNext() throws IOException, InterruptedException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 200; i++) {
                gzip.write(zeros);
            }
        }
        assertThat(senders.post("/v1/falco", bomb.toByteArray(), "Content-Encoding", "gzip")
                        .statusCode())
                .isEqualTo(413);
        assertGoodRequestWorks();
    }

    @Test
    void rejectsPoisonFromATopicWithItsCoordinatesAndProcessesTheNext() throws Exception {
        byte[] poison = "not avro at all".getBytes(StandardCharsets.UTF_8);
        byte[] unknownSchema = {0, 0, 0, 127, 127, 1, 2};
        Topic<?> topic = running.setup().topics().falcoEvents();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", running.setup().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (byte[] value : Arrays.asList(poison, unknownSchema, null)) {
                producer.send(new ProducerRecord<>(topic.name(), 0, "key".getBytes(StandardCharsets.UTF_8), value))
                        .get(30, TimeUnit.SECONDS);
            }
        }

        await().atMost(LIMIT).untilAsserted(() -> {
            List<ConsumerRecord<byte[], byte[]>> rejected = rejectedByStreams();
            assertThat(rejected).hasSize(3);
            assertThat(rejected)
                    .extracting(record -> header(record, "topic") + " " + header(record, "partition"))
                    .containsOnly(topic.name() + " 0");
            assertThat(rejected).extracting(ConsumerRecord::value).contains(poison, unknownSchema);
            assertThat(rejected).extracting(record -> header(record, "offset")).doesNotHaveDuplicates();
        });
        Instant now = Instant.now();
        senders.rce("shop", "after-poison", now);
        senders.firing("shop", "after-poison", 3 * GIB, now);
        assertThat(incident("after-poison", 2)).isNotNull();
    }

    private void assertGoodRequestWorks() throws IOException, InterruptedException {
        byte[] good = Senders.falco("shop", "good", Instant.now()).getBytes(StandardCharsets.UTF_8);
        assertThat(senders.post("/v1/falco", good).statusCode()).isEqualTo(200);
    }

    /** The one incident of a pod, once it has that many pieces of evidence. */
    private Incident incident(String pod, int evidence) {
        await().atMost(LIMIT)
                .until(() -> incidents(pod).stream()
                        .anyMatch(incident -> incident.getEvidence().size() >= evidence));
        List<Incident> found = incidents(pod);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private List<Incident> incidents(String pod) {
        follower.poll((before, now) -> {});
        return follower.latest().stream()
                .filter(incident -> pod.equals(incident.getEntity().getName()))
                .toList();
    }

    private static Set<String> sources(Incident incident) {
        Set<String> sources = new TreeSet<>();
        incident.getEvidence()
                .forEach(evidence -> sources.add(evidence.getSource().name()));
        return sources;
    }

    private static Instant micros(Instant instant) {
        return instant.truncatedTo(java.time.temporal.ChronoUnit.MICROS);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader("kordon.rejected." + name).value(), StandardCharsets.UTF_8);
    }

    private List<ConsumerRecord<byte[], byte[]>> rejectedByStreams() {
        Topic<?> topic = running.setup().topics().rejected();
        Map<String, Object> config = new HashMap<>(running.setup().kafka());
        config.put("isolation.level", "read_committed");
        List<ConsumerRecord<byte[], byte[]>> records = new java.util.ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = Stream.iterate(0, i -> i < topic.partitions(), i -> i + 1)
                    .map(i -> new TopicPartition(topic.name(), i))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records.stream()
                .filter(record -> header(record, "component").equals("streams"))
                .filter(record -> header(record, "code").equals("avro.undecodable"))
                .toList();
    }
}
