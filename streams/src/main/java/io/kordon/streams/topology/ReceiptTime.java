package io.kordon.streams.topology;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * A raw record's stamp, which is when the broker or its producer had it. Never negative: a record without a stamp is taken
 * for as old as the newest before it in its partition, since the default extractor would stop the task over it.
 */
final class ReceiptTime implements TimestampExtractor {
    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        return record.timestamp() >= 0 ? record.timestamp() : Math.max(0, partitionTime);
    }
}
