package io.kordon.gateway;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections that came to nothing before a whole request: counted by reason, and logged, but not as often as one may knock. */
final class Handshakes {
    private static final Logger LOG = LoggerFactory.getLogger(Handshakes.class);
    private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

    private final GatewayMetrics metrics;
    private final Map<String, Long> logged = new ConcurrentHashMap<>();

    Handshakes(GatewayMetrics metrics) {
        this.metrics = metrics;
    }

    void failed(Throwable failure) {
        String reason = reason(failure);
        metrics.handshakeFailed(reason);
        if (reason.equals("closed")) {
            return; // a load balancer that looks whether the port is open does so every few seconds
        }
        long now = System.nanoTime();
        Long last = logged.get(reason);
        if (last == null || now - last > QUIET_NANOS) {
            logged.put(reason, now);
            LOG.info("A connection came to nothing: {} (said at most once a minute; all are counted)", reason);
        }
    }

    /** One of a closed list: what a peer made us say is not repeated. */
    static String reason(Throwable failure) {
        boolean certificate = false;
        boolean closed = false;
        boolean http = false;
        String said = "";
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 20; depth++, cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException) {
                return "certificate-expired";
            }
            certificate |= cause instanceof CertificateException
                    || cause.getClass().getName().contains("CertPath");
            closed |= cause instanceof IOException && !(cause instanceof SSLException);
            http |= cause.getClass().getName().startsWith("io.netty.handler.codec.http.");
            said += " " + cause.getClass().getSimpleName() + ": " + cause.getMessage();
        }
        String text = said.toLowerCase(Locale.ROOT);
        if (certificate) {
            return "certificate-untrusted";
        } else if (text.contains("notsslrecord")) {
            return "not-tls";
        } else if (text.contains("empty client certificate chain")) {
            return "certificate-missing";
        } else if (text.contains("client requested protocol")
                || text.contains("no appropriate protocol")
                || text.contains("protocol version")) {
            return "protocol";
        } else if (text.contains("no cipher suites in common")) {
            return "cipher";
        } else if (text.contains("fatal alert")) {
            return "refused-by-sender";
        } else if (text.contains("timed out")) {
            return "timeout";
        }
        return http ? "malformed-http" : closed ? "closed" : "other";
    }
}
