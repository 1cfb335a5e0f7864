package io.kordon.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryEvidenceStoreTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-25T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    private Path root;
    private Path content;
    private DirectoryEvidenceStore store;

    @BeforeEach
    void open() throws IOException {
        root = folder.resolve("evidence");
        content = Files.writeString(folder.resolve("content"), "content");
        store = new DirectoryEvidenceStore(root, CLOCK);
    }

    @Nested
    class Contract extends EvidenceStoreContract {
        @Override
        EvidenceStore store() {
            return store;
        }
    }

    @Test
    void letsNobodyElseReadWhatItKeeps() throws IOException {
        store.write("a/b/c", content);

        assertThat(permissions(root)).isEqualTo("rwx------");
        assertThat(permissions(root.resolve("a"))).isEqualTo("rwx------");
        assertThat(permissions(root.resolve("a/b"))).isEqualTo("rwx------");
        assertThat(permissions(root.resolve("a/b/c"))).isEqualTo("rw-------");
    }

    @Test
    void leavesNothingBesideTheObject() throws IOException {
        store.write("a/b", content);
        store.write("a/b", content);

        try (Stream<Path> incoming = Files.list(root.resolve(DirectoryEvidenceStore.INCOMING))) {
            assertThat(incoming).isEmpty();
        }
        assertThat(store.list("")).hasSize(1);
        assertThat(store.folders("")).containsExactly("a");
    }

    @Test
    void leavesNothingWhereTheContentBreaksOff() throws IOException {
        InputStream ending = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the log ended early");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return read();
            }
        };
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(new byte[100]), ending);

        assertThatIOException().isThrownBy(() -> store.write("a/b", broken, "")).withMessageContaining("ended early");

        assertThat(store.read("a/b")).isEmpty();
        try (Stream<Path> incoming = Files.list(root.resolve(DirectoryEvidenceStore.INCOMING))) {
            assertThat(incoming).isEmpty();
        }
    }

    @Test
    void writesThroughNoSymbolicLink() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        store.write("a/b", content);
        Files.createSymbolicLink(root.resolve("linked"), outside);
        Files.createSymbolicLink(root.resolve("a/dangling"), outside.resolve("new"));

        assertThatIOException()
                .isThrownBy(() -> store.write("linked/x", content))
                .withMessageContaining("symbolic link");
        assertThat(store.write("a/dangling", content)).as("the name is taken").isFalse();

        try (Stream<Path> files = Files.list(outside)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void readsThroughNoSymbolicLink() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        store.write("a/b", content);
        Files.createSymbolicLink(root.resolve("linked"), outside);
        Files.createSymbolicLink(root.resolve("a/link"), outside.resolve("secret"));

        assertThat(store.read("linked/secret")).isEmpty();
        assertThat(store.list("linked/")).isEmpty();
        assertThatThrownBy(() -> store.read("a/link"))
                .isInstanceOf(UnreadableObjectException.class)
                .hasMessageContaining("symbolic link");
        assertThat(store.list("")).extracting(EvidenceStore.Stored::key).containsExactly("a/b", "a/link", "linked");
    }

    @Test
    void followsALinkThatIsItsOwnAddress() throws IOException {
        Path real = Files.createDirectory(folder.resolve("volume"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);

        try (DirectoryEvidenceStore linked = new DirectoryEvidenceStore(link, CLOCK)) {
            assertThat(linked.write("a/b", content)).isTrue();
        }

        assertThat(real.resolve("a/b")).hasContent("content");
    }

    @Test
    void refusesAnAddressThatIsNoFolder() {
        assertThatIOException()
                .isThrownBy(() -> new DirectoryEvidenceStore(content, CLOCK))
                .withMessageContaining("is no folder");
    }

    @Test
    void removesWhatACrashLeftADayAgoAndNothingYounger() throws IOException {
        Path incoming = Files.createDirectories(root.resolve(DirectoryEvidenceStore.INCOMING));
        Path old = Files.writeString(incoming.resolve("old.part"), "x");
        Path young = Files.writeString(incoming.resolve("young.part"), "x");
        Files.setLastModifiedTime(old, FileTime.from(Instant.parse("2026-11-24T11:59:00Z")));
        Files.setLastModifiedTime(young, FileTime.from(Instant.parse("2026-11-24T12:01:00Z")));

        store.write("a/b", content);

        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
