package io.kordon.app.published;

import io.kordon.app.records.Connection;
import io.kordon.avro.Rule;
import io.kordon.schemas.Topic;
import io.kordon.streams.rule.RuleDocument;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes changes of documents in one transaction: all of them, or none. One transactional id for all publishers, so that of
 * two at once one is refused instead of both being mixed.
 */
final class DocumentPublisher implements AutoCloseable {
    /** First 12 hexadecimal digits of the SHA-256 of nothing. */
    private static final String VERSION_OF_NOTHING = "e3b0c44298fc";

    private final Shelf shelf;
    private final Topic<Rule> topic;
    private final Producer<String, Rule> producer;
    private final Instant now;
    private final Map<String, @Nullable Rule> changes = new LinkedHashMap<>();

    DocumentPublisher(Shelf shelf, Topic<Rule> topic, Producer<String, Rule> producer, Clock clock) {
        this.shelf = shelf;
        this.topic = topic;
        this.producer = producer;
        this.now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    static DocumentPublisher open(Connection connection, Shelf shelf) {
        Topic<Rule> topic = shelf.of(connection.topics());
        return new DocumentPublisher(
                shelf,
                topic,
                connection.producer(Map.of("transactional.id", topic.name() + "-publisher")),
                Clock.systemUTC());
    }

    /** To put a document in force. */
    void put(RuleDocument document) {
        change(
                document.id(),
                document.version(),
                document.place().origin() + ":" + document.place().line(),
                document.text());
    }

    /** To switch one off, wherever it comes from. */
    void switchOff(String id) {
        change(id, VERSION_OF_NOTHING, "", "");
    }

    /** To forget what the topic says of one. */
    void forget(String id) {
        changes.put(id, null);
    }

    /**
     * Publishes what was asked for; returns when it is committed.
     *
     * @throws KafkaException if it is not: then nothing of it is
     */
    void commit() throws InterruptedException {
        if (changes.isEmpty()) {
            return;
        }
        try {
            producer.initTransactions();
            producer.beginTransaction();
            send();
            producer.commitTransaction();
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            throw new KafkaException(
                    "somebody else publishes %s at the same time; nothing was published. Look at `kordon %s list` and try"
                                    .formatted(shelf.many(), shelf.many())
                            + " again",
                    e);
        }
    }

    private void send() throws InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try {
            changes.forEach((id, rule) -> sent.add(producer.send(new ProducerRecord<>(topic.name(), id, rule))));
            producer.flush();
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        } catch (ExecutionException e) {
            producer.abortTransaction();
            throw new KafkaException("nothing was published", e.getCause());
        } catch (ProducerFencedException e) {
            throw e;
        } catch (KafkaException e) {
            producer.abortTransaction();
            throw new KafkaException("nothing was published", e);
        }
    }

    private void change(String id, String version, String origin, String document) {
        changes.put(
                id,
                Rule.newBuilder()
                        .setId(id)
                        .setVersion(version)
                        .setOrigin(origin)
                        .setDocument(document)
                        .setPublishedAt(now)
                        .build());
    }

    @Override
    public void close() {
        producer.close();
    }
}
