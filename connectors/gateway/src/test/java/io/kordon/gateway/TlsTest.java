package io.kordon.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS of the door, and senders that prove themselves by certificate, over real connections. */
class TlsTest {
    private static final String SENDERS = """
            senders:
              - name: node
                webhooks: [falco]
                cluster: prod
                certificate: {subject: "cn=falco, O=Example"}
              - name: sidekick
                webhooks: [falco]
                certificate: {san: ["dns:Sidekick.example", "uri:spiffe://example/sidekick"]}
              - name: shell
                webhooks: [falco]
                basic: {user: shell, password: correct-horse}
            """;
    private static final String BASIC = "Basic c2hlbGw6Y29ycmVjdC1ob3JzZQ==";

    private final Authority authority = new Authority("CN=ours");
    private final Authority clients = new Authority("CN=senders");

    @TempDir
    private Path folder;

    private @Nullable GuardedGateway running;

    @AfterEach
    void stop() {
        if (running != null) {
            running.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void speaksTodaysVersions(String version) throws Exception {
        GuardedGateway gateway = start(TlsFiles.ClientCertificates.REQUEST);
        assertThat(handshake(gateway, version)).isEqualTo(version);
        assertThat(gateway.post(GuardedGateway.client(authority.client()), "/v1/falco", "Authorization", BASIC)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void losesNothingOnPeersThatSpeakNoTlsOrAnOldOne() throws Exception {
        GuardedGateway gateway = start(TlsFiles.ClientCertificates.REQUEST);
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            plain.setSoTimeout(10_000);
            plain.getOutputStream()
                    .write("POST /v1/falco HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(plain.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .as("at most an alert")
                    .doesNotContain("HTTP");
        }
        try (Socket old = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            old.setSoTimeout(10_000);
            old.getOutputStream().write(clientHelloOfTls10());
            assertThat(old.getInputStream().readAllBytes())
                    .as("an alert of protocol_version (70), and the end")
                    .endsWith(2, 70);
        }
        await().untilAsserted(() -> assertThat(gateway.scrape())
                .contains("kordon_gateway_handshakes_failed_total{reason=\"not-tls\"} 1.0")
                .contains("kordon_gateway_handshakes_failed_total{reason=\"protocol\"} 1.0"));
        assertThat(gateway.post(GuardedGateway.client(authority.client()), "/v1/falco", "Authorization", BASIC)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void knowsASenderByTheSubjectOfItsCertificate() throws Exception {
        GuardedGateway gateway = start(TlsFiles.ClientCertificates.REQUIRE);
        HttpClient node = GuardedGateway.client(authority.client(client("CN=Falco,O=Example")));

        assertThat(gateway.post(node, "/v1/falco").statusCode()).isEqualTo(200);
        assertThat(gateway.last().getSender()).isEqualTo("node");
        assertThat(gateway.last().getEntity().getKey()).isEqualTo("prod/tomcat/tomcat-0");
        assertThat(gateway.post(node, "/v1/audit").statusCode()).isEqualTo(403);
        assertThat(gateway.post(node, "/v1/falco?cluster=demo").statusCode()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dns:sidekick.EXAMPLE", "uri:spiffe://example/sidekick"})
    void knowsASenderByAnAlternativeName(String name) throws Exception {
        GuardedGateway gateway = start(TlsFiles.ClientCertificates.REQUEST);
        HttpClient sidekick =
                GuardedGateway.client(authority.client(clients.issue("CN=any", Duration.ofDays(1), "dns:other", name)));

        assertThat(gateway.post(sidekick, "/v1/falco").statusCode()).isEqualTo(200);
        assertThat(gateway.last().getSender()).isEqualTo("sidekick");
    }

    @Test
    void refusesACertificateOfOurAuthorityThatNamesNobody() throws Exception {
        GuardedGateway gateway = start(TlsFiles.ClientCertificates.REQUEST);

        assertThat(gateway.post(GuardedGateway.client(authority.client(client("CN=falco,O=Other"))), "/v1/falco"))
                .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(401))
                .satisfies(answer -> assertThat(answer.body()).contains("credentials.wrong"));
        assertThat(gateway.post(GuardedGateway.client(authority.client()), "/v1/falco"))
                .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(401))
                .satisfies(answer -> assertThat(answer.body()).contains("credentials.missing"));
        assertThat(gateway.post(
                                GuardedGateway.client(authority.client(client("CN=falco,O=Example"))),
                                "/v1/falco",
                                "Authorization",
                                "Bearer of-no-use-at-all")
                        .statusCode())
                .as("what a header claims is not made good by the certificate")
                .isEqualTo(401);
    }

    @Test
    void endsTheConnectionOfAnExpiredOrForeignCertificateAndCountsIt() throws Exception {
        GuardedGateway gateway = start(TlsFiles.ClientCertificates.REQUEST);
        HttpClient expired =
                GuardedGateway.client(authority.client(clients.issue("CN=falco,O=Example", Duration.ofDays(-1))));
        HttpClient foreign = GuardedGateway.client(
                authority.client(new Authority("CN=senders").issue("CN=falco,O=Example", Duration.ofDays(1))));

        assertThatThrownBy(() -> gateway.post(expired, "/v1/falco")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> gateway.post(foreign, "/v1/falco")).isInstanceOf(IOException.class);

        assertThat(gateway.log.records).isEmpty();
        await().untilAsserted(() -> assertThat(gateway.scrape())
                .contains("kordon_gateway_handshakes_failed_total{reason=\"certificate-expired\"} 1.0")
                .contains("kordon_gateway_handshakes_failed_total{reason=\"certificate-untrusted\"} 1.0"));
        assertThat(gateway.logged()).contains("certificate-expired").doesNotContain("falco,O=Example");
    }

    @Test
    void endsTheConnectionOfWhoHasNoCertificateWhereOneIsRequired() throws Exception {
        GuardedGateway gateway = start(TlsFiles.ClientCertificates.REQUIRE);

        assertThatThrownBy(() ->
                        gateway.post(GuardedGateway.client(authority.client()), "/v1/falco", "Authorization", BASIC))
                .isInstanceOf(IOException.class);
        await().untilAsserted(() -> assertThat(gateway.scrape())
                .contains("kordon_gateway_handshakes_failed_total{reason=\"certificate-missing\"} 1.0"));
    }

    @Test
    void refusesOnAnOpenConnectionOnceTheCertificateExpiresOrItsAuthorityIsGone() throws Exception {
        GuardedGateway gateway = start(TlsFiles.ClientCertificates.REQUEST);
        HttpClient node = GuardedGateway.client(authority.client(client("CN=falco,O=Example")));
        assertThat(gateway.post(node, "/v1/falco").statusCode()).isEqualTo(200);

        gateway.clock.ahead = Duration.ofDays(2);
        assertThat(gateway.post(node, "/v1/falco").statusCode()).isEqualTo(401);

        gateway.clock.ahead = Duration.ZERO;
        assertThat(gateway.post(node, "/v1/falco").statusCode()).isEqualTo(200);
        replace("clients.crt", new Authority("CN=successor").pem());
        await().untilAsserted(() ->
                assertThat(gateway.post(node, "/v1/falco").statusCode()).isEqualTo(401));
    }

    @Test
    void changesCertificatesUnderTrafficWithoutLosingARequest() throws Exception {
        GuardedGateway gateway = start(TlsFiles.ClientCertificates.REQUEST);
        SSLContext context = authority.client();
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger sent = new AtomicInteger();
        Queue<String> failed = new ConcurrentLinkedQueue<>();
        ExecutorService senders = Executors.newFixedThreadPool(3);
        for (int i = 0; i < 3; i++) {
            boolean keeps = i == 0;
            HttpClient kept = GuardedGateway.client(context);
            senders.execute(() -> {
                while (!done.get()) {
                    try {
                        HttpClient client = keeps ? kept : GuardedGateway.client(context);
                        int status = gateway.post(client, "/v1/falco", "Authorization", BASIC)
                                .statusCode();
                        if (status != 200) {
                            failed.add("status " + status);
                        }
                        sent.incrementAndGet();
                    } catch (Exception e) {
                        failed.add(e.toString());
                    }
                }
            });
        }
        try {
            for (int round = 0; round < 4; round++) {
                Authority.Identity next = authority.server();
                replace("server.crt", next.certificatePem());
                replace("server.key", next.keyPem());
                await().untilAsserted(() ->
                        assertThat(serial(gateway)).isEqualTo(next.certificate().getSerialNumber()));
                int before = sent.get();
                await().until(() -> sent.get() > before + 10);
            }
        } finally {
            done.set(true);
            senders.shutdown();
            assertThat(senders.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(failed).isEmpty();
        assertThat(gateway.log.of("kordon.events.falco")).hasSize(sent.get());
    }

    @Test
    void keepsTheOldPairUntilTheNewOneIsWhole() throws Exception {
        GuardedGateway gateway = start(TlsFiles.ClientCertificates.REQUEST);
        Object before = serial(gateway);
        Authority.Identity next = authority.server();
        replace("server.crt", next.certificatePem());

        await().untilAsserted(
                        () -> assertThat(gateway.scrape()).contains("kordon_gateway_files_refused{files=\"tls\"} 1.0"));
        assertThat(gateway.logged()).contains("server.key is not the key of the certificate in");
        assertThat(serial(gateway)).isEqualTo(before);

        replace("server.key", next.keyPem());
        await().untilAsserted(() ->
                assertThat(serial(gateway)).isEqualTo(next.certificate().getSerialNumber()));
        assertThat(gateway.scrape())
                .contains("kordon_gateway_files_refused{files=\"tls\"} 0.0")
                .contains("kordon_gateway_reloads_total{files=\"tls\",outcome=\"adopted\"} 1.0");
    }

    @Test
    void keepsTheOldPairWhenTheNewOneHasExpiredOrIsGone() throws Exception {
        GuardedGateway gateway = start(TlsFiles.ClientCertificates.REQUEST);
        Object before = serial(gateway);
        Authority.Identity expired = authority.issue("CN=gateway", Duration.ofDays(-1), "ip:127.0.0.1");
        replace("server.crt", expired.certificatePem());
        replace("server.key", expired.keyPem());
        await().untilAsserted(() -> assertThat(gateway.logged()).contains("server.crt expired on "));
        Files.delete(folder.resolve("server.key"));
        await().untilAsserted(() ->
                assertThat(gateway.logged()).contains("server.key cannot be read: there is no such file"));
        assertThat(serial(gateway)).isEqualTo(before);
    }

    @Test
    void followsTheLinkThatKubernetesSwaps() throws Exception {
        Path first = Files.createDirectory(folder.resolve("..1"));
        Path second = Files.createDirectory(folder.resolve("..2"));
        Authority.Identity one = authority.server();
        Authority.Identity two = authority.server();
        write(first, one);
        write(second, two);
        Files.createSymbolicLink(folder.resolve("..data"), first.getFileName());
        Files.createSymbolicLink(folder.resolve("tls.crt"), Path.of("..data/server.crt"));
        Files.createSymbolicLink(folder.resolve("tls.key"), Path.of("..data/server.key"));
        TlsFiles files = new TlsFiles(
                folder.resolve("tls.crt"), folder.resolve("tls.key"), null, TlsFiles.ClientCertificates.NONE);
        GuardedGateway gateway = new GuardedGateway(files, null);
        running = gateway;
        assertThat(serial(gateway)).isEqualTo(one.certificate().getSerialNumber());

        Files.createSymbolicLink(folder.resolve("..data_tmp"), second.getFileName());
        Files.move(
                folder.resolve("..data_tmp"),
                folder.resolve("..data"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);

        await().untilAsserted(() ->
                assertThat(serial(gateway)).isEqualTo(two.certificate().getSerialNumber()));
    }

    @Test
    void tellsWhenTheCertificateEnds() throws Exception {
        GuardedGateway gateway = start(TlsFiles.ClientCertificates.REQUEST);
        double left = gateway.scrape()
                .lines()
                .filter(line -> line.startsWith("kordon_gateway_tls_certificate_expiry_seconds "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
        assertThat(left)
                .isBetween(
                        Duration.ofDays(29).toSeconds() * 1.0,
                        Duration.ofDays(30).toSeconds() * 1.0);
        assertThat(gateway.scrape()).contains("kordon_gateway_tls_client_ca_expiry_seconds ");
    }

    @Test
    void doesNotStartWithFilesThatMakeNoSense() throws Exception {
        Authority.Identity server = authority.server();
        write(folder, server);
        replace("server.key", authority.server().keyPem());
        TlsFiles files = new TlsFiles(
                folder.resolve("server.crt"), folder.resolve("server.key"), null, TlsFiles.ClientCertificates.NONE);

        assertThatThrownBy(() -> new GuardedGateway(files, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("server.crt");
        replace("server.key", server.certificatePem());
        assertThatThrownBy(() -> new GuardedGateway(files, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("server.key holds no RSA or EC private key in PEM");
        replace("server.crt", "nothing");
        assertThatThrownBy(() -> new GuardedGateway(files, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("server.crt");
    }

    private GuardedGateway start(TlsFiles.ClientCertificates clientCertificates) throws IOException {
        write(folder, authority.server());
        Files.writeString(folder.resolve("clients.crt"), clients.pem());
        TlsFiles files = new TlsFiles(
                folder.resolve("server.crt"),
                folder.resolve("server.key"),
                folder.resolve("clients.crt"),
                clientCertificates);
        GuardedGateway gateway =
                new GuardedGateway(files, Files.writeString(folder.resolve("credentials.yaml"), SENDERS));
        running = gateway;
        return gateway;
    }

    private Authority.Identity client(String subject) {
        return clients.issue(subject, Duration.ofDays(1));
    }

    private static void write(Path to, Authority.Identity identity) throws IOException {
        Files.writeString(to.resolve("server.crt"), identity.certificatePem());
        Files.writeString(to.resolve("server.key"), identity.keyPem());
    }

    private void replace(String file, String content) throws IOException {
        Path next = Files.writeString(folder.resolve(file + ".next"), content);
        Files.move(next, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Serial number of the certificate that a new connection is shown. */
    private Object serial(GuardedGateway gateway) throws Exception {
        try (SSLSocket socket = (SSLSocket)
                authority.client().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }

    private String handshake(GuardedGateway gateway, String version) throws Exception {
        try (SSLSocket socket = (SSLSocket)
                authority.client().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.setEnabledProtocols(new String[] {version});
            socket.startHandshake();
            return socket.getSession().getProtocol();
        }
    }

    /** RFC 2246, 7.4.1.2: version 3.1, a random, no session, one cipher suite, no compression. Java's client no longer can. */
    private static byte[] clientHelloOfTls10() {
        byte[] hello = new byte[5 + 4 + 2 + 32 + 1 + 4 + 2];
        byte[] head = {22, 3, 1, 0, (byte) (hello.length - 5), 1, 0, 0, (byte) (hello.length - 9), 3, 1};
        System.arraycopy(head, 0, hello, 0, head.length);
        byte[] tail = {0, 0, 2, 0, 0x2F, 1, 0};
        System.arraycopy(tail, 0, hello, hello.length - tail.length, tail.length);
        return hello;
    }
}
