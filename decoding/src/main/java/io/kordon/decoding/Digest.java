package io.kordon.decoding;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over several parts, each preceded by its length, so that no two lists of parts run together alike. */
final class Digest {
    private final MessageDigest sha256;

    Digest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    Digest add(String part) {
        return add(part, Integer.MAX_VALUE);
    }

    /** Adds at most the first {@code limit} bytes of the part's UTF-8. */
    Digest add(String part, int limit) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, limit);
        sha256.update(
                new byte[] {(byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length});
        sha256.update(bytes, 0, length);
        return this;
    }

    /** The first {@code chars} hexadecimal digits, lower case. */
    String hex(int chars) {
        return HexFormat.of().formatHex(sha256.digest()).substring(0, chars);
    }
}
