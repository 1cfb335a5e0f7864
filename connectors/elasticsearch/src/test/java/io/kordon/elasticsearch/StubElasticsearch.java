package io.kordon.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Enough of Elasticsearch's HTTP API to script what a real one does only when it is in trouble. Bulk requests follow its
 * rules for ids and external versions unless a script answers first.
 */
final class StubElasticsearch implements AutoCloseable {
    /** One item of a bulk request. */
    record Item(
            String operation,
            String index,
            String id,
            @Nullable Long version,
            JsonNode document) {}

    /** An error of one item: status and type. */
    record ItemError(int status, String type) {}

    static {
        // Read once, by the first server; else every answer waits 40 ms for an acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final Map<String, JsonNode> documents = new LinkedHashMap<>();
    private final Map<String, Long> versions = new LinkedHashMap<>();
    private final Set<String> elders = new HashSet<>();
    private final Map<String, Long> old = new LinkedHashMap<>();
    private final List<String> bounds = new ArrayList<>();
    private final List<String> deleted = new ArrayList<>();
    private final Deque<Integer> searchFailures = new ArrayDeque<>();
    private final Deque<Integer> wholeFailures = new ArrayDeque<>();
    private final List<List<Item>> bulks = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private Function<Item, @Nullable ItemError> itemErrors = item -> null;
    private int maxBytes = Integer.MAX_VALUE;
    private HttpServer server;
    private final int port;

    StubElasticsearch() {
        server = listen(0);
        port = server.getAddress().getPort();
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    synchronized Map<String, JsonNode> documents() {
        return new LinkedHashMap<>(documents);
    }

    /** Versions by index and id. */
    synchronized Map<String, Long> versions() {
        return new LinkedHashMap<>(versions);
    }

    /** Ids of each bulk request, refused ones too. */
    synchronized List<List<String>> bulkIds() {
        return bulks.stream()
                .map(items -> items.stream().map(Item::id).toList())
                .toList();
    }

    /** Methods and paths. */
    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    /** The next bulk requests fail as a whole, with these statuses. */
    synchronized void failBulk(Integer... statuses) {
        wholeFailures.addAll(List.of(statuses));
    }

    synchronized void failItems(Function<Item, @Nullable ItemError> errors) {
        itemErrors = errors;
    }

    synchronized void takeAtMost(int bytes) {
        maxBytes = bytes;
    }

    /** A document in an older backing index, which a create in the newest one does not meet. */
    synchronized void holdsOfOld(String index, String id) {
        elders.add(index + "/" + id);
    }

    /** A document that a search by time finds, with its sequence number. */
    synchronized void holdsOutOfTime(String id, long sequenceNumber) {
        old.put(id, sequenceNumber);
    }

    /** What searches by time asked for. */
    synchronized List<String> bounds() {
        return List.copyOf(bounds);
    }

    synchronized List<String> deleted() {
        return List.copyOf(deleted);
    }

    synchronized void failSearch(Integer... statuses) {
        searchFailures.addAll(List.of(statuses));
    }

    void goDown() {
        server.stop(0);
    }

    void comeBack() {
        server = listen(port);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private HttpServer listen(int on) {
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), on), 0);
            http.createContext("/", this::handle);
            http.start();
            return http;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        requests.add(method + " " + path);
        if (path.equals("/_bulk")) {
            bulk(exchange, body);
        } else if (path.endsWith("/_refresh")) {
            answer(exchange, 200, "{\"_shards\":{\"total\":1,\"successful\":1,\"failed\":0}}");
        } else if (path.endsWith("/_search")) {
            search(exchange, path.substring(1, path.lastIndexOf('/')), Json.MAPPER.readTree(body));
        } else if (method.equals("GET")) {
            answer(exchange, 404, "{}");
        } else {
            answer(exchange, 200, "{\"acknowledged\":true}");
        }
    }

    private void search(HttpExchange exchange, String index, JsonNode body) throws IOException {
        Integer failure = searchFailures.poll();
        if (failure != null) {
            fail(exchange, failure);
            return;
        }
        ObjectNode answer = Json.MAPPER.createObjectNode();
        answer.put("took", 1).put("timed_out", false);
        answer.putObject("_shards").put("total", 1).put("successful", 1).put("failed", 0);
        ArrayNode hits = answer.putObject("hits").putArray("hits");
        if (body.at("/query/range").isObject()) {
            bounds.add(body.at("/query/range").toString());
            old.forEach((id, number) -> hits.addObject()
                    .put("_index", index)
                    .put("_id", id)
                    .put("_seq_no", number)
                    .put("_primary_term", 1));
        }
        for (JsonNode id : body.at("/query/ids/values")) {
            if (elders.contains(index + "/" + id.asText())) {
                hits.addObject().put("_index", ".ds-" + index + "-000001").put("_id", id.asText());
            }
        }
        answer(exchange, 200, answer.toString());
    }

    private static void fail(HttpExchange exchange, int status) throws IOException {
        answer(
                exchange,
                status,
                "{\"error\":{\"type\":\"scripted\",\"reason\":\"scripted\"},\"status\":" + status + "}");
    }

    private void bulk(HttpExchange exchange, byte[] body) throws IOException {
        List<Item> items = parse(body);
        bulks.add(items);
        Integer failure = body.length > maxBytes ? Integer.valueOf(413) : wholeFailures.poll();
        if (failure != null) {
            fail(exchange, failure);
            return;
        }
        ObjectNode answer = Json.MAPPER.createObjectNode();
        answer.put("took", 1).put("errors", true);
        ArrayNode answers = answer.putArray("items");
        for (Item item : items) {
            ItemError error = itemErrors.apply(item);
            error = error == null ? store(item) : error;
            ObjectNode one = answers.addObject().putObject(item.operation());
            one.put("_index", item.index())
                    .put("_id", item.id())
                    .put("status", error == null ? item.operation().equals("delete") ? 200 : 201 : error.status());
            if (error != null) {
                one.putObject("error").put("type", error.type()).put("reason", "scripted");
            }
        }
        answer(exchange, 200, answer.toString());
    }

    private @Nullable ItemError store(Item item) {
        if (item.operation().equals("delete")) {
            deleted.add(item.id());
            old.remove(item.id());
            return null;
        }
        String key = item.index() + "/" + item.id();
        boolean stale = item.version() == null
                ? documents.containsKey(key)
                : versions.getOrDefault(key, Long.MIN_VALUE) > item.version();
        if (stale) {
            return new ItemError(409, "version_conflict_engine_exception");
        }
        documents.put(key, item.document());
        if (item.version() != null) {
            versions.put(key, item.version());
        }
        return null;
    }

    private static List<Item> parse(byte[] body) throws IOException {
        List<String> lines = new String(body, StandardCharsets.UTF_8).lines().toList();
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < lines.size(); i += 2) {
            Map.Entry<String, JsonNode> action =
                    Json.MAPPER.readTree(lines.get(i)).properties().iterator().next();
            if (action.getKey().equals("delete")) {
                items.add(new Item(
                        "delete",
                        action.getValue().get("_index").asText(),
                        action.getValue().get("_id").asText(),
                        action.getValue().get("if_seq_no").asLong(),
                        Json.MAPPER.missingNode()));
                i--; // no document follows
                continue;
            }
            JsonNode meta = action.getValue();
            Long version = meta.has("version") ? meta.get("version").asLong() : null;
            items.add(new Item(
                    action.getKey(),
                    meta.get("_index").asText(),
                    meta.get("_id").asText(),
                    version,
                    Json.MAPPER.readTree(lines.get(i + 1))));
        }
        return items;
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("X-Elastic-Product", "Elasticsearch");
        exchange.getResponseHeaders().add("Content-Type", "application/vnd.elasticsearch+json;compatible-with=8");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
        if (!head) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }
}
