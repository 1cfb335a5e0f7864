package io.kordon.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kordon.avro.AuditEvent;
import io.kordon.avro.FalcoEvent;
import io.kordon.avro.PrometheusEvent;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway's answers, over real HTTP. */
class GatewayTest {
    private static final String GOOD =
            "{\"rule\":\"r\",\"hostname\":\"worker-1\",\"time\":\"2026-11-24T12:00:00Z\",\"output_fields\":"
                    + "{\"k8s.ns.name\":\"tomcat\",\"k8s.pod.name\":\"tomcat-0\",\"big\":9223372036854775807}}";
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:01Z");
    private static final GatewayConfig CONFIG = new GatewayConfig(
            "127.0.0.1",
            0,
            "demo",
            16L * 1024 * 1024,
            1024 * 1024,
            64L * 1024 * 1024,
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            100,
            4,
            100,
            Duration.ofSeconds(5));

    private final Topics topics = new Topics();
    private final MemoryLog log = new MemoryLog();
    private final AvroSerdes serdes = AvroSerdes.registry("mock://" + UUID.randomUUID());
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private Gateway gateway;

    @BeforeEach
    void start() {
        gateway = Gateway.start(
                CONFIG,
                GatewaySecurity.NONE,
                topics,
                () -> log,
                serdes.serializer(),
                metrics,
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void acknowledgesAnEventThatItHasLogged() throws Exception {
        HttpResponse<String> answer = post("/v1/falco", GOOD);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"accepted\":1,\"rejected\":0,\"ignored\":0,\"errors\":[]}");
        ProducerRecord<byte[], byte[]> record = log.records.get(0);
        assertThat(record.topic()).isEqualTo("kordon.events.falco");
        assertThat(record.key()).asString().isEqualTo("demo/tomcat/tomcat-0");
        assertThat(record.timestamp()).isEqualTo(NOW.toEpochMilli());
        FalcoEvent event = read(FalcoEvent.class, record);
        assertThat(event.getOriginal()).isEqualTo(GOOD);
        assertThat(event.getOutputFields()).containsEntry("big", Long.MAX_VALUE);
        assertThat(event.getReceivedAt()).isEqualTo(NOW);
        assertThat(event.getSender()).isEqualTo("anonymous");
    }

    @Test
    void takesANotificationAsAlertmanagerSendsIt() throws Exception {
        HttpResponse<String> answer = post("/v1/alertmanager", resource("alertmanager/alertmanager-002.json"));

        assertThat(answer.statusCode()).isEqualTo(200);
        PrometheusEvent event =
                read(PrometheusEvent.class, log.of("kordon.events.prometheus").get(0));
        assertThat(event.getValue()).isEqualTo(2658500608.0);
        assertThat(event.getEntity().getKey()).isEqualTo("demo/tomcat/tomcat-depl-89bb8c5c7-lspcw");
    }

    @Test
    void takesAnAuditEventListAndTheClusterThatTheAddressNames() throws Exception {
        HttpResponse<String> answer = post(
                "/v1/audit?cluster=prod-eu-1",
                "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"metadata\":{},\"items\":[{\"auditID\":"
                        + "\"a\",\"stage\":\"ResponseComplete\",\"verb\":\"get\",\"user\":{\"username\":\"jane\"}}]}");

        assertThat(answer.statusCode()).isEqualTo(200);
        AuditEvent event = read(AuditEvent.class, log.of("kordon.events.audit").get(0));
        assertThat(event.getId()).isEqualTo("a/ResponseComplete");
        assertThat(event.getEntity().getKey()).isEqualTo("prod-eu-1/user/jane");
    }

    @Test
    void keepsTheGoodItemsOfAMixedBatchAndCountsBoth() throws Exception {
        HttpResponse<String> answer = post("/v1/falco", "[" + GOOD + ",{\"rule\":\"r\"}," + GOOD + "]");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .startsWith("{\"accepted\":2,\"rejected\":1,")
                .contains("\"errors\":[{\"item\":1,\"code\":\"field.missing\",\"field\":\"time\"");
        assertThat(log.of("kordon.events.falco")).hasSize(2);
        ProducerRecord<byte[], byte[]> rejected = log.of("kordon.rejected").get(0);
        assertThat(rejected.value()).asString().isEqualTo("{\"rule\":\"r\"}");
        assertThat(MemoryLog.header(rejected, "component")).isEqualTo("gateway");
        assertThat(MemoryLog.header(rejected, "code")).isEqualTo("field.missing");
        assertThat(MemoryLog.header(rejected, "path")).isEqualTo("/v1/falco");
        assertThat(MemoryLog.header(rejected, "item")).isEqualTo("1");
        assertThat(scrape())
                .contains("kordon_gateway_accepted_total{source=\"falco\"} 2.0")
                .contains("kordon_gateway_rejected_total{code=\"field.missing\",source=\"falco\"} 1.0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/v1/falco | {\"rule\": | json.syntax",
                "/v1/falco | {\"rule\":\"r\"} | \"field\":\"time\"",
                "/v1/alertmanager | {\"version\":\"3\",\"alerts\":[]} | \"field\":\"version\"",
                "/v1/alertmanager | {\"version\":\"4\"} | \"field\":\"alerts\"",
                "/v1/alertmanager | 7 | json.type",
                "/v1/audit | {\"kind\":\"Pod\",\"apiVersion\":\"v1\"} | \"field\":\"kind\"",
                "/v1/audit | not json | json.syntax"
            })
    void refusesWhatIsNotTheFormatAndKeepsItsBytes(String path, String body, String named) throws Exception {
        HttpResponse<String> answer = post(path, body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(answer.body()).contains(named).contains("\"reason\":").contains("\"accepted\":0,\"rejected\":1");
        assertThat(log.of("kordon.rejected").get(0).value()).asString().isEqualTo(body);
        assertTakesTheNext();
    }

    @Test
    void refusesAnEmptyBody() throws Exception {
        assertThat(post("/v1/falco", "").statusCode()).isEqualTo(400);
        assertThat(post("/v1/falco", " \n").statusCode()).isEqualTo(400);
        assertThat(log.records).isEmpty();
        assertThat(scrape()).contains("kordon_gateway_refused_total{code=\"body.empty\",path=\"/v1/falco\"} 2.0");
        assertTakesTheNext();
    }

    @Test
    void rejectsDeepNestingAndBytesThatAreNotUtf8() throws Exception {
        String deep = "{\"rule\":\"r\",\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        assertThat(post("/v1/falco", deep).body()).contains("json.limit");
        assertThat(post("/v1/alertmanager", deep).statusCode()).isEqualTo(400);
        assertThat(post("/v1/audit", deep).statusCode()).isEqualTo(400);
        byte[] latin = GOOD.replace("worker-1", "wörker").getBytes(StandardCharsets.ISO_8859_1);
        HttpResponse<String> answer = send(request("/v1/falco").POST(BodyPublishers.ofByteArray(latin)));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("utf8.invalid");
        assertTakesTheNext();
    }

    @Test
    void refusesSeventeenMebibytesAnnouncedOrNot() throws Exception {
        byte[] large = new byte[17 * 1024 * 1024];
        assertThat(send(request("/v1/falco").POST(BodyPublishers.ofByteArray(large)))
                        .statusCode())
                .isEqualTo(413);
        HttpResponse<String> chunked =
                send(request("/v1/falco").POST(BodyPublishers.ofByteArrays(List.of(large, large))));
        assertThat(chunked.statusCode()).isEqualTo(413);
        assertThat(chunked.body()).contains("body.too-large");
        assertThat(log.records).isEmpty();
        assertTakesTheNext();
    }

    @Test
    void inflatesGzipAndCutsOffBombs() throws Exception {
        assertThat(send(gzip("/v1/falco", GOOD.getBytes(StandardCharsets.UTF_8)))
                        .statusCode())
                .isEqualTo(200);
        byte[] bomb = gzip(new byte[64 * 1024 * 1024]);
        HttpResponse<String> answer =
                send(request("/v1/audit").header("Content-Encoding", "gzip").POST(BodyPublishers.ofByteArray(bomb)));
        assertThat(answer.statusCode()).isEqualTo(413);
        HttpResponse<String> corrupt =
                send(request("/v1/falco").header("Content-Encoding", "gzip").POST(BodyPublishers.ofString(GOOD)));
        assertThat(corrupt.statusCode()).isEqualTo(400);
        assertThat(corrupt.body()).contains("gzip.corrupt");
        await().untilAsserted(() -> assertThat(scrape()).contains("kordon_gateway_buffered_bytes 0.0"));
        assertTakesTheNext();
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain, identity, 415",
        "application/xml, identity, 415",
        "application/json; charset=utf-8, identity, 200",
        "application/x-ndjson, identity, 200",
        "application/jsonl, identity, 200",
        "application/json, br, 415"
    })
    void takesJsonOnly(String type, String encoding, int status) throws Exception {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(uri("/v1/falco"))
                .header("Content-Type", type)
                .header("Content-Encoding", encoding)
                .POST(BodyPublishers.ofString(GOOD)));
        assertThat(answer.statusCode()).isEqualTo(status);
    }

    @Test
    void takesABodyWithoutAType() throws Exception {
        HttpRequest.Builder untyped = HttpRequest.newBuilder(uri("/v1/falco")).POST(BodyPublishers.ofString(GOOD));
        assertThat(send(untyped).statusCode()).isEqualTo(200);
    }

    @Test
    void knowsItsPathsAndTheirMethods() throws Exception {
        assertThat(post("/v1/nothing", GOOD).statusCode()).isEqualTo(404);
        assertThat(post("/v1/falco/", GOOD).statusCode()).isEqualTo(404);
        HttpResponse<String> get = send(request("/v1/falco").GET());
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.headers().firstValue("allow")).contains("POST");
        HttpResponse<String> put = send(request("/livez").PUT(BodyPublishers.ofString(GOOD)));
        assertThat(put.statusCode()).isEqualTo(405);
        assertThat(put.headers().firstValue("allow")).contains("GET");
        assertThat(send(request("/metrics").GET()).statusCode())
                .as("meters are on the operations port")
                .isEqualTo(404);
        assertThat(post("/v1/falco?cluster=a/b", GOOD).statusCode()).isEqualTo(400);
        assertTakesTheNext();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"cluster=%zz", "%zz", "cluster=%", "cluster=%C3%28", "cluster=demo&cluster=edge", "cluster="})
    void answersAQueryThatCannotBeRead(String query) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("POST /v1/falco?" + query + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 400");
        }
        assertThat(scrape()).contains("kordon_gateway_refused_total{code=\"cluster.invalid\",path=\"/v1/falco\"} 1.0");
        assertTakesTheNext();
    }

    @Test
    void asksToRetryWhileKafkaIsAwayAndRecovers() throws Exception {
        await().untilAsserted(() ->
                assertThat(send(request("/readyz").GET()).statusCode()).isEqualTo(200));
        log.away = true;
        HttpResponse<String> answer = post("/v1/alertmanager", resource("alertmanager/alertmanager-001.json"));
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("retry-after")).contains("5");
        assertThat(answer.body()).contains("kafka.unavailable");
        await().untilAsserted(() -> {
            HttpResponse<String> ready = send(request("/readyz").GET());
            assertThat(ready.body())
                    .as("names what is missing, and no more: anybody may ask")
                    .isEqualTo(
                            "{\"ready\":true,\"components\":{\"kafka\":{\"ready\":false},\"registry\":{\"ready\":true}}}");
            assertThat(ready.statusCode())
                    .as("a blip takes nobody out of its Service")
                    .isEqualTo(200);
            assertThat(scrape()).contains("kordon_gateway_ready{component=\"kafka\"} 0.0");
        });
        assertThat(send(request("/livez").GET()).statusCode()).isEqualTo(200);
        log.away = false;
        assertTakesTheNext();
        await().untilAsserted(() ->
                assertThat(send(request("/readyz").GET()).statusCode()).isEqualTo(200));
    }

    @Test
    void asksSendersToComeByAnotherConnectionBeforeItStops() throws Exception {
        assertThat(post("/v1/falco", GOOD).headers().firstValue("connection")).isEmpty();

        gateway.leaving();

        HttpResponse<String> answer = post("/v1/falco", GOOD);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("connection")).contains("close");
    }

    @Test
    void answersOnlyAfterTheAcknowledgementAndGivesUpInTime() throws Exception {
        CompletableFuture<Void> acknowledgement = new CompletableFuture<>();
        log.held = acknowledgement;
        CompletableFuture<HttpResponse<String>> answer = client.sendAsync(
                request("/v1/falco").POST(BodyPublishers.ofString(GOOD)).build(), BodyHandlers.ofString());
        await().until(() -> log.records.size() == 1);
        assertThat(answer).isNotDone();
        acknowledgement.complete(null);
        assertThat(answer.get().statusCode()).isEqualTo(200);

        log.held = new CompletableFuture<>();
        HttpResponse<String> late = post("/v1/falco", GOOD);
        assertThat(late.statusCode()).isEqualTo(503);
        assertThat(late.body()).contains("kafka.timeout");
        log.held = null;
        assertTakesTheNext();
    }

    @Test
    void countsABodyAsHeldWhileItWaitsForAWorkerThoughItsSenderHasBeenAnswered() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        log.blocked = free;
        int requests = CONFIG.workers() + 3;
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            answers.add(client.sendAsync(
                    request("/v1/falco").POST(BodyPublishers.ofString(GOOD)).build(), BodyHandlers.ofString()));
        }
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(answer.get().statusCode()).isEqualTo(503);
        }
        assertThat(scrape()).contains("kordon_gateway_buffered_bytes " + (double) requests * GOOD.length());

        log.blocked = null;
        free.countDown();
        await().untilAsserted(() -> assertThat(scrape()).contains("kordon_gateway_buffered_bytes 0.0"));
        assertThat(log.records).as("nobody waits for the others any more").hasSize(CONFIG.workers());
        assertTakesTheNext();
    }

    @Test
    void exposesTheDropsThatFalcoReports() throws Exception {
        HttpResponse<String> answer = post(
                "/v1/falco", "{\"source\":\"internal\",\"hostname\":\"n1\",\"output_fields\":{\"scap.n_drops\":7}}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"ignored\":1");
        assertThat(log.records).isEmpty();
        assertThat(scrape()).contains("kordon_gateway_falco_drops{counter=\"scap.n_drops\",hostname=\"n1\"} 7.0");
    }

    @Test
    void keepsOfAFalcosHostnameNoMoreThanItsLabelHolds() throws Exception {
        for (int i = 1; i <= 2; i++) {
            post(
                    "/v1/falco",
                    "{\"source\":\"internal\",\"hostname\":\"" + "h".repeat(300) + i
                            + "\",\"output_fields\":{\"scap.n_drops\":" + i + "}}");
        }
        assertThat(scrape())
                .contains("kordon_gateway_falco_drops{counter=\"scap.n_drops\",hostname=\"" + "h".repeat(253)
                        + "\"} 2.0");
    }

    @Test
    void rejectsAnEventThatNoRecordCanHold() throws Exception {
        String large = GOOD.replace("\"r\"", "\"" + "r".repeat(1_100_000) + "\"");
        HttpResponse<String> answer = post("/v1/falco", large);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("record.too-large");
        ProducerRecord<byte[], byte[]> rejected = log.of("kordon.rejected").get(0);
        assertThat(rejected.value()).hasSizeLessThan(1024 * 1024);
        assertThat(MemoryLog.header(rejected, "bytes")).isEqualTo(Integer.toString(large.length()));
        assertThat(MemoryLog.header(rejected, "truncated")).isEqualTo(Integer.toString(rejected.value().length));
    }

    @Test
    void givesUpOnABodyThatNeverEnds() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("POST /v1/falco HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(read(socket)).startsWith("HTTP/1.1 408 ");
        }
        assertTakesTheNext();
    }

    @Test
    void givesUpOnAHeadThatTrickles() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.getOutputStream().write("GET /livez HTTP/1.1\r\nHost: x\r\nX: ".getBytes(StandardCharsets.US_ASCII));
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> isLetGo(socket, 'x'));
        }
        await().untilAsserted(() -> assertThat(scrape()).contains("kordon_gateway_connections 0.0"));
    }

    @Test
    void keepsAConnectionThatGoesOnAsking() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.setSoTimeout(10_000);
            long end = System.nanoTime() + CONFIG.idleTimeout().plusSeconds(2).toNanos();
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> {
                        socket.getOutputStream()
                                .write("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                        String answer = "";
                        while (!answer.endsWith("{\"live\":true}")) {
                            int next = socket.getInputStream().read();
                            assertThat(next).as("after " + answer).isNotNegative();
                            answer += (char) next;
                        }
                        return System.nanoTime() > end;
                    });
        }
    }

    /** Sends a byte more, and tells whether the other side has closed. */
    private static boolean isLetGo(Socket socket, int more) throws IOException {
        try {
            socket.getOutputStream().write(more);
            socket.setSoTimeout(1);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    @Test
    void asksForTheBodyOnlyWhenItsHeadIsFine() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(
                            "POST /v1/falco HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            byte[] head = new byte[12];
            assertThat(socket.getInputStream().readNBytes(head, 0, 12)).isEqualTo(12);
            assertThat(head).asString().isEqualTo("HTTP/1.1 413");
        }
        HttpResponse<String> continued =
                send(request("/v1/falco").expectContinue(true).POST(BodyPublishers.ofString(GOOD)));
        assertThat(continued.statusCode()).isEqualTo(200);
    }

    private void assertTakesTheNext() throws Exception {
        int before = log.of("kordon.events.falco").size();
        HttpResponse<String> answer = post("/v1/falco", GOOD);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(log.of("kordon.events.falco")).hasSize(before + 1);
    }

    private <E extends SpecificRecord> E read(Class<E> type, ProducerRecord<byte[], byte[]> record) {
        try (Deserializer<SpecificRecord> deserializer = serdes.deserializer()) {
            return type.cast(deserializer.deserialize(record.topic(), record.value()));
        }
    }

    private static String read(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path).POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
    }

    private String scrape() {
        return metrics.scrape();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).header("Content-Type", "application/json");
    }

    private HttpRequest.Builder gzip(String path, byte[] body) throws IOException {
        return request(path).header("Content-Encoding", "gzip").POST(BodyPublishers.ofByteArray(gzip(body)));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + gateway.port() + path);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = GatewayTest.class.getClassLoader().getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
