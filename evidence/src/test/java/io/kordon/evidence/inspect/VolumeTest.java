package io.kordon.evidence.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeTest {
    @TempDir
    Path outside;

    private Path root;
    private Volume volume;

    @BeforeEach
    void mount() throws IOException {
        root = Files.createDirectories(outside.resolve("root"));
        Files.createDirectories(root.resolve("data/docker"));
        Files.writeString(root.resolve("data/docker/file"), "inside");
        Files.createDirectories(outside.resolve("data/docker"));
        Files.writeString(outside.resolve("secret"), "outside");
        volume = new Volume(root, Stat::read);
    }

    @Test
    void followsAbsoluteLinksFromTheRootAsTheNodeDoes() throws IOException {
        Files.createDirectories(root.resolve("var/lib"));
        Files.createSymbolicLink(root.resolve("var/lib/docker"), Path.of("/data/docker"));
        assertThat(volume.find("var/lib/docker/file")).contains(Path.of("data/docker/file"));
        assertThat(volume.bytes(volume.find("var/lib/docker/file").orElseThrow(), 100))
                .asString()
                .isEqualTo("inside");
    }

    @Test
    void endsAtTheRootHoweverFarUpALinkPoints() throws IOException {
        Files.createSymbolicLink(root.resolve("up"), Path.of("../../../../../../../.."));
        Files.createSymbolicLink(
                root.resolve("data/secret"), Path.of(outside.resolve("secret").toString()));
        assertThat(volume.find("up/data/docker/file")).contains(Path.of("data/docker/file"));
        assertThat(volume.find("up/secret")).isEmpty();
        assertThat(volume.find("data/secret")).isEmpty();
        assertThat(volume.find("data/../../../secret")).isEmpty();
    }

    @Test
    void givesUpOnLinksThatLeadInCircles() throws IOException {
        Files.createSymbolicLink(root.resolve("a"), Path.of("b/x"));
        Files.createSymbolicLink(root.resolve("b"), Path.of("a"));
        assertThatThrownBy(() -> volume.find("a"))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("40 links");
        assertThatThrownBy(() -> volume.find("data/../".repeat(3_000)))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("too many names");
    }

    @Test
    void opensNoFileThatIsReachedOverALink() throws IOException {
        Files.createSymbolicLink(root.resolve("folder"), outside);
        Files.createSymbolicLink(root.resolve("data/leaf"), outside.resolve("secret"));
        // As if the link had been put there after it was looked for: every component is checked again as it is opened.
        assertThatThrownBy(() -> volume.read(Path.of("folder/secret"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> volume.list(Path.of("folder"), 10)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> volume.read(Path.of("data/leaf")))
                .isInstanceOf(DamagedException.class)
                .hasMessage("/data/leaf is a link where a file should be");
    }

    @Test
    void opensNoPipeWhichWouldWaitForAWriter() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", root.resolve("data/pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThatThrownBy(() -> volume.read(Path.of("data/pipe")))
                .hasMessage("/data/pipe is a fifo where a file should be");
        assertThatThrownBy(() -> volume.read(Path.of("data"))).hasMessageContaining("is a directory");
    }

    @Test
    void boundsWhatItTakesIntoMemory() throws IOException {
        assertThatThrownBy(() -> volume.bytes(Path.of("data/docker/file"), 5)).hasMessageContaining("more than 5");
        Files.writeString(root.resolve("data/docker/a"), "");
        assertThat(volume.list(Path.of("data/docker"), 1).cut()).isTrue();
        assertThat(volume.list(Path.of("data/docker"), 2).cut()).isFalse();
    }
}
