package io.kordon.evidence;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Names for what is kept, made of names that others chose. Whatever is no letter, digit, dot, underscore or hyphen
 * becomes {@code =XX} for each of its bytes in UTF-8, as in quoted-printable: a shell, a URL and a file system take the
 * result for nothing but a name, and a reader can undo it. One object per bundle: it remembers the names it gave.
 */
final class BundleNames {
    static final int LONGEST_PART = 120;
    static final int LONGEST_PATH = 400;
    private static final int DEEPEST = 12;
    private static final int HASH = 16;

    private final Set<String> files = new HashSet<>();
    private final Set<String> folders = new HashSet<>();

    /**
     * A name for a file of this bundle that no other has, whatever the letters' case, and that is no folder of another.
     * Not taken before {@link #take}.
     */
    String free(String wanted) {
        String path = path(wanted);
        if (isFolder(path) || isBelowAFile(path)) {
            String flat = path.replace('/', '_');
            path = flat.length() <= LONGEST_PART ? flat : part(wanted);
        }
        String name = path;
        for (int i = 2; isTaken(name); i++) {
            String suffix = "." + i;
            name = path.substring(0, Math.min(path.length(), LONGEST_PATH - suffix.length())) + suffix;
        }
        return name;
    }

    void take(String name) {
        String folded = fold(name);
        files.add(folded);
        for (int slash = folded.indexOf('/'); slash >= 0; slash = folded.indexOf('/', slash + 1)) {
            folders.add(folded.substring(0, slash));
        }
    }

    private boolean isTaken(String name) {
        return files.contains(fold(name)) || isFolder(name) || isBelowAFile(name);
    }

    private boolean isFolder(String name) {
        return folders.contains(fold(name));
    }

    private boolean isBelowAFile(String name) {
        String folded = fold(name);
        for (int slash = folded.indexOf('/'); slash >= 0; slash = folded.indexOf('/', slash + 1)) {
            if (files.contains(folded.substring(0, slash))) {
                return true;
            }
        }
        return false;
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** The name of a folder for anything that has a name. */
    static String part(String raw) {
        int most = LONGEST_PART;
        StringBuilder part = new StringBuilder();
        // As many characters as could matter: a longer name is cut below, and told from others by its hash.
        for (byte octet : raw.substring(0, Math.min(raw.length(), most + 1)).getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xFF);
            boolean always = isLetterOrDigit(c) || c == '_';
            boolean inside = c == '.' || c == '-';
            if (always || (inside && part.length() > 0)) {
                part.append(c);
            } else {
                part.append(String.format(Locale.ROOT, "=%02X", (int) c));
            }
        }
        if (part.length() == 0) {
            return "=";
        }
        return part.length() <= most
                ? part.toString()
                : part.substring(0, most - HASH - 1) + "-"
                        + Digests.of(raw.getBytes(StandardCharsets.UTF_8)).substring(0, HASH);
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** A path of such names; slashes at its ends and twice in a row do not count. */
    static String path(String raw) {
        String[] parts =
                Stream.of(raw.split("/", -1)).filter(part -> !part.isEmpty()).toArray(String[]::new);
        if (parts.length == 0) {
            return "=";
        }
        if (parts.length > DEEPEST) {
            return part(raw);
        }
        String path = Stream.of(parts).map(BundleNames::part).collect(Collectors.joining("/"));
        return path.length() <= LONGEST_PATH ? path : part(raw);
    }

    /** Whether it is one that could have been given: relative, and of plain names only. */
    static boolean isPath(String name) {
        return !name.isEmpty()
                && name.length() <= LONGEST_PATH
                && Stream.of(name.split("/", -1)).allMatch(Key::isPart);
    }
}
