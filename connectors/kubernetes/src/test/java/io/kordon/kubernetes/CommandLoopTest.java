package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kordon.avro.Command;
import io.kordon.avro.Pod;
import io.kordon.avro.PodContext;
import io.kordon.avro.Result;
import io.kordon.avro.StepStatus;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.EntityKey;
import io.kordon.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From commands in Kafka to results in Kafka, against the simulated cluster. */
class CommandLoopTest extends ContainmentContract {
    private final Topics topics = new Topics();
    private final AvroSerdes serdes = AvroSerdes.registry("mock://command-loop");
    private final Serializer<Command> commands = serdes.serializer();
    private final Deserializer<Result> results = serdes.deserializer();
    private final ExecutorService lanes = Executors.newFixedThreadPool(2);
    private MockConsumer<byte[], byte[]> consumer;
    private MockProducer<byte[], byte[]> producer;
    private CommandLoop loop;
    private Thread thread;

    @BeforeEach
    void prepare() {
        consumer = new MockConsumer<>("earliest");
        producer = new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterEach
    void end() throws InterruptedException {
        loop.stop();
        thread.join(10_000);
        lanes.shutdownNow();
        assertThat(thread.isAlive()).isFalse();
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void publishesAResultPerStepAndOneForTheRunUnderTheCommandsKeyAndCommitsBehindThem() {
        start(List.of(record(
                0, 0, command("label", "detach").setKey("some/correlation/key").build())));

        await().until(() -> committed(0) == 1);
        assertThat(resultRecords())
                .extracting(record -> new String(record.key(), StandardCharsets.UTF_8))
                .containsOnly("some/correlation/key");
        assertThat(results())
                .extracting(Result::getStep, Result::getAction, Result::getStatus)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(0, "label", StepStatus.DONE),
                        org.assertj.core.groups.Tuple.tuple(1, "detach", StepStatus.DONE),
                        org.assertj.core.groups.Tuple.tuple(-1, "run", StepStatus.DONE));
        assertThat(loop.problem()).isNull();
    }

    @Test
    void rejectsWhatIsNoCommandWithItsCoordinatesAndGoesOn() {
        Pod notACommand = Pod.newBuilder()
                .setEntity(EntityKey.podEntity("demo", "n", "p", "u").build())
                .setContext(PodContext.newBuilder().build())
                .setCreatedAt(Commands.NOW)
                .setObservedAt(Commands.NOW)
                .build();
        byte[] foreign = serdes.<Pod>serializer().serialize(topics.pods().name(), notACommand);
        byte[] whole =
                commands.serialize(topics.commands().name(), command("label").build());
        start(List.of(
                raw(0, 0, "no magic byte".getBytes(StandardCharsets.UTF_8)),
                raw(0, 1, new byte[] {0, 0, 1, 0, 0, 7}),
                raw(0, 2, Arrays.copyOf(whole, 20)),
                raw(0, 3, null),
                raw(0, 4, foreign),
                raw(0, 5, new byte[0]),
                record(0, 6, command("label").build())));

        await().until(() -> committed(0) == 7);
        List<ProducerRecord<byte[], byte[]>> rejected =
                records(topics.rejected().name());
        assertThat(rejected).hasSize(6);
        assertThat(rejected)
                .extracting(record -> header(record, "kordon.rejected.offset"))
                .containsExactly("0", "1", "2", "3", "4", "5");
        assertThat(rejected)
                .extracting(record -> header(record, "kordon.rejected.topic"))
                .containsOnly("kordon.commands");
        assertThat(rejected)
                .extracting(record -> header(record, "kordon.rejected.code"))
                .allMatch(code -> code.startsWith("command."));
        assertThat(rejected.get(0).value()).isEqualTo("no magic byte".getBytes(StandardCharsets.UTF_8));
        assertThat(results()).extracting(Result::getStatus).containsOnly(StepStatus.DONE);
    }

    @Test
    void leavesCommandsForOtherClustersAloneButCountsThem() {
        Command command = command("label").build();
        command.getEntity().setCluster("another");
        start(List.of(record(0, 0, command)));

        await().until(() -> committed(0) == 1);
        assertThat(producer.history()).isEmpty();
        assertThat(cluster.calls()).noneMatch(call -> call.verb().equals("patch"));
        assertThat(meters.get("kordon.actuator.commands")
                        .tag("outcome", "other_cluster")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void runsACommandAgainWhenItsResultsWereNotAcknowledged() {
        producer = new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        start(List.of(record(0, 0, command("label").build())));

        await().until(() -> producer.history().size() == 2);
        assertThat(committed(0)).isZero();
        assertThat(producer.errorNext(new TimeoutException("no acknowledgement")))
                .isTrue();
        await().until(() -> consumer.position(partition(0)) == 0);
        consumer.schedulePollTask(
                () -> consumer.addRecord(record(0, 0, command("label").build()))); // as a broker would, from there
        await().until(() -> producer.history().size() == 4);
        while (producer.completeNext()) {
            // acknowledges what is outstanding
        }

        await().until(() -> committed(0) == 1);
        assertThat(results()).extracting(Result::getStatus).containsOnly(StepStatus.DONE);
        assertThat(results()).extracting(Result::getChanged).containsExactly(true, true, false, false);
    }

    @Test
    void goesOnPollingAndServesOtherPartitionsWhileOneIsHeldUp() {
        CountDownLatch release = new CountDownLatch(1);
        cluster.failNext("patch", "nodes", 503, 1);
        runner = new CommandRunner(
                ActuatorConfig.of(Commands.CLUSTER),
                ContainmentSteps.with(null),
                Actuator.withoutRetries(client, ActuatorConfig.of(Commands.CLUSTER)),
                Clock.fixed(Commands.NOW, java.time.ZoneOffset.UTC),
                duration -> release.await(),
                new ActuatorMetrics(meters));
        start(List.of(
                record(0, 0, command("cordon").setId("slow").build()),
                record(0, 1, command("label").setId("behind").build()),
                record(1, 0, command("label").setId("other").build())));

        await().until(() -> committed(1) == 1);
        assertThat(consumer.paused()).containsExactly(partition(0));
        assertThat(committed(0)).isZero();
        assertThat(results()).extracting(Result::getCommandId).containsOnly("other");

        release.countDown();
        await().until(() -> committed(0) == 2);
        assertThat(results().stream().map(Result::getCommandId).distinct()).containsExactly("other", "slow", "behind");
        await().until(() -> consumer.paused().isEmpty());
    }

    @Test
    void namesItsGroupAfterTheTopicsPrefixAndTheCluster() {
        start(List.of());

        assertThat(Actuator.group(new Topics(), "prod")).isEqualTo("kordon-actuator-prod");
        assertThat(Actuator.group(new Topics("acme.kordon.", 3), "prod")).isEqualTo("acme.kordon-actuator-prod");
        assertThat(Actuator.group(new Topics("", 3), "edge-7")).isEqualTo("actuator-edge-7");
    }

    private void start(List<ConsumerRecord<byte[], byte[]>> records) {
        loop = new CommandLoop(
                consumer,
                topics.commands().name(),
                serdes.deserializer(),
                runner,
                new ResultSink(producer, serdes.serializer(), topics, Clock.systemUTC(), Duration.ofSeconds(5)),
                lanes,
                Duration.ofSeconds(5),
                new ActuatorMetrics(meters));
        consumer.schedulePollTask(() -> {
            consumer.rebalance(List.of(partition(0), partition(1)));
            consumer.updateBeginningOffsets(Map.of(partition(0), 0L, partition(1), 0L));
            records.forEach(consumer::addRecord);
        });
        thread = new Thread(loop, "command-loop-under-test");
        thread.start();
    }

    private TopicPartition partition(int number) {
        return new TopicPartition(topics.commands().name(), number);
    }

    private ConsumerRecord<byte[], byte[]> record(int partition, long offset, Command command) {
        return raw(partition, offset, commands.serialize(topics.commands().name(), command));
    }

    private ConsumerRecord<byte[], byte[]> raw(int partition, long offset, byte[] value) {
        byte[] key = "key".getBytes(StandardCharsets.UTF_8);
        return new ConsumerRecord<>(
                topics.commands().name(),
                partition,
                offset,
                0L,
                TimestampType.CREATE_TIME,
                key.length,
                value == null ? -1 : value.length,
                key,
                value,
                new RecordHeaders(),
                java.util.Optional.empty());
    }

    private long committed(int partition) {
        if (consumer.closed()) {
            return -1;
        }
        OffsetAndMetadata offset =
                consumer.committed(java.util.Set.of(partition(partition))).get(partition(partition));
        return offset == null ? 0 : offset.offset();
    }

    private List<ProducerRecord<byte[], byte[]>> records(String topic) {
        return producer.history().stream()
                .filter(record -> record.topic().equals(topic))
                .toList();
    }

    private List<ProducerRecord<byte[], byte[]>> resultRecords() {
        return records(topics.results().name());
    }

    private List<Result> results() {
        return resultRecords().stream()
                .map(record -> results.deserialize(record.topic(), record.value()))
                .toList();
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        return new String(
                Objects.requireNonNull(record.headers().lastHeader(name)).value(), StandardCharsets.UTF_8);
    }
}
