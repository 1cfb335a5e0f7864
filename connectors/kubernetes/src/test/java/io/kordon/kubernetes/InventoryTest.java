package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.kordon.avro.Pod;
import io.kordon.kubernetes.simulated.SimulatedCluster;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.EntityKey;
import io.kordon.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InventoryTest {
    private static final String KEY = EntityKey.pod("demo", "tomcat", Commands.AFFECTED);

    private final Topics topics = new Topics();
    private final AvroSerdes serdes = AvroSerdes.registry("mock://inventory");
    private final Serializer<Pod> serializer = serdes.serializer();
    private final Deserializer<Pod> deserializer = serdes.deserializer();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private SimulatedCluster cluster;
    private Inventory inventory;

    @BeforeEach
    void start() {
        cluster = SimulatedCluster.start(0);
        cluster.seedTomcat();
    }

    @AfterEach
    void stop() {
        inventory.close();
        cluster.close();
    }

    @Test
    void writesEveryPodOnceWithWhatResolvesEvents() {
        begin(InventoryConfig.of("demo"));

        assertThat(written()).hasSize(4);
        Pod pod = last(KEY);
        assertThat(pod.getEntity().getUid()).isEqualTo(live().getMetadata().getUid());
        assertThat(pod.getEntity().getCluster()).isEqualTo("demo");
        assertThat(pod.getDeletedAt()).isNull();
        assertThat(pod.getPhase()).isEqualTo("Running");
        assertThat(pod.getContext().getNode()).isEqualTo("worker-1");
        assertThat(pod.getContext().getLabels()).containsEntry("app", "tomcat");
        assertThat(pod.getContext().getServiceAccount()).isEqualTo("tomcat");
        assertThat(pod.getContext().getOwners()).singleElement().satisfies(owner -> {
            assertThat(owner.getKind()).isEqualTo("ReplicaSet");
            assertThat(owner.getController()).isTrue();
        });
        assertThat(pod.getContext().getContainers()).singleElement().satisfies(container -> {
            assertThat(container.getName()).isEqualTo("tomcat");
            assertThat(container.getId()).matches("[0-9a-f]{64}");
        });
        assertThat(meters.get("kordon.inventory.pods").gauge().value()).isEqualTo(4);
    }

    @Test
    void writesWhatMattersAndNotWhatDoesNot() {
        begin(InventoryConfig.of("demo"));

        cluster.client()
                .pods()
                .inNamespace("tomcat")
                .withName(Commands.AFFECTED)
                .edit(pod -> {
                    pod.getStatus().getConditions().get(0).setLastProbeTime("2026-11-24T00:00:00Z");
                    return pod;
                });
        cluster.client()
                .pods()
                .inNamespace("tomcat")
                .withName(Commands.AFFECTED)
                .edit(pod -> {
                    pod.getMetadata().getLabels().put("status", "affected");
                    return pod;
                });

        await().until(() -> last(KEY).getContext().getLabels().containsKey("status"));
        assertThat(written()).hasSize(5);
    }

    @Test
    void saysThatAPodIsGoneByItsLastStateWithTheTimeOfItsEnd() {
        begin(InventoryConfig.of("demo"));

        cluster.client()
                .pods()
                .inNamespace("tomcat")
                .withName(Commands.AFFECTED)
                .delete();

        await().until(() -> last(KEY).getDeletedAt() != null);
        assertThat(last(KEY).getEntity().getUid()).isNotBlank();
        assertThat(meters.get("kordon.inventory.pods").gauge().value()).isEqualTo(3);
    }

    @Test
    void endsThePodsThatVanishedWhileNobodyWatched() {
        Pod vanished = PodRecords.of(
                "demo",
                new PodBuilder(live())
                        .editMetadata()
                        .withName("long-gone")
                        .withUid("gone")
                        .endMetadata()
                        .build(),
                Instant.EPOCH);
        Pod elsewhere = PodRecords.of("another-cluster", live(), Instant.EPOCH);

        begin(InventoryConfig.of("demo"), vanished, elsewhere);

        assertThat(last(vanished.getEntity().getKey()).getDeletedAt()).isNotNull();
        assertThat(written())
                .hasSize(5)
                .noneMatch(pod -> pod.getEntity().getCluster().equals("another-cluster"));
    }

    @Test
    void endsThePodThatBoreTheNameBeforeTheNewOneBegins() {
        Pod predecessor = PodRecords.of(
                "demo",
                new PodBuilder(live())
                        .editMetadata()
                        .withUid("predecessor")
                        .endMetadata()
                        .build(),
                Instant.EPOCH);

        begin(InventoryConfig.of("demo"), predecessor);

        assertThat(written().stream().filter(pod -> pod.getEntity().getKey().equals(KEY)))
                .extracting(pod -> pod.getEntity().getUid().equals("predecessor"), pod -> pod.getDeletedAt() != null)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(true, true),
                        org.assertj.core.groups.Tuple.tuple(false, false));
    }

    @Test
    void writesNothingAfterARestartWithoutChanges() {
        begin(InventoryConfig.of("demo"), PodRecords.of("demo", live(), Instant.EPOCH));

        assertThat(written())
                .hasSize(3)
                .noneMatch(pod -> pod.getEntity().getKey().equals(KEY));
    }

    @Test
    void watchesTheNamespacesItIsToldToAndEndsNothingElsewhere() {
        Pod elsewhere = PodRecords.of(
                "demo",
                new PodBuilder(live())
                        .editMetadata()
                        .withNamespace("unwatched")
                        .endMetadata()
                        .build(),
                Instant.EPOCH);

        begin(
                new InventoryConfig(
                        "demo", Set.of("shop"), Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofDays(1)),
                elsewhere);

        assertThat(written())
                .singleElement()
                .satisfies(pod -> assertThat(pod.getEntity().getNamespace()).isEqualTo("shop"));
    }

    @Test
    void takesPodsOutOfTheTopicThatEndedLongAgo() {
        Pod ended = PodRecords.deleted(
                PodRecords.of(
                        "demo",
                        new PodBuilder(live())
                                .editMetadata()
                                .withName("long-gone")
                                .endMetadata()
                                .build(),
                        Instant.EPOCH),
                Instant.EPOCH);

        begin(
                new InventoryConfig(
                        "demo", Set.of("shop"), Duration.ofSeconds(5), Duration.ofMillis(50), Duration.ofDays(1)),
                ended);

        await().until(() -> producer.history().stream().anyMatch(record -> record.value() == null));
        ProducerRecord<byte[], byte[]> tombstone = producer.history().stream()
                .filter(record -> record.value() == null)
                .findFirst()
                .orElseThrow();
        assertThat(new String(tombstone.key(), StandardCharsets.UTF_8))
                .isEqualTo(ended.getEntity().getKey());
    }

    @Test
    void saysThatItDoesNotFollowWhileTheApiServerIsAway() {
        begin(InventoryConfig.of("demo"));

        cluster.close();

        await().untilAsserted(() -> assertThat(inventory.problem()).contains("watch of the pods is broken"));
    }

    @Test
    void saysWhyThePodsCannotBeListed() {
        cluster.failNext("list", "pods", 403, 1_000);

        start(InventoryConfig.of("demo"));

        await().untilAsserted(() -> assertThat(inventory.problem())
                .contains("cannot be listed: 403")
                .contains("list pods, watch pods"));
        assertThat(written()).isEmpty();
    }

    @Test
    void asksForNothingThatItDoesNotDeclare() {
        cluster.forgetCalls();
        begin(InventoryConfig.of("demo"));

        assertThat(cluster.calls())
                .isNotEmpty()
                .allSatisfy(call -> assertThat(Inventory.permissions())
                        .contains(new Permission(call.verb(), call.group(), call.resource())));
    }

    private io.fabric8.kubernetes.api.model.Pod live() {
        return cluster.client()
                .pods()
                .inNamespace("tomcat")
                .withName(Commands.AFFECTED)
                .get();
    }

    private void begin(InventoryConfig config, Pod... known) {
        start(config, known);
        await().until(() -> inventory.problem() == null);
        // Events reach their handler on another thread than the listing.
        await().until(() -> writesAreSettled());
    }

    private void start(InventoryConfig config, Pod... known) {
        String topic = topics.pods().name();
        TopicPartition partition = new TopicPartition(topic, 0);
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        Node node = new Node(0, "127.0.0.1", 1);
        consumer.updatePartitions(
                topic, List.of(new PartitionInfo(topic, 0, node, new Node[] {node}, new Node[] {node})));
        consumer.updateBeginningOffsets(Map.of(partition, 0L));
        consumer.updateEndOffsets(Map.of(partition, known.length + 1L));
        consumer.schedulePollTask(() -> {
            for (int i = 0; i < known.length; i++) {
                consumer.addRecord(new ConsumerRecord<>(
                        topic,
                        0,
                        i,
                        known[i].getEntity().getKey().getBytes(StandardCharsets.UTF_8),
                        serializer.serialize(topic, known[i])));
            }
            consumer.addRecord(new ConsumerRecord<>(
                    topic, 0, known.length, "broken".getBytes(StandardCharsets.UTF_8), new byte[] {1, 2, 3}));
        });
        inventory = new Inventory(
                config, topics, producer, serdes.serializer(), cluster.client(), Clock.systemUTC(), meters);
        inventory.begin(consumer, serdes.deserializer());
    }

    /** The gauge counts what the ledger has seen: all pods that the cluster shows have arrived there. */
    private boolean writesAreSettled() {
        return cluster.client().pods().inAnyNamespace().list().getItems().stream()
                        .filter(pod -> topicFollows(pod.getMetadata().getNamespace()))
                        .count()
                <= meters.get("kordon.inventory.pods").gauge().value();
    }

    private boolean topicFollows(String namespace) {
        return inventory.watches(namespace);
    }

    private List<Pod> written() {
        List<Pod> pods = new ArrayList<>();
        producer.history().forEach(record -> {
            if (record.value() != null) {
                pods.add(deserializer.deserialize(record.topic(), record.value()));
            }
        });
        return pods;
    }

    private Pod last(String key) {
        return written().stream()
                .filter(pod -> pod.getEntity().getKey().equals(key))
                .reduce((first, second) -> second)
                .orElseThrow();
    }
}
