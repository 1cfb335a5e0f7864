package io.kordon.schemas;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Registers the catalogue's schemas under {@code TOPIC-value}, so that a consumer finds the schema of a topic before its
 * first record, and the registry itself refuses one that older records could not be read with.
 */
public final class SchemaRegistration {
    /** What every subject is held to. */
    public static final String COMPATIBILITY = "BACKWARD_TRANSITIVE";

    private final SchemaRegistryClient registry;

    SchemaRegistration(SchemaRegistryClient registry) {
        this.registry = registry;
    }

    /** Against the registry that {@code serdes} speak to. */
    public static SchemaRegistration with(AvroSerdes serdes) {
        return new SchemaRegistration(serdes.client());
    }

    /**
     * Registers what is missing; a schema that is there already stays as it is.
     *
     * @return subjects, each with its newest schema registered
     * @throws IllegalStateException naming the subject and what the registry answered
     */
    public List<String> register(Topics topics) {
        List<String> subjects = new ArrayList<>();
        for (Topic<?> topic : topics.all()) {
            Schema schema = topic.schema();
            if (schema != null) {
                String subject = topic.name() + "-value";
                register(subject, schema);
                subjects.add(subject);
            }
        }
        return subjects;
    }

    private void register(String subject, Schema schema) {
        try {
            registry.register(subject, new AvroSchema(schema));
            registry.updateCompatibility(subject, COMPATIBILITY);
        } catch (IOException | RestClientException e) {
            throw new IllegalStateException("could not register the schema of " + subject + ": " + e.getMessage(), e);
        }
    }
}
