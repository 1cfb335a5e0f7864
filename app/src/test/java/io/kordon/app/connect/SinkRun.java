package io.kordon.app.connect;

import io.kordon.elasticsearch.ElasticsearchSinkTask;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topic;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** One task of the sink against a real Elasticsearch, without Kafka: what it could not write it still holds. */
final class SinkRun implements SinkTaskContext, AutoCloseable {
    private static final String REGISTRY = "mock://sink-run";

    private final ElasticsearchSinkTask task = new ElasticsearchSinkTask();
    private final Map<TopicPartition, Long> delivered = new LinkedHashMap<>();
    private final Serializer<SpecificRecord> serializer =
            AvroSerdes.registry(REGISTRY).serializer();

    SinkRun(Map<String, String> properties) {
        task.initialize(this);
        Map<String, String> all = new HashMap<>(properties);
        all.put("schema.registry.url", REGISTRY);
        task.start(all);
    }

    void put(Topic<?> topic, SpecificRecord value) {
        long offset = delivered.merge(new TopicPartition(topic.name(), 0), 1L, Long::sum) - 1;
        byte[] bytes = serializer.serialize(topic.name(), value);
        task.put(List.of(
                new SinkRecord(topic.name(), 0, null, null, null, bytes, offset, 0L, TimestampType.CREATE_TIME)));
    }

    /** Topics with records that are not in Elasticsearch. */
    List<String> unsettled() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        delivered.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        Map<TopicPartition, OffsetAndMetadata> settled = task.preCommit(offsets);
        return delivered.entrySet().stream()
                .filter(one -> settled.get(one.getKey()).offset() < one.getValue())
                .map(one -> one.getKey().topic())
                .toList();
    }

    @Override
    public void close() {
        task.stop();
        serializer.close();
    }

    @Override
    public Map<String, String> configs() {
        return Map.of();
    }

    @Override
    public void offset(Map<TopicPartition, Long> offsets) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void offset(TopicPartition partition, long offset) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void timeout(long milliseconds) {}

    @Override
    public Set<TopicPartition> assignment() {
        return delivered.keySet();
    }

    @Override
    public void pause(TopicPartition... partitions) {}

    @Override
    public void resume(TopicPartition... partitions) {}

    @Override
    public void requestCommit() {}

    @Override
    public ErrantRecordReporter errantRecordReporter() {
        return (record, cause) -> {
            throw new AssertionError("Elasticsearch refuses a whole record", cause);
        };
    }

    @Override
    public PluginMetrics pluginMetrics() {
        throw new NoSuchMethodError("as in a Connect older than 4.1");
    }
}
