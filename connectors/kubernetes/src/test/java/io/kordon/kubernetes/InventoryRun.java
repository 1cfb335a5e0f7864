package io.kordon.kubernetes;

import static org.awaitility.Awaitility.await;

import io.kordon.avro.Pod;
import io.kordon.kubernetes.simulated.SimulatedCluster;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.EntityKey;
import io.kordon.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** An inventory over the simulated Tomcat cluster, with a topic in memory. */
final class InventoryRun implements AutoCloseable {
    static final String KEY = EntityKey.pod("demo", "tomcat", Commands.AFFECTED);

    final Topics topics = new Topics();
    final AvroSerdes serdes = AvroSerdes.registry("mock://inventory");
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final SimulatedCluster cluster = SimulatedCluster.start(0);
    final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final Serializer<Pod> serializer = serdes.serializer();
    private final Deserializer<Pod> deserializer = serdes.deserializer();
    private @Nullable Inventory inventory;

    InventoryRun() {
        cluster.seedTomcat();
    }

    /** Looks every 50 ms, so that what waits for a look comes soon. */
    static InventoryConfig restless() {
        return new InventoryConfig("demo", Set.of(), Duration.ofSeconds(5), Duration.ofMillis(50), Duration.ofDays(1));
    }

    Inventory inventory() {
        if (inventory == null) {
            throw new IllegalStateException("the inventory has not been started");
        }
        return inventory;
    }

    /** Starts, and waits until every pod of the cluster has been seen. */
    void begin(InventoryConfig config, Pod... known) {
        start(config, known);
        settled();
    }

    void settled() {
        await().until(() -> inventory().problem() == null);
        // Events reach their handler on another thread than the listing.
        await().until(() -> cluster.client().pods().inAnyNamespace().list().getItems().stream()
                        .filter(pod -> inventory().watches(pod.getMetadata().getNamespace()))
                        .count()
                <= gauge("kordon.inventory.pods"));
    }

    void start(InventoryConfig config, Pod... known) {
        start(config, () -> consumer(known));
    }

    void start(InventoryConfig config, Supplier<Consumer<byte[], byte[]>> consumer) {
        inventory = new Inventory(
                config, topics, producer, serdes.serializer(), cluster.client(), Clock.systemUTC(), meters);
        inventory.begin(consumer, serdes.deserializer());
    }

    /** A consumer of a topic that holds these records and a broken one. */
    MockConsumer<byte[], byte[]> consumer(Pod... known) {
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
        return consumer;
    }

    io.fabric8.kubernetes.api.model.Pod live() {
        return cluster.client()
                .pods()
                .inNamespace("tomcat")
                .withName(Commands.AFFECTED)
                .get();
    }

    double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    double failures(String where) {
        return meters.find("kordon.inventory.failures").tag("where", where).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    /** Every record that is no tombstone, in order. */
    List<Pod> written() {
        List<Pod> pods = new ArrayList<>();
        producer.history().forEach(record -> {
            if (record.value() != null) {
                pods.add(deserializer.deserialize(record.topic(), record.value()));
            }
        });
        return pods;
    }

    List<Pod> written(String key) {
        return written().stream()
                .filter(pod -> pod.getEntity().getKey().equals(key))
                .toList();
    }

    Pod last(String key) {
        List<Pod> records = written(key);
        return records.get(records.size() - 1);
    }

    /** What a reader of the compacted topic finds in the end: the last word of every key. */
    Map<String, Pod> compacted() {
        Map<String, Pod> pods = new HashMap<>();
        written().forEach(pod -> pods.put(pod.getEntity().getKey(), pod));
        return pods;
    }

    @Override
    public void close() {
        if (inventory != null) {
            inventory.close();
        }
        cluster.close();
    }
}
