package io.kordon.gateway;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the door is guarded. The files are read again while the gateway runs.
 *
 * @param tls what the door speaks TLS with; null for plain HTTP
 * @param credentials YAML file of the senders that may post; null lets anybody
 * @param checkEvery time between two looks at the files; what has changed counts once two looks in a row saw the same
 */
public record GatewaySecurity(
        @Nullable TlsFiles tls, @Nullable Path credentials, Duration checkEvery) {
    /** Plain HTTP, and anybody may post. */
    public static final GatewaySecurity NONE = of(null, null);

    public GatewaySecurity {
        if (checkEvery.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("checkEvery must be at least 1 ms");
        }
    }

    /** A look every two seconds. */
    public static GatewaySecurity of(@Nullable TlsFiles tls, @Nullable Path credentials) {
        return new GatewaySecurity(tls, credentials, Duration.ofSeconds(2));
    }
}
