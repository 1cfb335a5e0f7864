package io.kordon.app.demo;

import io.kordon.avro.Incident;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads committed revisions of incidents as they appear, from the moment it is made. Not for several threads. */
final class IncidentFollower implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<String, Incident> consumer;
    private final Map<String, Incident> latest = new HashMap<>();

    IncidentFollower(Topic<Incident> topic, Map<String, Object> kafka, AvroSerdes serdes) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put("isolation.level", "read_committed");
        config.put("enable.auto.commit", false);
        config.put("auto.offset.reset", "latest");
        config.put("allow.auto.create.topics", false);
        consumer = new KafkaConsumer<>(config, new StringDeserializer(), serdes.<Incident>deserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                .map(partition -> new TopicPartition(topic.name(), partition.partition()))
                .toList();
        if (partitions.isEmpty()) {
            consumer.close();
            throw new IllegalStateException("there is no topic " + topic.name() + ": `kordon topics` creates it");
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position); // seeking is lazy: ask now, so that "the end" is this moment's
    }

    /** Waits a short while for new revisions. {@code grown} gets the revision before (or null) and the new one. */
    void poll(BiConsumer<@Nullable Incident, Incident> grown) {
        for (ConsumerRecord<String, Incident> record : consumer.poll(POLL)) {
            if (record.value() != null) {
                grown.accept(latest.put(record.key(), record.value()), record.value());
            }
        }
    }

    /** Last revision of every incident that was seen. */
    List<Incident> latest() {
        return List.copyOf(latest.values());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
