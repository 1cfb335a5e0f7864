package io.kordon.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.kordon.avro.Incident;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class SchemaRegistrationTest {
    private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
    private final Topics topics = new Topics();

    @Test
    void registersTheSchemaOfEveryTopicAndHoldsItToItsHistory() throws Exception {
        assertThat(new SchemaRegistration(registry).register(topics))
                .hasSize(12)
                .contains("kordon.incidents-value")
                .doesNotContain("kordon.rejected-value");
        assertThat(registry.getLatestSchemaMetadata("kordon.incidents-value").getSchema())
                .isEqualTo(new AvroSchema(Incident.getClassSchema()).canonicalString());
        assertThat(registry.getCompatibility("kordon.incidents-value")).isEqualTo("BACKWARD_TRANSITIVE");
    }

    @Test
    void addsNoVersionWhenAskedTwice() throws Exception {
        SchemaRegistration registration = new SchemaRegistration(registry);
        registration.register(topics);
        registration.register(topics);
        assertThat(registry.getAllVersions("kordon.incidents-value")).containsExactly(1);
    }

    @Test
    void namesTheSubjectThatTheRegistryRefuses() {
        MockSchemaRegistryClient refusing = new MockSchemaRegistryClient() {
            @Override
            public synchronized int register(String subject, ParsedSchema schema)
                    throws IOException, RestClientException {
                throw new RestClientException("incompatible", 409, 409);
            }
        };
        assertThatThrownBy(() -> new SchemaRegistration(refusing).register(topics))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("kordon.events.falco-value")
                .hasMessageContaining("incompatible");
    }
}
