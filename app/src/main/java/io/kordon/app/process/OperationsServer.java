package io.kordon.app.process;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** {@code /livez}, {@code /readyz} and {@code /metrics} of a process, on a port of their own. */
public final class OperationsServer implements AutoCloseable {
    private static final int THREADS = 8;

    static {
        // Seconds. Without a bound, a few half-open connections hold every thread, and a kubelet kills the process. The
        // JDK's server reads these once, and has no other way to be told; what the command line says stays.
        for (String limit : List.of("sun.net.httpserver.maxReqTime", "sun.net.httpserver.maxRspTime")) {
            if (System.getProperty(limit) == null) {
                System.setProperty(limit, "5");
            }
        }
    }

    private final HttpServer server;
    private final ExecutorService threads;

    private OperationsServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /** Starts it. {@code port} 0 takes any free one. */
    public static OperationsServer start(
            String host, int port, Supplier<String> problem, PrometheusMeterRegistry metrics) {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(host, port), 64);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "kordon.metrics.port: cannot listen on " + host + ":" + port + ": " + e.getMessage()
                            + ". Processes on one machine need a port each: --set kordon.metrics.port=PORT, 0 for any",
                    e);
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        server.setExecutor(threads);
        server.createContext("/livez", exchange -> answer(exchange, 200, "text/plain", "ok\n"));
        server.createContext("/readyz", exchange -> {
            String missing = problem.get();
            answer(
                    exchange,
                    missing.isEmpty() ? 200 : 503,
                    "text/plain",
                    missing.isEmpty() ? "ready\n" : missing + "\n");
        });
        server.createContext(
                "/metrics",
                exchange -> answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape()));
        server.start();
        return new OperationsServer(server, threads);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
