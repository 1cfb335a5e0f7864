package io.kordon.elasticsearch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.common.config.ConfigException;
import org.awaitility.Awaitility;
import org.elasticsearch.client.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionTest {
    private static final String STORE_PASSWORD = "only-for-this-test";

    @TempDir
    Path directory;

    private final List<String> authorizations = new ArrayList<>();
    private final List<String> paths = new ArrayList<>();
    private final List<String> clients = new ArrayList<>();
    private KeyStore keys;
    private HttpsServer server;
    private Path authority;

    @BeforeEach
    void start() throws Exception {
        Path store = directory.resolve("server.p12");
        authority = directory.resolve("ca.pem");
        keytool(
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1");
        keytool("-exportcert", "-rfc", "-keystore", store.toString(), "-file", authority.toString());
        keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, STORE_PASSWORD.toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, STORE_PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("client", keys.getCertificate("server"));
        trust.init(trusted);
        context.init(factory.getKeyManagers(), trust.getTrustManagers(), null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                parameters.setWantClientAuth(true);
            }
        });
        server.createContext("/", exchange -> {
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            clients.add(client((HttpsExchange) exchange));
            paths.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void trustsTheAuthorityOfTheConfiguredFile() throws IOException {
        ask(Map.of(ElasticsearchSinkConfig.CA_FILE, authority.toString()));
        assertThat(authorizations).containsExactly("null");
    }

    @Test
    void trustsNoAuthorityOfItsOwn() {
        assertThatThrownBy(() -> ask(Map.of())).isInstanceOf(SSLHandshakeException.class);
        assertThat(authorizations).isEmpty();
    }

    @Test
    void signsInWithUserAndPassword() throws IOException {
        ask(Map.of(
                ElasticsearchSinkConfig.CA_FILE, authority.toString(),
                ElasticsearchSinkConfig.USERNAME, "elastic",
                ElasticsearchSinkConfig.PASSWORD, "pässword"));
        assertThat(authorizations).containsExactly("Basic ZWxhc3RpYzpww6Rzc3dvcmQ=");
    }

    @Test
    void signsInWithAnApiKey() throws IOException {
        ask(Map.of(ElasticsearchSinkConfig.CA_FILE, authority.toString(), ElasticsearchSinkConfig.API_KEY, "aWQ6a2V5"));
        assertThat(authorizations).containsExactly("ApiKey aWQ6a2V5");
    }

    @Test
    void keepsThePathOfAnAddressBehindAProxy() throws IOException {
        Map<String, String> properties = new HashMap<>(Map.of(ElasticsearchSinkConfig.CA_FILE, authority.toString()));
        properties.put(ElasticsearchSinkConfig.URLS, url() + "/search");
        ask(properties);
        assertThat(paths).containsExactly("/search/kordon-incidents");
    }

    @Test
    void trustsAnAuthorityAsSoonAsItsFileSaysSo() throws Exception {
        Path file = directory.resolve("trusted.pem");
        Path other = directory.resolve("other.p12");
        keytool("-genkeypair", "-keystore", other.toString(), "-keyalg", "EC", "-dname", "CN=other");
        keytool("-exportcert", "-rfc", "-keystore", other.toString(), "-file", file.toString());
        try (Connection connection = open(Map.of(ElasticsearchSinkConfig.CA_FILE, file.toString()))) {
            Request request = new Request("GET", "/kordon-incidents");
            assertThatThrownBy(() -> connection.rest().performRequest(request))
                    .isInstanceOf(SSLHandshakeException.class);

            Files.copy(authority, file, StandardCopyOption.REPLACE_EXISTING);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> connection
                                    .rest()
                                    .performRequest(request)
                                    .getStatusLine()
                                    .getStatusCode()
                            == 200);
        }
    }

    @Test
    void showsItsCertificate() throws Exception {
        Base64.Encoder base64 = Base64.getMimeEncoder(64, "\n".getBytes(UTF_8));
        Path key = Files.writeString(
                directory.resolve("tls.key"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + base64.encodeToString(keys.getKey("server", STORE_PASSWORD.toCharArray())
                                .getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        ask(Map.of(
                ElasticsearchSinkConfig.CA_FILE, authority.toString(),
                ElasticsearchSinkConfig.CERTIFICATE_FILE, authority.toString(),
                ElasticsearchSinkConfig.KEY_FILE, key.toString()));
        ask(Map.of(ElasticsearchSinkConfig.CA_FILE, authority.toString()));

        assertThat(clients).containsExactly("CN=127.0.0.1", "nobody");
    }

    @Test
    void demandsACertificateAndItsKeyTogether() {
        assertThatThrownBy(() -> ask(Map.of(ElasticsearchSinkConfig.CERTIFICATE_FILE, authority.toString())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(ElasticsearchSinkConfig.KEY_FILE);
    }

    @Test
    void namesTheFileThatHoldsNoAuthority() throws IOException {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        for (Path file : List.of(empty, directory.resolve("missing.pem"))) {
            assertThatThrownBy(() -> ask(Map.of(ElasticsearchSinkConfig.CA_FILE, file.toString())))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(ElasticsearchSinkConfig.CA_FILE)
                    .hasMessageContaining(file.toString());
        }
    }

    private static String client(HttpsExchange exchange) {
        try {
            return exchange.getSSLSession().getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException e) {
            return "nobody";
        }
    }

    private String url() {
        return "https://127.0.0.1:" + server.getAddress().getPort();
    }

    private Connection open(Map<String, String> extra) {
        Map<String, String> properties = new HashMap<>(Map.of(
                ElasticsearchSinkConfig.URLS, url(), ElasticsearchSinkConfig.REGISTRY_URL, "http://registry:8081"));
        properties.putAll(extra);
        return Connection.open(ElasticsearchSinkConfig.parse(properties));
    }

    private void ask(Map<String, String> extra) throws IOException {
        try (Connection connection = open(extra)) {
            connection.rest().performRequest(new Request("GET", "/kordon-incidents"));
        }
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "server", "-storetype", "PKCS12", "-storepass", STORE_PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
