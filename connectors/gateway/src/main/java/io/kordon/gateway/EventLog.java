package io.kordon.gateway;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Where records are kept: Kafka, or memory in tests. */
interface EventLog extends AutoCloseable {
    /**
     * Appends records. May block for a bounded time while room or metadata is wanting.
     *
     * @return completes when every record is acknowledged, or exceptionally as soon as one is known not to be; the
     *     others may have been kept even so
     */
    CompletableFuture<Void> append(List<ProducerRecord<byte[], byte[]>> records);

    /** What keeps this log from taking records now, for a reader; null when nothing does. May block for seconds. */
    @Nullable
    String trouble();

    @Override
    void close();
}
