package io.kordon.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files that guard the door, and the one thread that looks at them again and again. */
final class Guard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

    private final GatewaySecurity security;
    private final @Nullable TlsDoor tls;
    private final Doorkeeper doorkeeper;
    private final @Nullable Reloaded<Credentials> credentials;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "kordon-gateway-files");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Reads the files for the first time.
     *
     * @throws IllegalArgumentException naming what is wrong, and where
     */
    Guard(
            GatewaySecurity security,
            String cluster,
            List<Webhook> webhooks,
            Vertx vertx,
            GatewayMetrics metrics,
            Clock clock) {
        this.security = security;
        TlsFiles tlsFiles = security.tls();
        this.tls = tlsFiles == null ? null : new TlsDoor(tlsFiles, vertx, metrics, clock);
        Path file = security.credentials();
        if (file == null) {
            this.credentials = null;
        } else {
            boolean certificates = tlsFiles != null && tlsFiles.clientCa() != null;
            CredentialsFile credentialsFile = new CredentialsFile(file, cluster, webhooks, certificates);
            this.credentials = Reloaded.load("credentials", credentialsFile::read, any -> {}, metrics);
        }
        this.doorkeeper = new Doorkeeper(credentials, tls, cluster, metrics, clock);
        int open = credentials == null ? 1 : 0;
        metrics.gauge("kordon.gateway.open", "1 while anybody may post: there is no credentials file", () -> open);
    }

    Doorkeeper doorkeeper() {
        return doorkeeper;
    }

    HttpServer server(Vertx vertx, HttpServerOptions options) {
        return tls == null
                ? vertx.createHttpServer(options)
                : vertx.createHttpServer(new HttpServerConfig(options.setSsl(true)), tls.options());
    }

    /** Begins to look at the files, for a server that listens. */
    @SuppressWarnings("FutureReturnValueIgnored") // look() lets no exception out
    void watch(HttpServer server) {
        if (credentials == null) {
            LOG.warn("Anybody who reaches this gateway may post events in any cluster's name:"
                    + " kordon.gateway.credentials is not set");
        } else if (tls == null) {
            LOG.warn(
                    "This gateway speaks plain HTTP: passwords, tokens and events can be read on the way to it, unless a"
                            + " proxy in front of it speaks TLS");
        }
        if (tls != null) {
            tls.serve(server);
        }
        if (tls != null || credentials != null) {
            long every = security.checkEvery().toMillis();
            looks.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        try {
            if (tls != null) {
                tls.look();
            }
            if (credentials != null) {
                credentials.look();
            }
        } catch (RuntimeException e) {
            LOG.error("The files of certificates and credentials could not be looked at", e);
        }
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
