package io.kordon.gateway;

import io.kordon.decoding.Decoded;
import io.kordon.decoding.Origin;
import io.kordon.schemas.Rejection;
import io.kordon.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Events and rejections as Kafka records. Records bear the time of receipt, not the event's: brokers refuse stamps from
 * the future and delete old ones by it; the event's own time is in the value.
 */
final class RecordEncoder {
    /** Longest value of a rejected record, in bytes: whoever sends garbage shall not fill the disks with it. */
    static final int MAX_REJECTED = 1024 * 1024;

    /** What a record costs beside key and value, generously, with the headers of a rejection. */
    private static final int OVERHEAD = 16 * 1024;

    private final Serializer<SpecificRecord> serializer;
    private final String rejected;
    private final int maxRecordBytes;

    RecordEncoder(Serializer<SpecificRecord> serializer, String rejectedTopic, int maxRecordBytes) {
        this.serializer = serializer;
        this.rejected = rejectedTopic;
        this.maxRecordBytes = maxRecordBytes;
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
        return (long) record.key().length + record.value().length + 1024 <= maxRecordBytes;
    }

    /** @param source key of the record, so that one sender's rejections keep their order */
    ProducerRecord<byte[], byte[]> rejection(
            Decoded.Rejected item, int number, String path, String source, Origin origin) {
        int limit = Math.min(MAX_REJECTED, maxRecordBytes) - OVERHEAD;
        Map<String, String> coordinates = new HashMap<>();
        coordinates.put("path", path);
        coordinates.put("item", Integer.toString(number));
        coordinates.put("cluster", origin.cluster());
        coordinates.put("sender", origin.sender());
        coordinates.put("bytes", Integer.toString(item.bytes().length()));
        if (item.bytes().length() > limit) {
            coordinates.put("truncated", Integer.toString(limit));
        }
        return new Rejection("gateway", item.code(), item.reason(), coordinates)
                .record(
                        rejected,
                        source.getBytes(StandardCharsets.UTF_8),
                        item.bytes().copy(limit),
                        origin.receivedAt());
    }
}
