package io.kordon.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    @TempDir
    private Path folder;

    @Test
    void takesFlagsBeforeTheEnvironmentBeforeTheFileBeforeDefaults() throws IOException {
        Path file = file("""
                kordon:
                  cluster: from-file
                  gateway: {host: from-file, port: 1111}
                  topics: {prefix: from-file.}
                """);
        Settings settings = Settings.load(
                file,
                Map.of("KORDON_GATEWAY_HOST", "from-env", "KORDON_GATEWAY_PORT", "2222"),
                Map.of("kordon.gateway.port", "3333"));

        assertThat(settings.get(KordonSettings.GATEWAY_PORT)).isEqualTo(3333);
        assertThat(settings.get(KordonSettings.GATEWAY_HOST)).isEqualTo("from-env");
        assertThat(settings.get(KordonSettings.CLUSTER)).isEqualTo("from-file");
        assertThat(settings.get(KordonSettings.GATEWAY_ACKNOWLEDGE_TIMEOUT)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void readsListsSizesAndTimes() throws IOException {
        Settings settings = Settings.load(
                file("kordon: {actuator: {protected-namespaces: [a, b]}}"),
                Map.of(),
                Map.of("kordon.gateway.max-body-size", "512KiB", "kordon.gateway.acknowledge-timeout", "250ms"));

        assertThat(settings.get(KordonSettings.PROTECTED_NAMESPACES)).containsExactly("a", "b");
        assertThat(settings.get(KordonSettings.GATEWAY_MAX_BODY)).isEqualTo(512 * 1024L);
        assertThat(settings.get(KordonSettings.GATEWAY_ACKNOWLEDGE_TIMEOUT)).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void readsTopicsWithTheClustersThatTheySpeakOf() throws IOException {
        Settings settings = Settings.load(
                file("kordon: {raw: {audit-topics: [audit, edge-audit=edge]}}"),
                Map.of("KORDON_RAW_FALCO_TOPICS", "falco, falco.eu = eu"),
                Map.of());

        assertThat(settings.get(KordonSettings.RAW_AUDIT)).isEqualTo(Map.of("audit", "", "edge-audit", "edge"));
        assertThat(settings.get(KordonSettings.RAW_FALCO)).isEqualTo(Map.of("falco", "", "falco.eu", "eu"));
        assertThat(settings.get(KordonSettings.RAW_ALERTMANAGER)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"a b, neither TOPIC nor", "a=b/c, neither TOPIC nor", "=c, neither TOPIC nor", "'a,a=b', named twice"})
    void refusesTopicsThatKafkaOrClustersCannotBeCalled(String topics, String reason) {
        assertThatThrownBy(() -> Settings.load(null, Map.of(), Map.of("kordon.raw.falco-topics", topics)))
                .hasMessageContaining("kordon.raw.falco-topics")
                .hasMessageContaining(reason);
    }

    @Test
    void passesClientPropertiesThroughAsTheyAre() throws IOException {
        Settings settings = Settings.load(
                file("kafka: {bootstrap.servers: 'b:1', security.protocol: SSL}"),
                Map.of("KORDON_KAFKA_SECURITY_PROTOCOL", "SASL_SSL", "KORDON_REGISTRY_BASIC_AUTH_USER_INFO", "a:b"),
                Map.of("kafka.client.id", "me"));

        assertThat(settings.section("kafka"))
                .containsOnly(
                        Map.entry("bootstrap.servers", "b:1"),
                        Map.entry("security.protocol", "SASL_SSL"),
                        Map.entry("client.id", "me"));
        assertThat(settings.section("registry")).containsOnly(Map.entry("basic.auth.user.info", "a:b"));
    }

    @Test
    void tellsEverythingThatIsWrongAtOnceWithKeyAndOrigin() throws IOException {
        Path file = file("{kordon: {gatway: {port: 1}, topics: {partitions: none}}, kafak: {a: b}}");

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() ->
                        Settings.load(file, Map.of("KORDON_GATEWAY_PROT", "1"), Map.of("kordon.gateway.port", "99999")))
                .satisfies(wrong -> assertThat(wrong.problems())
                        .containsExactlyInAnyOrder(
                                "KORDON_GATEWAY_PROT (from the environment) is not a setting; did you mean"
                                        + " KORDON_GATEWAY_PORT?",
                                "kordon.gatway.port (from file " + file + ") is not a setting; did you mean"
                                        + " kordon.gateway.port?",
                                "kafak.a (from file " + file + ") is not a setting",
                                "kordon.gateway.port is '99999' (from the command line): a whole number from 0 to 65535"
                                        + " is needed",
                                "kordon.topics.partitions is 'none' (from file " + file + "): a whole number from 1 to"
                                        + " 10000 is needed"));
    }

    @Test
    void saysWhatIsMissingAndHowToGiveIt() {
        Settings settings = Settings.load(null, Map.of(), Map.of());

        assertThatThrownBy(() -> settings.require(KordonSettings.REGISTRY_URL))
                .hasMessageContaining("kordon.registry.url is not set")
                .hasMessageContaining("KORDON_REGISTRY_URL")
                .hasMessageContaining("kafka.bootstrap.servers is not set");
    }

    @Test
    void hidesSecretsWhenItDescribesItself() {
        Settings settings = Settings.load(
                null,
                Map.of("KORDON_ELASTICSEARCH_PASSWORD", "hush"),
                Map.of(
                        "kafka.sasl.jaas.config",
                        "hush",
                        "kordon.elasticsearch.api-key",
                        "hush",
                        "kafka.interceptor.passphrase",
                        "hush",
                        "kordon.elasticsearch.urls",
                        "https://kordon:hush@a:9200,https://b:9200"));

        assertThat(settings.describe())
                .contains(
                        "kordon.elasticsearch.password: ***  # the environment",
                        "kafka.sasl.jaas.config: ***  # the command line",
                        "kordon.elasticsearch.urls: https://***@a:9200,https://b:9200  # the command line")
                .noneMatch(line -> line.contains("hush"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hush : hush", "\"hush", "*hush", "!!hush x", "{hush", "%hush"})
    void saysWhereAFileCannotBeReadAndNotWhatItHolds(String password) throws IOException {
        Path file = file("kordon:\n  elasticsearch:\n    password: " + password + "\n");

        assertThatThrownBy(() -> Settings.load(file, Map.of(), Map.of()))
                .hasMessageContaining("the file " + file + " is not YAML with keys and values: line ")
                .message()
                .doesNotContain("hush");
    }

    @Test
    void leavesTheServiceLinksOfKubernetesAlone() {
        Map<String, String> links = Map.of(
                "KORDON_GATEWAY_PORT", "tcp://10.0.0.1:8080",
                "KORDON_GATEWAY_SERVICE_HOST", "10.0.0.1",
                "KORDON_GATEWAY_SERVICE_PORT_HTTP", "8080",
                "KORDON_GATEWAY_PORT_8080_TCP_ADDR", "10.0.0.1");

        assertThat(Settings.load(null, links, Map.of()).get(KordonSettings.GATEWAY_PORT))
                .isEqualTo(8080);
    }

    @Test
    void leavesTheLevelOfLoggingToTheLoggingConfiguration() {
        assertThat(Settings.load(null, Map.of("KORDON_LOG_LEVEL", "DEBUG"), Map.of())
                        .describe())
                .noneMatch(line -> line.contains("log"));
    }

    @Test
    void everySettingIsInTheCatalogueOnce() {
        List<String> keys = KordonSettings.ALL.stream().map(Setting::key).toList();

        assertThat(keys).doesNotHaveDuplicates().allMatch(key -> key.startsWith("kordon."));
        assertThat(KordonSettings.ALL.stream().map(Setting::variable)).doesNotHaveDuplicates();
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("kordon.yml"), yaml);
    }
}
