package io.kordon.app.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kordon.app.CommandRun;
import io.kordon.app.embedded.EmbeddedStack;
import io.kordon.app.embedded.SharedStack;
import io.kordon.avro.FalcoEvent;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.SchemaRegistration;
import io.kordon.schemas.TopicAdmin;
import io.kordon.schemas.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** `kordon gateway` with a guarded door, as it is run, on a real broker and registry. */
@ExtendWith(SharedStack.class)
class GatewayIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Topics TOPICS = new Topics("gateway-it.", 1);
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String EVENT = "{\"rule\":\"Run shell untrusted\",\"time\":\"2026-11-24T12:00:00Z\","
            + "\"output_fields\":{\"k8s.ns.name\":\"tomcat\",\"k8s.pod.name\":\"tomcat-0\"}}";

    @Test
    void takesEventsOfKnownSendersOverTlsAndTellsTheRestOnAnotherPort(EmbeddedStack stack, @TempDir Path folder)
            throws Exception {
        Map<String, Object> kafka = Map.of("bootstrap.servers", stack.broker().bootstrapServers());
        AvroSerdes serdes = AvroSerdes.registry(stack.registry().url());
        try (Admin admin = Admin.create(kafka)) {
            new TopicAdmin(admin).create(TOPICS, (short) 1);
        }
        SchemaRegistration.with(serdes).register(TOPICS);
        SSLContext trust = certificate(folder);
        Files.writeString(folder.resolve("token"), "b2FrLXRva2VuLW9mLWZhbGNv\n");
        Files.writeString(folder.resolve("credentials.yaml"), """
                senders:
                  - name: falco-prod
                    webhooks: [falco]
                    cluster: prod
                    bearer: {token-file: token}
                """);
        int door = freePort();
        int operations = freePort();
        Thread gateway = new Thread(() -> CommandRun.of(
                "gateway",
                "--kafka",
                stack.broker().bootstrapServers(),
                "--registry",
                stack.registry().url(),
                "--set",
                "kordon.topics.prefix=" + TOPICS.prefix(),
                "--set",
                "kordon.gateway.host=127.0.0.1",
                "--set",
                "kordon.gateway.port=" + door,
                "--set",
                "kordon.gateway.tls.certificate=" + folder.resolve("tls.crt"),
                "--set",
                "kordon.gateway.tls.key=" + folder.resolve("tls.key"),
                "--set",
                "kordon.gateway.credentials=" + folder.resolve("credentials.yaml"),
                "--set",
                "kordon.metrics.host=127.0.0.1",
                "--set",
                "kordon.metrics.port=" + operations));
        gateway.start();
        try {
            HttpClient plain = HttpClient.newHttpClient();
            URI health = URI.create("http://127.0.0.1:" + operations);
            await().atMost(LIMIT)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .untilAsserted(() -> assertThat(get(plain, health.resolve("/readyz")))
                            .returns(200, HttpResponse::statusCode)
                            .returns("ready\n", HttpResponse::body));
            HttpClient sender = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(trust)
                    .build();
            URI https = URI.create("https://127.0.0.1:" + door);

            assertThat(post(sender, https.resolve("/v1/falco"), "Bearer wrong-wrong-wrong"))
                    .isEqualTo(401);
            assertThat(post(sender, https.resolve("/v1/audit"), "Bearer b2FrLXRva2VuLW9mLWZhbGNv"))
                    .isEqualTo(403);
            assertThat(post(sender, https.resolve("/v1/falco"), "Bearer b2FrLXRva2VuLW9mLWZhbGNv"))
                    .isEqualTo(200);

            FalcoEvent event = only(kafka, serdes);
            assertThat(event.getSender()).isEqualTo("falco-prod");
            assertThat(event.getEntity().getKey()).isEqualTo("prod/tomcat/tomcat-0");
            assertThat(get(sender, https.resolve("/readyz")).statusCode()).isEqualTo(200);
            assertThat(get(sender, https.resolve("/metrics")).statusCode()).isEqualTo(404);
            assertThat(get(plain, health.resolve("/metrics")).body())
                    .contains("kordon_gateway_accepted_total{source=\"falco\"} 1.0")
                    .contains("kordon_gateway_refused_total{code=\"credentials.wrong\",path=\"/v1/falco\"} 1.0")
                    .contains("kordon_gateway_open 0.0")
                    .contains("kordon_gateway_tls_certificate_expiry_seconds ")
                    .contains("jvm_memory_used_bytes");
        } finally {
            gateway.interrupt();
            gateway.join(30_000);
        }
        assertThat(gateway.isAlive()).isFalse();
    }

    /** Below what the system gives to outgoing connections, so that no client takes it before the gateway does. */
    private static int freePort() throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // taken: another
            }
        }
        throw new IOException("no free port");
    }

    /** Writes a certificate and its key in PEM, and gives what trusts it. */
    private static SSLContext certificate(Path folder) throws Exception {
        Path store = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "gateway",
                        "-dname",
                        "CN=gateway",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        Certificate certificate = keys.getCertificate("gateway");
        Key key = keys.getKey("gateway", PASSWORD);
        Files.writeString(folder.resolve("tls.crt"), pem("CERTIFICATE", certificate.getEncoded()));
        Files.writeString(folder.resolve("tls.key"), pem("PRIVATE KEY", key.getEncoded()));
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("gateway", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static String pem(String type, byte[] bytes) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + type
                + "-----\n";
    }

    private static int post(HttpClient client, URI address, String authorization) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .header("Authorization", authorization)
                .POST(BodyPublishers.ofString(EVENT))
                .build();
        return client.send(request, BodyHandlers.discarding()).statusCode();
    }

    private static HttpResponse<String> get(HttpClient client, URI address) throws Exception {
        return client.send(
                HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(20)).build(),
                BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private static FalcoEvent only(Map<String, Object> kafka, AvroSerdes serdes) {
        List<FalcoEvent> events = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partition =
                    List.of(new TopicPartition(TOPICS.falcoEvents().name(), 0));
            consumer.assign(partition);
            consumer.seekToBeginning(partition);
            await().atMost(LIMIT).until(() -> {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> events.add(
                                (FalcoEvent) serdes.deserializer().deserialize(record.topic(), record.value())));
                return !events.isEmpty();
            });
        }
        assertThat(events).hasSize(1);
        return events.get(0);
    }
}
