package io.kordon.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import io.kordon.evidence.EvidenceStore.Stored;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store must do, whatever it keeps objects in. The store is empty when a test begins. */
abstract class EvidenceStoreContract {
    @TempDir
    private Path files;

    abstract EvidenceStore store();

    /** Whether what is behind the store decides by itself who of several is first. */
    boolean decidesRaces() {
        return true;
    }

    @Test
    void givesBackWhatWasWrittenByteForByte() throws IOException {
        byte[] content = new byte[3 << 20];
        new Random(7).nextBytes(content);

        assertThat(store().write("a/b/c.log", file(content))).isTrue();

        assertThat(bytes("a/b/c.log")).contains(content);
    }

    @Test
    void keepsAnEmptyObject() throws IOException {
        assertThat(store().write("a/empty", file(new byte[0]))).isTrue();

        assertThat(bytes("a/empty")).contains(new byte[0]);
        assertThat(store().list("a/")).extracting(Stored::bytes).containsExactly(0L);
    }

    @Test
    void hasNothingWhereNothingWasWritten() throws IOException {
        write("a/b", "content");

        assertThat(store().read("a/c")).isEmpty();
        assertThat(store().read("b/b")).isEmpty();
        assertThat(store().list("c")).isEmpty();
        assertThat(store().folders("c/")).isEmpty();
    }

    @Test
    void neverWritesOverWhatIsThere() throws IOException {
        assertThat(write("a/b", "first")).isTrue();

        assertThat(write("a/b", "second")).isFalse();

        assertThat(bytes("a/b")).contains("first".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void letsOneOfManyWriteAKeyAndTellsTheOthers() throws Exception {
        int writers = 8;
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            List<Future<Boolean>> written = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                Path content = file(("writer " + i).getBytes(StandardCharsets.UTF_8));
                written.add(threads.submit(() -> {
                    start.await();
                    return store().write("a/000001/manifest.json", content);
                }));
            }
            start.countDown();
            List<Integer> winners = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                if (written.get(i).get()) {
                    winners.add(i);
                }
            }
            assertThat(winners).hasSizeBetween(1, decidesRaces() ? 1 : writers);
            String kept = new String(bytes("a/000001/manifest.json").orElseThrow(), StandardCharsets.UTF_8);
            assertThat(winners).extracting(winner -> "writer " + winner).contains(kept);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void listsByBeginningInTheOrderOfKeys() throws IOException {
        write("c/i-2/000001/manifest.json", "22");
        write("c/i-1/attempts/x/pod.json", "1");
        write("c/i-1/000001/manifest.json", "4444");
        write("d/i-1/000001/manifest.json", "1");

        assertThat(store().list("c/i-1/"))
                .extracting(Stored::key, Stored::bytes)
                .containsExactly(tuple("c/i-1/000001/manifest.json", 4L), tuple("c/i-1/attempts/x/pod.json", 1L));
        assertThat(store().list("c/i-")).hasSize(3);
        assertThat(store().list("")).hasSize(4);
        assertThat(store().list(""))
                .allSatisfy(stored -> assertThat(stored.modified()).isNotNull());
    }

    @Test
    void listsWhatComesNextInKeys() throws IOException {
        write("c/i-2/000001/manifest.json", "2");
        write("c/i-1/000001/manifest.json", "1");
        write("d/i-1/000001/manifest.json", "1");
        write("loose", "1");

        assertThat(store().folders("")).containsExactly("c", "d");
        assertThat(store().folders("c/")).containsExactly("i-1", "i-2");
        assertThat(store().folders("c/i-1/000001/")).isEmpty();
    }

    @Test
    void listsMoreThanOnePageOfAServer() throws IOException {
        Path content = file(new byte[] {1});
        for (int i : IntStream.range(0, 1_005).toArray()) {
            store().write("many/" + i, content);
        }

        assertThat(store().list("many/")).hasSize(1_005);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/etc/passwd",
                "../outside",
                "a/../../outside",
                "a/./b",
                "a//b",
                "a/",
                "a\u0000b",
                "a\\b",
                "a b",
                "a\nb",
                "a/é",
                "~",
                "%2e%2e/a"
            })
    void refusesKeysThatCouldBeTakenForSomethingElse(String key) throws IOException {
        Path content = file(new byte[] {1});
        assertThatIllegalArgumentException().isThrownBy(() -> store().write(key, content));
        assertThatIllegalArgumentException().isThrownBy(() -> store().read(key));
        assertThat(store().list("")).isEmpty();
    }

    @Test
    void saysWhereThingsLie() {
        assertThat(store().location("a/b/")).matches("(file:///|s3://).+/a/b/");
    }

    private boolean write(String key, String content) throws IOException {
        return store().write(key, file(content.getBytes(StandardCharsets.UTF_8)));
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(Files.createTempFile(files, "content", ""), content);
    }

    private Optional<byte[]> bytes(String key) throws IOException {
        Optional<InputStream> found = store().read(key);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream content = found.orElseThrow()) {
            return Optional.of(content.readAllBytes());
        }
    }
}
