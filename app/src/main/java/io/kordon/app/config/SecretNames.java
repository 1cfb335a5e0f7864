package io.kordon.app.config;

import java.util.regex.Pattern;

/** Tells by its name whether a client's property may hold a secret. */
public final class SecretNames {
    private static final Pattern SECRET = Pattern.compile(
            ".*(pass|secret|jaas|credential|user\\.info|key|token|assertion).*", Pattern.CASE_INSENSITIVE);

    /** Says where a secret is, or of which kind. */
    private static final Pattern PLACE = Pattern.compile(".*[.-](location|type|file)");

    private SecretNames() {}

    /** Rather too often than not: a name that is not known may be a secret's. */
    public static boolean matches(String name) {
        return SECRET.matcher(name).matches() && !PLACE.matcher(name).matches();
    }
}
