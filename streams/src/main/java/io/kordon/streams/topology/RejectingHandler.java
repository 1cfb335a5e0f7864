package io.kordon.streams.topology;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.kordon.schemas.Rejection;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.EOFException;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.InvalidNumberEncodingException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what cannot be used to the rejected topic, in the transaction of the task, and goes on. An outage (registry or
 * broker away) is no fault of the record: then the task fails, and its thread is replaced until the outage is over.
 */
public final class RejectingHandler implements DeserializationExceptionHandler, ProcessingExceptionHandler {
    /** Configuration key: name of the rejected topic. */
    static final String TOPIC = "kordon.rejected.topic";

    /** Configuration key: the registry that rejections are counted in; not counted without. */
    static final String METRICS = "kordon.rejected.metrics";

    private static final Logger LOG = LoggerFactory.getLogger(RejectingHandler.class);

    /** Longest key and value of a rejection together with its headers fit into a record of a broker's default size. */
    private static final int LONGEST_KEY = 16 * 1024;

    private static final int LONGEST_VALUE = 992 * 1024;

    private String rejected = "";
    private MeterRegistry metrics = new CompositeMeterRegistry();

    @Override
    public void configure(Map<String, ?> configs) {
        rejected = Objects.requireNonNull(configs.get(TOPIC), TOPIC).toString();
        metrics = configs.get(METRICS) instanceof MeterRegistry registry ? registry : metrics;
    }

    @Override
    public DeserializationExceptionHandler.Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        if (outage(exception)) {
            waited();
            return DeserializationExceptionHandler.Response.fail();
        }
        return DeserializationExceptionHandler.Response.resume(
                List.of(rejection(context, "avro.undecodable", record.key(), record.value(), exception)));
    }

    @Override
    public ProcessingExceptionHandler.Response handleError(
            ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        if (outage(exception)) {
            waited();
            return ProcessingExceptionHandler.Response.fail();
        }
        if (exception instanceof StreamsException || context.sourceRawValue() == null) {
            return ProcessingExceptionHandler.Response.fail();
        }
        if (exception instanceof IllegalArgumentException) {
            LOG.warn("rejected a record of {}: {}", context.topic(), exception.getMessage());
        } else {
            LOG.warn("could not process a record of {}, rejected it", context.topic(), exception);
        }
        return ProcessingExceptionHandler.Response.resume(List.of(
                rejection(context, "processing.failed", context.sourceRawKey(), context.sourceRawValue(), exception)));
    }

    private void waited() {
        Counter.builder("kordon.streams.outages")
                .description(
                        "Records that could not be processed for an outage of registry or brokers; they are read again")
                .register(metrics)
                .increment();
    }

    private ProducerRecord<byte[], byte[]> rejection(
            ErrorHandlerContext context,
            String code,
            byte @Nullable [] key,
            byte @Nullable [] value,
            Exception exception) {
        metrics.counter("kordon.streams.rejected", "code", code).increment();
        LOG.info("rejected {}-{} at offset {}: {}", context.topic(), context.partition(), context.offset(), code);
        Map<String, String> coordinates = new HashMap<>();
        coordinates.put("topic", context.topic());
        coordinates.put("partition", Integer.toString(context.partition()));
        coordinates.put("offset", Long.toString(context.offset()));
        if (value != null && value.length > LONGEST_VALUE) {
            coordinates.put("truncated", Integer.toString(LONGEST_VALUE));
        }
        Throwable cause = exception;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return new Rejection("streams", code, exception.getMessage() + ": " + cause.getMessage(), coordinates)
                .record(
                        rejected,
                        cut(key, LONGEST_KEY),
                        cut(value, LONGEST_VALUE),
                        Instant.ofEpochMilli(Math.max(0, context.timestamp())));
    }

    /** A rejection that is too large to send would stop the task: the record itself is where its coordinates say. */
    private static byte @Nullable [] cut(byte @Nullable [] bytes, int most) {
        return bytes == null || bytes.length <= most ? bytes : Arrays.copyOf(bytes, most);
    }

    /** The registry does not answer, answers 5xx, or a broker is away; a schema id that it does not know is no outage. */
    static boolean outage(Throwable exception) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof RestClientException answer) {
                return answer.getStatus() >= 500 || answer.getStatus() == 429;
            }
            if (malformed(cause)) {
                return false;
            }
            if (cause instanceof IOException || cause instanceof RetriableException) {
                return true;
            }
        }
        return false;
    }

    /** Avro reports a record that is cut short, or a number that never ends, by IOExceptions of its own. */
    private static boolean malformed(Throwable cause) {
        return cause instanceof EOFException
                || cause instanceof InvalidNumberEncodingException
                || cause instanceof AvroRuntimeException;
    }
}
