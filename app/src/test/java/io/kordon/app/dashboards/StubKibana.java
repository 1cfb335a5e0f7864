package io.kordon.app.dashboards;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Kibana's import of saved objects as its documentation has it: multipart with one file, {@code kbn-xsrf} demanded, objects
 * that are there replaced only with {@code overwrite}. Scripted answers come first.
 */
final class StubKibana implements AutoCloseable {
    private static final Pattern PART = Pattern.compile(
            "Content-Disposition: form-data; name=\"file\"; filename=\"[^\"]+\\.ndjson\"\r\n[^\r]+\r\n\r\n(.*)\r\n--",
            Pattern.DOTALL);

    record Answer(int status, String body) {}

    private final HttpServer server;
    private final Deque<Answer> scripted = new ArrayDeque<>();
    private final List<String> requests = new ArrayList<>();
    private final Set<String> objects = new HashSet<>();
    private @Nullable String authorization;

    StubKibana() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The next answers, whatever is asked. */
    synchronized StubKibana answer(int status, String body) {
        scripted.add(new Answer(status, body));
        return this;
    }

    /** Refuses whoever does not say this. */
    synchronized void demand(String header) {
        authorization = header;
    }

    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    /** What is there: its ids. */
    synchronized Set<String> objects() {
        return Set.copyOf(objects);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        Answer answer = scripted.isEmpty() ? answer(exchange, body) : scripted.poll();
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Answer answer(HttpExchange exchange, String body) {
        if (authorization != null
                && !authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return new Answer(401, "{\"statusCode\":401,\"error\":\"Unauthorized\",\"message\":\"Unauthorized\"}");
        }
        if (exchange.getRequestHeaders().getFirst("kbn-xsrf") == null) {
            return new Answer(400, "{\"statusCode\":400,\"message\":\"Request must contain a kbn-xsrf header.\"}");
        }
        if (!exchange.getRequestURI().getPath().matches("(/s/[a-z0-9_-]+)?/api/saved_objects/_import")) {
            return new Answer(404, "{\"statusCode\":404,\"error\":\"Not Found\",\"message\":\"Not Found\"}");
        }
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        Matcher part = PART.matcher(body);
        if (type == null || !type.startsWith("multipart/form-data; boundary=") || !part.find()) {
            return new Answer(400, "{\"statusCode\":400,\"message\":\"[request body.file]: expected a stream\"}");
        }
        List<String> errors = new ArrayList<>();
        boolean overwrite = "overwrite=true".equals(exchange.getRequestURI().getQuery());
        int count = 0;
        Matcher ids = Pattern.compile("(?m)^\\{\"id\":\"([^\"]+)\",\"type\":\"([^\"]+)\"")
                .matcher(part.group(1));
        while (ids.find()) {
            if (!objects.add(ids.group(2) + "/" + ids.group(1)) && !overwrite) {
                errors.add("{\"id\":\"" + ids.group(1) + "\",\"type\":\"" + ids.group(2)
                        + "\",\"error\":{\"type\":\"conflict\"}}");
            } else {
                count++;
            }
        }
        return new Answer(
                200,
                "{\"successCount\":" + count + ",\"success\":" + errors.isEmpty() + ",\"warnings\":[]"
                        + (errors.isEmpty() ? "" : ",\"errors\":[" + String.join(",", errors) + "]") + "}");
    }
}
