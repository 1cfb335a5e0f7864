package io.kordon.gateway;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * A signature of a request. The header is {@code Authorization: Kordon-HMAC-SHA256
 * sender=NAME,time=SECONDS,nonce=TEXT,signature=HEX}; signed are five parts, the first four each with a line feed behind it:
 * {@code kordon-hmac-sha256}, the time, the nonce, the target of the request as it is on its first line, and the body as
 * it is sent.
 *
 * @param sender as claimed
 * @param time epoch seconds
 * @param nonce never the same twice
 * @param signature 64 hexadecimal digits
 */
record SignedRequest(String sender, long time, String nonce, String signature) {
    static final String SCHEME = "Kordon-HMAC-SHA256";

    private static final Pattern PARAMETERS = Pattern.compile("sender=([A-Za-z0-9._-]{1,63}), ?time=([0-9]{1,12}),"
            + " ?nonce=([A-Za-z0-9_-]{16,64}), ?signature=([0-9A-Fa-f]{64})");

    /** Null when the header's parameters are not as above. */
    static @Nullable SignedRequest parse(String parameters) {
        Matcher matcher = PARAMETERS.matcher(parameters);
        return matcher.matches()
                ? new SignedRequest(
                        matcher.group(1), Long.parseLong(matcher.group(2)), matcher.group(3), matcher.group(4))
                : null;
    }

    boolean isFresh(Instant now, Duration window) {
        Duration apart = Duration.between(Instant.ofEpochSecond(time), now).abs();
        return apart.compareTo(window) <= 0;
    }

    Check check(String target, List<byte[]> keys) {
        return new Check(target, keys);
    }

    /** Computes while the body passes. */
    final class Check {
        private final List<Mac> macs;

        private Check(String target, List<byte[]> keys) {
            this.macs = keys.stream().map(Secrets::mac).toList();
            update((SCHEME.toLowerCase(Locale.ROOT) + "\n" + time + "\n" + nonce + "\n" + target + "\n")
                    .getBytes(StandardCharsets.UTF_8));
        }

        void update(byte[] bytes) {
            macs.forEach(mac -> mac.update(bytes));
        }

        /** Number of the key that signed, from 1; 0 for none. */
        int conclude() {
            byte[] shown = HexFormat.of().parseHex(signature);
            int found = 0;
            for (int i = 0; i < macs.size(); i++) {
                if (MessageDigest.isEqual(macs.get(i).doFinal(), shown)) {
                    found = i + 1;
                }
            }
            return found;
        }
    }
}
