package io.kordon.streams.topology;

import io.kordon.decoding.Decoded;
import io.kordon.decoding.Decoder;
import io.kordon.decoding.Origin;
import io.kordon.decoding.RecordLimit;
import io.kordon.decoding.Slice;
import io.kordon.schemas.Rejection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * One raw record in, its events and rejections out, as bytes. Same bytes, same stamp: same events. Headers and key of the
 * raw record are not passed on: they are the sender's, and headers on a rejection are ours.
 */
final class RawProcessor implements Processor<byte[], byte @Nullable [], byte[], byte[]> {
    /** Largest record that brokers take unless they are told otherwise; the gateway's bound, too. */
    private static final RecordLimit LIMIT = new RecordLimit(1024 * 1024);

    /**
     * How far ahead of the clock a record's stamp may be. Brokers refuse an hour by default, also of what is written here,
     * and an event is told to be of the future by its receipt.
     */
    private static final Duration AHEAD = Duration.ofMinutes(10);

    /**
     * @param events node that writes events
     * @param topic to which it writes them
     * @param rejected node that writes rejections
     */
    record Outputs(String events, String topic, String rejected) {}

    private final Decoder decoder;
    private final Map<String, String> clusters;
    private final Outputs outputs;
    private final Serializer<SpecificRecord> serializer;
    private final RawMetrics metrics;
    private ProcessorContext<byte[], byte[]> context;

    /** @param clusters cluster of each topic */
    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    RawProcessor(
            Decoder decoder,
            Map<String, String> clusters,
            Outputs outputs,
            Serializer<SpecificRecord> serializer,
            RawMetrics metrics) {
        this.decoder = decoder;
        this.clusters = clusters;
        this.outputs = outputs;
        this.serializer = serializer;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
    }

    @Override
    public void process(Record<byte[], byte @Nullable []> record) {
        RecordMetadata at = context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("a record of a source has no coordinates"));
        Origin origin = new Origin(
                Objects.requireNonNull(clusters.get(at.topic()), at.topic()),
                "kafka:" + at.topic(),
                Instant.ofEpochMilli(receipt(record.timestamp())));
        Items items = new Items(at, origin);
        byte[] value = record.value();
        Slice body = Slice.of(value == null ? new byte[0] : value);
        if (body.isBlank()) {
            items.accept(new Decoded.Rejected("body.empty", null, "the record has no value", body));
        } else {
            decoder.decode(body, false, origin, items);
        }
    }

    private long receipt(long stamp) {
        long now = context.currentSystemTimeMs();
        if (stamp <= now + AHEAD.toMillis()) {
            return stamp;
        }
        metrics.clamped(decoder.source());
        return now;
    }

    @Override
    public void close() {
        serializer.close();
    }

    /** Sends the items of one record on, one by one. */
    private final class Items implements Consumer<Decoded> {
        private final RecordMetadata at;
        private final Origin origin;
        private int number;

        Items(RecordMetadata at, Origin origin) {
            this.at = at;
            this.origin = origin;
        }

        @Override
        public void accept(Decoded item) {
            if (item instanceof Decoded.Valid valid) {
                accept(valid);
            } else if (item instanceof Decoded.Rejected rejected) {
                reject(rejected);
            } else {
                metrics.ignored(decoder.source());
            }
            number++;
        }

        private void accept(Decoded.Valid valid) {
            byte[] key = valid.entity().getKey().getBytes(StandardCharsets.UTF_8);
            byte[] value = serialized(valid.event());
            if (LIMIT.fits(key, value)) {
                forward(new Record<>(key, value, origin.receivedAt().toEpochMilli()), outputs.events());
                metrics.accepted(decoder.source());
            } else {
                reject(LIMIT.tooLarge(valid, value.length));
            }
        }

        private void reject(Decoded.Rejected rejected) {
            Map<String, String> where = Map.of(
                    "topic", at.topic(),
                    "partition", Integer.toString(at.partition()),
                    "offset", Long.toString(at.offset()));
            Rejection rejection = LIMIT.rejection("streams", rejected, number, where, origin);
            Record<byte[], byte[]> record = new Record<>(
                    decoder.source().getBytes(StandardCharsets.UTF_8),
                    LIMIT.kept(rejected),
                    origin.receivedAt().toEpochMilli());
            rejection.addTo(record.headers());
            forward(record, outputs.rejected());
            metrics.rejected(decoder.source(), rejected.code());
        }

        private void forward(Record<byte[], byte[]> record, String child) {
            context.forward(record, child);
        }
    }

    /** A registry that cannot be asked, or refuses a schema, is never the record's fault: the task waits for it. */
    private byte[] serialized(SpecificRecord event) {
        try {
            return serializer.serialize(outputs.topic(), event);
        } catch (SerializationException e) {
            throw new StreamsException("cannot serialize an event for " + outputs.topic() + ": " + e.getMessage(), e);
        }
    }
}
