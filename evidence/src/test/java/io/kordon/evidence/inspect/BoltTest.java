package io.kordon.evidence.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoltTest {
    private static final int PAGE = 1024;

    @TempDir
    Path folder;

    @Test
    void readsATreeOfSeveralLevels() throws IOException {
        byte[] database = database("large.db");
        assertThat(ByteBuffer.wrap(database).order(ByteOrder.LITTLE_ENDIAN).getInt(24))
                .isEqualTo(PAGE);
        read(database, root -> {
            Bolt.Bucket many = root.bucket("many");
            for (int i = 0; i < 600; i++) {
                assertThat(many.text("key-%04d".formatted(i))).contains("value-" + i);
            }
            assertThat(many.texts()).hasSize(601);
        });
    }

    @Test
    void readsAValueThatGoesOnOverPages() throws IOException {
        read(
                database("large.db"),
                root -> assertThat(root.bucket("many").value("wide")).hasValueSatisfying(wide -> {
                    assertThat(wide).hasSize(5_000);
                    assertThat(wide[4_999]).isEqualTo((byte) 4_999);
                }));
    }

    @Test
    void readsBucketsInPlaceAndFindsNothingInThoseThatAreNotThere() throws IOException {
        read(database("large.db"), root -> {
            assertThat(root.bucket("outer").bucket("inner").text("a")).contains("b");
            assertThat(root.bucket("none").bucket("at all").value("a")).isEmpty();
            assertThat(root.buckets()).containsExactlyInAnyOrder("many", "outer");
        });
    }

    @Test
    void readsContainerdsLabels() throws IOException {
        read(
                database("meta.db"),
                root -> assertThat(root.bucket("v1")
                                .bucket("k8s.io")
                                .bucket("containers")
                                .bucket(Node.SHOP)
                                .bucket("labels")
                                .texts())
                        .containsEntry("io.kubernetes.pod.name", "web-1")
                        .containsEntry("io.kubernetes.pod.uid", "uid-1"));
    }

    @Test
    void goesByTheOtherMetaPageWhereOneWasBeingWritten() throws IOException {
        for (int page : new int[] {0, 1}) {
            byte[] database = database("metadata.db");
            database[page * PAGE + 40] ^= 1;
            boolean newest =
                    transaction(database("metadata.db"), page) > transaction(database("metadata.db"), 1 - page);
            read(
                    database,
                    root -> assertThat(root.bucket("v1").buckets().isEmpty()).isEqualTo(newest));
        }
    }

    private static long transaction(byte[] database, int page) {
        return ByteBuffer.wrap(database).order(ByteOrder.LITTLE_ENDIAN).getLong(page * PAGE + 64);
    }

    @Test
    void refusesAFileThatIsNone() throws IOException {
        assertThatThrownBy(() -> read(new byte[10_000], root -> {}))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("no valid meta page");
        assertThatThrownBy(() -> read(new byte[0], root -> {})).isInstanceOf(DamagedException.class);
    }

    @Test
    void refusesPagesThatLeadInACircle() throws IOException {
        byte[] database = database("large.db");
        int branch = page(database, 1);
        ByteBuffer bytes = ByteBuffer.wrap(database).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(branch * PAGE + 16 + 8, branch);
        assertThatThrownBy(() -> read(database, root -> root.bucket("many")))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("page " + branch + " is reached twice");
    }

    @Test
    void refusesCountsAndLengthsThatCannotBe() throws IOException {
        byte[] count = database("large.db");
        int branch = page(count, 1);
        ByteBuffer.wrap(count).order(ByteOrder.LITTLE_ENDIAN).putShort(branch * PAGE + 10, (short) -1);
        assertThatThrownBy(() -> read(count, root -> root.bucket("many"))).hasMessageContaining("claims 65535 entries");

        byte[] overflow = database("large.db");
        ByteBuffer.wrap(overflow).order(ByteOrder.LITTLE_ENDIAN).putInt(branch * PAGE + 12, -1);
        assertThatThrownBy(() -> read(overflow, root -> root.bucket("many"))).hasMessageContaining("goes on for");

        byte[] value = database("large.db");
        ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).putInt(page(value, 2) * PAGE + 16 + 12, -1);
        assertThatThrownBy(() -> read(value, BoltTest::everything)).hasMessageContaining("ends beyond it");
    }

    @Test
    void saysThatAFileIsCutOffWhereverItIs() throws IOException {
        byte[] database = database("large.db");
        for (int length = 0; length < database.length; length += 97) {
            byte[] cut = java.util.Arrays.copyOf(database, length);
            try {
                read(cut, BoltTest::everything);
            } catch (DamagedException e) {
                assertThat(e).hasMessageContaining("test.db");
            }
        }
        assertThatThrownBy(() -> read(java.util.Arrays.copyOf(database, database.length / 2), BoltTest::everything))
                .isInstanceOf(DamagedException.class);
    }

    @Test
    void answersEveryForgeryWithAnErrorOrAnAnswer() throws IOException {
        Random random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] database = database("large.db");
            for (int flips = random.nextInt(8); flips >= 0; flips--) {
                // Beyond the meta pages, whose checksum would give it away; mostly where the headers of pages are.
                int page = 2 + random.nextInt(database.length / PAGE - 2);
                database[page * PAGE + random.nextInt(random.nextBoolean() ? 64 : PAGE)] = (byte) random.nextInt();
            }
            try {
                read(database, BoltTest::everything);
            } catch (DamagedException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(100, 2_000);
    }

    @Test
    void refusesAFileThatIsTooLarge() throws IOException {
        Path file = Files.write(folder.resolve("large"), database("large.db"));
        try (FileChannel channel = FileChannel.open(file)) {
            assertThatThrownBy(() -> Bolt.open(channel, "test.db", 1_000))
                    .hasMessageContaining("56320 bytes, more than 1000");
        }
    }

    private static void everything(Bolt.Bucket bucket) throws IOException {
        for (String name : bucket.buckets()) {
            everything(bucket.bucket(name));
        }
    }

    /** The first page of a kind. */
    private static int page(byte[] database, int flags) {
        for (int page = 2; page < database.length / PAGE; page++) {
            ByteBuffer bytes =
                    ByteBuffer.wrap(database, page * PAGE, PAGE).slice().order(ByteOrder.LITTLE_ENDIAN);
            if (bytes.getLong(0) == page && bytes.getShort(8) == flags && bytes.getShort(10) > 2) {
                return page;
            }
        }
        throw new AssertionError("no page of the kind " + flags);
    }

    private interface Reading {
        void from(Bolt.Bucket root) throws IOException;
    }

    private void read(byte[] database, Reading reading) throws IOException {
        Path file = Files.write(folder.resolve("read.db"), database);
        try (FileChannel channel = FileChannel.open(file)) {
            reading.from(Bolt.open(channel, "test.db", 1 << 20).root());
        }
    }

    private static byte[] database(String name) throws IOException {
        try (InputStream in = BoltTest.class.getClassLoader().getResourceAsStream("bolt/" + name)) {
            return in.readAllBytes();
        }
    }
}
