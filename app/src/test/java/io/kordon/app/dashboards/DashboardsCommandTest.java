package io.kordon.app.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.app.CommandRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardsCommandTest {
    private StubKibana kibana;

    @BeforeEach
    void start() throws IOException {
        kibana = new StubKibana();
    }

    @AfterEach
    void stop() {
        kibana.close();
    }

    @Test
    void importsEveryObjectAndDoesNoHarmWhenDoneAgain() {
        CommandRun first = load();
        assertThat(first.err()).isEmpty();
        assertThat(first.code()).isZero();
        long objects = CommandRun.of("dashboards", "show").out().lines().count();
        assertThat(first.out()).contains(objects + " of " + objects + " objects imported into " + kibana.url());
        assertThat(kibana.objects()).hasSize((int) objects).contains("dashboard/kordon-overview");

        CommandRun second = load();
        assertThat(second.code()).isZero();
        assertThat(kibana.objects()).hasSize((int) objects);
        assertThat(kibana.requests())
                .containsOnly("POST /api/saved_objects/_import?overwrite=true")
                .hasSize(2);
    }

    @Test
    void importsIntoASpaceBelowABasePath() {
        kibana.answer(200, "{\"success\":true,\"successCount\":3}");
        CommandRun run =
                load("--set", "kordon.kibana.url=" + kibana.url() + "/kb/", "--set", "kordon.kibana.space=soc");
        assertThat(kibana.requests()).containsExactly("POST /kb/s/soc/api/saved_objects/_import?overwrite=true");
        assertThat(run.out()).contains("space soc");
    }

    @Test
    void saysOfEachObjectThatIsNotInWhy() {
        kibana.answer(200, """
                {"success":false,"successCount":2,"errors":[
                  {"id":"kordon-overview","type":"dashboard","error":{"type":"conflict","destinationId":"x"}},
                  {"id":"kordon-a","type":"lens","error":{"type":"missing_references",
                   "references":[{"type":"index-pattern","id":"kordon-view-x"}]}},
                  {"id":"kordon-b","type":"lens","error":{"type":"unknown","message":"too \\u001b[31m new","statusCode":422}}]}
                """);
        CommandRun run = load();
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().lines())
                .containsExactly(
                        "dashboard kordon-overview: conflict",
                        "lens kordon-a: missing_references (index-pattern kordon-view-x)",
                        "lens kordon-b: unknown: too ·[31m new");
        assertThat(run.out()).startsWith("2 of ");
    }

    @Test
    void takesNothingForSuccessThatDoesNotSaySo() {
        kibana.answer(200, "{}");
        CommandRun run = load();
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("does not say that the import was successful");
    }

    @Test
    void signsInWithAUserOrAnApiKey() {
        kibana.demand("Basic " + Base64.getEncoder().encodeToString("ada:s3cret:x".getBytes(StandardCharsets.UTF_8)));
        assertThat(load("--set", "kordon.kibana.username=ada", "--set", "kordon.kibana.password=s3cret:x")
                        .code())
                .isZero();
        kibana.demand("ApiKey aWQ6a2V5");
        assertThat(load("--set", "kordon.kibana.api-key=aWQ6a2V5").code()).isZero();
    }

    @Test
    void saysThatItIsNotKnownThereWithoutAskingTwice() {
        kibana.demand("Basic other");
        CommandRun run =
                load("--wait", "30s", "--set", "kordon.kibana.username=ada", "--set", "kordon.kibana.password=s3cret");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("401", "kordon.kibana.username").doesNotContain("s3cret");
        assertThat(kibana.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"400, refused", "403, may not import", "404, kordon.kibana.space", "413, maxImportPayloadBytes"})
    void saysWhatARefusalMeans(int status, String meaning) {
        kibana.answer(status, "{\"message\":\"" + "x".repeat(5_000) + "\"}");
        CommandRun run = load("--wait", "30s");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains(meaning).hasSizeLessThan(1_500);
    }

    @Test
    void printsNothingOfAnAnswerThatATerminalObeys() {
        kibana.answer(403, "\u001b[2Jall is well\u202e");
        assertThat(load().err()).contains("all is well").doesNotContain("\u001b", "\u202e");
    }

    @Test
    void waitsUntilKibanaIsReady() {
        kibana.answer(503, "Kibana server is not ready yet");
        assertThat(load("--wait", "30s").code()).isZero();
        assertThat(kibana.requests()).hasSize(2);
    }

    @Test
    void doesNotWaitUnlessTold() {
        kibana.answer(503, "Kibana server is not ready yet");
        CommandRun run = load();
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("Kibana server is not ready yet", "--wait 5m");
        assertThat(kibana.requests()).hasSize(1);
    }

    @Test
    void saysThatNobodyListensWhenTheWaitIsOver() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        CommandRun run = CommandRun.of(
                "dashboards", "import", "--wait", "100ms", "--set", "kordon.kibana.url=http://127.0.0.1:" + port);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("is not ready after 0 s");
    }

    @Test
    void saysEverythingThatIsWrongWithItsSettings(@TempDir Path folder) throws IOException {
        CommandRun run = CommandRun.of(
                "dashboards",
                "import",
                "--set",
                "kordon.kibana.space=../x",
                "--set",
                "kordon.kibana.username=ada",
                "--set",
                "kordon.kibana.api-key=aWQ6a2V5");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains("kordon.kibana.url is not set", "kordon.kibana.space", "both set", "go together")
                .doesNotContain("aWQ6a2V5");

        Path empty = Files.createFile(folder.resolve("ca.pem"));
        run = load("--set", "kordon.kibana.ca-file=" + empty);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("kordon.kibana.ca-file", "holds no certificate");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kibana:5601",
                "ftp://kibana",
                "https://ada:pw@kibana",
                "https://",
                "https://kibana/?x=1",
                "http://ki bana"
            })
    void refusesWhatIsNoAddress(String url) {
        CommandRun run = CommandRun.of("dashboards", "import", "--set", "kordon.kibana.url=" + url);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("kordon.kibana.url").doesNotContain("pw");
    }

    @Test
    void printsTheSameObjectsOnEveryRunForTheIndicesThatAreSet() {
        CommandRun run = CommandRun.of("dashboards", "show", "--set", "kordon.elasticsearch.index-prefix=soc-");
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("\"title\":\"soc-incidents\"").doesNotContain("kordon-incidents");
        assertThat(CommandRun.of("dashboards", "show", "--set", "kordon.elasticsearch.index-prefix=soc-")
                        .out())
                .isEqualTo(run.out());
    }

    @Test
    void refusesAPrefixThatIndicesCannotHave() {
        CommandRun run = CommandRun.of("dashboards", "show", "--set", "kordon.elasticsearch.index-prefix=*,");
        assertThat(run.code()).isNotZero();
        assertThat(run.err()).contains("index.prefix");
    }

    private CommandRun load(String... more) {
        String[] arguments = new String[4 + more.length];
        arguments[0] = "dashboards";
        arguments[1] = "import";
        arguments[2] = "--set";
        arguments[3] = "kordon.kibana.url=" + kibana.url();
        System.arraycopy(more, 0, arguments, 4, more.length);
        return CommandRun.of(arguments);
    }
}
