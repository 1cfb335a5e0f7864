package io.kordon.kubernetes;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the API server takes as a label (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/). */
public final class LabelSyntax {
    private static final int MAX_PREFIX = 253;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final Pattern PREFIX =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    private LabelSyntax() {}

    /** Why the API server would refuse this label, or null if it would not. */
    public static @Nullable String problem(String key, String value) {
        int slash = key.indexOf('/');
        String prefix = key.substring(0, Math.max(0, slash));
        if (slash >= 0
                && (prefix.length() > MAX_PREFIX || !PREFIX.matcher(prefix).matches())) {
            return "'" + key + "' is no label key: what stands before its slash must be a DNS name in lower case";
        }
        if (!NAME.matcher(key.substring(slash + 1)).matches()) {
            return "'" + key + "' is no label key: " + allowed(slash < 0 ? "it" : "what stands behind its slash");
        }
        if (!value.isEmpty() && !NAME.matcher(value).matches()) {
            return "'" + value + "' is no label value: " + allowed("it") + ", or be empty";
        }
        return null;
    }

    private static String allowed(String what) {
        return what + " must have 1 to 63 letters, digits, '-', '_' or '.', with a letter or digit at both ends";
    }
}
