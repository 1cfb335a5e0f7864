package io.kordon.kubernetes;

import io.kordon.avro.Pod;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to the pods topic, in order, and owes what did not reach it: after a failure nothing more is tried for a while, so
 * that no record overtakes the end that belongs before it and no broker that is away is asked once per pod. To be used by
 * the worker's thread only.
 */
final class PodPublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PodPublisher.class);

    private final String topic;
    private final Producer<byte[], byte[]> producer;
    private final Serializer<Pod> serializer;
    private final PodLedger ledger;
    private final ScheduledExecutorService worker;
    private final Duration pause;
    private final MeterRegistry metrics;
    private volatile @Nullable String failure;
    private boolean paused;

    /** @param pause between a failure and the next try */
    PodPublisher(
            String topic,
            Producer<byte[], byte[]> producer,
            Serializer<Pod> serializer,
            PodLedger ledger,
            ScheduledExecutorService worker,
            Duration pause,
            MeterRegistry metrics) {
        this.topic = topic;
        this.producer = producer;
        this.serializer = serializer;
        this.ledger = ledger;
        this.worker = worker;
        this.pause = pause;
        this.metrics = metrics;
    }

    /** Why records do not reach the topic, or null while they do. */
    @Nullable
    String problem() {
        return failure;
    }

    void write(List<Pod> pods) {
        for (Pod pod : pods) {
            if (paused) {
                ledger.notWritten(pod);
            } else {
                send(pod, pod, pod.getDeletedAt() == null ? "changed" : "deleted", () -> ledger.notWritten(pod));
            }
        }
    }

    /** Takes a pod that ended long ago out of the topic. */
    void forget(Pod pod) {
        if (paused) {
            ledger.notForgotten(pod);
        } else {
            send(pod, null, "forgotten", () -> ledger.notForgotten(pod));
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        serializer.close();
    }

    private void send(Pod pod, @Nullable Pod state, String kind, Runnable owe) {
        byte[] key = pod.getEntity().getKey().getBytes(StandardCharsets.UTF_8);
        Callback acknowledged = (metadata, error) -> {
            if (error == null) {
                failure = null;
            } else if (!worker.isShutdown()) {
                worker.execute(() -> failed(pod, owe, error)); // Kafka's thread must not wait for us
            }
        };
        try {
            byte[] value = state == null ? null : serializer.serialize(topic, state);
            Future<RecordMetadata> unused = producer.send(new ProducerRecord<>(topic, key, value), acknowledged);
            Counter.builder("kordon.inventory.writes")
                    .description("Records written to the pods topic, by kind.")
                    .tag("kind", kind)
                    .register(metrics)
                    .increment();
        } catch (RuntimeException e) { // the registry or Kafka is away
            failed(pod, owe, e);
        }
    }

    private void failed(Pod pod, Runnable owe, Exception error) {
        owe.run();
        failure = "pods cannot be written: " + error.getMessage();
        Inventory.failure(metrics, "write");
        if (!paused && !worker.isShutdown()) {
            paused = true;
            LOG.warn(
                    "pod {} could not be written; trying again in {}",
                    pod.getEntity().getKey(),
                    pause,
                    error);
            ScheduledFuture<?> unused = worker.schedule(this::goOn, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void goOn() {
        paused = false;
        write(ledger.owed());
    }
}
