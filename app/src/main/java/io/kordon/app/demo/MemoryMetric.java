package io.kordon.app.demo;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * What a Prometheus scrapes of the example's pod: its memory, above 2 GiB from the start, with the labels that the kubelet's
 * cAdvisor and the usual relabelling give it.
 */
final class MemoryMetric implements AutoCloseable {
    /** 2.476 GiB. */
    static final long BYTES = 2_658_500_608L;

    private final HttpServer server;

    private MemoryMetric(HttpServer server) {
        this.server = server;
    }

    /** Serves {@code /metrics} on all addresses of this machine. {@code port} 0 takes any free one. */
    static MemoryMetric serve(int port, ScenarioPod pod) {
        byte[] text = text(pod).getBytes(StandardCharsets.UTF_8);
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(port), 16);
        } catch (IOException e) {
            throw new IllegalStateException("--memory-port: cannot listen on " + port + ": " + e.getMessage(), e);
        }
        server.createContext("/metrics", exchange -> {
            try (exchange) {
                exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
                exchange.sendResponseHeaders(200, text.length);
                exchange.getResponseBody().write(text);
            }
        });
        server.start();
        return new MemoryMetric(server);
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static String text(ScenarioPod pod) {
        return """
            # HELP container_memory_working_set_bytes Current working set of the container in bytes
            # TYPE container_memory_working_set_bytes gauge
            container_memory_working_set_bytes{container="%s",image="%s",namespace="%s",node="%s",pod="%s"} %d
            """.formatted(pod.container(), escaped(pod.image()), pod.namespace(), pod.node(), pod.name(), BYTES);
    }

    /** The others are names of objects, which the API server lets be letters, digits, dots and dashes only. */
    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
