package io.kordon.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.kordon.schemas.Rejection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RejectingHandlerTest {
    private static final byte[] KEY = "key".getBytes(StandardCharsets.UTF_8);
    private static final byte[] VALUE = "not avro".getBytes(StandardCharsets.UTF_8);

    private final RejectingHandler handler = new RejectingHandler();
    private final ConsumerRecord<byte[], byte[]> record =
            new ConsumerRecord<>("kordon.events.falco", 3, 42, KEY, VALUE);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @BeforeEach
    void configure() {
        handler.configure(Map.of(RejectingHandler.TOPIC, "kordon.rejected", RejectingHandler.METRICS, metrics));
    }

    @Test
    void rejectsAnUndecodableRecordWithItsBytesCauseAndCoordinates() {
        DeserializationExceptionHandler.Response response =
                handler.handleError(new Context(), record, new SerializationException("Unknown magic byte!"));

        assertThat(response.result()).isEqualTo(DeserializationExceptionHandler.Result.RESUME);
        ProducerRecord<byte[], byte[]> rejected =
                response.deadLetterQueueRecords().get(0);
        assertThat(rejected.topic()).isEqualTo("kordon.rejected");
        assertThat(rejected.key()).isEqualTo(KEY);
        assertThat(rejected.value()).isEqualTo(VALUE);
        assertThat(header(rejected, "component")).isEqualTo("streams");
        assertThat(header(rejected, "code")).isEqualTo("avro.undecodable");
        assertThat(header(rejected, "detail")).contains("Unknown magic byte!");
        assertThat(header(rejected, "topic")).isEqualTo("kordon.events.falco");
        assertThat(header(rejected, "partition")).isEqualTo("3");
        assertThat(header(rejected, "offset")).isEqualTo("42");
        assertThat(metrics.counter("kordon.streams.rejected", "code", "avro.undecodable")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void rejectsARecordWhoseSchemaTheRegistryDoesNotKnow() {
        Exception unknown = new SerializationException("id 99", new RestClientException("not found", 404, 40403));
        assertThat(handler.handleError(new Context(), record, unknown).result())
                .isEqualTo(DeserializationExceptionHandler.Result.RESUME);
    }

    @Test
    void failsTheTaskWhileTheRegistryIsAway() {
        Exception refused = new SerializationException("id 99", new ConnectException("refused"));
        Exception broken = new SerializationException("id 99", new RestClientException("down", 503, 50301));
        assertThat(handler.handleError(new Context(), record, refused).result())
                .isEqualTo(DeserializationExceptionHandler.Result.FAIL);
        assertThat(handler.handleError(new Context(), record, broken).result())
                .isEqualTo(DeserializationExceptionHandler.Result.FAIL);
    }

    @Test
    void rejectsARecordThatTheEngineFailsOn() {
        ProcessingExceptionHandler.Response response = handler.handleError(
                new Context(), new Record<>("k", "v", 0), new IllegalStateException("a bug of ours"));
        assertThat(response.result()).isEqualTo(ProcessingExceptionHandler.Result.RESUME);
        assertThat(header(response.deadLetterQueueRecords().get(0), "code")).isEqualTo("processing.failed");
    }

    @Test
    void cutsWhatWouldMakeARejectionThatNoBrokerTakes() {
        ConsumerRecord<byte[], byte[]> large = new ConsumerRecord<>("t", 3, 42, KEY, new byte[1024 * 1024]);
        ProducerRecord<byte[], byte[]> rejected = handler.handleError(
                        new Context(), large, new SerializationException("Unknown magic byte!"))
                .deadLetterQueueRecords()
                .get(0);
        assertThat(rejected.value()).hasSizeLessThan(1000 * 1024);
        assertThat(header(rejected, "truncated")).isEqualTo(Integer.toString(rejected.value().length));
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        return new String(
                record.headers().lastHeader(Rejection.HEADER_PREFIX + name).value(), StandardCharsets.UTF_8);
    }

    private static final class Context implements ErrorHandlerContext {
        @Override
        public String topic() {
            return "kordon.events.falco";
        }

        @Override
        public int partition() {
            return 3;
        }

        @Override
        public long offset() {
            return 42;
        }

        @Override
        public Headers headers() {
            return new RecordHeaders();
        }

        @Override
        public String processorNodeId() {
            return "from-kordon.events.falco";
        }

        @Override
        public TaskId taskId() {
            return new TaskId(0, 3);
        }

        @Override
        public long timestamp() {
            return 1_000;
        }

        @Override
        public byte[] sourceRawKey() {
            return KEY;
        }

        @Override
        public byte[] sourceRawValue() {
            return VALUE;
        }
    }
}
