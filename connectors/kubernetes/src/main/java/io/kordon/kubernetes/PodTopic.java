package io.kordon.kubernetes;

import io.kordon.avro.Pod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the pods topic once, from its beginning to where it ended when the reading began. */
final class PodTopic {
    private static final Logger LOG = LoggerFactory.getLogger(PodTopic.class);
    private static final Duration POLL = Duration.ofMillis(200);

    private PodTopic() {}

    /**
     * Reads what the topic holds.
     *
     * @param timeout for the next record
     * @param pods gets each key with its record, or with null for a tombstone, in the order of the topic
     * @return whether the end was reached
     */
    static boolean read(
            Consumer<byte[], byte[]> consumer,
            String topic,
            Deserializer<Pod> deserializer,
            Duration timeout,
            BiConsumer<String, @Nullable Pod> pods) {
        long deadline = System.nanoTime() + timeout.toNanos();
        List<TopicPartition> partitions = consumer.partitionsFor(topic, timeout).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, timeout);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                deadline = System.nanoTime() + timeout.toNanos();
                if (record.key() != null) {
                    deliver(record, deserializer, pods);
                }
            }
        }
        return true;
    }

    private static void deliver(
            ConsumerRecord<byte[], byte[]> record,
            Deserializer<Pod> deserializer,
            BiConsumer<String, @Nullable Pod> pods) {
        String key = new String(record.key(), StandardCharsets.UTF_8);
        try {
            pods.accept(
                    key,
                    record.value() == null
                            ? null
                            : Pod.class.cast(deserializer.deserialize(record.topic(), record.value())));
        } catch (RuntimeException e) {
            if (Decoded.registryIsAway(e)) {
                throw e; // says nothing about the record
            }
            LOG.warn(
                    "{}-{} offset {} is no pod, left aside: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
        }
    }
}
