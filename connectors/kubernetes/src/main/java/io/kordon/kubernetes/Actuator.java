package io.kordon.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.kordon.avro.Command;
import io.kordon.avro.Result;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the containment commands of one cluster: read committed, in order per pod, at least once, every step so
 * that doing it again changes nothing. What came of each step goes to the results topic before its command is committed.
 */
public final class Actuator implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final Duration ACKNOWLEDGE = Duration.ofSeconds(30);

    private final CommandLoop loop;
    private final Thread thread;
    private final ExecutorService lanes;
    private final Producer<byte[], byte[]> producer;
    private final Deserializer<Command> deserializer;
    private final Serializer<Result> serializer;

    private Actuator(
            CommandLoop loop,
            ExecutorService lanes,
            Producer<byte[], byte[]> producer,
            Deserializer<Command> deserializer,
            Serializer<Result> serializer) {
        this.loop = loop;
        this.lanes = lanes;
        this.producer = producer;
        this.deserializer = deserializer;
        this.serializer = serializer;
        this.thread = new Thread(loop, "kordon-actuator");
    }

    /** As {@link #start(ActuatorConfig, ContainmentSteps, Topics, Map, AvroSerdes, KubernetesClient, MeterRegistry)}, without
     * a store of evidence. */
    public static Actuator start(
            ActuatorConfig config,
            Topics topics,
            Map<String, Object> kafka,
            AvroSerdes serdes,
            KubernetesClient client,
            MeterRegistry metrics) {
        return start(config, ContainmentSteps.with(null), topics, kafka, serdes, client, metrics);
    }

    /**
     * Starts to consume commands.
     *
     * @param steps what commands may name, with what it needs
     * @param kafka client properties; the group, the isolation level and the acknowledgements are set here
     * @param client of the cluster that the configuration names; stays the caller's to close, after the actuator
     */
    public static Actuator start(
            ActuatorConfig config,
            ContainmentSteps steps,
            Topics topics,
            Map<String, Object> kafka,
            AvroSerdes serdes,
            KubernetesClient client,
            MeterRegistry metrics) {
        ActuatorMetrics meters = new ActuatorMetrics(metrics);
        Clock clock = Clock.systemUTC();
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                consumerProperties(kafka, topics, config), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        Producer<byte[], byte[]> producer =
                new KafkaProducer<>(producerProperties(kafka), new ByteArraySerializer(), new ByteArraySerializer());
        Deserializer<Command> deserializer = serdes.deserializer();
        Serializer<Result> serializer = serdes.serializer();
        AtomicInteger number = new AtomicInteger();
        ExecutorService lanes = Executors.newFixedThreadPool(
                config.lanes(), work -> new Thread(work, "kordon-actuator-lane-" + number.incrementAndGet()));
        CommandRunner runner = new CommandRunner(
                config, steps, withoutRetries(client, config), clock, RetryPolicy.Pause.SLEEP, meters);
        CommandLoop loop = new CommandLoop(
                consumer,
                topics.commands().name(),
                deserializer,
                runner,
                new ResultSink(producer, serializer, topics, clock, ACKNOWLEDGE),
                lanes,
                DRAIN,
                meters);
        Actuator actuator = new Actuator(loop, lanes, producer, deserializer, serializer);
        actuator.thread.start();
        return actuator;
    }

    /**
     * Consumer group of one cluster's actuators: the topics' prefix, {@code actuator}, and the cluster. Clusters that share the
     * topic of commands must not share a group, or one would be given, and leave alone, what is for another.
     */
    public static String group(Topics topics, String cluster) {
        return topics.prefix().replaceAll("[._-]$", "-") + "actuator-" + cluster;
    }

    /** Why commands are not being worked on, or null while they are. */
    public @Nullable String problem() {
        return thread.isAlive() ? loop.problem() : "the command loop has ended";
    }

    /** Lets the commands in work come to their end, at most ten seconds, and leaves the group. */
    @Override
    public void close() {
        loop.stop();
        try {
            thread.join(DRAIN.plusSeconds(5).toMillis());
            lanes.shutdownNow();
            if (!lanes.awaitTermination(5, TimeUnit.SECONDS)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            lanes.shutdownNow();
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofSeconds(5));
        deserializer.close();
        serializer.close();
    }

    /** The same client, except that the actuator alone decides what is tried again, and how often. */
    static KubernetesClient withoutRetries(KubernetesClient client, ActuatorConfig config) {
        return client.newClient(new RequestConfigBuilder(
                                client.getConfiguration().getRequestConfig())
                        .withRequestRetryBackoffLimit(0)
                        .withRequestTimeout((int) config.requestTimeout().toMillis())
                        .build())
                .adapt(KubernetesClient.class);
    }

    private static Map<String, Object> consumerProperties(
            Map<String, Object> kafka, Topics topics, ActuatorConfig config) {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group(topics, config.cluster()));
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 50);
        return properties;
    }

    private static Map<String, Object> producerProperties(Map<String, Object> kafka) {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 25_000);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 16 * 1024 * 1024); // rejected records are as they came
        return properties;
    }
}
