package io.kordon.gateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.kordon.avro.FalcoEvent;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** A running gateway with a guarded door, on memory in place of Kafka, and what it has logged. */
final class GuardedGateway implements AutoCloseable {
    static final String EVENT = "{\"rule\":\"r\",\"time\":\"2026-11-24T12:00:00Z\",\"output_fields\":"
            + "{\"k8s.ns.name\":\"tomcat\",\"k8s.pod.name\":\"tomcat-0\"},\"sender\":\"forged\"}";
    static final Duration LOOK = Duration.ofMillis(20);

    final MemoryLog log = new MemoryLog();
    final Hands clock = new Hands();
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AvroSerdes serdes = AvroSerdes.registry("mock://" + UUID.randomUUID());
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.kordon.gateway");
    private final boolean tls;
    private final Gateway gateway;

    GuardedGateway(@Nullable TlsFiles tls, @Nullable Path credentials) {
        this(tls, credentials, 64L * 1024 * 1024);
    }

    GuardedGateway(@Nullable TlsFiles tls, @Nullable Path credentials, long maxBuffered) {
        this.tls = tls != null;
        lines.start();
        logger.setLevel(Level.TRACE);
        logger.setAdditive(false);
        logger.addAppender(lines);
        GatewayConfig config = new GatewayConfig(
                "127.0.0.1",
                0,
                "demo",
                maxBuffered / 4,
                1024 * 1024,
                maxBuffered,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                100,
                4,
                100,
                Duration.ofSeconds(5));
        this.gateway = Gateway.start(
                config,
                new GatewaySecurity(tls, credentials, LOOK),
                new Topics(),
                () -> log,
                serdes.serializer(),
                metrics,
                clock);
    }

    /** The gateway's clock, that can be set apart from ours. */
    static final class Hands extends Clock {
        volatile Duration ahead = Duration.ZERO;

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    int port() {
        return gateway.port();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create((tls ? "https" : "http") + "://127.0.0.1:" + port() + path))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(20));
    }

    HttpResponse<String> post(HttpClient client, String path, String... headers) throws Exception {
        HttpRequest.Builder request = request(path).POST(BodyPublishers.ofString(EVENT));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    static HttpClient client(SSLContext context) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context)
                .build();
    }

    /** The last event that was taken. */
    FalcoEvent last() {
        List<?> records = log.of("kordon.events.falco");
        try (Deserializer<SpecificRecord> deserializer = serdes.deserializer()) {
            return (FalcoEvent) deserializer.deserialize(
                    "kordon.events.falco",
                    log.of("kordon.events.falco").get(records.size() - 1).value());
        }
    }

    String scrape() {
        return metrics.scrape();
    }

    /** Everything logged so far, with the traces of exceptions. */
    String logged() {
        StringBuilder all = new StringBuilder();
        for (ILoggingEvent line : List.copyOf(lines.list)) {
            all.append(line.getLevel())
                    .append(' ')
                    .append(line.getFormattedMessage())
                    .append('\n');
            if (line.getThrowableProxy() != null) {
                all.append(line.getThrowableProxy().getMessage()).append('\n');
            }
        }
        return all.toString();
    }

    @Override
    public void close() {
        gateway.close();
        logger.detachAppender(lines);
        logger.setAdditive(true);
        logger.setLevel(null);
    }
}
