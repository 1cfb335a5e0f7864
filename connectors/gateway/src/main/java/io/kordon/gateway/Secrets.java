package io.kordon.gateway;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The valid secrets of one sender, each only as a digest under a key that this process drew at random: whoever measures
 * how long a comparison takes learns of numbers that it can neither foresee nor steer, and a dump of memory holds no password.
 */
final class Secrets {
    static final String HMAC = "HmacSHA256";

    private static final byte[] PROCESS_KEY = random();

    private final List<byte[]> digests;

    Secrets(List<String> secrets) {
        this.digests = secrets.stream().map(Secrets::digest).toList();
    }

    static byte[] digest(String secret) {
        return mac(PROCESS_KEY).doFinal(secret.getBytes(StandardCharsets.UTF_8));
    }

    /** Number of the secret whose digest this is, from 1; 0 for none. All are compared, whichever is right. */
    int find(byte[] digest) {
        int found = 0;
        for (int i = 0; i < digests.size(); i++) {
            if (MessageDigest.isEqual(digests.get(i), digest)) {
                found = i + 1;
            }
        }
        return found;
    }

    static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + HMAC, e);
        }
    }

    static byte[] random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
