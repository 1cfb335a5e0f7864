package io.kordon.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kordon.evidence.EvidenceConfig.S3;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of a server, and what is made of answers that the one for the contract never gives. */
class S3RequestsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-25T12:00:00Z"), ZoneOffset.UTC);
    private static final ObjectLock LOCK = new ObjectLock(ObjectLock.Mode.GOVERNANCE, Duration.ofDays(30));

    private record Seen(String method, String path, Headers headers, String body) {}

    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    /** Answers to uploads, in order; 200 when there are none left. */
    private final Queue<Integer> answers = new ArrayDeque<>();

    private final Set<String> unknownHeaders = new HashSet<>();
    private boolean ignoresConditions;
    private boolean probed;
    private int lockAnswer = 200;

    @TempDir
    private Path folder;

    private Path content;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        content = Files.writeString(folder.resolve("content"), "content");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        seen.add(new Seen(
                method,
                exchange.getRequestURI().toString(),
                exchange.getRequestHeaders(),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        Integer answer = 200;
        if (method.equals("HEAD")) {
            answer = 404;
        } else if (method.equals("PUT")) {
            answer = upload(exchange);
        } else if (exchange.getRequestURI().toString().contains("object-lock")) {
            answer = lockAnswer;
        }
        byte[] body = body(answer).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/xml");
        boolean empty = method.equals("HEAD") || (method.equals("PUT") && answer == 200);
        exchange.sendResponseHeaders(answer, empty ? -1 : body.length);
        if (!empty) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private int upload(HttpExchange exchange) {
        if (unknownHeaders.stream().anyMatch(exchange.getRequestHeaders()::containsKey)) {
            return 501;
        }
        if (isProbe(exchange.getRequestURI().toString())) {
            boolean there = probed;
            probed = true;
            return there && !ignoresConditions ? 412 : 200;
        }
        return answers.isEmpty() ? 200 : answers.remove();
    }

    private static boolean isProbe(String path) {
        return path.matches("/bucket/kordon/(=|%3D)probe");
    }

    private static String body(int answer) {
        return answer == 200
                ? "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>"
                : "<Error><Code>Code" + answer + "</Code><Message>because</Message></Error>";
    }

    @Test
    void putsOnConditionThatNothingIsThereAndWithItsDigest() throws IOException {
        try (EvidenceStore store = open(Optional.empty())) {
            assertThat(store.write("a/b", content)).isTrue();
        }

        Seen put = puts().get(0);
        assertThat(put.path()).isEqualTo("/bucket/kordon/a/b");
        assertThat(put.body()).isEqualTo("content");
        assertThat(put.headers().getFirst("If-None-Match")).isEqualTo("*");
        assertThat(put.headers().getFirst("x-amz-checksum-sha256"))
                .isEqualTo(Base64.getEncoder().encodeToString(Digests.raw(content)));
        assertThat(put.headers()).doesNotContainKeys("X-amz-object-lock-mode", "X-amz-trailer");
        assertThat(put.headers().getFirst("Authorization")).contains("/eu-central-1/s3/aws4_request");
    }

    @Test
    void asksForRetentionFromNowOn() throws IOException {
        try (EvidenceStore store = open(Optional.of(LOCK))) {
            store.write("a/b", content);
            store.write("a/c", content);
        }

        assertThat(puts()).hasSize(2).allSatisfy(put -> {
            assertThat(put.headers().getFirst("x-amz-object-lock-mode")).isEqualTo("GOVERNANCE");
            assertThat(put.headers().getFirst("x-amz-object-lock-retain-until-date"))
                    .isEqualTo("2026-12-25T12:00:00Z");
        });
        assertThat(seen)
                .filteredOn(request -> request.path().contains("object-lock"))
                .hasSize(1);
    }

    @Test
    void locksThoughItMayNotAskWhetherTheBucketCan() throws IOException {
        lockAnswer = 403;
        try (EvidenceStore store = open(Optional.of(LOCK))) {
            assertThat(store.write("a/b", content)).isTrue();
        }

        assertThat(puts().get(0).headers().getFirst("x-amz-object-lock-mode")).isEqualTo("GOVERNANCE");
    }

    @Test
    void writesNothingIntoABucketWithoutObjectLock() throws IOException {
        lockAnswer = 404;
        try (EvidenceStore store = open(Optional.of(LOCK))) {
            assertThatIOException()
                    .isThrownBy(() -> store.write("a/b", content))
                    .withMessageContaining("bucket bucket has no object lock")
                    .withMessageContaining("set no lock mode");
        }

        assertThat(puts()).isEmpty();
    }

    @Test
    void doesWithoutAChecksumThatTheServerDoesNotKnow() throws IOException {
        unknownHeaders.add("X-amz-checksum-sha256");
        writeTwo();

        assertThat(puts()).hasSize(2).allSatisfy(put -> {
            assertThat(put.headers().getFirst("If-None-Match")).isEqualTo("*");
            assertThat(put.headers().getFirst("Content-MD5")).isEqualTo("mgNkuembtIDdJeHwKEyFVQ==");
        });
        assertThat(seen).filteredOn(request -> isProbe(request.path())).hasSize(3);
    }

    @Test
    void doesWithoutAConditionThatTheServerDoesNotKnow() throws IOException {
        unknownHeaders.addAll(Set.of("X-amz-checksum-sha256", "If-none-match"));
        writeTwo();

        assertThat(puts()).hasSize(2).noneMatch(put -> put.headers().containsKey("If-None-Match"));
    }

    @Test
    void findsOutThatTheServerIgnoresTheCondition() throws IOException {
        ignoresConditions = true;
        writeTwo();

        assertThat(puts()).hasSize(2).noneMatch(put -> put.headers().containsKey("If-None-Match"));
        assertThat(seen).filteredOn(request -> request.method().equals("HEAD")).hasSize(2);
    }

    private void writeTwo() throws IOException {
        try (EvidenceStore store = open(Optional.empty())) {
            assertThat(store.write("a/b", content)).isTrue();
            assertThat(store.write("a/c", content)).isTrue();
        }
    }

    @Test
    void neverDoesWithoutALockThatIsAskedFor() throws IOException {
        answers.add(501);
        try (EvidenceStore store = open(Optional.of(LOCK))) {
            assertThatIOException()
                    .isThrownBy(() -> store.write("a/b", content))
                    .withMessageContaining("501");
        }

        assertThat(puts()).hasSize(1).allMatch(put -> put.headers().containsKey("X-amz-object-lock-mode"));
    }

    @Test
    void triesAgainWhileAnotherWritesTheSameKeyAndThenSeesThatItIsTaken() throws IOException {
        answers.addAll(List.of(409, 409, 412));
        try (EvidenceStore store = open(Optional.empty())) {
            assertThat(store.write("a/b", content)).isFalse();
        }

        assertThat(puts()).hasSize(3);
    }

    @Test
    void givesUpOnAConflictThatDoesNotEnd() throws IOException {
        answers.addAll(List.of(409, 409, 409, 409, 409, 409, 409));
        try (EvidenceStore store = open(Optional.empty())) {
            assertThatIOException()
                    .isThrownBy(() -> store.write("a/b", content))
                    .withMessageContaining("cannot write s3://bucket/kordon/a/b: 409 Code409 because");
        }

        assertThat(puts()).hasSize(6);
    }

    private List<Seen> puts() {
        return seen.stream()
                .filter(request -> request.method().equals("PUT") && !isProbe(request.path()))
                .toList();
    }

    private EvidenceStore open(Optional<ObjectLock> lock) throws IOException {
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return EvidenceStores.open(
                new EvidenceConfig(
                        "s3://bucket/kordon", new S3(Optional.of(endpoint), "eu-central-1", "a", "b", true), lock),
                CLOCK);
    }
}
