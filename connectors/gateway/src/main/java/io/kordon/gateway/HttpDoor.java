package io.kordon.gateway;

import io.kordon.decoding.Origin;
import io.kordon.decoding.Slice;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** HTTP: paths, methods, headers, limits. Runs on the event loop, where nothing may block. */
final class HttpDoor {
    private static final String JSON = "application/json";
    private static final Set<String> JSON_LINES =
            Set.of("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines");

    private final Vertx vertx;
    private final GatewayConfig config;
    private final Map<String, Webhook> webhooks;
    private final Intake intake;
    private final Readiness readiness;
    private final GatewayMetrics metrics;
    private final MemoryBudget memory;
    private final MemoryBudget unproven;
    private final ExecutorService workers;
    private final Doorkeeper doorkeeper;
    private final Clock clock;
    private final AtomicInteger connections = new AtomicInteger();
    private final Heads heads;
    private final Strangers strangers = new Strangers(System::nanoTime);

    HttpDoor(
            Vertx vertx,
            GatewayConfig config,
            List<Webhook> webhooks,
            Intake intake,
            Readiness readiness,
            GatewayMetrics metrics,
            ExecutorService workers,
            Doorkeeper doorkeeper,
            Clock clock) {
        this.vertx = vertx;
        this.config = config;
        this.webhooks = webhooks.stream().collect(Collectors.toUnmodifiableMap(Webhook::path, Function.identity()));
        this.intake = intake;
        this.readiness = readiness;
        this.metrics = metrics;
        this.memory = new MemoryBudget(config.maxBufferedBytes());
        // What strangers may fill: a signature is known to be wrong only after the body, and must not keep others out.
        this.unproven = new MemoryBudget(Math.max(config.maxBodyBytes(), config.maxBufferedBytes() / 4));
        this.workers = workers;
        this.doorkeeper = doorkeeper;
        this.clock = clock;
        this.heads = new Heads(vertx, config.idleTimeout());
        metrics.gauge("kordon.gateway.buffered.bytes", "Bytes of bodies in memory", memory::used);
        metrics.gauge("kordon.gateway.connections", "Open connections", connections::get);
    }

    void connected(HttpConnection connection) {
        if (connections.incrementAndGet() > config.maxConnections()) {
            connection.close();
        }
        heads.opened(connection);
        connection.closeHandler(closed -> {
            connections.decrementAndGet();
            heads.closed(connection);
        });
    }

    void handle(HttpServerRequest request) {
        heads.begun(request.connection());
        request.response().endHandler(ended -> heads.ended(request.connection()));
        String path = request.path() == null ? "" : request.path();
        Webhook webhook = webhooks.get(path);
        if (webhook != null) {
            Exchange exchange = exchange(request, path);
            if (allows(exchange, HttpMethod.POST)) {
                receive(exchange, webhook);
            }
            return;
        }
        switch (path) {
            case "/livez" -> get(request, path, exchange -> exchange.send(200, "application/json", "{\"live\":true}"));
            case "/readyz" ->
                get(
                        request,
                        path,
                        exchange ->
                                exchange.send(readiness.isReady() ? 200 : 503, "application/json", readiness.json()));
            default ->
                exchange(request, "other")
                        .refuse(new Refusal(404, "path.unknown", null, "there is nothing at this path"));
        }
    }

    private interface Page {
        void send(Exchange exchange);
    }

    private void get(HttpServerRequest request, String path, Page page) {
        Exchange exchange = exchange(request, path);
        if (allows(exchange, HttpMethod.GET)) {
            page.send(exchange);
        }
    }

    private Exchange exchange(HttpServerRequest request, String path) {
        if (readiness.isLeaving()) {
            // or a sender finds its connection gone when it has the next event
            request.response().putHeader(HttpHeaders.CONNECTION, "close");
        }
        return new Exchange(
                vertx, request, path, metrics, config.retryAfter(), memory.share(), unproven.share(), strangers);
    }

    private static boolean allows(Exchange exchange, HttpMethod method) {
        HttpServerRequest request = exchange.request();
        if (request.method().equals(method)) {
            return true;
        }
        request.response().putHeader(HttpHeaders.ALLOW, method.name());
        exchange.refuse(new Refusal(405, "method.not-allowed", null, "this path takes " + method.name() + " only"));
        return false;
    }

    private void receive(Exchange exchange, Webhook webhook) {
        HttpServerRequest request = exchange.request();
        Admission admission = doorkeeper.admit(request, webhook);
        if (admission instanceof Admission.Refused refused) {
            refuse(exchange, refused);
            return;
        }
        if (admission instanceof Admission.Admitted admitted) {
            exchange.sentBy(admitted.sender());
        }
        Refusal refusal = refusal(request);
        if (refusal != null) {
            exchange.refuse(refusal);
            return;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        exchange.refuseAfter(config.bodyTimeout(), Refusal.SLOW_BODY);
        request.handler(bytes -> append(exchange, admission, body, bytes));
        request.endHandler(end -> {
            exchange.complete();
            if (!exchange.isAnswered()) {
                metrics.body(webhook.source(), body.size());
                conclude(exchange, webhook, admission, body);
            }
        });
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
    }

    private void append(Exchange exchange, Admission admission, ByteArrayOutputStream body, Buffer buffer) {
        if (exchange.isAnswered()) {
            return;
        }
        if ((long) body.size() + buffer.length() > config.maxBodyBytes()) {
            exchange.refuse(Refusal.tooLarge(config.maxBodyBytes()));
            return;
        }
        Admission.Pending pending = admission instanceof Admission.Pending unknown ? unknown : null;
        if ((pending != null && !exchange.unproven().take(buffer.length()))
                || !exchange.memory().take(buffer.length())) {
            exchange.refuse(Refusal.FULL);
            return;
        }
        byte[] bytes = buffer.getBytes();
        if (pending != null) {
            pending.update(bytes);
        }
        body.writeBytes(bytes);
    }

    private void conclude(Exchange exchange, Webhook webhook, Admission admission, ByteArrayOutputStream body) {
        Admission concluded = admission instanceof Admission.Pending pending ? pending.conclude() : admission;
        if (concluded instanceof Admission.Admitted admitted) {
            exchange.sentBy(admitted.sender());
            exchange.unproven().release();
            submit(exchange, webhook, body, new Origin(admitted.cluster(), admitted.sender(), clock.instant()));
        } else if (concluded instanceof Admission.Refused refused) {
            refuse(exchange, refused);
        } else {
            throw new IllegalStateException("still pending after its end");
        }
    }

    private void refuse(Exchange exchange, Admission.Refused refused) {
        if (refused.sender() != null) {
            exchange.sentBy(refused.sender());
        }
        if (refused.refusal().status() == 401) {
            exchange.request().response().putHeader("WWW-Authenticate", doorkeeper.challenges());
        }
        exchange.refuse(refused.refusal());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // take() never completes exceptionally
    private void submit(Exchange exchange, Webhook webhook, ByteArrayOutputStream body, Origin origin) {
        if (body.size() == 0) {
            exchange.refuse(Refusal.EMPTY);
            return;
        }
        boolean gzip = "gzip".equals(encoding(exchange.request()));
        boolean lines = JSON_LINES.contains(contentType(exchange.request()));
        Delivery delivery = new Delivery(webhook, Slice.of(body.toByteArray()), gzip, lines, origin, exchange.memory());
        exchange.refuseAfter(config.acknowledgeTimeout(), Refusal.UNACKNOWLEDGED);
        MemoryBudget.Share memory = exchange.memory();
        memory.handOver();
        try {
            workers.execute(() -> {
                try {
                    if (!memory.isAnswered()) {
                        intake.take(delivery).thenAccept(exchange::answerLater);
                    }
                } finally {
                    memory.handBack();
                }
            });
        } catch (RejectedExecutionException e) {
            memory.handBack();
            exchange.refuse(Refusal.BUSY);
        }
    }

    /** What the head of a request already tells. */
    private @Nullable Refusal refusal(HttpServerRequest request) {
        String type = contentType(request);
        if (!type.isEmpty() && !type.equals(JSON) && !JSON_LINES.contains(type)) {
            return new Refusal(
                    415, "content-type.unsupported", "Content-Type", "send application/json or application/x-ndjson");
        }
        String encoding = encoding(request);
        if (!encoding.equals("identity") && !encoding.equals("gzip")) {
            return new Refusal(
                    415, "content-encoding.unsupported", "Content-Encoding", "send the body plain or as gzip");
        }
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length != null && isLonger(length, config.maxBodyBytes())
                ? Refusal.tooLarge(config.maxBodyBytes())
                : null;
    }

    private static boolean isLonger(String length, long limit) {
        try {
            return Long.parseLong(length.trim()) > limit;
        } catch (NumberFormatException e) {
            return true; // more digits than a long has; the server refuses what is no number
        }
    }

    /** Media type without its parameters, lower case; empty where there is none. */
    private static String contentType(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null) {
            return "";
        }
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).trim().toLowerCase(Locale.ROOT);
    }

    private static String encoding(HttpServerRequest request) {
        String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        String name = encoding == null ? "" : encoding.trim().toLowerCase(Locale.ROOT);
        return name.isEmpty() ? "identity" : name.equals("x-gzip") ? "gzip" : name;
    }
}
