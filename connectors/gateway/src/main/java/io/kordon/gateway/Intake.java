package io.kordon.gateway;

import io.kordon.decoding.Decoded;
import io.kordon.decoding.Origin;
import io.kordon.decoding.Slice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a request's bytes to its answer: inflate, decode, append, and count once Kafka has acknowledged. */
final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    private final GatewayConfig config;
    private final RecordEncoder encoder;
    private final EventLog log;
    private final GatewayMetrics metrics;

    Intake(GatewayConfig config, RecordEncoder encoder, EventLog log, GatewayMetrics metrics) {
        this.config = config;
        this.encoder = encoder;
        this.log = log;
        this.metrics = metrics;
    }

    /** Blocks while it decodes, and for a bounded time while Kafka has no room. Never completes exceptionally. */
    CompletableFuture<Answer> take(Delivery delivery) {
        try {
            return log(delivery).exceptionally(Intake::failed);
        } catch (SerializationException e) {
            LOG.warn("The schema registry cannot be asked: {}", rootOf(e).toString());
            return CompletableFuture.completedFuture(Answer.refused(Refusal.REGISTRY));
        } catch (RuntimeException e) {
            LOG.error("A request to {} failed", delivery.webhook().path(), e);
            return CompletableFuture.completedFuture(Answer.refused(Refusal.FAULT));
        }
    }

    private CompletableFuture<Answer> log(Delivery delivery) {
        Batch batch = new Batch(delivery);
        Slice body = delivery.body();
        if (delivery.gzip()) {
            Inflater.Inflated inflated =
                    Inflater.inflate(body.copy(body.length()), config.maxBodyBytes(), delivery.memory());
            if (inflated instanceof Inflater.Refused refused) {
                return CompletableFuture.completedFuture(Answer.refused(refused.refusal()));
            }
            if (inflated instanceof Inflater.Corrupt corrupt) {
                batch.accept(new Decoded.Rejected("gzip.corrupt", null, corrupt.detail(), body));
                return batch.append();
            }
            body = Slice.of(((Inflater.Bytes) inflated).bytes);
        }
        if (body.isBlank()) {
            return CompletableFuture.completedFuture(Answer.refused(Refusal.EMPTY));
        }
        delivery.webhook().decoder().decode(body, delivery.lines(), delivery.origin(), batch);
        return batch.append();
    }

    private static Answer failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof KafkaException || cause instanceof IllegalStateException) {
            LOG.warn("Kafka did not take a request's records: {}", cause.toString());
            return Answer.refused(Refusal.KAFKA);
        }
        LOG.error("A request's records could not be sent", cause);
        return Answer.refused(Refusal.FAULT);
    }

    private static Throwable rootOf(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }

    /** The records of one request, made item by item while it is decoded. */
    private final class Batch implements Consumer<Decoded> {
        private final Webhook webhook;
        private final Origin origin;
        private final Answer.Tally tally = new Answer.Tally();
        private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        private final List<Decoded.Ignored> snapshots = new ArrayList<>();
        private final Map<String, Integer> codes = new HashMap<>();

        Batch(Delivery delivery) {
            this.webhook = delivery.webhook();
            this.origin = delivery.origin();
        }

        @Override
        public void accept(Decoded item) {
            if (item instanceof Decoded.Valid valid) {
                accept(valid);
            } else if (item instanceof Decoded.Rejected rejected) {
                reject(rejected);
            } else if (item instanceof Decoded.Ignored ignored) {
                snapshots.add(ignored);
                tally.ignore();
            }
        }

        private void accept(Decoded.Valid valid) {
            ProducerRecord<byte[], byte[]> record = encoder.event(webhook.topic(), valid, origin);
            if (encoder.fits(record)) {
                records.add(record);
                tally.accept();
            } else {
                reject(encoder.limit().tooLarge(valid, record.value().length));
            }
        }

        private void reject(Decoded.Rejected rejected) {
            records.add(encoder.rejection(rejected, tally.items(), webhook.path(), webhook.source(), origin));
            codes.merge(rejected.code(), 1, Integer::sum);
            tally.reject(rejected);
        }

        CompletableFuture<Answer> append() {
            return log.append(records).thenApply(acknowledged -> {
                metrics.accepted(webhook.source(), tally.accepted());
                metrics.ignored(webhook.source(), tally.ignored());
                codes.forEach((code, count) -> metrics.rejected(webhook.source(), code, count));
                snapshots.forEach(metrics::dropped);
                return tally.answer();
            });
        }
    }
}
