package io.kordon.app.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Headers that a gateway asks its senders for, out of files: a command line is everybody's to read. */
final class Credentials {
    private static final int MOST_BYTES = 64 * 1024;

    private final Map<Sender, Map<String, String>> headers = new EnumMap<>(Sender.class);

    private Credentials() {}

    /**
     * Reads the files; each by its sender's name.
     *
     * @param bearer files that hold a token and nothing else
     * @param lines files of {@code Name: value}
     * @throws IllegalArgumentException naming the file; never quoting it
     */
    static Credentials read(Map<String, Path> bearer, Map<String, Path> lines) {
        Credentials credentials = new Credentials();
        lines.forEach((sender, file) -> credentials.of(sender).putAll(headers(file)));
        bearer.forEach((sender, file) -> {
            Map<String, String> headers = credentials.of(sender);
            String token = text(file).strip();
            if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw new IllegalArgumentException("--bearer: " + file + " holds no token, which is one line of ASCII");
            }
            headers.put("Authorization", "Bearer " + token);
        });
        return credentials;
    }

    Map<String, String> of(Sender sender) {
        return headers.getOrDefault(sender, Map.of());
    }

    private Map<String, String> of(String name) {
        Sender sender = Arrays.stream(Sender.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + name + "' is no sender: write falco=FILE, audit=FILE or alerts=FILE"));
        return headers.computeIfAbsent(sender, key -> new LinkedHashMap<>());
    }

    private static Map<String, String> headers(Path file) {
        Map<String, String> headers = new LinkedHashMap<>();
        List<String> lines = text(file).lines().toList();
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).strip();
            int colon = line.indexOf(':');
            if (line.isEmpty()) {
                continue;
            }
            if (colon < 1
                    || !line.substring(0, colon).matches("[A-Za-z0-9-]+")
                    || line.chars().anyMatch(c -> c < ' ' || c > '~')) {
                throw new IllegalArgumentException(
                        "--headers: line " + number + " of " + file + " is no `Name: value`");
            }
            headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return headers;
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IllegalArgumentException(file + " has more than " + MOST_BYTES + " bytes, for credentials");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read the credentials in " + file + ": " + e, e);
        }
    }
}
