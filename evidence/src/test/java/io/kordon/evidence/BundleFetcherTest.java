package io.kordon.evidence;

import static io.kordon.evidence.EvidenceBundlesTest.seal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.kordon.evidence.BundleFetcher.Fetched;
import io.kordon.evidence.Bundles.BundleId;
import io.kordon.evidence.Problem.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleFetcherTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final IncidentFolder INCIDENT = IncidentFolder.of("prod", "inc-1");

    @TempDir
    private Path folder;

    private Path to;
    private DirectoryEvidenceStore store;
    private EvidenceBundles bundles;

    @BeforeEach
    void sealTwoBundles() throws IOException {
        to = folder.resolve("case");
        store = new DirectoryEvidenceStore(folder.resolve("store"), CLOCK);
        bundles = new EvidenceBundles(store, folder.resolve("spool"), BundleLimits.DEFAULT, "capture", CLOCK);
        seal(bundles, new BundleId("prod", "inc-1", "cmd-1"), "one", "two");
        seal(bundles, new BundleId("prod", "inc-1", "cmd-2"), "three");
    }

    @AfterEach
    void close() {
        bundles.close();
    }

    @Test
    void makesACopyThatVerifiesLikeTheStore() throws IOException {
        Fetched fetched = fetch(OptionalInt.empty());

        assertThat(fetched.problems()).isEmpty();
        assertThat(fetched)
                .extracting(Fetched::bundles, Fetched::files, Fetched::bytes)
                .containsExactly(2, 3, 11L);
        try (DirectoryEvidenceStore copy = new DirectoryEvidenceStore(to, CLOCK)) {
            Verification verification = new BundleVerifier(copy).verify(INCIDENT, Optional.empty());
            assertThat(verification.problems()).isEmpty();
            assertThat(verification.files()).isEqualTo(3);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copied(1, "files/0.log"))))
                .isEqualTo("rw-------");
    }

    @Test
    void takesTheBundleThatIsMeant() throws IOException {
        assertThat(fetch(OptionalInt.of(2)))
                .extracting(Fetched::bundles, Fetched::files)
                .containsExactly(1, 1);
        assertThat(to.resolve(INCIDENT.manifest(1))).doesNotExist();
        assertThat(copied(2, "files/0.log")).hasContent("three");
        assertThat(fetch(OptionalInt.of(7)).bundles()).isZero();
    }

    @Test
    void goesOnWhereItWasInterruptedAndWritesOverNothing() throws IOException {
        fetch(OptionalInt.empty());
        Files.delete(copied(1, "files/1.log"));
        Files.writeString(copied(2, "files/0.log"), "mine!");

        Fetched again = fetch(OptionalInt.empty());

        assertThat(copied(1, "files/1.log")).hasContent("two");
        assertThat(copied(2, "files/0.log")).hasContent("mine!");
        assertThat(again.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Kind.FILE_DIGEST);
            assertThat(problem.line()).contains("which is left as it is");
        });
    }

    @Test
    void copiesNoFileThatIsNotWhatWasSealed() throws IOException {
        Files.writeString(
                folder.resolve("store").resolve(folder.resolve("case").relativize(copied(1, "files/0.log"))), "onE");
        Files.delete(folder.resolve("store").resolve(to.relativize(copied(1, "files/1.log"))));
        Files.writeString(folder.resolve("store").resolve(to.relativize(copied(2, "files/0.log"))), "three and more");

        Fetched fetched = fetch(OptionalInt.empty());

        assertThat(fetched.files()).isZero();
        assertThat(fetched.problems())
                .extracting(Problem::kind)
                .containsExactly(Kind.FILE_DIGEST, Kind.FILE_MISSING, Kind.FILE_DIGEST);
        assertThat(copied(1, "files/0.log")).doesNotExist();
        try (Stream<Path> incoming = Files.list(to.resolve(DirectoryEvidenceStore.INCOMING))) {
            assertThat(incoming).isEmpty();
        }
    }

    @Test
    void neverLeavesTheFolderForANameThatAManifestHolds() throws IOException {
        Path manifest = folder.resolve("store").resolve(INCIDENT.manifest(2));
        Files.writeString(manifest, Files.readString(manifest).replace("files/0.log", "../../../../../escaped"));

        Fetched fetched = fetch(OptionalInt.empty());

        assertThat(fetched.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.kind()).isEqualTo(Kind.MANIFEST_UNREADABLE));
        assertThat(folder.resolve("escaped")).doesNotExist();
    }

    @Test
    void writesThroughNoLinkThatWaitsInTheFolder() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.createDirectories(to);
        Files.createSymbolicLink(to.resolve("prod"), outside);

        assertThatIOException().isThrownBy(() -> fetch(OptionalInt.empty())).withMessageContaining("symbolic link");

        try (Stream<Path> files = Files.list(outside)) {
            assertThat(files).isEmpty();
        }
    }

    private Fetched fetch(OptionalInt sequence) throws IOException {
        return new BundleFetcher(store, to, CLOCK).fetch(INCIDENT, sequence);
    }

    private Path copied(int sequence, String name) throws IOException {
        Manifest manifest =
                Link.chain(store, INCIDENT).get(sequence - 1).manifest().orElseThrow();
        return to.resolve(INCIDENT.attempt(manifest.attempt()) + name);
    }
}
