package io.kordon.app.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class ConnectConfigTest {
    private final ConnectConfig config = new ConnectConfig(
            "connect",
            "0.0.0.0",
            8083,
            "10.1.2.3",
            1,
            -1,
            Map.of(
                    "elasticsearch.urls", "https://es:9200",
                    "elasticsearch.api.key", "hush",
                    "elasticsearch.key.file", "/certs/tls.key"),
            Map.of(
                    "schema.registry.url", "https://registry",
                    "schema.registry.ssl.keystore.password", "hush",
                    "ssl.truststore.location", "/certs/ca.crt"));

    @Test
    void refersToSecretsAndShowsTheRest() {
        assertThat(config.connector(List.of("kordon.signals"), "kordon."))
                .containsEntry("elasticsearch.urls", "https://es:9200")
                .containsEntry("elasticsearch.api.key", "${kordon:elasticsearch.api.key}")
                .containsEntry("elasticsearch.key.file", "/certs/tls.key")
                .containsEntry(
                        "schema.registry.ssl.keystore.password", "${kordon:schema.registry.ssl.keystore.password}")
                .containsEntry("value.registry.ssl.truststore.location", "/certs/ca.crt")
                .doesNotContainValue("hush");
        assertThat(config.toString()).doesNotContain("hush");
    }

    @Test
    void refersToAnAddressThatHoldsAPassword() {
        ConnectConfig withUser = new ConnectConfig(
                "connect",
                "127.0.0.1",
                0,
                "",
                1,
                1,
                Map.of(),
                Map.of("schema.registry.url", "https://kordon:hush@registry"));

        assertThat(withUser.connector(List.of("kordon.signals"), "kordon."))
                .containsEntry("schema.registry.url", "${kordon:schema.registry.url}")
                .allSatisfy((key, value) -> assertThat(value).doesNotContain("hush"));
        assertThat(withUser.secrets()).containsEntry("schema.registry.url", "https://kordon:hush@registry");
    }

    @Test
    void givesKafkasSettingsToTheWorkerAndToItsConnectors() {
        Map<String, String> worker = config.worker("kordon.", Map.of("security.protocol", "SASL_SSL"), "id");

        assertThat(worker)
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("producer.security.protocol", "SASL_SSL")
                .containsEntry("consumer.security.protocol", "SASL_SSL")
                .containsEntry("admin.security.protocol", "SASL_SSL")
                .containsEntry("rest.advertised.host.name", "10.1.2.3")
                .doesNotContainValue("hush");
    }

    @Test
    void servesAWorkersSecretsAsLongAsItRuns() {
        String name = WorkerSecrets.hold(config.secrets());
        try (WorkerSecrets secrets = new WorkerSecrets()) {
            secrets.configure(Map.of(WorkerSecrets.WORKER, name));
            assertThat(secrets.get("", Set.of("elasticsearch.api.key")).data())
                    .containsOnly(Map.entry("elasticsearch.api.key", "hush"));
            assertThatThrownBy(() -> secrets.get("", Set.of("elasticsearch.password")))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("not given elasticsearch.password")
                    .hasMessageNotContaining("hush");
        }
        WorkerSecrets.forget(name);
        try (WorkerSecrets secrets = new WorkerSecrets()) {
            secrets.configure(Map.of(WorkerSecrets.WORKER, name));
            assertThat(secrets.get("").data()).isEmpty();
        }
    }
}
