package io.kordon.decoding;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * What a door knows about a request or record, and its body does not say.
 *
 * @param cluster name of the cluster that the request speaks of; never taken from the body
 * @param sender authenticated name of who sent it
 * @param receivedAt when the body was complete; of a Kafka record its stamp
 */
public record Origin(String cluster, String sender, Instant receivedAt) {
    private static final Pattern CLUSTER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    public Origin {
        if (cluster.isBlank() || sender.isBlank()) {
            throw new IllegalArgumentException("cluster and sender need a name");
        }
    }

    /** Whether it may be a cluster's name: 1 to 100 letters, digits, {@code . _ -}. */
    public static boolean isClusterName(String name) {
        return CLUSTER.matcher(name).matches();
    }
}
