package io.kordon.gateway;

import io.kordon.decoding.Decoded;
import io.kordon.decoding.Origin;
import io.kordon.decoding.RecordLimit;
import io.kordon.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Events and rejections as Kafka records. Records bear the time of receipt, not the event's: brokers refuse stamps from
 * the future and delete old ones by it; the event's own time is in the value.
 */
final class RecordEncoder {
    private final Serializer<SpecificRecord> serializer;
    private final String rejected;
    private final RecordLimit limit;

    RecordEncoder(Serializer<SpecificRecord> serializer, String rejectedTopic, int maxRecordBytes) {
        this.serializer = serializer;
        this.rejected = rejectedTopic;
        this.limit = new RecordLimit(maxRecordBytes);
    }

    RecordLimit limit() {
        return limit;
    }

    /**
     * @throws org.apache.kafka.common.errors.SerializationException when the schema registry cannot be asked
     */
    ProducerRecord<byte[], byte[]> event(Topic<?> topic, Decoded.Valid valid, Origin origin) {
        return new ProducerRecord<>(
                topic.name(),
                null,
                origin.receivedAt().toEpochMilli(),
                valid.entity().getKey().getBytes(StandardCharsets.UTF_8),
                serializer.serialize(topic.name(), valid.event()));
    }

    boolean fits(ProducerRecord<byte[], byte[]> record) {
        return limit.fits(record.key(), record.value());
    }

    /** @param source key of the record, so that one sender's rejections keep their order */
    ProducerRecord<byte[], byte[]> rejection(
            Decoded.Rejected item, int number, String path, String source, Origin origin) {
        return limit.rejection("gateway", item, number, Map.of("path", path), origin)
                .record(rejected, source.getBytes(StandardCharsets.UTF_8), limit.kept(item), origin.receivedAt());
    }
}
