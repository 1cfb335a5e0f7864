package io.kordon.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.kordon.schemas.tls.ReloadingTls;
import io.kordon.schemas.tls.TestAuthority;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry that asks for a certificate and is asked for its own. */
class RegistryTlsTest {
    @TempDir
    private Path folder;

    private final List<String> clients = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private TestAuthority authority;
    private HttpsServer server;

    @BeforeEach
    void start() throws Exception {
        authority = new TestAuthority(folder, "authority");
        authority.issue("server");
        authority.issue("stranger", "san=dns:elsewhere.example");
        authority.issue("client");
        Files.writeString(folder.resolve("ca.crt"), authority.certificate());
        serve("server");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void showsItsCertificateAndSignsIn() throws Exception {
        Map<String, Object> config = config("schema.registry.ssl.");
        config.put("schema.registry.ssl.keystore.type", "PEM");
        config.put(
                "schema.registry.ssl.keystore.location",
                write("tls.crt", authority.chain("client")) + "," + write("tls.key", authority.key("client")));
        config.put("basic.auth.credentials.source", "USER_INFO");
        config.put("basic.auth.user.info", "kordon:hush");

        new AvroSerdes(config).client().getAllSubjects();

        assertThat(clients).containsOnly("CN=client");
        assertThat(authorizations).containsOnly("Basic a29yZG9uOmh1c2g=");
    }

    @Test
    void refusesTheCertificateOfAnotherHost() throws Exception {
        server.stop(0);
        serve("stranger");

        assertThatThrownBy(() -> new AvroSerdes(config("ssl.")).client().getAllSubjects())
                .hasStackTraceContaining("No subject alternative names matching IP address 127.0.0.1");
    }

    @Test
    void trustsAnAuthorityAsSoonAsItsFileSaysSo() throws Exception {
        TestAuthority other = new TestAuthority(folder, "other");
        write("ca.crt", other.certificate());
        var client = new AvroSerdes(config("ssl.")).client();
        assertThatThrownBy(client::getAllSubjects).hasStackTraceContaining("unable to find valid certification path");

        write("ca.crt", other.certificate() + authority.certificate());
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(() -> client.getAllSubjects().isEmpty());
    }

    private Map<String, Object> config(String prefix) {
        return new HashMap<>(Map.of(
                "schema.registry.url",
                "https://127.0.0.1:" + server.getAddress().getPort(),
                "max.retries",
                "0",
                prefix + "truststore.type",
                "PEM",
                prefix + "truststore.location",
                folder.resolve("ca.crt").toString()));
    }

    private void serve(String name) throws Exception {
        Map<String, Object> tls = Map.of(
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                folder.resolve("ca.crt").toString(),
                "ssl.keystore.type",
                "PEM",
                "ssl.keystore.location",
                write("server.pem", authority.chain(name) + authority.key(name)).toString());
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(new ReloadingTls(tls).context()) {
            @Override
            public void configure(HttpsParameters parameters) {
                parameters.setWantClientAuth(true);
            }
        });
        server.createContext("/", exchange -> {
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            try {
                clients.add(((HttpsExchange) exchange)
                        .getSSLSession()
                        .getPeerPrincipal()
                        .getName());
            } catch (SSLPeerUnverifiedException e) {
                clients.add("nobody");
            }
            byte[] answer = "[]".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    private Path write(String name, String content) throws Exception {
        return Files.writeString(folder.resolve(name), content);
    }
}
