package io.kordon.gateway;

import io.kordon.decoding.Origin;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells who sends a request and whether it may. What it says is written into every event, so it is never taken from the
 * body. An {@code Authorization} header decides where there is one, else the certificate of the connection.
 */
final class Doorkeeper {
    /** The sender where nobody has to prove anything. */
    static final String ANONYMOUS = "anonymous";

    private static final Admission.Refused MISSING =
            Admission.Refused.unknown("credentials.missing", "this gateway takes events of known senders only");
    private static final Admission.Refused WRONG =
            Admission.Refused.unknown("credentials.wrong", "the credentials are not those of a sender");
    private static final Admission.Refused MALFORMED = Admission.Refused.unknown(
            "credentials.malformed",
            "the Authorization header cannot be read as one of the ways that this gateway takes");

    private final @Nullable Reloaded<Credentials> credentials;
    private final @Nullable TlsDoor tls;
    private final String ownCluster;
    private final GatewayMetrics metrics;
    private final Clock clock;
    private final Nonces nonces = new Nonces();
    private final byte[] nobodysKey = Secrets.random();

    /** @param credentials null where anybody may post */
    Doorkeeper(
            @Nullable Reloaded<Credentials> credentials,
            @Nullable TlsDoor tls,
            String ownCluster,
            GatewayMetrics metrics,
            Clock clock) {
        this.credentials = credentials;
        this.tls = tls;
        this.ownCluster = ownCluster;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Judges by what is known before the body is read. */
    Admission admit(HttpServerRequest request, Webhook webhook) {
        String asked = asked(request);
        if (credentials == null) {
            String cluster = asked == null ? ownCluster : asked;
            return Origin.isClusterName(cluster)
                    ? new Admission.Admitted(ANONYMOUS, cluster)
                    : new Admission.Refused(Refusal.CLUSTER, ANONYMOUS);
        }
        Credentials known = credentials.current();
        List<String> headers = request.headers().getAll(HttpHeaders.AUTHORIZATION);
        if (headers.size() > 1) {
            return MALFORMED;
        } else if (headers.isEmpty()) {
            return byCertificate(request, known, webhook, asked);
        }
        String header = headers.get(0).strip();
        int space = header.indexOf(' ');
        String scheme = (space < 0 ? header : header.substring(0, space)).toLowerCase(Locale.ROOT);
        String rest = space < 0 ? "" : header.substring(space + 1).strip();
        return switch (scheme) {
            case "basic" -> byPassword(known, rest, webhook, asked);
            case "bearer" -> judged(known.bearer(rest), webhook, asked);
            case "kordon-hmac-sha256" -> bySignature(known, rest, request.uri(), webhook, asked);
            default -> MALFORMED;
        };
    }

    /** The cluster that the address names; null for none, and empty, which is no cluster's name, for two or what cannot be read. */
    private static @Nullable String asked(HttpServerRequest request) {
        try {
            List<String> named = request.params().getAll("cluster");
            return named.isEmpty() ? null : named.size() == 1 ? named.get(0) : "";
        } catch (IllegalArgumentException e) { // a broken escape, anywhere in the query
            return "";
        }
    }

    /** Values of {@code WWW-Authenticate} for who is not known. */
    List<String> challenges() {
        return credentials == null ? List.of() : credentials.current().challenges();
    }

    private Admission byCertificate(
            HttpServerRequest request, Credentials known, Webhook webhook, @Nullable String asked) {
        X509Certificate certificate =
                tls == null ? null : tls.peer(request.connection().sslSession());
        return certificate == null ? MISSING : judged(known.certificate(certificate), webhook, asked);
    }

    private Admission byPassword(Credentials known, String base64, Webhook webhook, @Nullable String asked) {
        try {
            String pair = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getDecoder().decode(base64)))
                    .toString();
            return judged(known.basic(pair), webhook, asked);
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return MALFORMED;
        }
    }

    private Admission judged(Credentials.@Nullable Match match, Webhook webhook, @Nullable String asked) {
        if (match == null) {
            return WRONG;
        }
        KnownSender sender = match.sender();
        metrics.authenticated(sender.name(), sender.proof().kind(), match.secret());
        return sender.admit(webhook, asked);
    }

    private Admission bySignature(
            Credentials known, String parameters, String target, Webhook webhook, @Nullable String asked) {
        SignedRequest signed = SignedRequest.parse(parameters);
        if (signed == null) {
            return MALFORMED;
        }
        if (!signed.isFresh(clock.instant(), known.window())) {
            return stale(known);
        }
        // A name that nobody has is refused when a wrong signature is: after the whole body.
        KnownSender sender = known.signer(signed.sender());
        List<byte[]> keys =
                sender != null && sender.proof() instanceof Proof.Hmac hmac ? hmac.keys() : List.of(nobodysKey);
        SignedRequest.Check check = signed.check(target, keys);
        return new Admission.Pending() {
            @Override
            public void update(byte[] bytes) {
                check.update(bytes);
            }

            @Override
            public Admission conclude() {
                int key = check.conclude();
                if (key == 0 || sender == null) {
                    return WRONG;
                }
                // A body takes its time, in which its nonce may have been forgotten.
                Instant now = clock.instant();
                if (!signed.isFresh(now, known.window())) {
                    return stale(known);
                }
                return switch (nonces.add(signed, now, known.window())) {
                    case NEW -> judged(new Credentials.Match(sender, key), webhook, asked);
                    case BEFORE ->
                        Admission.Refused.unknown(
                                "signature.replayed", "this nonce was used before: sign each try anew");
                    case FULL -> new Admission.Refused(Refusal.TOO_MANY_NONCES, sender.name());
                };
            }
        };
    }

    private static Admission.Refused stale(Credentials known) {
        return Admission.Refused.unknown(
                "signature.stale",
                "the signature's time is more than " + known.window().toSeconds() + " s from the gateway's clock");
    }
}
