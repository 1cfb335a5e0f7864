package io.kordon.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS of the door: versions, ciphers, the certificate in force, and what a connection's certificate is worth. */
final class TlsDoor {
    private static final Logger LOG = LoggerFactory.getLogger(TlsDoor.class);

    private static final Set<String> PROTOCOLS = new LinkedHashSet<>(List.of("TLSv1.3", "TLSv1.2"));

    /** Forward secrecy and authenticated encryption only; every sender's TLS library has them. */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_256_GCM_SHA384",
            "TLS_AES_128_GCM_SHA256",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** A peer that does not finish is let go of; until then it costs a socket and no more. */
    private static final long HANDSHAKE_SECONDS = 5;

    private static final long UPDATE_SECONDS = 10;
    private static final Duration SOON = Duration.ofDays(14);
    private static final String JUDGED_BY = "kordon.judged-by";

    private final TlsFiles files;
    private final Clock clock;
    private final Reloaded<TlsMaterial> material;
    private volatile @Nullable HttpServer server;

    /**
     * @throws IllegalArgumentException when the files make no sense
     */
    TlsDoor(TlsFiles files, Vertx vertx, GatewayMetrics metrics, Clock clock) {
        this.files = files;
        this.clock = clock;
        this.material = Reloaded.load("tls", reads -> TlsMaterial.read(files, reads, vertx), this::adopt, metrics);
        warnOfExpiry(material.current());
        metrics.expiry(
                "kordon.gateway.tls.certificate.expiry",
                "Until the gateway's certificate expires",
                () -> left(material.current().expiry()));
        if (files.clientCa() != null) {
            metrics.expiry(
                    "kordon.gateway.tls.client.ca.expiry",
                    "Until the first of the clients' authorities expires",
                    () -> left(material.current().clientsExpiry()));
        }
    }

    void look() {
        material.look();
    }

    /** What the server begins with. */
    ServerSSLOptions options() {
        return options(material.current());
    }

    /** Gives the running server, to which later certificates go. */
    void serve(HttpServer running) {
        server = running;
    }

    /**
     * The certificate by which a connection's peer may be known: proven in the handshake, and still valid and trusted now,
     * since a connection may outlive both its certificate and its authority. Null where there is none.
     */
    @Nullable
    X509Certificate peer(@Nullable SSLSession session) {
        if (session == null || files.clientCa() == null) {
            return null;
        }
        X509Certificate[] chain = chain(session);
        if (chain.length == 0 || Arrays.stream(chain).anyMatch(this::isExpired)) {
            return null;
        }
        TlsMaterial now = material.current();
        if (session.getValue(JUDGED_BY) != now) {
            if (!now.trusts(chain)) {
                return null;
            }
            session.putValue(JUDGED_BY, now);
        }
        return chain[0];
    }

    private void adopt(TlsMaterial next) {
        if (next.expiry().isBefore(clock.instant())) {
            throw new IllegalArgumentException(files.certificate() + " expired on " + next.expiry());
        }
        HttpServer running = server;
        if (running == null) {
            return;
        }
        Gateway.await(running.updateSSLOptions(options(next)), UPDATE_SECONDS, "use the new certificate");
        warnOfExpiry(next);
    }

    private ServerSSLOptions options(TlsMaterial of) {
        ServerSSLOptions options = new ServerSSLOptions();
        options.setUseAlpn(false).setKeyCertOptions(KeyCertOptions.wrap(of.keys()));
        X509TrustManager clients = of.clients();
        if (clients != null) {
            options.setTrustOptions(TrustOptions.wrap(clients));
        }
        options.setClientAuth(
                switch (files.clientCertificates()) {
                    case NONE -> ClientAuth.NONE;
                    case REQUEST -> ClientAuth.REQUEST;
                    case REQUIRE -> ClientAuth.REQUIRED;
                });
        options.setEnabledSecureTransportProtocols(PROTOCOLS);
        options.setSslHandshakeTimeout(HANDSHAKE_SECONDS).setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
        CIPHERS.forEach(options::addEnabledCipherSuite);
        return options;
    }

    private void warnOfExpiry(TlsMaterial now) {
        if (now.expiry().isBefore(clock.instant())) {
            LOG.warn(
                    "The certificate in {} expired on {}: senders that check it will not connect",
                    files.certificate(),
                    now.expiry());
        } else if (now.expiry().isBefore(clock.instant().plus(SOON))) {
            LOG.warn("The certificate in {} expires on {}", files.certificate(), now.expiry());
        }
    }

    private boolean isExpired(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant().isBefore(clock.instant());
    }

    private double left(@Nullable Instant end) {
        return end == null ? 0 : Duration.between(clock.instant(), end).toMillis() / 1000.0;
    }

    private static X509Certificate[] chain(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return Arrays.stream(chain).map(X509Certificate.class::cast).toArray(X509Certificate[]::new);
        } catch (SSLPeerUnverifiedException e) {
            return new X509Certificate[0];
        }
    }
}
