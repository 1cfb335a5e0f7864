package io.kordon.evidence;

import static io.kordon.evidence.EvidenceBundlesTest.seal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.tuple;

import io.kordon.evidence.Bundles.BundleId;
import io.kordon.evidence.Bundles.Sealed;
import io.kordon.evidence.EvidenceConfig.S3;
import io.kordon.evidence.Problem.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real S3 server, which checks signatures. */
class S3EvidenceStoreTest {
    private static S3Server server;

    @TempDir
    private Path folder;

    private String bucket;
    private EvidenceStore store;

    @BeforeAll
    static void start() {
        server = new S3Server();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() throws IOException {
        bucket = "evidence-" + UUID.randomUUID();
        server.create(bucket);
        store = open(bucket, S3Server.SECRET_KEY, Optional.empty());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Nested
    class Contract extends EvidenceStoreContract {
        @Override
        EvidenceStore store() {
            return store;
        }

        /** The server of the tests looks and then writes; that the condition is sent is {@link S3RequestsTest}'s. */
        @Override
        boolean decidesRaces() {
            return false;
        }
    }

    @Test
    void keepsToItsPrefix() throws IOException {
        Path content = Files.writeString(folder.resolve("content"), "content");
        store.write("a/b", content);

        try (EvidenceStore whole = EvidenceStores.open(
                config("s3://" + bucket, S3Server.SECRET_KEY, Optional.empty()), Clock.systemUTC())) {
            assertThat(whole.list(""))
                    .extracting(EvidenceStore.Stored::key)
                    .containsExactly("kordon/prod/=probe", "kordon/prod/a/b");
            whole.write("other/c", content);
        }

        assertThat(store.list("")).extracting(EvidenceStore.Stored::key).containsExactly("a/b");
        assertThat(store.location("a/")).isEqualTo("s3://" + bucket + "/kordon/prod/a/");
    }

    @Test
    void namesTheBucketThatIsNotThere() throws IOException {
        Path content = Files.writeString(folder.resolve("content"), "content");
        try (EvidenceStore absent = open("no-such-bucket", S3Server.SECRET_KEY, Optional.empty())) {
            assertThatIOException().isThrownBy(() -> absent.list("a/")).withMessageContaining("NoSuchBucket");
            assertThatIOException()
                    .isThrownBy(() -> absent.write("a/b", content))
                    .withMessageContaining("cannot write s3://no-such-bucket/kordon/prod/");
        }
    }

    @Test
    void saysWhichPermissionsAreNeededWhenItIsRefused() throws IOException {
        try (EvidenceStore refused = open(bucket, "wrong", Optional.empty())) {
            assertThatIOException()
                    .isThrownBy(() -> refused.list(""))
                    .withMessageContaining("403")
                    .withMessageContaining("s3:ListBucket");
        }
    }

    @Test
    void refusesToWriteUnlockedWhatIsToBeLocked() throws IOException {
        Path content = Files.writeString(folder.resolve("content"), "content");
        ObjectLock lock = new ObjectLock(ObjectLock.Mode.COMPLIANCE, Duration.ofDays(90));
        try (EvidenceStore locked = open(bucket, S3Server.SECRET_KEY, Optional.of(lock))) {
            assertThatIOException()
                    .isThrownBy(() -> locked.write("a/b", content))
                    .withMessageContaining("bucket " + bucket + " has no object lock")
                    .withMessageContaining("create the bucket with object lock");
            assertThat(locked.list("")).isEmpty();
        }
    }

    @Test
    void saysThatNobodyAnswers() throws IOException {
        EvidenceConfig config = new EvidenceConfig(
                "s3://" + bucket,
                new S3(Optional.of(URI.create("http://127.0.0.1:1")), "", "a", "b", true),
                Optional.empty());
        try (EvidenceStore away = EvidenceStores.open(config, Clock.systemUTC())) {
            assertThatIOException()
                    .isThrownBy(() -> away.read("a/b"))
                    .withMessageContaining("cannot read s3://" + bucket + "/a/b");
        }
    }

    @Test
    void keepsBundlesWhoseChangesAreFound() throws Exception {
        IncidentFolder incident = IncidentFolder.of("prod", "inc-1");
        try (EvidenceBundles bundles =
                new EvidenceBundles(store, folder, BundleLimits.DEFAULT, "capture", Clock.systemUTC())) {
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Callable<Sealed>> captures = IntStream.range(0, 4)
                        .<Callable<Sealed>>mapToObj(
                                i -> () -> seal(bundles, new BundleId("prod", "inc-1", "cmd-" + i), "one", "two"))
                        .toList();
                for (Future<Sealed> sealed : threads.invokeAll(captures)) {
                    sealed.get();
                }
            } finally {
                threads.shutdownNow();
            }
        }
        BundleVerifier verifier = new BundleVerifier(store);
        Verification whole = verifier.verify(incident, Optional.empty());
        assertThat(whole.problems()).isEmpty();
        assertThat(whole.bundles()).isEqualTo(4);
        BundleFetcher.Fetched fetched = new BundleFetcher(store, folder.resolve("copy"), Clock.systemUTC())
                .fetch(incident, OptionalInt.empty());
        assertThat(fetched.problems()).isEmpty();
        assertThat(fetched.files()).isEqualTo(8);

        List<Manifest> manifests = Link.chain(store, incident).stream()
                .map(link -> link.manifest().orElseThrow())
                .toList();
        String prefix = "kordon/prod/";
        server.overwrite(bucket, prefix + incident.attempt(manifests.get(0).attempt()) + "files/0.log", "onE");
        server.remove(bucket, prefix + incident.attempt(manifests.get(1).attempt()) + "files/1.log");
        server.overwrite(bucket, prefix + incident.manifest(3), "{}");

        assertThat(verifier.verify(incident, Optional.empty()).problems())
                .extracting(Problem::sequence, Problem::kind)
                .containsExactly(
                        tuple(3, Kind.MANIFEST_UNREADABLE),
                        tuple(4, Kind.CHAIN_BROKEN),
                        tuple(1, Kind.FILE_DIGEST),
                        tuple(2, Kind.FILE_MISSING));
    }

    private static EvidenceStore open(String bucket, String secretKey, Optional<ObjectLock> lock) throws IOException {
        return EvidenceStores.open(config("s3://" + bucket + "/kordon/prod/", secretKey, lock), Clock.systemUTC());
    }

    private static EvidenceConfig config(String store, String secretKey, Optional<ObjectLock> lock) {
        return new EvidenceConfig(
                store, new S3(Optional.of(server.endpoint()), "", S3Server.ACCESS_KEY, secretKey, true), lock);
    }
}
