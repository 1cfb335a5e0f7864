package io.kordon.evidence;

import java.util.regex.Pattern;

/** What may be a key of a store: nothing that a file system or a URL could take for something else. */
final class Key {
    /** S3 takes 1,024 bytes, of which a prefix of the store's takes some. */
    static final int LONGEST = 700;

    /** Most objects that a listing holds: beyond that somebody floods the store. */
    static final int MOST_LISTED = 1_000_000;

    private static final Pattern PART = Pattern.compile("[A-Za-z0-9._=-]{1,200}");

    private Key() {}

    /** The key itself. */
    static String checked(String key) {
        if (key.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "a key of " + key.length() + " characters; " + LONGEST + " are the most");
        }
        for (String part : key.split("/", -1)) {
            if (!isPart(part)) {
                throw new IllegalArgumentException("'" + Text.line(key, 200) + "' cannot be a key: '"
                        + Text.line(part, 200) + "' is not a name of letters, digits, '.', '_', '=' and '-'");
            }
        }
        return key;
    }

    /** A beginning of keys: empty, a folder with its slash, or part of a name. */
    static String checkedPrefix(String prefix) {
        if (!prefix.isEmpty()) {
            checked(prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix);
        }
        return prefix;
    }

    /** Whether it can stand between two slashes. */
    static boolean isPart(String part) {
        return PART.matcher(part).matches() && !part.equals(".") && !part.equals("..");
    }
}
