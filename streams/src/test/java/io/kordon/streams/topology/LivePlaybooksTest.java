package io.kordon.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kordon.avro.Rule;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topics;
import io.kordon.schemas.ValueDecoder;
import io.kordon.streams.response.Playbook;
import io.kordon.streams.response.PlaybookParser;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is particular to playbooks; how a topic is followed is held by {@link LiveRulesTest}. */
class LivePlaybooksTest {
    private static final String TOPIC = "kordon.playbooks";
    private static final TopicPartition ZERO = new TopicPartition(TOPIC, 0);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final AvroSerdes serdes = AvroSerdes.registry("mock://live-playbooks");
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Map<TopicPartition, Long> offsets = new HashMap<>(Map.of(ZERO, 0L));
    private final LivePlaybooks live = new LivePlaybooks(
            new PlaybookParser()
                    .parse("disk.yml", playbook("contain", "from disk"))
                    .playbooks(),
            TOPIC,
            consumer,
            ValueDecoder.of(new Topics().playbooks(), serdes),
            metrics,
            LONG);

    @AfterEach
    void close() {
        live.close();
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void followsWhatIsPublishedSwitchedOffAndGivenBack() {
        topicHolds(List.of(record("contain", playbook("contain", "published"))));
        live.begin(LONG);
        assertThat(descriptions()).containsExactly("published");
        assertThat(live.problem()).isEmpty();
        List<Playbook> begun = live.get();
        assertThat(live.get()).isSameAs(begun);

        add(record("contain", ""));
        await().untilAsserted(() -> assertThat(descriptions()).isEmpty());

        add(record("contain", null));
        await().untilAsserted(() -> assertThat(descriptions()).containsExactly("from disk"));

        add(record("other", playbook("other", "another")));
        await().untilAsserted(() -> assertThat(descriptions()).containsExactly("from disk", "another"));
        assertThat(metrics.get("kordon.playbooks.loaded").gauge().value()).isEqualTo(2);
    }

    @Test
    void refusesAndCountsABadPlaybookWhileOthersGoOn() {
        topicHolds(List.of(
                record("contain", playbook("contain", "good")),
                record("contain", "name: contain\nsteps: [explode]\n"),
                record("other", playbook("other", "another"))));
        live.begin(LONG);

        assertThat(descriptions()).containsExactly("good", "another");
        assertThat(metrics.get("kordon.playbooks.refused").counter().count()).isEqualTo(1);
        assertThat(live.problem()).isEmpty();
    }

    private void topicHolds(List<ConsumerRecord<byte[], byte[]>> records) {
        consumer.updateBeginningOffsets(Map.of(ZERO, 0L));
        consumer.updateEndOffsets(offsets);
        consumer.schedulePollTask(() -> records.forEach(consumer::addRecord));
        Node node = new Node(1, "broker", 9092);
        consumer.updatePartitions(TOPIC, List.of(new PartitionInfo(TOPIC, 0, node, new Node[0], new Node[0])));
    }

    private void add(ConsumerRecord<byte[], byte[]> record) {
        consumer.schedulePollTask(() -> consumer.addRecord(record));
    }

    private ConsumerRecord<byte[], byte[]> record(String name, String document) {
        byte[] value = document == null ? null : bytes(name, document);
        long offset = offsets.merge(ZERO, 1L, Long::sum) - 1;
        return new ConsumerRecord<>(TOPIC, 0, offset, name.getBytes(StandardCharsets.UTF_8), value);
    }

    private byte[] bytes(String name, String document) {
        try (Serializer<Rule> serializer = serdes.serializer()) {
            return serializer.serialize(
                    TOPIC,
                    Rule.newBuilder()
                            .setId(name)
                            .setVersion("1")
                            .setDocument(document)
                            .setPublishedAt(Instant.EPOCH)
                            .build());
        }
    }

    private List<String> descriptions() {
        return live.get().stream().map(Playbook::description).toList();
    }

    private static String playbook(String name, String description) {
        return "name: " + name + "\ndescription: " + description + "\nsteps: [label]\n";
    }
}
