package io.kordon.gateway;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kafka through one idempotent producer; a producer that has failed for good is replaced by a new one. */
final class KafkaEventLog implements EventLog {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaEventLog.class);
    private static final int PROBE_TIMEOUT_MS = 3_000;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Probe probe;
    private Producer<byte[], byte[]> producer;

    /** Looks at the brokers from outside the producer. */
    interface Probe extends AutoCloseable {
        @Nullable
        String trouble();

        @Override
        void close();
    }

    KafkaEventLog(Supplier<Producer<byte[], byte[]>> producers, Probe probe) {
        this.producers = producers;
        this.probe = probe;
        this.producer = producers.get();
    }

    /**
     * @param client Kafka client settings, copied; this adds its own
     * @param topics that must exist for the log to be ready
     */
    static KafkaEventLog connect(Map<String, Object> client, GatewayConfig config, List<String> topics) {
        Map<String, Object> settings = producerSettings(client, config);
        return new KafkaEventLog(
                () -> new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()),
                new TopicProbe(client, topics));
    }

    static Map<String, Object> producerSettings(Map<String, Object> client, GatewayConfig config) {
        int timeout = (int) config.acknowledgeTimeout().toMillis();
        Map<String, Object> settings = new HashMap<>(client);
        settings.putIfAbsent(ProducerConfig.CLIENT_ID_CONFIG, "kordon-gateway");
        settings.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        settings.putIfAbsent(
                ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(64L * 1024 * 1024, 4 * config.maxBodyBytes()));
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, Math.min(2, timeout / 4));
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.max(1, timeout / 2));
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.max(2, timeout));
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Math.max(1, Math.min(2_000, timeout / 2)));
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, config.maxRecordBytes());
        return settings;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears all that the future would say
    public CompletableFuture<Void> append(List<ProducerRecord<byte[], byte[]>> records) {
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        if (records.isEmpty()) {
            acknowledged.complete(null);
            return acknowledged;
        }
        AtomicInteger pending = new AtomicInteger(records.size());
        Producer<byte[], byte[]> current = producer();
        for (ProducerRecord<byte[], byte[]> record : records) {
            if (acknowledged.isCompletedExceptionally()) {
                break; // each further one might block as long as the first
            }
            try {
                current.send(record, (metadata, failure) -> {
                    if (failure != null) {
                        acknowledged.completeExceptionally(failure);
                    } else if (pending.decrementAndGet() == 0) {
                        acknowledged.complete(null);
                    }
                });
            } catch (KafkaException | IllegalStateException e) {
                renew(current, e);
                acknowledged.completeExceptionally(e);
            }
        }
        return acknowledged;
    }

    @Override
    public @Nullable String trouble() {
        return probe.trouble();
    }

    @Override
    public void close() {
        producer().close(CLOSE_TIMEOUT);
        probe.close();
    }

    private synchronized Producer<byte[], byte[]> producer() {
        return producer;
    }

    /** A producer throws, rather than fails its callback, when it can never send again. */
    private synchronized void renew(Producer<byte[], byte[]> failed, Exception cause) {
        if (producer == failed && !Thread.currentThread().isInterrupted()) {
            LOG.warn("The Kafka producer failed for good and is replaced: {}", cause.toString());
            producer = producers.get();
            failed.close(Duration.ZERO);
        }
    }

    /** Asks the brokers to describe the topics: tells both that they answer and that there is something to write to. */
    private static final class TopicProbe implements Probe {
        private final Admin admin;
        private final List<String> topics;

        TopicProbe(Map<String, Object> client, List<String> topics) {
            Map<String, Object> settings = new HashMap<>(client);
            settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "kordon-gateway-probe");
            settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PROBE_TIMEOUT_MS);
            settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PROBE_TIMEOUT_MS);
            this.admin = Admin.create(settings);
            this.topics = topics;
        }

        @Override
        public @Nullable String trouble() {
            try {
                admin.describeTopics(topics, new DescribeTopicsOptions().timeoutMs(PROBE_TIMEOUT_MS))
                        .allTopicNames()
                        .get();
                return null;
            } catch (ExecutionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                return cause.getClass().getSimpleName() + ": " + cause.getMessage();
            } catch (KafkaException e) {
                return e.toString();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return "the gateway is stopping";
            }
        }

        @Override
        public void close() {
            admin.close(CLOSE_TIMEOUT);
        }
    }
}
