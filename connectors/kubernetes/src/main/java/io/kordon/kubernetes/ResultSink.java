package io.kordon.kubernetes;

import io.kordon.avro.Result;
import io.kordon.schemas.Rejection;
import io.kordon.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.Serializer;

/** Where results and rejected records go. Safe for several lanes at once. */
final class ResultSink {
    private final Producer<byte[], byte[]> producer;
    private final Serializer<Result> serializer;
    private final Topics topics;
    private final Clock clock;
    private final Duration timeout;

    /** @param timeout for Kafka's acknowledgement of a run's results */
    ResultSink(
            Producer<byte[], byte[]> producer,
            Serializer<Result> serializer,
            Topics topics,
            Clock clock,
            Duration timeout) {
        this.producer = producer;
        this.serializer = serializer;
        this.topics = topics;
        this.clock = clock;
        this.timeout = timeout;
    }

    /** Results of one run: sent as they come, acknowledged together. */
    final class Delivery {
        private final List<Future<RecordMetadata>> sent = new ArrayList<>();

        void send(Result result) {
            String topic = topics.results().name();
            sent.add(producer.send(new ProducerRecord<>(
                    topic,
                    null,
                    result.getFinishedAt().toEpochMilli(),
                    result.getKey().getBytes(StandardCharsets.UTF_8),
                    serializer.serialize(topic, result))));
        }

        /** Sends the record's bytes to the rejected topic; without its value where that is more than Kafka takes. */
        void reject(ConsumerRecord<byte[], byte[]> record, String code, String detail) throws InterruptedException {
            Map<String, String> coordinates = new HashMap<>();
            coordinates.put("topic", record.topic());
            coordinates.put("partition", Integer.toString(record.partition()));
            coordinates.put("offset", Long.toString(record.offset()));
            Future<RecordMetadata> whole = send(record, record.value(), code, detail, coordinates);
            try {
                whole.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                if (!(e.getCause() instanceof RecordTooLargeException)) {
                    throw new KafkaException("a rejected record was not acknowledged: " + e.getMessage(), e);
                }
                coordinates.put("valueBytes", Integer.toString(record.serializedValueSize()));
                sent.add(send(record, new byte[0], code, "(value left out, too large) " + detail, coordinates));
            }
        }

        private Future<RecordMetadata> send(
                ConsumerRecord<byte[], byte[]> record,
                byte[] value,
                String code,
                String detail,
                Map<String, String> coordinates) {
            return producer.send(new Rejection("actuator", code, detail, coordinates)
                    .record(topics.rejected().name(), record.key(), value, clock.instant()));
        }

        /** @throws KafkaException where Kafka has not taken everything in time; then nothing may be committed */
        void await() throws InterruptedException {
            for (Future<RecordMetadata> future : sent) {
                try {
                    future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
                } catch (ExecutionException | TimeoutException e) {
                    throw new KafkaException("results were not acknowledged: " + e.getMessage(), e);
                }
            }
        }
    }

    Delivery delivery() {
        return new Delivery();
    }
}
