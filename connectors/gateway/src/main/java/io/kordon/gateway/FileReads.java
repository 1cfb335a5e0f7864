package io.kordon.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads small files and remembers what it saw, so that a later look can tell whether anything has changed. */
final class FileReads {
    /** No certificate chain and no list of senders comes near it. */
    static final int MOST_BYTES = 1 << 20;

    private final Map<Path, String> seen = new LinkedHashMap<>();

    /**
     * @throws IllegalArgumentException naming the file, when it cannot be read or is too large
     */
    byte[] read(Path file) {
        try {
            byte[] bytes = bytes(file);
            seen.put(file, hash(bytes));
            return bytes;
        } catch (IOException e) {
            String reason = e instanceof NoSuchFileException ? "there is no such file" : e.toString();
            seen.put(file, reason);
            throw new IllegalArgumentException(file + " cannot be read: " + reason);
        }
    }

    /**
     * @throws IllegalArgumentException naming the file, also when it is not UTF-8
     */
    String text(Path file) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(read(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + " is not text in UTF-8");
        }
    }

    /** Every file that was read, with what tells its content from another; also of those that could not be. */
    Map<Path, String> seen() {
        return Map.copyOf(seen);
    }

    /** The same files as they are now. */
    static Map<Path, String> again(Map<Path, String> before) {
        FileReads reads = new FileReads();
        for (Path file : before.keySet()) {
            try {
                reads.read(file);
            } catch (IllegalArgumentException e) {
                // its reason is what was seen
            }
        }
        return reads.seen();
    }

    private static byte[] bytes(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException("it is no regular file"); // a pipe would be waited for without end
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IOException("it is larger than " + MOST_BYTES + " bytes");
            }
            return bytes;
        }
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
