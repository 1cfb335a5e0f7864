package io.kordon.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.sink.SinkConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElasticsearchSinkConnectorTest {
    private final ElasticsearchSinkConnector connector = new ElasticsearchSinkConnector();
    private final Map<String, String> properties = new HashMap<>(Map.of(
            ElasticsearchSinkConfig.URLS, "https://es-1:9200,https://es-2:9200",
            ElasticsearchSinkConfig.REGISTRY_URL, "http://registry:8081"));

    @Test
    void connectFindsItByItsServiceFile() {
        assertThat(ServiceLoader.load(SinkConnector.class).stream().map(ServiceLoader.Provider::type))
                .contains(ElasticsearchSinkConnector.class);
    }

    @Test
    void tellsItsVersionAndTask() {
        assertThat(connector.version()).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(connector.taskClass()).isEqualTo(ElasticsearchSinkTask.class);
        connector.start(properties);
        assertThat(connector.taskConfigs(3)).hasSize(3).containsOnly(properties);
        connector.stop();
    }

    @Test
    void documentsEveryKey() {
        connector
                .config()
                .configKeys()
                .forEach((name, key) -> assertThat(key.documentation).as(name).hasSizeGreaterThan(20));
    }

    @ParameterizedTest
    @CsvSource({
        "elasticsearch.urls, ''",
        "elasticsearch.urls, es:9200",
        "elasticsearch.urls, ftp://es",
        "elasticsearch.urls, https://elastic:secret@es:9200",
        "elasticsearch.urls, htp://elastic:secret@es:9200",
        "elasticsearch.urls, https://elastic:secret^@es:9200",
        "elasticsearch.password, without-a-user",
        "index.prefix, Upper",
        "data.retention, ninety days",
        "data.retention.timeline, 1y",
        "incidents.retention, -1d",
        "index.shards, 0",
        "index.replicas, -2",
        "batch.size, 0",
        "batch.bytes, 1",
        "flush.timeout.ms, -1",
        "retry.backoff.max.ms, 1",
        "max.retries, -2"
    })
    void namesTheKeyThatIsWrong(String key, String value) {
        properties.put(key, value);
        assertThatThrownBy(() -> connector.start(properties))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key)
                .hasMessageNotContaining("secret");
        assertThat(connector.validate(properties).configValues())
                .filteredOn(wrong -> !wrong.errorMessages().isEmpty())
                .extracting(ConfigValue::name)
                .contains(key);
    }

    @Test
    void wantsOneWayToSignIn() {
        properties.put(ElasticsearchSinkConfig.USERNAME, "elastic");
        properties.put(ElasticsearchSinkConfig.PASSWORD, "x");
        properties.put(ElasticsearchSinkConfig.API_KEY, "y");
        assertThatThrownBy(() -> connector.start(properties)).hasMessageContaining("both set");
    }

    @Test
    void neverPrintsASecret() {
        properties.put(ElasticsearchSinkConfig.USERNAME, "elastic");
        properties.put(ElasticsearchSinkConfig.PASSWORD, "s3cret");
        assertThat(ElasticsearchSinkConfig.parse(properties).credentials().toString())
                .contains("elastic")
                .doesNotContain("s3cret");
    }

    @Test
    void passesRegistrySettingsToTheDeserializer() {
        properties.put("schema.registry.basic.auth.user.info", "u:p");
        properties.put("value.registry.basic.auth.credentials.source", "USER_INFO");
        assertThat(ElasticsearchSinkConfig.parse(properties).registry())
                .containsEntry("schema.registry.url", "http://registry:8081")
                .containsEntry("schema.registry.basic.auth.user.info", "u:p")
                .containsEntry("basic.auth.credentials.source", "USER_INFO");
    }

    @Test
    void spreadsWaitsBetweenHalfAndWholeOfADoublingBound() {
        Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(60), new Random(7));
        List<Long> bounds = List.of(500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 60_000L, 60_000L);
        for (int failures = 1; failures <= bounds.size(); failures++) {
            long bound = bounds.get(failures - 1);
            assertThat(backoff.after(failures).toMillis()).isBetween(bound / 2, bound);
        }
        assertThat(backoff.after(Integer.MAX_VALUE).toMillis()).isBetween(30_000L, 60_000L);
    }
}
