package io.kordon.schemas;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Confluent's Avro serializer and deserializer, set up as every process of Kordon wants them: specific records, the
 * schema registered under the topic's name on first use.
 */
public final class AvroSerdes {
    static {
        // Avro 1.12.2 instantiates generated classes of trusted packages only; it reads this once, when it loads.
        String trusted = System.getProperty("org.apache.avro.SERIALIZABLE_PACKAGES", "");
        if (!trusted.contains("io.kordon.avro")) {
            System.setProperty(
                    "org.apache.avro.SERIALIZABLE_PACKAGES",
                    trusted.isEmpty() ? "io.kordon.avro" : trusted + ",io.kordon.avro");
        }
    }

    private final Map<String, Object> config;

    /**
     * Serdes with a configuration of Confluent's.
     *
     * @param config keys of Confluent's {@code KafkaAvroSerializerConfig}; {@code schema.registry.url} is required. TLS is
     *     {@code schema.registry.ssl.*}, or {@code ssl.*} alone
     */
    public AvroSerdes(Map<String, ?> config) {
        Object url = config.get("schema.registry.url");
        if (url == null || url.toString().isBlank()) {
            throw new IllegalArgumentException("schema.registry.url is not set: name the registry's address");
        }
        Map<String, Object> all = new HashMap<>(config);
        all.put("specific.avro.reader", true);
        all.putIfAbsent("avro.use.logical.type.converters", true);
        // a registry that hangs must not hold a thread for the client's default of a minute
        all.putIfAbsent("http.connect.timeout.ms", 3_000);
        all.putIfAbsent("http.read.timeout.ms", 5_000);
        this.config = Map.copyOf(all);
    }

    /** Serdes against the registry at {@code url}; {@code mock://NAME} stays in this process. */
    public static AvroSerdes registry(String url) {
        return new AvroSerdes(Map.of("schema.registry.url", url));
    }

    /** A client of the registry, as serializers and deserializers have each their own. Close it. */
    SchemaRegistryClient client() {
        return RegistryClient.open(config);
    }

    /** Serializer of values. Close it. */
    @SuppressWarnings("unchecked")
    public <T extends SpecificRecord> Serializer<T> serializer() {
        KafkaAvroSerializer serializer = new KafkaAvroSerializer(client());
        serializer.configure(config, false);
        return (Serializer<T>) (Serializer<?>) serializer;
    }

    /** Deserializer of values. Close it. */
    @SuppressWarnings("unchecked")
    public <T extends SpecificRecord> Deserializer<T> deserializer() {
        KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer(client());
        deserializer.configure(config, false);
        return (Deserializer<T>) (Deserializer<?>) deserializer;
    }

    /** Serde of values. */
    public <T extends SpecificRecord> Serde<T> serde() {
        return Serdes.serdeFrom(this.<T>serializer(), this.<T>deserializer());
    }
}
