package io.kordon.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.app.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What `kordon gateway` says of settings of its door that do not fit. */
class GatewayCommandTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kordon.gateway.tls.certificate=a.crt | certificate and kordon.gateway.tls.key are set only together",
                "kordon.gateway.tls.key=a.key | certificate and kordon.gateway.tls.key are set only together",
                "kordon.gateway.tls.client-ca=ca.crt | need kordon.gateway.tls.certificate and .key",
                "kordon.gateway.tls.client-auth=require | that needs kordon.gateway.tls.client-ca",
                "kordon.gateway.tls.client-auth=maybe | one of none, request, require is needed",
            })
    void namesSettingsOfTlsThatDoNotFit(String setting, String problem) {
        CommandRun run = run(setting);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(problem);
    }

    @Test
    void refusesAuthoritiesThatNobodyIsHeldTo(@TempDir Path folder) {
        CommandRun run = run(
                "kordon.gateway.tls.certificate=" + folder.resolve("a.crt"),
                "kordon.gateway.tls.key=" + folder.resolve("a.key"),
                "kordon.gateway.tls.client-ca=" + folder.resolve("ca.crt"),
                "kordon.gateway.tls.client-auth=none");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains("kordon.gateway.tls.client-ca is set, yet kordon.gateway.tls.client-auth is 'none'");
    }

    @Test
    void namesTheFileThatIsNotThere(@TempDir Path folder) {
        CommandRun run = run(
                "kordon.gateway.tls.certificate=" + folder.resolve("a.crt"),
                "kordon.gateway.tls.key=" + folder.resolve("a.key"));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains("a.crt cannot be read: there is no such file")
                .doesNotContain("\tat ");
    }

    @Test
    void namesTheLineOfABadCredentialsFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("credentials.yaml"), """
                senders:
                  - name: falco
                    webhooks: [falco]
                    bearer: {token: "s3cret"}
                """);
        CommandRun run = run("kordon.gateway.credentials=" + file);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains(file + ":4:13: each token must have 16 to 4096 bytes")
                .doesNotContain("s3cret");
    }

    private static CommandRun run(String... settings) {
        List<String> arguments =
                new ArrayList<>(List.of("gateway", "--kafka", "127.0.0.1:1", "--registry", "http://127.0.0.1:1"));
        for (String setting : settings) {
            arguments.add("--set");
            arguments.add(setting);
        }
        return CommandRun.of(arguments.toArray(String[]::new));
    }
}
