package io.kordon.evidence.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileVolumeTest {
    private static final String SECRET = "a file of this machine";

    @TempDir
    Path outside;

    private Path root;
    private Node node;

    @BeforeEach
    void mount() throws IOException {
        root = Files.createDirectories(outside.resolve("root"));
        node = Node.containerd(root);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "var",
                "var/lib",
                "var/lib/containerd",
                "var/lib/containerd/io.containerd.metadata.v1.bolt",
                "var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db",
                "var/lib/containerd/io.containerd.snapshotter.v1.overlayfs",
                "var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/metadata.db",
                "var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots",
                "var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/300",
                "var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/300/fs",
                "var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/300/fs/etc"
            })
    void leavesTheRootOverALinkInNoComponent(String component) throws IOException {
        // The same tree outside, with a file that must not be seen, and a link to it in place of the one inside.
        Node.containerd(outside.resolve("elsewhere")).file(Node.UPPER + "etc/secret", SECRET);
        node.file(Node.UPPER + "etc/own", "x");
        Path inside = root.resolve(component);
        Files.move(inside, outside.resolve("moved"));
        Files.createSymbolicLink(inside, outside.resolve("elsewhere").resolve(component));
        try {
            Report report = node.inspect();
            assertThat(report.containers())
                    .flatExtracting(Report.Examined::changes)
                    .extracting(Change::path)
                    .doesNotContain("/etc/secret");
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("no data of containerd or Docker");
        }
    }

    @Test
    void opensNothingButFiles() throws Exception {
        node.folder(Node.UPPER + "tmp");
        assertThat(new ProcessBuilder("mkfifo", node.at(Node.UPPER + "tmp/pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        node.link("var/log/pods/shop_web-1_uid-1/app/0.log", "/dev/zero");
        assertThat(changes(node.inspect())).anySatisfy(line -> assertThat(line).isEqualTo("ADDED fifo /tmp/pipe null"));
    }

    @Test
    void readsOnlyTheBeginningOfAFileThatIsTooLarge() throws IOException {
        node.file(Node.UPPER + "tmp/huge", "#!/bin/sh");
        try (RandomAccessFile file =
                new RandomAccessFile(node.at(Node.UPPER + "tmp/huge").toFile(), "rw")) {
            file.setLength(1L << 40);
        }
        Report report = node.inspect();
        assertThat(report.findings())
                .filteredOn(finding -> finding.path().equals("/tmp/huge"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.kind()).isEqualTo("executable");
                    assertThat(finding.sha256()).isNull();
                    assertThat(finding.bytes()).isEqualTo(1L << 40);
                    assertThat(finding.detail()).contains("not hashed: larger than");
                });
        assertThat(report.complete()).isFalse();
    }

    @Test
    void hashesAFileOnceHoweverManyNamesItHas() throws IOException {
        byte[] content = new byte[1 << 20];
        node.file(Node.UPPER + "tmp/0", content);
        for (int i = 1; i < 50; i++) {
            Files.createLink(node.at(Node.UPPER + "tmp/" + i), node.at(Node.UPPER + "tmp/0"));
        }
        Bounds defaults = Bounds.DEFAULT;
        Report report = node.inspect(node.request()
                .with(new Bounds(
                        defaults.entries(), 64, 10, defaults.hashBytes(), content.length, 1 << 20, defaults.time())));
        assertThat(report.complete()).as("%s", report.notes()).isTrue();
    }

    @Test
    void looksAtNoMoreNamesThanItMay() throws IOException {
        Path many = Files.createDirectories(node.at(Node.UPPER + "many"));
        for (int i = 0; i < 100_000; i++) {
            Files.createFile(many.resolve(Integer.toString(i)));
        }
        Report report = node.inspect(node.request().with(bounds(1_000, 64)));
        assertThat(changes(report)).hasSizeLessThanOrEqualTo(1_000).hasSizeGreaterThan(900);
        assertThat(report.notes()).anySatisfy(note -> assertThat(note).contains("more than 1000 names"));
    }

    @Test
    void goesNoDeeperThanItMay() throws IOException {
        node.file(Node.UPPER + "d/".repeat(12) + "file", "x");
        Report report = node.inspect(node.request().with(bounds(1_000, 10)));
        assertThat(changes(report)).noneMatch(line -> line.endsWith("file"));
        assertThat(report.notes()).singleElement().asString().contains("lies deeper than 10 folders");
    }

    @Test
    void stopsWhenTheTimeIsOver() throws IOException {
        for (int i = 0; i < 100; i++) {
            node.file(Node.UPPER + "tmp/" + i, "x");
        }
        AtomicLong now = new AtomicLong();
        Bounds bounds = new Bounds(1_000, 64, 10, 100, 1_000, 1 << 20, Duration.ofSeconds(20));
        Report report = node.inspect(
                node.request().with(bounds),
                () -> now.getAndAdd(Duration.ofSeconds(1).toNanos()));
        assertThat(changes(report)).hasSizeLessThan(50);
        assertThat(report.notes()).anySatisfy(note -> assertThat(note).contains("the time of 20 s is over"));
    }

    @Test
    void showsNamesThatATerminalWouldObeyOrCannotRead() throws IOException {
        Path tmp = Files.createDirectories(node.at(Node.UPPER + "tmp"));
        Files.createFile(tmp.resolve("a\nb"));
        Files.createFile(Path.of(URI.create(tmp.toUri() + "%FFx")));
        Files.createFile(tmp.resolve("n".repeat(255)));
        Report report = node.inspect();
        assertThat(app(report).changes())
                .extracting(Change::path)
                .contains("/tmp/a\\x0ab", "/tmp/\\xffx", "/tmp/" + "n".repeat(255));
        assertThat(report.complete()).as("%s", report.notes()).isTrue();
    }

    @Test
    void writesNothingBelowTheRoot() throws IOException {
        node.file(Node.UPPER + "tmp/x", "x");
        String before = listing();
        node.inspect();
        assertThat(listing()).isEqualTo(before);
    }

    @Test
    void refusesBoundsThatBoundNothing() {
        assertThatThrownBy(() -> bounds(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Bounds(1, 1, 1, 1, 1, 1, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private String listing() throws IOException {
        StringBuilder listing = new StringBuilder();
        try (var paths = Files.walk(root)) {
            for (Path path : paths.sorted().toList()) {
                listing.append(path).append(Files.getLastModifiedTime(path)).append('\n');
            }
        }
        return listing.toString();
    }

    private static Bounds bounds(int entries, int depth) {
        return new Bounds(entries, depth, 100, 1 << 20, 1 << 30, 1 << 20, Duration.ofMinutes(5));
    }

    private static Report.Examined app(Report report) {
        return report.containers().stream()
                .filter(examined -> examined.identity().id().equals(Node.SHOP))
                .findFirst()
                .orElseThrow();
    }

    private static java.util.List<String> changes(Report report) {
        return app(report).changes().stream()
                .map(change -> change.how() + " " + change.kind() + " " + change.path() + " " + change.sha256())
                .toList();
    }
}
