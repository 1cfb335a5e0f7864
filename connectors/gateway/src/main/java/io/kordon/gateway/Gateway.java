package io.kordon.gateway;

import io.kordon.decoding.AlertmanagerDecoder;
import io.kordon.decoding.AuditDecoder;
import io.kordon.decoding.FalcoDecoder;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
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
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int MAX_INITIAL_LINE = 4 * 1024;
    private static final long STOP_SECONDS = 10;

    private final Vertx vertx;
    private final HttpServer server;
    private final ThreadPoolExecutor workers;
    private final Readiness readiness;
    private final EventLog log;
    private final Serializer<SpecificRecord> serializer;

    private Gateway(
            Vertx vertx,
            HttpServer server,
            ThreadPoolExecutor workers,
            Readiness readiness,
            EventLog log,
            Serializer<SpecificRecord> serializer) {
        this.vertx = vertx;
        this.server = server;
        this.workers = workers;
        this.readiness = readiness;
        this.log = log;
        this.serializer = serializer;
    }

    /**
     * Starts to listen. Kafka and the registry may come later: until then {@code /readyz} says what is wanting.
     *
     * @param kafka client settings, {@code bootstrap.servers} among them; copied
     * @param metrics where the gateway registers its meters, and what {@code /metrics} shows
     * @throws IllegalStateException when it cannot listen on the configured address
     */
    public static Gateway start(
            GatewayConfig config,
            Topics topics,
            Map<String, Object> kafka,
            AvroSerdes serdes,
            PrometheusMeterRegistry metrics) {
        List<String> names = List.of(
                topics.falcoEvents().name(),
                topics.prometheusEvents().name(),
                topics.auditEvents().name(),
                topics.rejected().name());
        return start(
                config,
                topics,
                KafkaEventLog.connect(kafka, config, names),
                serdes.serializer(),
                metrics,
                Clock.systemUTC());
    }

    static Gateway start(
            GatewayConfig config,
            Topics topics,
            EventLog log,
            Serializer<SpecificRecord> serializer,
            PrometheusMeterRegistry registry,
            Clock clock) {
        List<Webhook> webhooks = List.of(
                new Webhook("/v1/falco", new FalcoDecoder(), topics.falcoEvents()),
                new Webhook("/v1/alertmanager", new AlertmanagerDecoder(), topics.prometheusEvents()),
                new Webhook("/v1/audit", new AuditDecoder(), topics.auditEvents()));
        GatewayMetrics metrics = new GatewayMetrics(registry);
        ThreadPoolExecutor workers = workers(config);
        metrics.gauge("kordon.gateway.queue", "Requests that wait for a worker", workers.getQueue()::size);
        Map<String, Supplier<@Nullable String>> checks = new LinkedHashMap<>();
        checks.put("kafka", log::trouble);
        checks.put("registry", new SchemaCheck(serializer, webhooks));
        Readiness readiness = new Readiness(checks, CHECK_EVERY);
        checks.keySet().forEach(component -> metrics.ready(component, () -> readiness.isReady(component) ? 1 : 0));
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        RecordEncoder encoder = new RecordEncoder(serializer, topics.rejected().name(), config.maxRecordBytes());
        HttpDoor door = new HttpDoor(
                vertx,
                config,
                webhooks,
                new Intake(config, encoder, log, metrics),
                readiness,
                metrics,
                registry,
                workers,
                Senders.ANONYMOUS,
                clock);
        HttpServer server = vertx.createHttpServer(serverOptions(config))
                .connectionHandler(door::connected)
                .requestHandler(door::handle);
        Gateway gateway = new Gateway(vertx, server, workers, readiness, log, serializer);
        try {
            await(server.listen(), "listen on " + config.host() + ":" + config.port());
        } catch (IllegalStateException e) {
            gateway.close();
            throw e;
        }
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

    /** Takes no more requests, answers those that it has, and lets go of everything. */
    @Override
    public void close() {
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

    private static void await(Future<?> future, String what) {
        try {
            future.toCompletionStage().toCompletableFuture().get(STOP_SECONDS + 5, TimeUnit.SECONDS);
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
            await(future, what);
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
