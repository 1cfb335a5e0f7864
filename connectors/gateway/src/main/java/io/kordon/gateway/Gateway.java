package io.kordon.gateway;

import io.kordon.decoding.AlertmanagerDecoder;
import io.kordon.decoding.AuditDecoder;
import io.kordon.decoding.FalcoDecoder;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running gateway. Listens from {@link #start} until {@link #close}, whether or not Kafka is there. */
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final Duration CHECK_EVERY = Duration.ofSeconds(2);
    /** Longer than a broker's restart: who is taken out of its Service for one refuses what it could have kept. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int MAX_INITIAL_LINE = 4 * 1024;
    private static final long STOP_SECONDS = 10;
    private static final long START_SECONDS = 15;

    private final Vertx vertx;
    private final HttpServer server;
    private final ThreadPoolExecutor workers;
    private final Readiness readiness;
    private final EventLog log;
    private final Serializer<SpecificRecord> serializer;
    private final Guard guard;

    private Gateway(
            Vertx vertx,
            HttpServer server,
            ThreadPoolExecutor workers,
            Readiness readiness,
            EventLog log,
            Serializer<SpecificRecord> serializer,
            Guard guard) {
        this.vertx = vertx;
        this.server = server;
        this.workers = workers;
        this.readiness = readiness;
        this.log = log;
        this.serializer = serializer;
        this.guard = guard;
    }

    /** Starts to listen, in plain HTTP and to anybody. */
    public static Gateway start(
            GatewayConfig config, Topics topics, Map<String, Object> kafka, AvroSerdes serdes, MeterRegistry metrics) {
        return start(config, GatewaySecurity.NONE, topics, kafka, serdes, metrics);
    }

    /**
     * Starts to listen. Kafka and the registry may come later: until then {@code /readyz} says what is wanting.
     *
     * @param kafka client settings, {@code bootstrap.servers} among them; copied
     * @param metrics where the gateway registers its meters
     * @throws IllegalStateException when it cannot listen on the configured address
     * @throws IllegalArgumentException when the files of {@code security} make no sense, saying which and why
     */
    public static Gateway start(
            GatewayConfig config,
            GatewaySecurity security,
            Topics topics,
            Map<String, Object> kafka,
            AvroSerdes serdes,
            MeterRegistry metrics) {
        List<String> names = List.of(
                topics.falcoEvents().name(),
                topics.prometheusEvents().name(),
                topics.auditEvents().name(),
                topics.rejected().name());
        return start(
                config,
                security,
                topics,
                () -> KafkaEventLog.connect(kafka, config, names),
                serdes.serializer(),
                metrics,
                Clock.systemUTC());
    }

    /** @param connect asked only once the files of {@code security} are known to make sense */
    static Gateway start(
            GatewayConfig config,
            GatewaySecurity security,
            Topics topics,
            Supplier<EventLog> connect,
            Serializer<SpecificRecord> serializer,
            MeterRegistry registry,
            Clock clock) {
        List<Webhook> webhooks = List.of(
                new Webhook("/v1/falco", new FalcoDecoder(), topics.falcoEvents()),
                new Webhook("/v1/alertmanager", new AlertmanagerDecoder(), topics.prometheusEvents()),
                new Webhook("/v1/audit", new AuditDecoder(), topics.auditEvents()));
        GatewayMetrics metrics = new GatewayMetrics(registry);
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        Guard guard;
        EventLog log;
        try {
            guard = new Guard(security, config.cluster(), webhooks, vertx, metrics, clock);
            log = connect.get();
        } catch (RuntimeException e) {
            serializer.close();
            quietly(vertx.close(), "stop Vert.x");
            throw e;
        }
        ThreadPoolExecutor workers = workers(config);
        metrics.gauge("kordon.gateway.queue", "Requests that wait for a worker", workers.getQueue()::size);
        Map<String, Supplier<@Nullable String>> checks = new LinkedHashMap<>();
        checks.put("kafka", log::trouble);
        checks.put("registry", new SchemaCheck(serializer, webhooks));
        Readiness readiness = new Readiness(checks, CHECK_EVERY, GRACE, System::nanoTime);
        checks.keySet().forEach(component -> metrics.ready(component, () -> readiness.isReady(component) ? 1 : 0));
        RecordEncoder encoder = new RecordEncoder(serializer, topics.rejected().name(), config.maxRecordBytes());
        HttpDoor door = new HttpDoor(
                vertx,
                config,
                webhooks,
                new Intake(config, encoder, log, metrics),
                readiness,
                metrics,
                workers,
                guard.doorkeeper(),
                clock);
        HttpServer server = guard.server(vertx, serverOptions(config))
                .connectionHandler(door::connected)
                .requestHandler(door::handle)
                .exceptionHandler(new Handshakes(metrics)::failed);
        Gateway gateway = new Gateway(vertx, server, workers, readiness, log, serializer, guard);
        try {
            await(server.listen(), START_SECONDS, "listen on " + config.host() + ":" + config.port());
        } catch (IllegalStateException e) {
            gateway.close();
            throw e;
        }
        guard.watch(server);
        LOG.info("The gateway listens on {}:{} for cluster {}", config.host(), gateway.port(), config.cluster());
        return gateway;
    }

    /** The port that it listens on. */
    public int port() {
        return server.actualPort();
    }

    /** Says at {@code /readyz} that it is about to stop, so that nobody new comes, and goes on as before. */
    public void leaving() {
        readiness.leaving();
    }

    /** What keeps events from getting through, by component, for an operator; empty when nothing does. */
    public String problem() {
        return readiness.problem();
    }

    /** Takes no more requests, answers those that it has, and lets go of everything. */
    @Override
    public void close() {
        guard.close();
        quietly(server.shutdown(STOP_SECONDS, TimeUnit.SECONDS), "stop the HTTP server");
        workers.shutdown();
        readiness.close();
        log.close();
        serializer.close();
        quietly(vertx.close(), "stop Vert.x");
    }

    private static HttpServerOptions serverOptions(GatewayConfig config) {
        HttpServerOptions options = new HttpServerOptions();
        options.setHost(config.host()).setPort(config.port());
        options.setIdleTimeout((int) config.idleTimeout().toMillis()).setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        options.setMaxHeaderSize(MAX_HEADER_BYTES).setMaxInitialLineLength(MAX_INITIAL_LINE);
        options.setHttp2ClearTextEnabled(false).setHandle100ContinueAutomatically(false);
        options.setTcpNoDelay(true);
        return options;
    }

    private static ThreadPoolExecutor workers(GatewayConfig config) {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(
                config.workers(),
                config.workers(),
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(config.maxQueued()),
                task -> {
                    Thread thread = new Thread(task, "kordon-gateway-worker-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * @throws IllegalStateException naming what could not be done, and why
     */
    static void await(Future<?> future, long seconds, String what) {
        try {
            future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException("the gateway could not " + what + ": " + cause.getMessage(), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the gateway tried to " + what, e);
        }
    }

    private static void quietly(Future<?> future, String what) {
        try {
            await(future, STOP_SECONDS + 5, what);
        } catch (IllegalStateException e) {
            LOG.warn("{}", e.getMessage());
        }
    }

    /**
     * Ready once the registry knows every schema that the gateway writes: their ids are kept from then on, so that a
     * registry which goes away later keeps no event out.
     */
    private static final class SchemaCheck implements Supplier<@Nullable String> {
        private final Serializer<SpecificRecord> serializer;
        private final List<Webhook> webhooks;
        private boolean known;

        SchemaCheck(Serializer<SpecificRecord> serializer, List<Webhook> webhooks) {
            this.serializer = serializer;
            this.webhooks = webhooks;
        }

        @Override
        public synchronized @Nullable String get() {
            if (!known) {
                try {
                    webhooks.forEach(
                            webhook -> serializer.serialize(webhook.topic().name(), Specimens.of(webhook)));
                    known = true;
                } catch (RuntimeException e) {
                    Throwable cause = e.getCause() == null ? e : e.getCause();
                    return "the schema registry cannot be asked: " + cause;
                }
            }
            return null;
        }
    }
}
