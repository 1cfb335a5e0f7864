package io.kordon.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFoldersTest {
    @TempDir
    private Path home;

    private Path folder;

    @BeforeEach
    void makeTheFolder() throws IOException {
        folder = Files.createDirectory(home.resolve("secrets"));
    }

    @Test
    void standsBetweenTheEnvironmentAndTheFile() throws IOException {
        Path file = Files.writeString(home.resolve("kordon.yml"), """
                kordon: {cluster: file, gateway: {host: file}, elasticsearch: {password: file}}
                """);
        write("kordon.elasticsearch.password", "secret");
        write("kordon.gateway.host", "secret");
        write("kordon.connect.group-id", "secret");

        Settings settings = Settings.load(
                file,
                List.of(folder),
                Map.of("KORDON_GATEWAY_HOST", "environment"),
                Map.of("kordon.connect.group-id", "flag"));

        assertThat(settings.get(KordonSettings.CLUSTER)).isEqualTo("file");
        assertThat(settings.get(KordonSettings.ELASTICSEARCH_PASSWORD)).isEqualTo("secret");
        assertThat(settings.get(KordonSettings.GATEWAY_HOST)).isEqualTo("environment");
        assertThat(settings.get(KordonSettings.CONNECT_GROUP)).isEqualTo("flag");
    }

    @Test
    void takesTheValueAsItIsButForTheNewlineAtItsEnd() throws IOException {
        write("kordon.elasticsearch.password", " p ss${x} \n");
        write("kordon.elasticsearch.api-key", "key\r\n");
        write("kafka.sasl.jaas.config", "module required\n  user=\"ü\";\n\n");

        Settings settings = load();

        assertThat(settings.get(KordonSettings.ELASTICSEARCH_PASSWORD)).isEqualTo(" p ss${x} ");
        assertThat(settings.get(KordonSettings.ELASTICSEARCH_API_KEY)).isEqualTo("key");
        assertThat(settings.section("kafka")).containsEntry("sasl.jaas.config", "module required\n  user=\"ü\";\n");
    }

    @Test
    void readsAFolderAsKubernetesMountsASecret() throws IOException {
        Path version = Files.createDirectory(folder.resolve("..2026_11_25_10_00_00.1234567"));
        Files.writeString(version.resolve("registry.basic.auth.user.info"), "kordon:hush");
        Files.createSymbolicLink(folder.resolve("..data"), version.getFileName());
        Files.createSymbolicLink(
                folder.resolve("registry.basic.auth.user.info"), Path.of("..data/registry.basic.auth.user.info"));

        assertThat(load().section("registry")).containsOnly(Map.entry("basic.auth.user.info", "kordon:hush"));
    }

    @Test
    void readsTheFoldersThatTheEnvironmentNamesUnlessFlagsNameOthers() throws IOException {
        Path other = Files.createDirectory(home.resolve("other"));
        write("kordon.elasticsearch.username", "kordon");
        Files.writeString(other.resolve("kordon.elasticsearch.password"), "hush");
        Map<String, String> environment = Map.of("KORDON_SECRETS", folder + ", " + other);

        Settings named = Settings.load(null, environment, Map.of());
        Settings flagged = Settings.load(null, List.of(other), environment, Map.of());

        assertThat(named.get(KordonSettings.ELASTICSEARCH_USERNAME)).isEqualTo("kordon");
        assertThat(named.get(KordonSettings.ELASTICSEARCH_PASSWORD)).isEqualTo("hush");
        assertThat(flagged.get(KordonSettings.ELASTICSEARCH_USERNAME)).isEmpty();
        assertThat(flagged.get(KordonSettings.ELASTICSEARCH_PASSWORD)).isEqualTo("hush");
    }

    @Test
    void showsWhereAValueIsFromAndNeverTheValue() throws IOException {
        write("kordon.cluster", "hush");
        write("kafka.client.id", "hush");

        assertThat(load().describe())
                .contains(
                        "kordon.cluster: ***  # the secrets folder " + folder,
                        "kafka.client.id: ***  # the secrets folder " + folder)
                .noneMatch(line -> line.contains("hush"));
    }

    @Test
    void namesTheFileAndNeverItsContentWhenItIsWrong() throws IOException {
        write("kordon.gateway.port", "hush");
        write("kordon.elasticsearch.pasword", "hush");
        write("README", "hush");
        write("kafka.sasl.password", "hush".repeat(300_000));
        Files.write(folder.resolve("kafka.ssl.key.password"), new byte[] {'h', 'u', 's', 'h', (byte) 0xff});
        Files.createDirectory(folder.resolve("kordon.elasticsearch.password"));
        Files.createSymbolicLink(folder.resolve("kordon.elasticsearch.api-key"), Path.of("/dev/zero"));

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(this::load)
                .satisfies(wrong -> assertThat(wrong.problems())
                        .noneMatch(problem -> problem.contains("hush"))
                        .satisfiesExactlyInAnyOrder(
                                problem -> assertThat(problem)
                                        .contains("kordon.gateway.port (from the secrets folder " + folder + ")"),
                                problem -> assertThat(problem)
                                        .contains(
                                                "file " + folder.resolve("kordon.elasticsearch.pasword"),
                                                "did you mean kordon.elasticsearch.password?"),
                                problem -> assertThat(problem)
                                        .contains("file " + folder.resolve("README"), "not named by a setting"),
                                problem -> assertThat(problem)
                                        .contains(folder.resolve("kafka.sasl.password") + " is larger than"),
                                problem -> assertThat(problem)
                                        .contains(folder.resolve("kafka.ssl.key.password") + " is not text"),
                                problem -> assertThat(problem)
                                        .contains(folder.resolve("kordon.elasticsearch.password") + ": it is not a"),
                                problem -> assertThat(problem)
                                        .contains(folder.resolve("kordon.elasticsearch.api-key") + ": it is not a")));
    }

    @Test
    void refusesOneKeyInTwoFolders() throws IOException {
        Path other = Files.createDirectory(home.resolve("other"));
        write("kordon.elasticsearch.password", "hush");
        Files.writeString(other.resolve("kordon.elasticsearch.password"), "hush, too");

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.load(null, List.of(folder, other), Map.of(), Map.of()))
                .withMessageContaining("kordon.elasticsearch.password is in two folders of secrets")
                .withMessageNotContaining("hush");
    }

    @Test
    void refusesAFolderThatIsNotThere() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.load(null, List.of(home.resolve("none")), Map.of(), Map.of()))
                .withMessageContaining("cannot read the secrets folder " + home.resolve("none"));
    }

    private Settings load() {
        return Settings.load(null, List.of(folder), Map.of(), Map.of());
    }

    private void write(String key, String value) throws IOException {
        Files.write(folder.resolve(key), value.getBytes(StandardCharsets.UTF_8));
    }
}
