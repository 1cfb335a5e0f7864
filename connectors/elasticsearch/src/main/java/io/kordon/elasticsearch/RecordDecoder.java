package io.kordon.elasticsearch;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topic;
import io.kordon.schemas.Topic.Cleanup;
import io.kordon.schemas.Topics;
import java.io.EOFException;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.InvalidNumberEncodingException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Decodes values by topic, and tells a bad value from a registry that is away: Confluent's deserializer throws one
 * {@code SerializationException} for both.
 */
final class RecordDecoder implements AutoCloseable {
    /** Registry's codes for "no such schema", "no such version" …: 404 with two more digits. A bare 404 is a wrong path. */
    private static final int NOT_FOUND = 404;

    private final Map<String, Topic<?>> topics;
    private final Deserializer<SpecificRecord> deserializer;

    RecordDecoder(Topics topics, AvroSerdes serdes) {
        this(topics, serdes.<SpecificRecord>deserializer());
    }

    RecordDecoder(Topics topics, Deserializer<SpecificRecord> deserializer) {
        this.topics = Stream.<Topic<?>>of(topics.incidents(), topics.signals(), topics.commands(), topics.results())
                .collect(Collectors.toMap(Topic::name, Function.identity()));
        this.deserializer = deserializer;
    }

    Decoded decode(SinkRecord record) {
        Topic<?> topic = topics.get(record.topic());
        if (topic == null) {
            return unusable("topic.unknown", "topic " + record.topic() + " is none of " + topics.keySet());
        }
        Object value = record.value();
        if (value == null) {
            boolean compacted = topic.cleanup() != Cleanup.DELETE && record.key() != null;
            return compacted ? new Decoded.Tombstone() : unusable("value.null", "the value is null");
        }
        if (!(value instanceof byte[] bytes)) {
            return unusable(
                    "value.converted",
                    "the value is a " + value.getClass().getName()
                            + ": set value.converter=org.apache.kafka.connect.converters.ByteArrayConverter");
        }
        return decode(topic, bytes);
    }

    private Decoded decode(Topic<?> topic, byte[] bytes) {
        try {
            // Declared SpecificRecord, but a foreign schema of a primitive type comes as what it is.
            Object decoded = ((Deserializer<?>) deserializer).deserialize(topic.name(), bytes);
            Class<?> wanted = topic.value();
            if (decoded instanceof SpecificRecord record && wanted != null && wanted.isInstance(record)) {
                return new Decoded.Value(record);
            }
            String found = decoded == null ? "nothing" : decoded.getClass().getName();
            return unusable("value.foreign", "the value is " + found + ", not " + wanted);
        } catch (KafkaException e) {
            return registryIsAway(e) ? new Decoded.Unknown(e) : new Decoded.Unusable("value.undecodable", e);
        } catch (RuntimeException e) {
            // Avro's readers throw unchecked exceptions of many kinds at broken bytes.
            return new Decoded.Unusable("value.undecodable", e);
        }
    }

    static boolean registryIsAway(Throwable thrown) {
        RestClientException answer = find(thrown, RestClientException.class);
        if (answer != null) {
            return !(answer.getErrorCode() / 100 == NOT_FOUND);
        }
        // Timeouts, quotas, authentication: the serdes turn these answers into Kafka's exceptions and drop the cause.
        if (thrown instanceof ApiException && !isSerialization(thrown)) {
            return true;
        }
        IOException io = find(thrown, IOException.class);
        return io != null && !(io instanceof EOFException) && !(io instanceof InvalidNumberEncodingException);
    }

    private static boolean isSerialization(Throwable thrown) {
        return thrown instanceof org.apache.kafka.common.errors.SerializationException;
    }

    private static <T extends Throwable> @Nullable T find(Throwable thrown, Class<T> type) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return type.cast(t);
            }
        }
        return null;
    }

    private static Decoded unusable(String code, String detail) {
        return new Decoded.Unusable(code, new DataException(detail));
    }

    @Override
    public void close() {
        deserializer.close();
    }
}
