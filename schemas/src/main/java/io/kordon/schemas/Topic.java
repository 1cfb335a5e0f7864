package io.kordon.schemas;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * One topic of the catalogue: keys are UTF-8 strings, values Avro records in Confluent's wire format.
 *
 * @param name full name, prefix included
 * @param key what the key says, for a reader
 * @param value class of the records, or null where the values are foreign bytes
 * @param partitions number of partitions
 * @param cleanup {@code cleanup.policy}
 * @param retention {@code retention.ms}, for policies that delete
 */
public record Topic<V extends SpecificRecord>(
        String name, String key, @Nullable Class<V> value, int partitions, Cleanup cleanup, Duration retention) {

    /** Kafka's {@code cleanup.policy}. */
    public enum Cleanup {
        DELETE("delete"),
        COMPACT("compact"),
        COMPACT_AND_DELETE("compact,delete");

        private final String policy;

        Cleanup(String policy) {
            this.policy = policy;
        }
    }

    public Topic {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a topic needs a name");
        }
        if (partitions < 1) {
            throw new IllegalArgumentException("topic " + name + " needs at least 1 partition, not " + partitions);
        }
    }

    /** Schema of the values, or null where they are foreign bytes. */
    public @Nullable Schema schema() {
        return value == null ? null : SpecificData.get().getSchema(value);
    }

    /** Topic configuration to create it with. */
    public Map<String, String> config() {
        Map<String, String> config = new LinkedHashMap<>();
        config.put("cleanup.policy", cleanup.policy);
        if (cleanup != Cleanup.COMPACT) {
            config.put("retention.ms", Long.toString(retention.toMillis()));
        }
        return config;
    }
}
