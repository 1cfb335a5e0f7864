package io.kordon.streams.topology;

import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topics;
import io.kordon.streams.response.Playbook;
import io.kordon.streams.rule.RuleSet;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The streams application: the topology, running. */
public final class KordonStreams implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KordonStreams.class);

    /** Of internal topics: the state of a key under flood is well below this, and above a broker's default. */
    private static final int LARGEST_RECORD = 4 << 20;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

    private final KafkaStreams streams;
    private final GroupMembershipOperation goodbye;

    private KordonStreams(KafkaStreams streams, GroupMembershipOperation goodbye) {
        this.streams = streams;
        this.goodbye = goodbye;
    }

    /**
     * Starts it; {@link #running} tells when it is up.
     *
     * @param kafka client properties: bootstrap.servers, security
     */
    public static KordonStreams start(
            StreamsSettings settings,
            Topics topics,
            Map<String, Object> kafka,
            AvroSerdes serdes,
            Supplier<RuleSet> rules,
            Supplier<List<Playbook>> playbooks,
            MeterRegistry metrics) {
        KordonTopology topology = new KordonTopology(
                topics,
                serdes,
                rules,
                playbooks,
                settings.policy(),
                settings.limits(),
                settings.budgets(),
                settings.raw(),
                metrics);
        KafkaStreams streams = new KafkaStreams(topology.build(), properties(settings, topics, kafka, metrics));
        streams.setUncaughtExceptionHandler(exception -> {
            LOG.error("a stream thread failed; it is replaced and takes up from the last commit", exception);
            metrics.counter("kordon.streams.thread.failures").increment();
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
        streams.start();
        return new KordonStreams(streams, goodbye(kafka));
    }

    /** Whether it processes, or is about to: no rebalance or restore is under way. */
    public boolean running() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /**
     * Whether it has come to an end that only a new process mends, as where its topics were deleted. On the way there it may
     * stay for ever, waiting for threads that wait for what is gone.
     */
    public boolean failed() {
        return failed(streams.state());
    }

    static boolean failed(KafkaStreams.State state) {
        return state == KafkaStreams.State.PENDING_ERROR || state == KafkaStreams.State.ERROR;
    }

    /** For a reader: CREATED, REBALANCING, RUNNING, ERROR … */
    public String state() {
        return streams.state().name();
    }

    /** Commits what is done, hands it over and ends; what is not done by then is done again by whoever takes over. */
    @Override
    public void close() {
        boolean ended = streams.close(CloseOptions.timeout(CLOSE_TIMEOUT).withGroupMembershipOperation(goodbye));
        if (!ended) {
            LOG.warn("Kafka Streams was not closed within {}; its transactions are aborted", CLOSE_TIMEOUT);
        }
    }

    /**
     * A member with a name of its own (static membership) comes back under it, and keeps its partitions and its state
     * meanwhile. One without would be waited for in vain until its session times out, and leaves.
     */
    static GroupMembershipOperation goodbye(Map<String, Object> kafka) {
        boolean named = Stream.of("", StreamsConfig.CONSUMER_PREFIX, StreamsConfig.MAIN_CONSUMER_PREFIX)
                .anyMatch(prefix -> kafka.get(prefix + ConsumerConfig.GROUP_INSTANCE_ID_CONFIG) != null);
        return named ? GroupMembershipOperation.REMAIN_IN_GROUP : GroupMembershipOperation.LEAVE_GROUP;
    }

    static Properties properties(
            StreamsSettings settings, Topics topics, Map<String, Object> kafka, MeterRegistry metrics) {
        Map<String, Object> all = new HashMap<>(kafka);
        all.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
        all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        all.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDir().toString());
        all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        all.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbys());
        all.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                settings.commitInterval().toMillis());
        all.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, settings.replication());
        all.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        all.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, RejectingHandler.class);
        all.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, RejectingHandler.class);
        all.put(RejectingHandler.TOPIC, topics.rejected().name());
        all.put(RejectingHandler.METRICS, metrics);
        all.putIfAbsent(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        all.putIfAbsent(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        all.putIfAbsent(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), LARGEST_RECORD);
        all.putIfAbsent(StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), LARGEST_RECORD);
        Properties properties = new Properties();
        properties.putAll(all);
        return properties;
    }
}
