package io.kordon.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may post, over real HTTP: each way to prove it, and what is answered to who cannot. */
class CredentialsTest {
    private static final String PASSWORD = "correct horse: battery";
    private static final String NEXT_PASSWORD = "staple-the-next-one";
    private static final String TOKEN = "b2FrLXRva2VuLW9mLXRoZS1hcGk=";
    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final String FILE = """
            senders:
              - name: alertmanager
                webhooks: [alertmanager, falco]
                clusters: [prod, edge]
                basic: {user: am, password: "correct horse: battery", password-file: next}
              - name: api-server
                webhooks: audit
                cluster: prod
                bearer: {token-file: token}
              - name: shipper
                webhooks: [falco]
                hmac: {key-file: key}
            """;

    @TempDir
    private Path folder;

    private final HttpClient client = GuardedGateway.client();
    private GuardedGateway gateway;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("next"), NEXT_PASSWORD + "\n");
        Files.writeString(folder.resolve("token"), TOKEN + "\n");
        Files.writeString(folder.resolve("key"), KEY + "\r\n");
        gateway = new GuardedGateway(null, Files.writeString(folder.resolve("credentials.yaml"), FILE));
    }

    @AfterEach
    void nothingSecretWasLogged() {
        gateway.close();
        assertThat(gateway.logged())
                .doesNotContain(
                        PASSWORD,
                        NEXT_PASSWORD,
                        TOKEN,
                        KEY,
                        "hunter2",
                        basic("am", PASSWORD).substring(6));
    }

    @Test
    void recordsTheSenderThatProvedItselfAndNotWhatTheEventSays() throws Exception {
        HttpResponse<String> answer = post("/v1/falco?cluster=edge", basic("am", PASSWORD));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(gateway.last().getSender()).isEqualTo("alertmanager");
        assertThat(gateway.last().getEntity().getKey()).isEqualTo("edge/tomcat/tomcat-0");
        assertThat(gateway.scrape())
                .contains("kordon_gateway_open 0.0")
                .contains(
                        "kordon_gateway_authenticated_total{proof=\"basic\",secret=\"1\",sender=\"alertmanager\"} 1.0");
    }

    @Test
    void takesEachOfSeveralValidSecretsAndCountsWhichOne() throws Exception {
        assertThat(post("/v1/falco?cluster=edge", basic("am", NEXT_PASSWORD)).statusCode())
                .isEqualTo(200);
        assertThat(gateway.scrape())
                .contains(
                        "kordon_gateway_authenticated_total{proof=\"basic\",secret=\"2\",sender=\"alertmanager\"} 1.0");
    }

    @Test
    void takesABearerTokenForItsWebhookAndClusterOnly() throws Exception {
        assertThat(post("/v1/falco", "Bearer " + TOKEN))
                .as("another sender's webhook")
                .returns(403, HttpResponse::statusCode)
                .satisfies(answer -> assertThat(answer.body()).contains("sender.webhook"))
                .satisfies(answer -> assertThat(answer.headers().map()).doesNotContainKey("www-authenticate"));
        assertThat(post("/v1/audit?cluster=edge", "Bearer " + TOKEN))
                .as("another cluster")
                .returns(403, HttpResponse::statusCode)
                .satisfies(answer -> assertThat(answer.body()).contains("sender.cluster"));
        assertThat(post("/v1/audit?cluster=prod", "bearer  " + TOKEN).statusCode())
                .as("it gets through to the decoder, which knows this is no audit event")
                .isEqualTo(400);
        assertThat(log("kordon.rejected")).isEqualTo(1);
        assertThat(gateway.scrape())
                .contains("kordon_gateway_refused_total{code=\"sender.webhook\",path=\"/v1/falco\"} 1.0")
                .contains("kordon_gateway_refused_total{code=\"sender.cluster\",path=\"/v1/audit\"} 1.0");
        assertThat(gateway.logged()).contains("403 sender.webhook to 127.0.0.1", "on /v1/falco as api-server");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/falco, 400, cluster.missing",
        "/v1/falco?cluster=other, 403, sender.cluster",
        "/v1/falco?cluster=a/b, 400, cluster.invalid"
    })
    void bindsTheClusterThatTheAddressNamesToTheSender(String path, int status, String code) throws Exception {
        HttpResponse<String> answer = post(path, basic("am", PASSWORD));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(code);
        assertThat(gateway.log.records).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic YW06aHVudGVyMg==",
                "Basic bm9ib2R5OmNvcnJlY3QgaG9yc2U6IGJhdHRlcnk=",
                "Basic YW0=",
                "Basic",
                "Bearer hunter2",
                "Bearer",
                "Bearer b2FrLXRva2VuLW9mLXRoZS1hcGk"
            })
    void doesNotTellWhetherTheNameOrTheSecretWasWrong(String header) throws Exception {
        HttpResponse<String> answer = post("/v1/falco?cluster=edge", header);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body())
                .isEqualTo("{\"code\":\"credentials.wrong\",\"reason\":\"the credentials are not those of a sender\"}");
        assertThat(answer.headers().allValues("www-authenticate"))
                .containsExactly(
                        "Basic realm=\"kordon\", charset=\"UTF-8\"",
                        "Bearer realm=\"kordon\"",
                        "Kordon-HMAC-SHA256 realm=\"kordon\"");
        assertThat(gateway.log.records).isEmpty();
        assertThat(gateway.scrape()).contains("{code=\"credentials.wrong\",path=\"/v1/falco\"} 1.0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Digest username=\"hunter2\"",
                "Basic %%%hunter2",
                "Basic /w==",
                "hunter2",
                "Kordon-HMAC-SHA256 x"
            })
    void refusesWhatItCannotRead(String header) throws Exception {
        HttpResponse<String> answer = post("/v1/falco", header);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("credentials.malformed").doesNotContain("hunter2");
    }

    @Test
    void refusesTwoHeadersThoughOneIsRight() throws Exception {
        HttpResponse<String> answer = gateway.post(
                client,
                "/v1/falco?cluster=edge",
                "Authorization",
                basic("am", PASSWORD),
                "Authorization",
                "Bearer " + TOKEN);

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void refusesWhoShowsNothingBeforeTheBodyIsRead() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("POST /v1/falco HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] head = socket.getInputStream().readNBytes(12);
            assertThat(head).asString().isEqualTo("HTTP/1.1 401");
        }
        assertThat(gateway.scrape())
                .contains("{code=\"credentials.missing\",path=\"/v1/falco\"} 1.0")
                .contains("kordon_gateway_buffered_bytes 0.0");
    }

    @Test
    void doesNotInflateForStrangers() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            gzip.write(new byte[8 * 1024 * 1024]);
        }
        HttpResponse<String> answer = client.send(
                gateway.request("/v1/falco")
                        .header("Content-Encoding", "gzip")
                        .header("Authorization", "Bearer hunter2-hunter2-hunter2")
                        .POST(BodyPublishers.ofByteArray(bomb.toByteArray()))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void boundsHeaders() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("POST /v1/falco HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + "h".repeat(17_000))
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 431");
        }
        await().untilAsserted(() -> assertThat(gateway.scrape())
                .contains("kordon_gateway_handshakes_failed_total{reason=\"malformed-http\"} 1.0"));
        assertThat(post("/v1/falco?cluster=edge", basic("am", PASSWORD)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void countsEveryRefusalOfAStrangerAndLogsSome() throws Exception {
        for (int i = 0; i < Strangers.MOST + 5; i++) {
            assertThat(post("/v1/falco", "Bearer guess").statusCode()).isEqualTo(401);
        }

        assertThat(gateway.scrape()).contains("path=\"/v1/falco\"} " + (Strangers.MOST + 5) + ".0");
        assertThat(gateway.logged().lines().filter(line -> line.contains("credentials.wrong")))
                .hasSize(Strangers.MOST);
        assertThat(gateway.logged()).containsOnlyOnce("the others are counted, not logged");
    }

    @Test
    void keepsItsOwnPagesOpenAndSilent() throws Exception {
        assertThat(client.send(gateway.request("/livez").GET().build(), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> ready =
                client.send(gateway.request("/readyz").GET().build(), BodyHandlers.ofString());
        assertThat(ready.body()).doesNotContain("reason", "alertmanager");
    }

    @Test
    void takesASignedBody() throws Exception {
        assertThat(signed("/v1/falco", KEY, sign()).statusCode()).isEqualTo(200);
        assertThat(gateway.last().getSender()).isEqualTo("shipper");
        assertThat(gateway.last().getEntity().getKey())
                .as("it names no cluster, so it speaks for the gateway's own")
                .isEqualTo("demo/tomcat/tomcat-0");
        assertThat(gateway.scrape()).contains("proof=\"hmac\",secret=\"1\",sender=\"shipper\"} 1.0");
    }

    @Test
    void refusesASignatureOfAnotherBodyAddressTimeNonceNameOrKey() throws Exception {
        Signed good = sign();
        String header = good.header("shipper", mac(KEY, good.text("/v1/falco", GuardedGateway.EVENT)));
        assertThat(send("/v1/falco", header, GuardedGateway.EVENT + " ").statusCode())
                .isEqualTo(401);
        assertThat(send("/v1/falco?cluster=demo", header, GuardedGateway.EVENT).statusCode())
                .isEqualTo(401);
        assertThat(send(
                                "/v1/falco",
                                header.replace("time=" + good.time, "time=" + (good.time - 1)),
                                GuardedGateway.EVENT)
                        .statusCode())
                .isEqualTo(401);
        assertThat(send("/v1/falco", header.replace(good.nonce, good.nonce + "x"), GuardedGateway.EVENT)
                        .statusCode())
                .isEqualTo(401);
        assertThat(send("/v1/falco", header.replace("shipper", "nobody"), GuardedGateway.EVENT))
                .returns(401, HttpResponse::statusCode)
                .satisfies(answer -> assertThat(answer.body()).contains("credentials.wrong"));
        assertThat(send("/v1/falco", header.replace("shipper", "api-server"), GuardedGateway.EVENT)
                        .statusCode())
                .isEqualTo(401);
        assertThat(signed("/v1/falco", "f".repeat(32), sign()).statusCode()).isEqualTo(401);
        assertThat(gateway.log.records).isEmpty();

        assertThat(send("/v1/falco", header, GuardedGateway.EVENT).statusCode())
                .as("none of that spent the nonce")
                .isEqualTo(200);
    }

    @Test
    void refusesASignatureThatItHasSeen() throws Exception {
        Signed once = sign();
        assertThat(signed("/v1/falco", KEY, once).statusCode()).isEqualTo(200);

        HttpResponse<String> again = signed("/v1/falco", KEY, once);

        assertThat(again.statusCode()).isEqualTo(401);
        assertThat(again.body()).contains("signature.replayed");
        assertThat(gateway.log.of("kordon.events.falco")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"-301, 401", "-298, 200", "298, 200", "302, 401"})
    void allowsClocksToDifferByTheWindow(int seconds, int status) throws Exception {
        Signed skewed = new Signed(
                Instant.now().getEpochSecond() + seconds, UUID.randomUUID().toString());

        HttpResponse<String> answer = signed("/v1/falco", KEY, skewed);

        assertThat(answer.statusCode()).isEqualTo(status);
        if (status == 401) {
            assertThat(answer.body()).contains("signature.stale", "300 s");
        }
    }

    @Test
    void refusesASignatureThatWasKeptUntilItsNonceIsForgotten() throws Exception {
        Signed kept = sign();
        assertThat(signed("/v1/falco", KEY, kept).statusCode()).isEqualTo(200);
        gateway.clock.ahead = Duration.ofMinutes(6);

        assertThat(signed("/v1/falco", KEY, kept).body()).contains("signature.stale");
    }

    @Test
    void refusesASignatureWhoseNonceIsForgottenWhileItsBodyTrickles() throws Exception {
        Signed once = sign();
        assertThat(signed("/v1/falco", KEY, once).statusCode()).isEqualTo(200);
        String body = GuardedGateway.EVENT;
        gateway.clock.ahead = Duration.ofSeconds(298);
        try (Socket replay = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            replay.setSoTimeout(10_000);
            write(
                    replay,
                    "POST /v1/falco HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: " + body.length()
                            + "\r\nAuthorization: " + once.header("shipper", mac(KEY, once.text("/v1/falco", body)))
                            + "\r\n\r\n");
            assertThat(replay.getInputStream().readNBytes(25)).asString().isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            gateway.clock.ahead = Duration.ofSeconds(303);
            write(replay, body);
            assertThat(replay.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 401");
        }
        assertThat(gateway.log.of("kordon.events.falco")).hasSize(1);
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void doesNotSayWhatASignerMayUntilTheSignatureIsProven() throws Exception {
        assertThat(signed("/v1/audit", "f".repeat(32), sign()).statusCode()).isEqualTo(401);
        assertThat(signed("/v1/audit", KEY, sign()).statusCode()).isEqualTo(403);
    }

    @Test
    void keepsRoomForProvenSendersWhileStrangersFillWhatTheyMay() throws Exception {
        gateway.close();
        int mebibyte = 1024 * 1024;
        gateway = new GuardedGateway(null, folder.resolve("credentials.yaml"), 4L * mebibyte);
        String padding = " ".repeat(mebibyte - 100);
        try (Socket first = stranger(padding);
                Socket second = stranger(padding)) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            await().untilAsserted(() ->
                    assertThat(gateway.scrape()).contains("{code=\"busy.memory\",path=\"/v1/falco\"} 1.0"));
            assertThat(post("/v1/falco?cluster=edge", basic("am", PASSWORD)).statusCode())
                    .isEqualTo(200);
        }
        await().untilAsserted(() -> assertThat(gateway.scrape()).contains("kordon_gateway_buffered_bytes 0.0"));
    }

    @Test
    void followsTheFilesWhileItRuns() throws Exception {
        Files.writeString(folder.resolve("next"), "another-password\n");
        Files.writeString(folder.resolve("token"), "a-token-that-is-new-1234\n");
        await().untilAsserted(() -> assertThat(post("/v1/falco?cluster=edge", basic("am", "another-password"))
                        .statusCode())
                .isEqualTo(200));
        assertThat(post("/v1/falco?cluster=edge", basic("am", NEXT_PASSWORD)).statusCode())
                .isEqualTo(401);
        assertThat(post("/v1/audit", "Bearer " + TOKEN).statusCode()).isEqualTo(401);
        assertThat(post("/v1/audit", "Bearer a-token-that-is-new-1234").statusCode())
                .isEqualTo(400);
        assertThat(gateway.scrape())
                .contains("kordon_gateway_reloads_total{files=\"credentials\",outcome=\"adopted\"}");
    }

    @Test
    void keepsTheOldWhileTheNewMakesNoSense() throws Exception {
        Files.writeString(
                folder.resolve("credentials.yaml"),
                FILE.replace("\"correct horse: battery\"", "short").replace("name: shipper", "nmae: hunter2"));
        await().untilAsserted(() -> assertThat(gateway.scrape())
                .contains("kordon_gateway_reloads_total{files=\"credentials\",outcome=\"refused\"} 1.0")
                .contains("kordon_gateway_files_refused{files=\"credentials\"} 1.0"));
        assertThat(post("/v1/falco?cluster=edge", basic("am", PASSWORD)).statusCode())
                .isEqualTo(200);
        assertThat(gateway.logged())
                .contains("credentials.yaml:5:12: each password must have 8 to 4096 bytes")
                .contains("credentials.yaml:10:5: name is missing");

        Files.writeString(folder.resolve("credentials.yaml"), FILE.replace("name: shipper", "name: carrier"));
        await().untilAsserted(() ->
                assertThat(gateway.scrape()).contains("kordon_gateway_files_refused{files=\"credentials\"} 0.0"));
        assertThat(signed("/v1/falco", KEY, sign()).statusCode()).isEqualTo(401);
    }

    @Test
    void letsAnybodyInWithoutTheFileAndSaysSo() throws Exception {
        gateway.close();
        gateway = new GuardedGateway(null, null);

        assertThat(gateway.post(client, "/v1/falco").statusCode()).isEqualTo(200);
        assertThat(gateway.last().getSender()).isEqualTo("anonymous");
        assertThat(gateway.scrape()).contains("kordon_gateway_open 1.0");
        assertThat(gateway.logged()).contains("WARN Anybody who reaches this gateway may post");
    }

    private Socket stranger(String padding) throws IOException {
        Signed claim = sign();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
        socket.getOutputStream()
                .write(("POST /v1/falco HTTP/1.1\r\nHost: x\r\nContent-Length: " + (padding.length() + 1)
                                + "\r\nAuthorization: " + claim.header("hunter2", "0".repeat(64)) + "\r\n\r\n"
                                + padding)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private record Signed(long time, String nonce) {
        String text(String target, String body) {
            return "kordon-hmac-sha256\n" + time + "\n" + nonce + "\n" + target + "\n" + body;
        }

        String header(String sender, String signature) {
            return "Kordon-HMAC-SHA256 sender=" + sender + ",time=" + time + ",nonce=" + nonce + ",signature="
                    + signature;
        }
    }

    private static Signed sign() {
        return new Signed(Instant.now().getEpochSecond(), UUID.randomUUID().toString());
    }

    private HttpResponse<String> signed(String path, String key, Signed signed) throws Exception {
        String signature = mac(key, signed.text(path, GuardedGateway.EVENT));
        return send(path, signed.header("shipper", signature), GuardedGateway.EVENT);
    }

    private HttpResponse<String> send(String path, String authorization, String body) throws Exception {
        return client.send(
                gateway.request(path)
                        .header("Authorization", authorization)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String authorization) throws Exception {
        return gateway.post(client, path, "Authorization", authorization);
    }

    private long log(String topic) {
        return gateway.log.of(topic).size();
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static String mac(String key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }
}
