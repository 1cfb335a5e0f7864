package io.kordon.app.records;

import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topic;
import io.kordon.schemas.ValueDecoder;
import io.kordon.schemas.ValueDecoder.Decoded;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a compacted topic from its beginning, in no group, and only what was committed. What can never be decoded is left
 * out and counted; a registry that does not answer is an error. Not for several threads.
 */
public final class TopicReader<V extends SpecificRecord> implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int MOST_BROKEN = 10_000;

    private final String topic;
    private final Consumer<byte[], byte[]> consumer;
    private final ValueDecoder<V> decoder;
    private final List<TopicPartition> partitions;
    private final Set<String> broken = new HashSet<>();
    private long undecodable;

    /** Makes {@code consumer} read all of the topic; closes it, and the decoder, in the end. */
    TopicReader(String topic, Consumer<byte[], byte[]> consumer, ValueDecoder<V> decoder) {
        this.topic = topic;
        this.consumer = consumer;
        this.decoder = decoder;
        this.partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new IllegalStateException("there is no topic " + topic + ": `kordon topics` creates it");
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Opens a topic. */
    public static <V extends SpecificRecord> TopicReader<V> open(
            Topic<V> topic, Map<String, Object> kafka, AvroSerdes serdes) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put("isolation.level", "read_committed");
        config.put("enable.auto.commit", false);
        config.put("allow.auto.create.topics", false);
        config.put("auto.offset.reset", "earliest"); // where retention was faster than we are
        config.putIfAbsent("default.api.timeout.ms", 20_000);
        config.putIfAbsent("request.timeout.ms", 10_000);
        ValueDecoder<V> decoder = ValueDecoder.of(topic, serdes);
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            return new TopicReader<>(topic.name(), consumer, decoder);
        } catch (RuntimeException e) {
            consumer.close();
            decoder.close();
            throw e;
        }
    }

    /**
     * Reads up to where the topic ends now.
     *
     * @param each gets every key with its value, or with null where it was deleted; per key in the order of the topic
     * @throws IllegalStateException if the end is not reached within {@code limit}
     */
    public void readToEnd(Duration limit, BiConsumer<String, @Nullable V> each) {
        long deadline = System.nanoTime() + limit.toNanos();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(
                        "could not read " + topic + " to its end within " + limit.toSeconds() + " s");
            }
            poll(POLL, each);
        }
    }

    /** Waits a while for more. */
    public void poll(Duration wait, BiConsumer<String, @Nullable V> each) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
            Decoded<V> decoded = decoder.decode(record);
            if (decoded instanceof Decoded.Unavailable<V> unavailable) {
                throw new IllegalStateException("the schema registry does not answer: " + unavailable.reason());
            }
            String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
            if (decoded instanceof Decoded.Unusable<V> || record.key() == null) {
                undecodable++;
                broken(key);
                continue;
            }
            broken.remove(key);
            each.accept(key, decoded instanceof Decoded.Value<V> value ? value.value() : null);
        }
    }

    private void broken(String key) {
        if (broken.size() < MOST_BROKEN) {
            broken.add(key);
        }
    }

    /** Keys whose last record cannot be decoded, up to a bound: what was told of them is no longer what the topic says. */
    public Set<String> broken() {
        return Set.copyOf(broken);
    }

    /** What is wrong with what was read, for a person; empty if nothing is. */
    public String complaint() {
        return undecodable == 0 ? "" : undecodable + " records of " + topic + " cannot be decoded, and are left out";
    }

    @Override
    public void close() {
        consumer.close();
        decoder.close();
    }
}
