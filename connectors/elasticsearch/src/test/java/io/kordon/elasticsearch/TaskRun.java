package io.kordon.elasticsearch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;

/** Plays Connect's part for one task: offsets by partition, pause, time-outs, the error reporter and the clock. */
final class TaskRun implements SinkTaskContext, AutoCloseable {
    static final Topics TOPICS = new Topics();
    static final String REGISTRY = "mock://kordon-elasticsearch";

    final List<SinkRecord> reported = new ArrayList<>();
    final List<Throwable> causes = new ArrayList<>();
    final Map<String, String> properties = new HashMap<>();
    boolean paused;
    long timeout = -1;
    Instant now = Instant.parse("2026-11-24T12:00:00Z");

    private final Metrics registry = new Metrics();
    private final PluginMetrics metrics = new PluginMetricsImpl(registry, Map.of());
    private final ElasticsearchSinkTask task = new ElasticsearchSinkTask(new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    });
    private final Map<TopicPartition, Long> next =
            new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
    private final Serializer<SpecificRecord> serializer =
            AvroSerdes.registry(REGISTRY).serializer();
    private @Nullable ErrantRecordReporter reporter = (record, cause) -> {
        reported.add(record);
        causes.add(cause);
        return CompletableFuture.completedFuture(null);
    };

    TaskRun(String elasticsearch) {
        properties.put(ElasticsearchSinkConfig.URLS, elasticsearch);
        properties.put(ElasticsearchSinkConfig.REGISTRY_URL, REGISTRY);
        properties.put(ElasticsearchSinkConfig.FLUSH_TIMEOUT, "2000");
        properties.put("errors.tolerance", "all");
    }

    TaskRun with(String key, String value) {
        properties.put(key, value);
        return this;
    }

    TaskRun withoutReporter() {
        reporter = null;
        return this;
    }

    TaskRun start() {
        task.initialize(this);
        task.start(properties);
        return this;
    }

    byte[] bytes(SpecificRecord record) {
        return serializer.serialize(topic(record), record);
    }

    static String topic(SpecificRecord record) {
        return TOPICS.prefix() + record.getClass().getSimpleName().toLowerCase(Locale.ROOT) + "s";
    }

    SinkRecord record(String topic, @Nullable Object key, @Nullable Object value) {
        long offset = next.merge(new TopicPartition(topic, 0), 1L, Long::sum) - 1;
        return new SinkRecord(topic, 0, null, key, null, value, offset, 0L, TimestampType.CREATE_TIME);
    }

    SinkRecord record(SpecificRecord record) {
        return record(topic(record), "key".getBytes(UTF_8), bytes(record));
    }

    void put(SinkRecord... records) {
        task.put(Arrays.asList(records));
    }

    void put(SpecificRecord... records) {
        task.put(Arrays.stream(records).map(this::record).toList());
    }

    void putNothing() {
        task.put(List.of());
    }

    /** What Connect does after the time that it was asked to wait. */
    void putAfterTheWait() {
        now = now.plusMillis(timeout);
        task.put(List.of());
    }

    void elapse(Duration time) {
        now = now.plus(time);
    }

    /** What Connect tells after each rebalance. */
    void assign(String topic) {
        task.open(List.of(new TopicPartition(topic, 0)));
    }

    void revoke(String topic) {
        task.close(List.of(new TopicPartition(topic, 0)));
        next.remove(new TopicPartition(topic, 0));
    }

    /** Offsets that Connect would commit, by topic. */
    Map<String, Long> committed() {
        Map<TopicPartition, OffsetAndMetadata> delivered = new HashMap<>();
        next.forEach((partition, offset) -> delivered.put(partition, new OffsetAndMetadata(offset)));
        Map<String, Long> committed = new TreeMap<>();
        task.preCommit(delivered).forEach((partition, offset) -> committed.put(partition.topic(), offset.offset()));
        return committed;
    }

    @Override
    public void close() {
        task.stop();
        registry.close();
        serializer.close();
    }

    @Override
    public Map<String, String> configs() {
        return properties;
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
    public void timeout(long milliseconds) {
        timeout = milliseconds;
    }

    @Override
    public Set<TopicPartition> assignment() {
        return Set.copyOf(next.keySet());
    }

    @Override
    public void pause(TopicPartition... partitions) {
        paused = true;
    }

    @Override
    public void resume(TopicPartition... partitions) {
        paused = false;
    }

    @Override
    public void requestCommit() {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable ErrantRecordReporter errantRecordReporter() {
        return reporter;
    }

    /** Value of a metric of the task. */
    long metric(String name) {
        return (long) registry.metric(metrics.metricName(name, "", new LinkedHashMap<>()))
                .metricValue();
    }

    @Override
    public PluginMetrics pluginMetrics() {
        return metrics;
    }
}
