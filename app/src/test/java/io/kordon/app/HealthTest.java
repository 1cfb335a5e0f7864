package io.kordon.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.kordon.app.config.KordonSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource({"200, ready, 0", "503, Kafka does not answer, 1", "404, what?, 1"})
    void endsWithZeroForAReadyProcessOnly(int status, String answer, int code) throws IOException {
        HttpServer process = process(status, answer + "\n");
        try {
            assertThat(check("", Integer.toString(process.getAddress().getPort())))
                    .isEqualTo(code);
            assertThat(said()).isEqualTo(answer);
        } finally {
            process.stop(0);
        }
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0", "127.0.0.1", "localhost"})
    void asksWhereTheProcessListens(String host) throws IOException {
        HttpServer process = process(200, "ready");
        try {
            assertThat(check(host, Integer.toString(process.getAddress().getPort())))
                    .isZero();
        } finally {
            process.stop(0);
        }
    }

    @Test
    void endsWithOneWhereNobodyListens() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }

        assertThat(check("", Integer.toString(free))).isEqualTo(1);
        assertThat(said()).startsWith("http://127.0.0.1:" + free + "/readyz does not answer: ");
    }

    @Test
    void endsWithOneWhereSomethingElseListens() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread hangsUp = new Thread(() -> {
                try {
                    other.accept().close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            hangsUp.start();

            assertThat(check("", Integer.toString(other.getLocalPort()))).isEqualTo(1);
            hangsUp.join();
        }
        assertThat(said()).isNotEmpty();
    }

    @Test
    void endsWithOneForANumberThatIsNoPort() {
        assertThat(check("", "70000")).isEqualTo(1);
        assertThat(said()).contains("does not answer");
    }

    @Test
    void knowsTheSettingsByWhichTheProcessWasTold() {
        assertThat(KordonSettings.METRICS_HOST.variable()).isEqualTo(Health.HOST);
        assertThat(KordonSettings.METRICS_PORT.variable()).isEqualTo(Health.PORT);
        assertThat(KordonSettings.METRICS_PORT.fallback()).isEqualTo(Integer.toString(Health.DEFAULT_PORT));
        assertThat(KordonSettings.METRICS_HOST.fallback()).isEqualTo("0.0.0.0");
    }

    private static HttpServer process(int status, String answer) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
        server.createContext("/readyz", exchange -> {
            try (exchange) {
                byte[] body = answer.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        return server;
    }

    private int check(String host, String port) {
        return Health.check(
                Map.of(Health.HOST, host, Health.PORT, port), new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8).strip();
    }
}
