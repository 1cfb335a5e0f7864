package io.kordon.decoding;

import java.time.Instant;

/**
 * What the door knows about a request and its body does not say.
 *
 * @param cluster name of the cluster that the request speaks of; never taken from the body
 * @param sender authenticated name of who sent it
 * @param receivedAt when the body was complete
 */
public record Origin(String cluster, String sender, Instant receivedAt) {
    public Origin {
        if (cluster.isBlank() || sender.isBlank()) {
            throw new IllegalArgumentException("cluster and sender need a name");
        }
    }
}
