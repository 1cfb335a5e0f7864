package io.kordon.elasticsearch;

import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topics;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Task of {@link ElasticsearchSinkConnector}. It writes what Connect delivers at once and never sleeps: while
 * Elasticsearch or the registry is away it keeps the records, pauses its partitions and tries again when Connect next
 * calls, so that a rebalance or a stop is never held up.
 */
public final class ElasticsearchSinkTask extends SinkTask {
    private static final Logger LOG = LoggerFactory.getLogger(ElasticsearchSinkTask.class);

    private final Clock clock;
    private @Nullable Connection connection;
    private @Nullable RecordDecoder decoder;
    private @Nullable Pipeline pipeline;

    /** Counts that a task before this one, which has not ended yet, keeps from being shown. */
    private @Nullable Counts hidden;

    private boolean paused;

    public ElasticsearchSinkTask() {
        this(Clock.systemUTC());
    }

    ElasticsearchSinkTask(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void start(Map<String, String> properties) {
        ElasticsearchSinkConfig config = ElasticsearchSinkConfig.parse(properties);
        Connection open = Connection.open(config);
        RecordDecoder values = new RecordDecoder(
                new Topics(config.topicPrefix(), Topics.DEFAULT_PARTITIONS), new AvroSerdes(config.registry()));
        Counts counts = new Counts();
        show(counts);
        connection = open;
        decoder = values;
        pipeline = new Pipeline(
                config,
                values,
                new Documents(config.indexPrefix(), clock),
                new Templates(open.rest(), config.indexPrefix(), config.retention(), config.layout()),
                new BulkWriter(open.client()),
                new Trim(
                        open.rest(),
                        config.indexPrefix() + Documents.INCIDENTS,
                        config.retention().incidents(),
                        clock),
                new ErrantRecords(context.errantRecordReporter(), config.skipUnreportable()),
                counts,
                clock,
                new Random());
    }

    @Override
    public void open(Collection<TopicPartition> partitions) {
        running().opened();
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        Pipeline running = running();
        if (hidden != null) {
            show(hidden);
        }
        running.add(records);
        running.drain();
        throttle(running);
    }

    private void show(Counts counts) {
        try {
            hidden = counts.show(context.pluginMetrics()) ? null : counts;
        } catch (LinkageError e) {
            hidden = null;
            LOG.info("this Connect is older than 4.1 and shows no metrics of plugins");
        }
    }

    /** Pauses Kafka while something waits, and asks to be called when it is due. */
    private void throttle(Pipeline running) {
        TopicPartition[] assigned = context.assignment().toArray(TopicPartition[]::new);
        if (running.isWaiting()) {
            context.pause(assigned); // each time: a rebalance brings partitions that are not paused
            context.timeout(Math.max(1, running.untilDue().toMillis()));
        } else if (paused) {
            context.resume(assigned);
        }
        paused = running.isWaiting();
    }

    /** Offsets up to the first record that is neither written nor reported. */
    @Override
    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> delivered) {
        Pipeline running = running();
        running.drain();
        Map<TopicPartition, OffsetAndMetadata> settled = new HashMap<>(delivered);
        running.firstPending().forEach((partition, offset) -> {
            if (settled.containsKey(partition)) {
                settled.put(partition, new OffsetAndMetadata(offset));
            }
        });
        return settled;
    }

    /** What was not written goes to the partition's next owner, from the offset that was committed. */
    @Override
    public void close(Collection<TopicPartition> partitions) {
        if (pipeline != null) {
            pipeline.drop(partitions);
        }
    }

    @Override
    public void stop() {
        if (decoder != null) {
            decoder.close();
        }
        if (connection != null) {
            connection.close();
        }
    }

    @Override
    public String version() {
        return Version.version();
    }

    private Pipeline running() {
        if (pipeline == null) {
            throw new IllegalStateException("the task is not started");
        }
        return pipeline;
    }
}
