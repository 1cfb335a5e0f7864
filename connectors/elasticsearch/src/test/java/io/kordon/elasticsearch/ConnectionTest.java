package io.kordon.elasticsearch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.config.ConfigException;
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
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, STORE_PASSWORD.toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, STORE_PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
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
    void namesTheFileThatHoldsNoAuthority() throws IOException {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        for (Path file : List.of(empty, directory.resolve("missing.pem"))) {
            assertThatThrownBy(() -> ask(Map.of(ElasticsearchSinkConfig.CA_FILE, file.toString())))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(ElasticsearchSinkConfig.CA_FILE)
                    .hasMessageContaining(file.toString());
        }
    }

    private String url() {
        return "https://127.0.0.1:" + server.getAddress().getPort();
    }

    private void ask(Map<String, String> extra) throws IOException {
        Map<String, String> properties = new HashMap<>(Map.of(
                ElasticsearchSinkConfig.URLS, url(), ElasticsearchSinkConfig.REGISTRY_URL, "http://registry:8081"));
        properties.putAll(extra);
        try (Connection connection = Connection.open(ElasticsearchSinkConfig.parse(properties))) {
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
