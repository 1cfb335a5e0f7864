package io.kordon.kubernetes.simulated;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The end of a generated name: five characters of Kubernetes' alphabet, which spells no words. Here the same every time. */
final class GeneratedName {
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int LENGTH = 5;

    private GeneratedName() {}

    static String suffix(String seed) {
        long bits =
                UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)).getMostSignificantBits() >>> 1;
        StringBuilder suffix = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            suffix.append(ALPHABET.charAt((int) (bits % ALPHABET.length())));
            bits /= ALPHABET.length();
        }
        return suffix.toString();
    }
}
