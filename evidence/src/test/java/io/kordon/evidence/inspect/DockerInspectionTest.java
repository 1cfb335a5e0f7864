package io.kordon.evidence.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerInspectionTest {
    private static final String ID = "dddd444444444444444444444444444444444444444444444444444444444444";
    private static final String HOME = "var/lib/docker/containers/" + ID + "/";
    private static final String DIFF = "var/lib/docker/overlay2/mount1/diff/";

    @TempDir
    Path root;

    @Test
    void holdsAContainersLayerAgainstThoseOfItsImage() throws IOException {
        Report report = Node.docker(root, ID)
                .file("var/lib/docker/overlay2/base/diff/etc/passwd", "root")
                .file("var/lib/docker/overlay2/mount1-init/diff/etc/hosts", "")
                .file(DIFF + "etc/passwd", "x")
                .file(DIFF + "etc/hosts", "x")
                .file(DIFF + "tmp/x", "x")
                .inspect();
        assertThat(report.containers()).singleElement().satisfies(examined -> {
            assertThat(examined.identity())
                    .isEqualTo(new Identity(
                            "docker",
                            "",
                            ID,
                            false,
                            "app",
                            "shop",
                            "web-2",
                            "uid-2",
                            "shop:1",
                            "sha256:1234",
                            Instant.parse("2026-11-24T10:00:00.5Z")));
            assertThat(examined.changes())
                    .extracting(change -> change.how() + " " + change.path())
                    .containsExactly("CHANGED /etc/hosts", "CHANGED /etc/passwd", "ADDED /tmp", "ADDED /tmp/x");
        });
        assertThat(report.complete()).isTrue();
    }

    @Test
    void readsJsonLogsAndThoseThatWereRotated() throws IOException {
        Report report = Node.docker(root, ID)
                .file(HOME + ID + "-json.log", """
                    {"log":"a \\"time\\":\\"x\\"\\n","stream":"stdout","time":"2026-11-24T10:00:01.123456789Z"}
                    {"log":"b\\n","stream":"stdout","time":"2026-11-24T10:00:02.123456789Z"}
                    """)
                .file(HOME + ID + "-json.log.1", "not json\n")
                .inspect();
        assertThat(report.containers().get(0).logs())
                .satisfiesExactly(
                        log -> {
                            assertThat(log.first()).isEqualTo("2026-11-24T10:00:01.123456789Z");
                            assertThat(log.last()).isEqualTo("2026-11-24T10:00:02.123456789Z");
                        },
                        log -> assertThat(log.first()).isNull());
    }

    @Test
    void followsALinkOfTheWholeDataRootInsideTheVolume() throws IOException {
        Node node = Node.docker(root, ID).file(DIFF + "tmp/x", "x");
        Files.createDirectories(root.resolve("data"));
        Files.move(root.resolve("var/lib/docker"), root.resolve("data/docker"));
        node.link("var/lib/docker", "/data/docker");
        assertThat(node.inspect().containers().get(0).changes()).hasSize(2);
    }

    @Test
    void givesUpOneContainerWhoseFilesAreForgedAndNoOther() throws IOException {
        String other = "eeee5555";
        Node node = Node.docker(root, ID)
                .file("var/lib/docker/containers/" + other + "/config.v2.json", "[".repeat(100_000))
                .file("var/lib/docker/overlay2/mount1/lower", "l/INIT:../../../../etc");
        assertThat(node.inspect().notes())
                .anySatisfy(note -> assertThat(note).contains(other).contains("is not JSON"))
                .anySatisfy(note -> assertThat(note).contains("does not list layers as l/NAME"));
        node.file("var/lib/docker/overlay2/mount1/lower", "l/INIT:l/BASE")
                .file("var/lib/docker/image/overlay2/layerdb/mounts/" + ID + "/mount-id", "../../../../../etc");
        assertThat(node.inspect().notes()).anySatisfy(note -> assertThat(note).contains("names no layer"));
    }
}
