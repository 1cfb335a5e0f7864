package io.kordon.schemas;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.EOFException;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.InvalidNumberEncodingException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads the values of a topic for those who read it by themselves, and tells apart what they must not mix up: bytes that
 * can never be read, and a registry that does not answer just now. Not for several threads.
 */
public final class ValueDecoder<V extends SpecificRecord> implements AutoCloseable {
    private static final int LONGEST_REASON = 500;

    /** Answers of a registry that refuses us, or has no time: they say nothing about the record. */
    private static final Set<Integer> NOT_NOW = Set.of(401, 403, 407, 408, 429);

    private final Class<V> type;
    private final Deserializer<V> deserializer;

    public ValueDecoder(Class<V> type, Deserializer<V> deserializer) {
        this.type = type;
        this.deserializer = deserializer;
    }

    /** For a topic of Avro records. */
    public static <V extends SpecificRecord> ValueDecoder<V> of(Topic<V> topic, AvroSerdes serdes) {
        return new ValueDecoder<>(
                Objects.requireNonNull(topic.value(), () -> topic.name() + " holds foreign bytes"),
                serdes.deserializer());
    }

    /** What a record's value is. */
    public sealed interface Decoded<V> {
        record Value<V>(V value) implements Decoded<V> {}

        /** No value: the key is deleted. */
        record Tombstone<V>() implements Decoded<V> {}

        /** Bytes that nobody will ever read as what the topic holds. */
        record Unusable<V>(String reason) implements Decoded<V> {}

        /** The registry does not answer: ask again later. */
        record Unavailable<V>(String reason) implements Decoded<V> {}
    }

    /** Decodes one record. */
    public Decoded<V> decode(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return new Decoded.Tombstone<>();
        }
        try {
            // Of another type when its writer used another record's schema: that must show here, not later.
            Object value = deserializer.deserialize(record.topic(), record.headers(), record.value());
            return type.isInstance(value)
                    ? new Decoded.Value<>(type.cast(value))
                    : new Decoded.Unusable<>("the value is not a " + type.getSimpleName());
        } catch (ClassCastException e) {
            return new Decoded.Unusable<>("the value is not a " + type.getSimpleName());
        } catch (RuntimeException e) {
            return outage(e) ? new Decoded.Unavailable<>(reason(e)) : new Decoded.Unusable<>(reason(e));
        }
    }

    @Override
    public void close() {
        deserializer.close();
    }

    /** Avro reports bytes that end too early, or a number that never ends, by IOExceptions of its own. */
    private static boolean outage(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RestClientException answer) {
                return answer.getStatus() >= 500 || NOT_NOW.contains(answer.getStatus());
            }
            if (cause instanceof EOFException
                    || cause instanceof InvalidNumberEncodingException
                    || cause instanceof AvroRuntimeException) {
                return false;
            }
            if (cause instanceof IOException || cause instanceof RetriableException) {
                return true;
            }
        }
        return false;
    }

    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String reason = root.getClass().getSimpleName() + ": " + root.getMessage();
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "…";
    }
}
