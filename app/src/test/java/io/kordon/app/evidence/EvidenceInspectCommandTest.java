package io.kordon.app.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kordon.app.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceInspectCommandTest {
    private static final String ID = "dddd444444444444444444444444444444444444444444444444444444444444";

    @TempDir
    Path folder;

    private Path root;

    @BeforeEach
    void mount() throws IOException {
        root = folder.resolve("node");
        write("var/lib/docker/containers/" + ID + "/config.v2.json", """
            {"ID": "%s", "Driver": "overlay2", "Config": {"Image": "shop:1", "Labels": {
              "io.kubernetes.container.name": "app", "io.kubernetes.pod.name": "web\\u001b[2J-2",
              "io.kubernetes.pod.namespace": "shop", "io.kubernetes.pod.uid": "uid-2"}}}
            """.formatted(ID));
        write("var/lib/docker/image/overlay2/layerdb/mounts/" + ID + "/mount-id", "mount1");
        write("var/lib/docker/overlay2/mount1/diff/tmp/xmrig", "x");
    }

    private void write(String path, String content) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), content);
    }

    private CommandRun inspect(String... more) {
        String[] arguments = new String[4 + more.length];
        System.arraycopy(new String[] {"evidence", "inspect", "--root", root.toString()}, 0, arguments, 0, 4);
        System.arraycopy(more, 0, arguments, 4, more.length);
        return CommandRun.of(arguments);
    }

    @Test
    void tellsAPersonWhatWasFound() throws IOException {
        Path list = Files.writeString(folder.resolve("iocs.txt"), "path: /tmp/**/xmrig*\n");
        CommandRun run = inspect("--indicators", list.toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("HIGH  shop/web\\x1b[2J-2/app  /tmp/xmrig")
                .contains("matches path: /tmp/**/xmrig*")
                .doesNotContain("\u001b");
    }

    @Test
    void tellsToolsInJson() throws IOException {
        CommandRun run = inspect("--json", "--container", "docker://dddd44444444");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(report.path("complete").asBoolean()).isTrue();
        assertThat(report.path("containers").path(0).path("identity").path("id").asText())
                .isEqualTo(ID);
        assertThat(report.path("containers").path(0).path("changes")).hasSize(2);
    }

    @Test
    void writesAReportToANewFileOutsideTheRoot() throws IOException {
        Path report = folder.resolve("report.json");
        assertThat(inspect("--json", "--output", report.toString()).code()).isZero();
        assertThat(new ObjectMapper().readTree(report.toFile()).path("format").asText())
                .isEqualTo("kordon.inspection/1");
        CommandRun again = inspect("--json", "--output", report.toString());
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("FileAlreadyExistsException");
    }

    @Test
    void writesNothingBelowTheRoot() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), root);
        for (Path output : new Path[] {root.resolve("report"), link.resolve("report"), root.resolve("var/../report")}) {
            CommandRun run = inspect("--output", output.toString());
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains("is below --root, where nothing is written");
        }
        assertThat(root.resolve("report")).doesNotExist();
        CommandRun own = CommandRun.of("evidence", "inspect", "--root", "/");
        assertThat(own.code()).isEqualTo(2);
        assertThat(own.err()).contains("this system's own root");
    }

    @Test
    void refusesWhatCannotBeMeant() throws IOException {
        assertThat(inspect("--pod", "web-2").code()).isEqualTo(2);
        assertThat(CommandRun.of("evidence", "inspect").code()).isEqualTo(2);
        assertThat(inspect("--max-entries", "0").code()).isEqualTo(2);
        Path list = Files.writeString(folder.resolve("iocs.txt"), "path: /tmp/x\nxmrig\n");
        CommandRun run = inspect("--indicators", list.toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("iocs.txt:2: neither a SHA-256");
    }

    @Test
    void saysByItsExitCodeThatNotAllWasLookedAt() throws IOException {
        CommandRun part = inspect("--max-entries", "1");
        assertThat(part.code()).isEqualTo(1);
        assertThat(part.err()).contains("not all could be looked at: more than 1 names");
        assertThat(part.out()).contains("NOT ALL WAS LOOKED AT");
        Files.move(root.resolve("var/lib/docker"), root.resolve("var/lib/other"));
        CommandRun none = inspect();
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.err()).contains("no data of containerd or Docker");
        assertThat(inspect("--docker", "var/lib/other").code()).isZero();
    }

    @Test
    void asksForAPlaceToSendFindingsTo() {
        CommandRun run = inspect("--incident", "inc-1");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("kafka.bootstrap.servers is not set");
    }
}
