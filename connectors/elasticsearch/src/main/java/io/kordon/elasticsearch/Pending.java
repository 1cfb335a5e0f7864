package io.kordon.elasticsearch;

import java.util.BitSet;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** A record on its way: its documents once it is decoded, and how many of them are dealt with. */
final class Pending {
    private final SinkRecord record;
    private final BitSet settled = new BitSet();
    private @Nullable List<Document> documents;
    private boolean reported;
    private boolean already;
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

    /** Null until it is decoded. */
    @Nullable
    List<Document> documents() {
        return documents;
    }

    /** @param made the record's own document first, then its companions */
    void documents(List<Document> made) {
        documents = List.copyOf(made);
    }

    boolean isSettled(int index) {
        return settled.get(index);
    }

    /** The record is done with the last of its documents. */
    void settle(int index, boolean wasThere) {
        settled.set(index);
        already |= index == 0 && wasThere;
        done = documents != null && settled.cardinality() == documents.size();
    }

    /** Whether the record's own document was there before. */
    boolean wasThere() {
        return already;
    }

    boolean isReported() {
        return reported;
    }

    void reported() {
        reported = true;
    }

    boolean isDone() {
        return done;
    }

    void done() {
        done = true;
    }
}
