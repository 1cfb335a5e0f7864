package io.kordon.app.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kordon.avro.Rule;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topics;
import io.kordon.streams.rule.Place;
import io.kordon.streams.rule.RuleDocument;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DocumentPublisherTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private final MockProducer<String, Rule> producer = new MockProducer<>(
            true,
            new RoundRobinPartitioner(),
            new StringSerializer(),
            AvroSerdes.registry("mock://rule-publisher").serializer());
    private final DocumentPublisher publisher =
            new DocumentPublisher(Shelf.RULES, new Topics().rules(), producer, Clock.fixed(NOW, ZoneOffset.UTC));

    @AfterEach
    void close() {
        publisher.close();
    }

    @Test
    void publishesAllChangesInOneTransaction() throws InterruptedException {
        publisher.put(new RuleDocument("a", "0123456789ab", new Place("rules/a.yml", 7, 1), "title: a\n"));
        publisher.switchOff("b");
        publisher.forget("c");
        publisher.commit();

        assertThat(producer.commitCount()).isEqualTo(1);
        assertThat(producer.history()).extracting(record -> record.key()).containsExactly("a", "b", "c");
        Rule put = producer.history().get(0).value();
        assertThat(put.getOrigin()).isEqualTo("rules/a.yml:7");
        assertThat(put.getDocument()).isEqualTo("title: a\n");
        assertThat(put.getVersion()).isEqualTo("0123456789ab");
        assertThat(put.getPublishedAt()).isEqualTo(NOW);
        assertThat(PublishedDocuments.off(producer.history().get(1).value())).isTrue();
        assertThat(producer.history().get(2).value()).isNull();
    }

    @Test
    void publishesNothingWhenOneRecordIsRefused() {
        publisher.put(new RuleDocument("a", "0123456789ab", new Place("rules/a.yml", 1, 1), "title: a\n"));
        producer.sendException = new RecordTooLargeException("too large");

        assertThatThrownBy(publisher::commit)
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("nothing was published")
                .hasRootCauseMessage("too large");
        assertThat(producer.transactionAborted()).isTrue();
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void opensNoTransactionForNothing() throws InterruptedException {
        publisher.commit();
        assertThat(producer.transactionInitialized()).isFalse();
    }
}
