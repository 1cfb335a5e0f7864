package io.kordon.evidence;

import static io.kordon.evidence.EvidenceBundlesTest.seal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kordon.evidence.Bundles.BundleId;
import io.kordon.evidence.Bundles.Sealed;
import io.kordon.evidence.Problem.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody who can write to the store changes what is in it; each test is one thing that such a person does. */
class BundleVerifierTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-25T12:00:00Z"), ZoneOffset.UTC);
    private static final IncidentFolder INCIDENT = IncidentFolder.of("prod", "inc-1");

    @TempDir
    private Path folder;

    private DirectoryEvidenceStore store;
    private EvidenceBundles bundles;
    /** What the incident in Kafka remembers. */
    private final List<Witness> witnesses = new ArrayList<>();

    private final List<Sealed> sealed = new ArrayList<>();

    @BeforeEach
    void sealThreeBundles() throws IOException {
        store = new DirectoryEvidenceStore(folder.resolve("store"), CLOCK);
        bundles = new EvidenceBundles(store, folder.resolve("spool"), BundleLimits.DEFAULT, "capture", CLOCK);
        for (int i = 1; i <= 3; i++) {
            Sealed bundle = seal(bundles, new BundleId("prod", "inc-1", "cmd-" + i), "first " + i, "second " + i);
            sealed.add(bundle);
            witnesses.add(new Witness(bundle.digest(), bundle.location()));
        }
    }

    @AfterEach
    void close() {
        bundles.close();
    }

    @Test
    void findsNothingWrongWithWhatWasSealed() throws IOException {
        Verification verification = verify(Optional.of(witnesses));

        assertThat(verification.problems()).isEmpty();
        assertThat(verification.holds()).isTrue();
        assertThat(verification)
                .extracting(Verification::bundles, Verification::files, Verification::bytes, Verification::witnessed)
                .containsExactly(3, 6L, 45L, true);
        assertThat(verify(Optional.empty()).problems()).isEmpty();
    }

    @Test
    void findsOneByteThatWasChanged() throws IOException {
        Path file = file(2, "files/1.log");
        Files.writeString(file, "sEcond 2");

        Problem problem = onlyProblem(Optional.empty());

        assertThat(problem)
                .isEqualTo(new Problem(
                        INCIDENT,
                        2,
                        Kind.FILE_DIGEST,
                        "files/1.log",
                        "SHA-256 " + digest("second 2"),
                        "SHA-256 " + digest("sEcond 2")));
        assertThat(problem.line())
                .isEqualTo("prod/inc-1/000002: a file has another content: files/1.log (expected SHA-256 "
                        + digest("second 2") + ", found SHA-256 " + digest("sEcond 2") + ")");
    }

    @Test
    void findsAFileThatWasCutOrRemovedOrReplacedByALink() throws IOException {
        Files.writeString(file(1, "files/0.log"), "first");
        Files.delete(file(2, "files/0.log"));
        Files.delete(file(3, "files/0.log"));
        Files.createSymbolicLink(file(3, "files/0.log"), file(3, "files/1.log"));

        assertThat(verify(Optional.empty()).problems())
                .extracting(Problem::sequence, Problem::kind, Problem::what)
                .containsExactly(
                        tuple(1, Kind.FILE_SIZE, "files/0.log"),
                        tuple(2, Kind.FILE_MISSING, "files/0.log"),
                        tuple(3, Kind.FILE_SIZE, "files/0.log"));
    }

    @Test
    void findsAFileThatWasReplacedByALinkOfItsSize() throws IOException {
        Path file = file(3, "files/0.log");
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("12345678".substring(0, "first 3".length())));

        assertThat(onlyProblem(Optional.empty()).kind()).isEqualTo(Kind.FILE_UNREADABLE);
    }

    @Test
    void findsAFileThatWasAdded() throws IOException {
        Files.writeString(file(2, "files/0.log").resolveSibling("planted.log"), "x");

        assertThat(onlyProblem(Optional.empty()))
                .isEqualTo(new Problem(INCIDENT, 2, Kind.FILE_UNKNOWN, "files/planted.log", "", "1 bytes"));
    }

    @Test
    void findsWhatLiesBesideTheBundles() throws IOException {
        Files.writeString(folder.resolve("store/prod/inc-1/000002/manifest.json.bak"), "x");
        Files.writeString(folder.resolve("store/prod/inc-1/read\nme"), "x");

        assertThat(verify(Optional.empty()).problems())
                .extracting(Problem::kind, Problem::what)
                .containsExactly(
                        tuple(Kind.OBJECT_UNKNOWN, "prod/inc-1/000002/manifest.json.bak"),
                        tuple(Kind.OBJECT_UNKNOWN, "prod/inc-1/read\nme"));
        assertThat(verify(Optional.empty()).problems())
                .noneMatch(problem -> problem.line().contains("\n"));
    }

    @Test
    void findsAManifestThatWasEdited() throws IOException {
        edit(2, "/source/0", "/source/9");

        assertThat(onlyProblem(Optional.empty()))
                .extracting(Problem::sequence, Problem::kind, Problem::expected)
                .containsExactly(3, Kind.CHAIN_BROKEN, sealed.get(1).digest());
    }

    @Test
    void findsAFileThatWasChangedTogetherWithItsManifest() throws IOException {
        Files.writeString(file(2, "files/0.log"), "forge 2");
        edit(2, digest("first 2"), digest("forge 2"));

        assertThat(onlyProblem(Optional.empty())).extracting(Problem::kind).isEqualTo(Kind.CHAIN_BROKEN);
    }

    @Test
    void findsThatTheLastManifestWasEditedOnlyWithTheIncidentsRecord() throws IOException {
        edit(3, "/source/0", "/source/9");

        assertThat(verify(Optional.empty()).problems()).isEmpty();
        assertThat(verify(Optional.of(witnesses)).problems())
                .extracting(Problem::sequence, Problem::kind)
                .containsExactly(tuple(0, Kind.NOT_IN_STORE), tuple(3, Kind.NOT_ON_INCIDENT));
    }

    @Test
    void findsAChainThatWasMadeAnewOnlyWithTheIncidentsRecord() throws IOException {
        Files.writeString(file(1, "files/0.log"), "forge 1");
        edit(1, digest("first 1"), digest("forge 1"));
        edit(2, sealed.get(0).digest(), manifestDigest(1));
        edit(3, sealed.get(1).digest(), manifestDigest(2));

        assertThat(verify(Optional.empty()).problems())
                .as("whoever can rewrite all of the store can make all of it fit")
                .isEmpty();
        assertThat(verify(Optional.of(witnesses)).problems())
                .extracting(Problem::kind)
                .containsExactly(
                        Kind.NOT_IN_STORE,
                        Kind.NOT_IN_STORE,
                        Kind.NOT_IN_STORE,
                        Kind.NOT_ON_INCIDENT,
                        Kind.NOT_ON_INCIDENT,
                        Kind.NOT_ON_INCIDENT);
    }

    @Test
    void findsAManifestThatWasRemoved() throws IOException {
        Files.delete(manifest(2));

        Verification verification = verify(Optional.empty());

        assertThat(verification.problems())
                .containsExactly(new Problem(
                        INCIDENT,
                        2,
                        Kind.MANIFEST_MISSING,
                        "000002",
                        "SHA-256 " + sealed.get(1).digest(),
                        ""));
        assertThat(verification.leftovers()).as("its files").hasSize(1);
        Files.delete(manifest(1));
        assertThat(onlyProblem(Optional.empty()))
                .extracting(Problem::kind, Problem::what)
                .containsExactly(Kind.MANIFEST_MISSING, "000001 to 000002");
    }

    @Test
    void findsThatTheLastBundleWasRemovedOnlyWithTheIncidentsRecord() throws IOException {
        Files.delete(manifest(3));

        assertThat(verify(Optional.empty()).problems()).isEmpty();
        assertThat(onlyProblem(Optional.of(witnesses)))
                .extracting(Problem::kind, Problem::expected, Problem::what)
                .containsExactly(
                        Kind.NOT_IN_STORE,
                        "SHA-256 " + sealed.get(2).digest(),
                        sealed.get(2).location());
    }

    @Test
    void findsThatAllOfThemWereRemovedOnlyWithTheIncidentsRecord() throws IOException {
        Spool.remove(folder.resolve("store/prod/inc-1"));

        assertThat(verify(Optional.empty()).problems()).isEmpty();
        assertThat(verify(Optional.of(witnesses)).problems())
                .extracting(Problem::kind)
                .containsOnly(Kind.NOT_IN_STORE)
                .hasSize(3);
    }

    @Test
    void findsBundlesThatWereSwapped() throws IOException {
        Path aside = folder.resolve("aside");
        Files.move(manifest(1), aside);
        Files.move(manifest(2), manifest(1));
        Files.move(aside, manifest(2));

        assertThat(verify(Optional.empty()).problems())
                .extracting(Problem::sequence, Problem::kind)
                .contains(
                        tuple(1, Kind.MANIFEST_MISPLACED),
                        tuple(1, Kind.CHAIN_BROKEN),
                        tuple(2, Kind.MANIFEST_MISPLACED),
                        tuple(2, Kind.CHAIN_BROKEN),
                        tuple(3, Kind.CHAIN_BROKEN));
    }

    @Test
    void findsABundleOfAnotherIncident() throws IOException {
        seal(bundles, new BundleId("prod", "inc-2", "cmd-1"), "other");
        Files.createDirectories(folder.resolve("store/prod/inc-3"));
        Files.move(folder.resolve("store/prod/inc-2/000001"), folder.resolve("store/prod/inc-3/000001"));
        Files.move(folder.resolve("store/prod/inc-2/attempts"), folder.resolve("store/prod/inc-3/attempts"));

        Verification moved = new BundleVerifier(store).verify(IncidentFolder.of("prod", "inc-3"), Optional.empty());

        assertThat(moved.problems())
                .containsExactly(new Problem(
                        IncidentFolder.of("prod", "inc-3"),
                        1,
                        Kind.MANIFEST_MISPLACED,
                        "manifest.json",
                        "prod/inc-3/000001",
                        "prod/inc-2/000001"));
        assertThat(bundles.sealed(new BundleId("prod", "inc-3", "cmd-1"))).isEmpty();
    }

    @Test
    void findsABundleThatWasForgedAtTheEndOnlyWithTheIncidentsRecord() throws IOException {
        seal(bundles, new BundleId("prod", "inc-1", "cmd-forged"), "nothing happened");

        assertThat(verify(Optional.empty()).problems()).isEmpty();
        assertThat(onlyProblem(Optional.of(witnesses)))
                .extracting(Problem::sequence, Problem::kind)
                .containsExactly(4, Kind.NOT_ON_INCIDENT);
    }

    @Test
    void takesABundleThatTheIncidentForgotByTheOneAfterIt() throws IOException {
        assertThat(verify(Optional.of(witnesses.subList(2, 3))).problems()).isEmpty();
    }

    @Test
    void saysWhyAManifestCannotBeRead() throws IOException {
        edit(3, "\"files/0.log\"", "\"../../etc/passwd\"");

        assertThat(verify(Optional.empty()).problems().get(0))
                .isEqualTo(new Problem(
                        INCIDENT,
                        3,
                        Kind.MANIFEST_UNREADABLE,
                        "manifest.json",
                        "",
                        "files[].name is no relative path of plain names: '../../etc/passwd'"));
    }

    @Test
    void findsAManifestThatWasReplacedByALinkAndSealsTheNextAllTheSame() throws IOException {
        Path elsewhere = folder.resolve("elsewhere.json");
        Files.move(manifest(3), elsewhere);
        Files.createSymbolicLink(manifest(3), elsewhere);

        seal(bundles, new BundleId("prod", "inc-1", "cmd-4"), "fourth");

        assertThat(onlyProblem(Optional.empty())).satisfies(problem -> {
            assertThat(problem.sequence()).isEqualTo(3);
            assertThat(problem.kind()).isEqualTo(Kind.MANIFEST_UNREADABLE);
            assertThat(problem.found()).contains("a symbolic link");
        });
        assertThat(Link.chain(store, INCIDENT)).extracting(Link::sequence).containsExactly(1, 2, 3, 4);
    }

    @Test
    void tellsOfAttemptsThatWereNeverSealed() throws IOException {
        Path content = Files.writeString(folder.resolve("content"), "12345");
        store.write(INCIDENT.attempt("abandoned") + "pod.json", content);
        store.write(INCIDENT.attempt("abandoned") + "node.json", content);

        Verification verification = verify(Optional.of(witnesses));

        assertThat(verification.holds()).isTrue();
        assertThat(verification.leftovers())
                .containsExactly(new Verification.Leftover("prod/inc-1/attempts/abandoned/", 2, 10));
    }

    private Verification verify(Optional<List<Witness>> by) throws IOException {
        return new BundleVerifier(store).verify(INCIDENT, by);
    }

    private Problem onlyProblem(Optional<List<Witness>> by) throws IOException {
        List<Problem> problems = verify(by).problems();
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    private Path manifest(int sequence) {
        return folder.resolve("store/" + INCIDENT.manifest(sequence));
    }

    private String manifestDigest(int sequence) throws IOException {
        return Digests.hex(Digests.raw(manifest(sequence)));
    }

    private Path file(int sequence, String name) throws IOException {
        Manifest manifest =
                Link.chain(store, INCIDENT).get(sequence - 1).manifest().orElseThrow();
        return folder.resolve("store/" + INCIDENT.attempt(manifest.attempt()) + name);
    }

    private void edit(int sequence, String text, String other) throws IOException {
        String manifest = Files.readString(manifest(sequence));
        assertThat(manifest).contains(text);
        Files.writeString(manifest(sequence), manifest.replace(text, other));
    }

    private static String digest(String text) {
        return Digests.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
