package io.kordon.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

import io.kordon.evidence.BundleWriter.Added;
import io.kordon.evidence.Bundles.BundleId;
import io.kordon.evidence.Bundles.Sealed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceBundlesTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-25T12:00:00Z"), ZoneOffset.UTC);
    private static final BundleId FIRST = new BundleId("prod", "inc-1", "cmd-1");
    private static final BundleId SECOND = new BundleId("prod", "inc-1", "cmd-2");
    private static final IncidentFolder INCIDENT = IncidentFolder.of("prod", "inc-1");

    @TempDir
    private Path folder;

    private Path spool;
    private DirectoryEvidenceStore store;
    private EvidenceBundles bundles;

    @BeforeEach
    void open() throws IOException {
        spool = folder.resolve("spool");
        store = new DirectoryEvidenceStore(folder.resolve("store"), CLOCK);
        bundles = bundles(store, BundleLimits.DEFAULT);
    }

    @AfterEach
    void close() {
        bundles.close();
    }

    @Test
    void sealsFilesUnderAManifestThatNamesThem() throws IOException {
        Sealed sealed;
        try (BundleWriter bundle = bundles.begin(FIRST)) {
            Added added = bundle.add("pod.json", "/api/v1/pods/p", Map.of("by", "get"), text("content"), 100);
            assertThat(added)
                    .isEqualTo(new Added(7, "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73", false));
            bundle.missing("node.json", "/api/v1/nodes/n", "403 Forbidden");
            assertThat(store.list(""))
                    .as("nothing is stored before it is sealed")
                    .isEmpty();
            sealed = bundle.seal();
        }

        assertThat(sealed.digest())
                .isEqualTo(Digests.hex(Digests.raw(folder.resolve("store/prod/inc-1/000001/manifest.json"))));
        assertThat(sealed)
                .isEqualTo(new Sealed(
                        FIRST,
                        store.location("prod/inc-1/000001/"),
                        sealed.digest(),
                        Optional.empty(),
                        1,
                        7,
                        1,
                        CLOCK.instant()));
        Manifest manifest = Link.chain(store, INCIDENT).get(0).manifest().orElseThrow();
        assertThat(manifest.files())
                .containsExactly(new Manifest.Entry(
                        "pod.json",
                        7,
                        "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73",
                        CLOCK.instant(),
                        "/api/v1/pods/p",
                        false,
                        Map.of("by", "get")));
        assertThat(manifest.missing())
                .containsExactly(
                        new Manifest.Absence("node.json", "/api/v1/nodes/n", "403 Forbidden", CLOCK.instant()));
        assertThat(store.read(INCIDENT.attempt(manifest.attempt()) + "pod.json").orElseThrow())
                .hasContent("content");
    }

    @Test
    void chainsEachBundleToTheOneBefore() throws IOException {
        Sealed first = seal(bundles, FIRST, "one");
        Sealed second = seal(bundles, SECOND, "two");

        assertThat(first.previous()).isEmpty();
        assertThat(second.previous()).contains(first.digest());
        assertThat(bundles.of("prod", "inc-1")).containsExactly(first, second);
        assertThat(bundles.of("prod", "inc-2")).isEmpty();
        assertThat(bundles.of("edge", "inc-1")).isEmpty();
        Manifest manifest = Link.chain(store, INCIDENT).get(1).manifest().orElseThrow();
        assertThat(manifest.previous()).contains(new Manifest.Previous(first.digest(), "cmd-1", first.location()));
    }

    @Test
    void givesTheSameBundleToWhoeverSealsItAgain() throws IOException {
        Sealed first = seal(bundles, FIRST, "one");
        seal(bundles, SECOND, "two");

        assertThat(bundles.sealed(FIRST)).contains(first);
        assertThat(seal(bundles, FIRST, "after a restart the pod says something else"))
                .isEqualTo(first);
        assertThat(bundles.of("prod", "inc-1")).hasSize(2);
        assertThat(bundles.sealed(new BundleId("prod", "inc-1", "cmd-3"))).isEmpty();
        assertThat(bundles.sealed(new BundleId("prod", "inc-2", "cmd-1"))).isEmpty();
    }

    @Test
    void isNotInTheWayOfItselfAfterACrashAtAnyWrite() throws IOException {
        for (int lives = 0; ; lives++) {
            BundleId id = new BundleId("prod", "inc-crash", "cmd-" + lives);
            boolean died = false;
            try (EvidenceBundles crashing = bundles(new DyingStore(store, lives), BundleLimits.DEFAULT)) {
                seal(crashing, id, "a", "b", "c");
            } catch (DyingStore.Death e) {
                died = true;
            }
            Optional<Sealed> before = bundles.sealed(id);
            Sealed sealed = seal(bundles, id, "a", "b", "c");
            before.ifPresent(kept -> assertThat(sealed).isEqualTo(kept));
            assertThat(bundles.of("prod", "inc-crash")).hasSize(lives + 1);
            if (!died) {
                assertThat(lives)
                        .as("three files and a manifest, before and after each")
                        .isEqualTo(8);
                break;
            }
        }
        Verification verification =
                new BundleVerifier(store).verify(IncidentFolder.of("prod", "inc-crash"), Optional.empty());
        assertThat(verification.problems()).isEmpty();
        assertThat(verification.bundles()).isEqualTo(9);
        assertThat(verification.leftovers())
                .as("attempts that died with files stored")
                .hasSize(6);
    }

    @Test
    void findsThatItIsSealedThoughTheAnswerWasLost() throws IOException {
        EvidenceStore deaf = new ForwardingStore(store) {
            @Override
            public boolean write(String key, Path content) throws IOException {
                super.write(key, content);
                if (key.endsWith("manifest.json")) {
                    throw new IOException("connection reset");
                }
                return false;
            }
        };
        try (EvidenceBundles unlucky = bundles(deaf, BundleLimits.DEFAULT)) {
            Sealed sealed = seal(unlucky, FIRST, "one");
            assertThat(bundles.of("prod", "inc-1")).containsExactly(sealed);
        }
    }

    @Test
    void putsCapturesOfOneIncidentAtOnceIntoOneChain() throws Exception {
        int captures = 12;
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(captures);
        try (EvidenceBundles other = bundles(store, BundleLimits.DEFAULT)) {
            List<Future<Sealed>> sealing = new ArrayList<>();
            for (int i = 0; i < captures; i++) {
                EvidenceBundles actuator = i % 2 == 0 ? bundles : other;
                // Every capture is made twice at once, as by two actuators after a rebalance.
                BundleId id = new BundleId("prod", "inc-1", "cmd-" + i / 2);
                sealing.add(threads.submit(() -> {
                    start.await();
                    return seal(actuator, id, "content of " + id.id());
                }));
            }
            start.countDown();
            for (Future<Sealed> future : sealing) {
                future.get();
            }
        } finally {
            threads.shutdownNow();
        }

        Verification verification = new BundleVerifier(store).verify(INCIDENT, Optional.empty());
        assertThat(verification.problems()).isEmpty();
        assertThat(bundles.of("prod", "inc-1").stream()
                        .map(bundle -> bundle.id().id())
                        .distinct())
                .hasSize(captures / 2);
    }

    @Test
    void cutsAtTheLimitOfThePieceAndSaysSo() throws IOException {
        try (BundleWriter bundle = bundles.begin(FIRST)) {
            assertThat(bundle.add("exact", "s", Map.of(), text("12345"), 5).truncated())
                    .isFalse();
            Added cut = bundle.add("cut", "s", Map.of(), text("123456"), 5);
            assertThat(cut.truncated()).isTrue();
            assertThat(cut.bytes()).isEqualTo(5);
            bundle.seal();
        }

        Manifest manifest = Link.chain(store, INCIDENT).get(0).manifest().orElseThrow();
        assertThat(manifest.files())
                .extracting(Manifest.Entry::name, Manifest.Entry::truncated)
                .containsExactly(tuple("cut", true), tuple("exact", false));
    }

    @Test
    void readsNoMoreOfAnEndlessStreamThanTheBundleMayHold() throws IOException {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                return length;
            }
        };
        try (EvidenceBundles small = bundles(store, new BundleLimits(1_000, 2, 1_000));
                BundleWriter bundle = small.begin(FIRST)) {
            assertThat(bundle.add("log", "s", Map.of(), endless, Long.MAX_VALUE))
                    .extracting(Added::bytes, Added::truncated)
                    .containsExactly(1_000L, true);
            assertThatExceptionOfType(BundleFullException.class)
                    .isThrownBy(() -> bundle.add("next", "s", Map.of(), endless, 10))
                    .withMessageContaining("1000 bytes, which is its limit");
            bundle.seal();
        }

        Manifest manifest = Link.chain(store, INCIDENT).get(0).manifest().orElseThrow();
        assertThat(manifest.files().get(0).facts()).containsEntry("truncatedBy", "the bundle's limit of 1000 bytes");
    }

    @Test
    void tellsItsOwnBundlesFromThoseOfAnotherOrigin() throws IOException {
        try (EvidenceBundles inspections = new EvidenceBundles(store, spool, BundleLimits.DEFAULT, "inspect", CLOCK);
                BundleWriter inspection = inspections.begin(FIRST)) {
            inspection.add("report.json", "s", Map.of(), text("{}"), 10);
            Bundles.Sealed sealed = inspection.seal();

            assertThat(inspections.of("prod", "inc-1")).containsExactly(sealed);
            assertThat(bundles.of("prod", "inc-1")).isEmpty();
        }
    }

    @Test
    void boundsFilesAndTheSpoolOfAllBundles() throws IOException {
        try (EvidenceBundles small = bundles(store, new BundleLimits(100, 2, 150));
                BundleWriter one = small.begin(FIRST)) {
            one.add("a", "s", Map.of(), text("x".repeat(60)), 100);
            try (BundleWriter other = small.begin(SECOND)) {
                assertThatIOException()
                        .isThrownBy(() -> other.add("a", "s", Map.of(), text("x".repeat(95)), 100))
                        .withMessageContaining("has reached its limit of 150 bytes");
                other.add("b", "s", Map.of(), text("x".repeat(90)), 100);
            }
            one.add("b", "s", Map.of(), text("x".repeat(40)), 100);
            assertThatExceptionOfType(BundleFullException.class)
                    .isThrownBy(() -> one.add("c", "s", Map.of(), text(""), 100))
                    .withMessageContaining("2 files, which is its limit");
        }
    }

    @Test
    void leavesOutAPieceWhoseStreamBreaksOff() throws IOException {
        InputStream ending = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the container is gone");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return read();
            }
        };
        try (BundleWriter bundle = bundles.begin(FIRST)) {
            InputStream broken = new SequenceInputStream(text("half"), ending);
            assertThatIOException().isThrownBy(() -> bundle.add("log", "s", Map.of(), broken, 100));
            bundle.add("log", "s", Map.of("after", "a second try"), text("whole"), 100);
            assertThat(bundle.seal().files()).isEqualTo(1);
        }

        assertThat(new BundleVerifier(store).verify(INCIDENT, Optional.empty()).problems())
                .isEmpty();
    }

    @Test
    void keepsHostileNamesAndTextsHarmless() throws IOException {
        String hostile = "../../\u0000\n\ud800\u001b[2J" + "x".repeat(5_000);
        BundleId id = new BundleId("..", "../inc", "c\nmd\ud800");
        try (BundleWriter bundle = bundles.begin(id)) {
            bundle.add(hostile, hostile, Map.of(hostile, hostile), text("a"), 10);
            bundle.add(hostile, hostile, Map.of(), text("b"), 10);
            bundle.missing(hostile, hostile, hostile);
            Sealed sealed = bundle.seal();
            assertThat(sealed.files()).isEqualTo(2);
        }

        IncidentFolder incident = IncidentFolder.of("..", "../inc");
        assertThat(bundles.sealed(id)).isPresent();
        assertThat(new BundleVerifier(store).verify(incident, Optional.empty()).problems())
                .isEmpty();
        Manifest manifest = Link.chain(store, incident).get(0).manifest().orElseThrow();
        assertThat(manifest.files().get(0).source())
                .hasSizeLessThanOrEqualTo(2_000)
                .doesNotContain("\n", "\u0000");
        try (Stream<Path> top = Files.list(folder)) {
            assertThat(top.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("store", "spool");
        }
    }

    @Test
    void leavesNothingOfABundleThatIsClosedUnsealed() throws IOException {
        BundleWriter bundle = bundles.begin(FIRST);
        bundle.add("a", "s", Map.of(), text("a"), 10);
        bundle.close();
        bundle.close();

        assertThat(store.list("")).isEmpty();
        assertThatIllegalStateException().isThrownBy(bundle::seal);
        bundles.close();
        try (Stream<Path> left = Files.list(spool)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void removesTheSpoolOfOneThatDiedAndNotOfOneThatLives() throws IOException {
        Path dead = Files.createDirectories(spool.resolve("kordon-evidence-dead/attempt"));
        Files.writeString(dead.resolve("0"), "x");
        Files.writeString(spool.resolve("kordon-evidence-dead/lock"), "");
        Path foreign = Files.createDirectories(spool.resolve("somebody-elses"));
        BundleWriter living = bundles.begin(FIRST);
        living.add("a", "s", Map.of(), text("a"), 10);
        try (EvidenceBundles other = bundles(store, BundleLimits.DEFAULT);
                BundleWriter another = other.begin(SECOND)) {
            assertThat(dead).doesNotExist();
            assertThat(foreign).exists();
            assertThat(another.seal().files()).isZero();
        }

        assertThat(living.seal().files()).isEqualTo(1);
        living.close();
    }

    @Test
    void goesOnThoughTheManifestBeforeWasDestroyed() throws IOException {
        seal(bundles, FIRST, "one");
        Files.writeString(folder.resolve("store/prod/inc-1/000001/manifest.json"), "destroyed");

        Sealed second = seal(bundles, SECOND, "two");

        assertThat(second.previous()).contains(Digests.of("destroyed".getBytes(StandardCharsets.UTF_8)));
        assertThat(bundles.sealed(FIRST)).isEmpty();
        assertThat(bundles.of("prod", "inc-1")).containsExactly(second);
    }

    private EvidenceBundles bundles(EvidenceStore in, BundleLimits limits) {
        return new EvidenceBundles(in, spool, limits, "capture", CLOCK);
    }

    static Sealed seal(EvidenceBundles bundles, BundleId id, String... contents) throws IOException {
        try (BundleWriter bundle = bundles.begin(id)) {
            for (int i = 0; i < contents.length; i++) {
                bundle.add("files/" + i + ".log", "/source/" + i, Map.of(), text(contents[i]), 1_000);
            }
            return bundle.seal();
        }
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
