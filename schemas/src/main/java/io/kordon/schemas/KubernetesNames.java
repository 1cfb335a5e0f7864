package io.kordon.schemas;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What can be the name of something in a cluster. Senders write names, and names become parts of keys and of the API
 * server's addresses: {@code kube-system/pods/x#} is no namespace, but half of a path that no guard has looked at.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/overview/working-with-objects/names/">Object names and IDs</a>
 */
public final class KubernetesNames {
    /** RFC 1123 label: a namespace. */
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    /** RFC 1123 subdomain, of 253 characters at most: a pod, a node. */
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    private static final Pattern UID = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    private static final int LONGEST = 253;

    private KubernetesNames() {}

    /** Whether both can be the names of a pod and its namespace. */
    public static boolean isPod(@Nullable String namespace, @Nullable String name) {
        return isNamespace(namespace) && isName(name);
    }

    public static boolean isNamespace(@Nullable String name) {
        return name != null && LABEL.matcher(name).matches();
    }

    /** Whether it can be the name of a pod or a node. */
    public static boolean isName(@Nullable String name) {
        return name != null
                && name.length() <= LONGEST
                && SUBDOMAIN.matcher(name).matches();
    }

    /** The UID, or null if it cannot be one. A mirror pod's is a digest, not a UUID. */
    public static @Nullable String uid(@Nullable String text) {
        return text != null && UID.matcher(text).matches() ? text : null;
    }

    /** A text that is shown and not looked up, as a container's name, cut where no name is that long. */
    public static @Nullable String shown(@Nullable String text) {
        return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
