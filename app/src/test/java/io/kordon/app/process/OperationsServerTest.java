package io.kordon.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.app.lifecycle.Closers;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OperationsServerTest {
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Test
    void tellsWhatIsNotReady() throws Exception {
        try (OperationsServer server = OperationsServer.start("127.0.0.1", 0, () -> "no broker", metrics)) {
            assertThat(get(server, "/readyz"))
                    .returns(503, HttpResponse::statusCode)
                    .returns("no broker\n", HttpResponse::body);
            assertThat(get(server, "/livez").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void answersThoughOthersHoldConnectionsHalfOpen() throws Exception {
        try (Closers halfOpen = new Closers();
                OperationsServer server = OperationsServer.start("127.0.0.1", 0, () -> "", metrics)) {
            for (int i = 0; i < 10; i++) {
                Socket socket = halfOpen.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
                socket.getOutputStream().write("GET /live".getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(get(server, "/livez").statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> get(OperationsServer server, String path)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(60))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }
}
