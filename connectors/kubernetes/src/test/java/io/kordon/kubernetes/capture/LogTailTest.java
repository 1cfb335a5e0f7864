package io.kordon.kubernetes.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogTailTest {
    @ParameterizedTest
    @CsvSource({
        "0, 10",
        "1, 10",
        "9, 10",
        "10, 10",
        "11, 10",
        "20, 10",
        "25, 10",
        "200000, 65536",
        "131072, 65536",
        "5, 1"
    })
    void keepsTheLastBytesInTheirOrder(int length, int limit) throws IOException {
        byte[] log = new byte[length];
        new Random(length).nextBytes(log);
        try (LogTail tail = new LogTail(limit)) {
            assertThat(tail.take(new ByteArrayInputStream(log))).isTrue();

            assertThat(tail.seen()).isEqualTo(length);
            assertThat(tail.truncated()).isEqualTo(length > limit);
            try (InputStream content = tail.content()) {
                assertThat(content.readAllBytes())
                        .isEqualTo(Arrays.copyOfRange(log, Math.max(0, length - limit), length));
            }
        }
    }

    @Test
    @Timeout(20)
    void endsALogThatDoesNotEndAtItsTime() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                while (true) {
                    body.write(new byte[1024]);
                }
            }
        });
        server.createContext("/silent", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush(); // and nothing follows
        });
        server.start();
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/")
                .build();
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            assertThat(seen(client, "/endless")).isPositive();
            assertThat(seen(client, "/silent")).isZero();
        } finally {
            server.stop(0);
        }
    }

    private static long seen(KubernetesClient client, String path) throws Exception {
        Deadline deadline = Deadline.in(Duration.ofMillis(700));
        try (LogTail tail = new LogTail(4096);
                InputStream stream = new ApiReader(client).open(path, deadline)) {
            Future<?> alarm = deadline.closing(stream);
            tail.take(stream);
            alarm.cancel(false);
            assertThat(deadline.over()).isTrue();
            return tail.seen();
        }
    }
}
