package io.kordon.elasticsearch;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** A record on its way: its document once it is decoded, and whether it is dealt with. */
final class Pending {
    private final SinkRecord record;
    private @Nullable Document document;
    private boolean done;

    Pending(SinkRecord record) {
        this.record = record;
    }

    SinkRecord record() {
        return record;
    }

    /** Where it lies in Kafka, whatever transforms have made of its topic. */
    TopicPartition partition() {
        return new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
    }

    long offset() {
        return record.originalKafkaOffset();
    }

    @Nullable
    Document document() {
        return document;
    }

    void document(Document made) {
        document = made;
    }

    boolean isDone() {
        return done;
    }

    void done() {
        done = true;
    }
}
