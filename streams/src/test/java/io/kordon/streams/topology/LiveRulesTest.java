package io.kordon.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kordon.avro.Decision;
import io.kordon.avro.DecisionAction;
import io.kordon.avro.Rule;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.ValueDecoder;
import io.kordon.streams.rule.RuleParser;
import io.kordon.streams.rule.RuleSet;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveRulesTest {
    private static final String TOPIC = "kordon.rules";
    private static final TopicPartition ZERO = new TopicPartition(TOPIC, 0);
    private static final TopicPartition ONE = new TopicPartition(TOPIC, 1);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final AvroSerdes serdes = AvroSerdes.registry("mock://live-rules");
    private final AtomicBoolean registryAway = new AtomicBoolean();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Map<TopicPartition, Long> offsets = new HashMap<>(Map.of(ZERO, 0L, ONE, 0L));
    private LiveRules live = live(LONG);

    @AfterEach
    void close() {
        live.close();
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void hasWhatTheTopicHeldInForceWhenItHasBegun() {
        topicHolds(List.of(
                rule(ZERO, "published", detection("published", "t")),
                rule(ONE, "disk", detection("disk", "changed")),
                rule(ONE, "off", "")));
        live.begin(LONG);

        assertThat(titles()).containsExactlyInAnyOrder("t", "changed");
        assertThat(live.problem()).isEmpty();
        assertThat(loaded("detection")).isEqualTo(2);
        assertThat(loaded("correlation")).isZero();
    }

    @Test
    void followsChangesRemovalsAndTombstones() {
        topicHolds(List.of());
        live.begin(LONG);
        RuleSet begun = live.get();
        assertThat(titles()).containsExactlyInAnyOrder("from disk", "off from disk");

        add(rule(ZERO, "disk", detection("disk", "changed")));
        awaitTitles("changed", "off from disk");
        assertThat(live.get()).isNotSameAs(begun);

        add(rule(ZERO, "disk", ""));
        awaitTitles("off from disk");

        add(record(ZERO, "disk", null));
        awaitTitles("from disk", "off from disk");
    }

    @Test
    void keepsTheSameInstanceAndTheLastGoodRuleWhenADocumentIsBad() {
        topicHolds(List.of(rule(ZERO, "disk", detection("disk", "good"))));
        live.begin(LONG);
        RuleSet begun = live.get();

        add(rule(ZERO, "disk", "title: [broken"));
        await().untilAsserted(() -> assertThat(count("kordon.rules.refused")).isEqualTo(1));
        assertThat(live.get()).isSameAs(begun);
        assertThat(live.problem()).isEmpty();

        add(rule(ONE, "other", detection("other", "still followed")));
        awaitTitles("good", "off from disk", "still followed");
    }

    @Test
    void refusesACorrelationOnceUntilWhatItNamesIsPublished() {
        topicHolds(List.of(rule(ZERO, "c", correlation("c", "[disk, later]"))));
        live.begin(LONG);
        assertThat(live.get().correlations()).isEmpty();

        add(rule(ONE, "x", detection("x", "t")));
        await().until(() -> live.get().rule("x") != null);
        assertThat(count("kordon.rules.refused")).as("told once").isEqualTo(1);

        add(rule(ONE, "later", detection("later", "t")));
        await().until(() -> loaded("correlation") == 1);
    }

    @Test
    void skipsAndCountsWhatIsNoRuleAtAll() {
        topicHolds(List.of(
                record(ZERO, "poison", "not Avro".getBytes(StandardCharsets.UTF_8)),
                record(ZERO, "decision", bytes(decision())),
                new ConsumerRecord<>(TOPIC, 1, next(ONE), null, bytes(of("x", detection("x", "no key")))),
                rule(ONE, "good", detection("good", "good"))));
        live.begin(LONG);

        assertThat(titles()).contains("good").doesNotContain("no key");
        assertThat(count("kordon.rules.undecodable")).isEqualTo(3);
        assertThat(live.problem()).isEmpty();
    }

    @Test
    void waitsForARegistryThatIsAwayAndLosesNothing() {
        registryAway.set(true);
        live = live(SHORT);
        topicHolds(List.of(rule(ZERO, "published", detection("published", "published")), rule(ONE, "disk", "")));
        live.begin(SHORT);

        await().untilAsserted(
                        () -> assertThat(live.problem()).contains("registry").contains("connection refused"));
        assertThat(titles()).containsExactlyInAnyOrder("from disk", "off from disk");

        add(record(ONE, "disk", null)); // in place of the one that waits
        registryAway.set(false);
        awaitTitles("from disk", "off from disk", "published");
        assertThat(live.problem()).isEmpty();
        assertThat(count("kordon.rules.refused") + count("kordon.rules.undecodable"))
                .isZero();
    }

    @Test
    void beginsWithTheRulesFromDiskWhenBrokersAreAwayAndCatchesUpLater() {
        live = live(SHORT);
        live.begin(SHORT); // no partitions are known: nobody answers
        assertThat(titles()).containsExactlyInAnyOrder("from disk", "off from disk");
        assertThat(live.problem()).contains(TOPIC);

        topicHolds(List.of(rule(ZERO, "published", detection("published", "published"))));
        awaitTitles("from disk", "off from disk", "published");
        await().untilAsserted(() -> assertThat(live.problem()).isEmpty());
    }

    @Test
    void goesOnAfterABrokersError() {
        topicHolds(List.of());
        live.begin(LONG);
        consumer.setPollException(new KafkaException("not authorized just now"));
        await().untilAsserted(() -> assertThat(live.problem()).contains("not authorized just now"));

        add(rule(ZERO, "published", detection("published", "published")));
        awaitTitles("from disk", "off from disk", "published");
        await().untilAsserted(() -> assertThat(live.problem()).isEmpty());
    }

    private LiveRules live(Duration patience) {
        Deserializer<Rule> deserializer = serdes.deserializer();
        Deserializer<Rule> flaky = (topic, data) -> {
            if (registryAway.get()) {
                throw new SerializationException("no schema", new IOException("connection refused"));
            }
            return deserializer.deserialize(topic, data);
        };
        return new LiveRules(
                new RuleParser()
                        .parse(
                                "disk.yml",
                                detection("disk", "from disk") + "---\n" + detection("off", "off from disk")),
                new RuleParser(),
                TOPIC,
                consumer,
                new ValueDecoder<>(Rule.class, flaky),
                metrics,
                patience);
    }

    private void topicHolds(List<ConsumerRecord<byte[], byte[]>> records) {
        consumer.updateBeginningOffsets(Map.of(ZERO, 0L, ONE, 0L));
        consumer.updateEndOffsets(offsets);
        consumer.schedulePollTask(() -> records.forEach(consumer::addRecord));
        Node node = new Node(1, "broker", 9092);
        consumer.updatePartitions(
                TOPIC,
                List.of(
                        new PartitionInfo(TOPIC, 0, node, new Node[0], new Node[0]),
                        new PartitionInfo(TOPIC, 1, node, new Node[0], new Node[0])));
    }

    private void add(ConsumerRecord<byte[], byte[]> record) {
        consumer.schedulePollTask(() -> consumer.addRecord(record));
    }

    private ConsumerRecord<byte[], byte[]> rule(TopicPartition partition, String id, String document) {
        return record(partition, id, bytes(of(id, document)));
    }

    private ConsumerRecord<byte[], byte[]> record(TopicPartition partition, String key, byte[] value) {
        return new ConsumerRecord<>(
                TOPIC, partition.partition(), next(partition), key.getBytes(StandardCharsets.UTF_8), value);
    }

    private long next(TopicPartition partition) {
        return offsets.merge(partition, 1L, Long::sum) - 1;
    }

    private static Rule of(String id, String document) {
        return Rule.newBuilder()
                .setId(id)
                .setVersion("1")
                .setDocument(document)
                .setPublishedAt(Instant.EPOCH)
                .build();
    }

    private static Decision decision() {
        return Decision.newBuilder()
                .setId("d")
                .setIncidentId("i")
                .setKey("k")
                .setAction(DecisionAction.CLOSE)
                .setBy("x")
                .setAt(Instant.EPOCH)
                .build();
    }

    private <V extends org.apache.avro.specific.SpecificRecord> byte[] bytes(V value) {
        try (Serializer<V> serializer = serdes.serializer()) {
            return serializer.serialize(value instanceof Rule ? TOPIC : "kordon.decisions", value);
        }
    }

    private List<String> titles() {
        return live.get().detections().stream().map(rule -> rule.title()).toList();
    }

    private void awaitTitles(String... titles) {
        await().untilAsserted(() -> assertThat(titles()).containsExactlyInAnyOrder(titles));
    }

    private double count(String counter) {
        return metrics.get(counter).counter().count();
    }

    private double loaded(String kind) {
        return metrics.get("kordon.rules.loaded").tag("kind", kind).gauge().value();
    }

    private static String detection(String id, String title) {
        return "title: " + title + "\nid: " + id
                + "\nlogsource: {product: falco}\ndetection: {s: {rule: a}, condition: s}\n";
    }

    private static String correlation(String id, String rules) {
        return "title: c\nid: " + id + "\ncorrelation: {type: temporal, rules: " + rules
                + ", group-by: [pod], timespan: 10m}\n";
    }
}
