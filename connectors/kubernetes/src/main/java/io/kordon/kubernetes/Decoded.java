package io.kordon.kubernetes;

import io.kordon.avro.Command;
import java.io.IOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.Deserializer;

/** A record of the command topic, read or refused. */
sealed interface Decoded {

    record Valid(Command command) implements Decoded {}

    /**
     * It is not.
     *
     * @param code stable cause, for the rejected topic and its metric
     */
    record Rejected(String code, String detail) implements Decoded {}

    /**
     * Reads a record.
     *
     * @throws KafkaException where the schema registry did not answer: that says nothing about the record
     */
    static Decoded of(ConsumerRecord<byte[], byte[]> record, Deserializer<Command> deserializer) {
        if (record.value() == null) {
            return new Rejected("command.empty", "the record has no value");
        }
        try {
            // Not a Command when its writer used another record's schema: the cast must fail here, not later.
            Object value = deserializer.deserialize(record.topic(), record.headers(), record.value());
            return value instanceof Command command
                    ? new Valid(command)
                    : new Rejected(
                            "command.schema",
                            "the value is a "
                                    + (value == null ? "null" : value.getClass().getName()) + ", not a command");
        } catch (ClassCastException e) {
            return new Rejected("command.schema", "the value is another record than a command");
        } catch (RuntimeException e) {
            if (registryIsAway(e)) {
                throw e;
            }
            return new Rejected("command.avro", rootMessage(e));
        }
    }

    /** A registry that is away, or refuses us, says nothing about the record; an unknown schema id or broken bytes do. */
    static boolean registryIsAway(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if ((cause instanceof IOException && !(cause instanceof java.io.EOFException))
                    || cause instanceof RetriableException) {
                return true;
            }
            if (cause instanceof io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException rest) {
                return rest.getStatus() != 404;
            }
        }
        return false;
    }

    private static String rootMessage(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + ": " + root.getMessage();
    }
}
