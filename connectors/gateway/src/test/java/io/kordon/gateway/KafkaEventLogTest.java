package io.kordon.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class KafkaEventLogTest {
    private final List<MockProducer<byte[], byte[]>> producers = new ArrayList<>();
    private final KafkaEventLog log = new KafkaEventLog(
            () -> {
                MockProducer<byte[], byte[]> producer =
                        new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
                producers.add(producer);
                return producer;
            },
            new KafkaEventLog.Probe() {
                @Override
                public String trouble() {
                    return "as the probe says";
                }

                @Override
                public void close() {}
            });

    @Test
    void completesWhenTheLastRecordIsAcknowledged() {
        CompletableFuture<Void> acknowledged = log.append(List.of(record("a"), record("b")));

        assertThat(acknowledged).isNotDone();
        producers.get(0).completeNext();
        assertThat(acknowledged).isNotDone();
        producers.get(0).completeNext();
        assertThat(acknowledged).isCompleted();
    }

    @Test
    void failsAsSoonAsOneRecordFails() {
        CompletableFuture<Void> acknowledged = log.append(List.of(record("a"), record("b")));

        producers.get(0).errorNext(new TimeoutException("no acknowledgement"));
        assertThatThrownBy(acknowledged::get).hasCauseInstanceOf(TimeoutException.class);
        producers.get(0).completeNext();
        assertThat(acknowledged).isCompletedExceptionally();
    }

    @Test
    void replacesAProducerThatFailedForGood() {
        producers.get(0).sendException = new KafkaException("a previous idempotent request has failed");

        assertThat(log.append(List.of(record("a")))).isCompletedExceptionally();
        assertThat(producers).hasSize(2);
        assertThat(producers.get(0).closed()).isTrue();
        CompletableFuture<Void> next = log.append(List.of(record("a")));
        producers.get(1).completeNext();
        assertThat(next).isCompleted();
    }

    @Test
    void hasNothingToWaitForWithoutRecords() {
        assertThat(log.append(List.of())).isCompleted();
        assertThat(log.trouble()).isEqualTo("as the probe says");
    }

    @Test
    void closesItsProducer() {
        log.close();

        assertThat(producers.get(0).closed()).isTrue();
    }

    @Test
    void asksForIdempotenceAndAnswersInTime() {
        Map<String, Object> settings = KafkaEventLog.producerSettings(
                Map.of("bootstrap.servers", "kafka:9092", "acks", "1", "linger.ms", 9_999), GatewayConfig.defaults());

        assertThat(settings)
                .containsEntry("bootstrap.servers", "kafka:9092")
                .containsEntry(ProducerConfig.ACKS_CONFIG, "all")
                .containsEntry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true)
                .containsEntry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000)
                .containsEntry(ProducerConfig.MAX_BLOCK_MS_CONFIG, 2_000);
        assertThat((int) settings.get(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG))
                .isGreaterThanOrEqualTo((int) settings.get(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG)
                        + (int) settings.get(ProducerConfig.LINGER_MS_CONFIG));
    }

    private static ProducerRecord<byte[], byte[]> record(String value) {
        return new ProducerRecord<>("t", value.getBytes(StandardCharsets.UTF_8));
    }
}
