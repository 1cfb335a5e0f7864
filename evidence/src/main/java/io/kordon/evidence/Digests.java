package io.kordon.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** SHA-256. */
final class Digests {
    static final int BUFFER = 1 << 16;
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    private Digests() {}

    static MessageDigest start() {
        return start("SHA-256");
    }

    private static MessageDigest start(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has " + algorithm, e);
        }
    }

    static String of(byte[] bytes) {
        return hex(start().digest(bytes));
    }

    static byte[] raw(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            return raw(content);
        }
    }

    /** For a server that checks what arrives by nothing better; it proves nothing. */
    static byte[] md5(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            return raw(content, start("MD5"));
        }
    }

    /** Reads it to its end. */
    static byte[] raw(InputStream content) throws IOException {
        return raw(content, start());
    }

    private static byte[] raw(InputStream content, MessageDigest digest) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            digest.update(buffer, 0, read);
        }
        return digest.digest();
    }

    static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    static boolean isHex(String text) {
        return HEX.matcher(text).matches();
    }
}
