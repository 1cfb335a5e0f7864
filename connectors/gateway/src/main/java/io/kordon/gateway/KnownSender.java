package io.kordon.gateway;

import io.kordon.decoding.Origin;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the credentials file.
 *
 * @param name recorded as the {@code sender} of its events
 * @param webhooks paths that it may post to
 * @param clusters that it speaks for; one is fixed, of several {@code ?cluster=} names one
 * @param proof how it proves itself
 */
record KnownSender(String name, Set<String> webhooks, Set<String> clusters, Proof proof) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?");

    KnownSender {
        webhooks = Set.copyOf(webhooks);
        clusters = Set.copyOf(clusters);
        if (!isName(name) || webhooks.isEmpty() || clusters.isEmpty()) {
            throw new IllegalArgumentException("a sender needs a name, webhooks and clusters");
        }
    }

    /** Whether it may be a sender's name: no colon in it, so never taken for a raw topic, and never for nobody. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches() && !name.equals(Doorkeeper.ANONYMOUS);
    }

    /** What it may do with this request; asked only once it has proven itself. */
    Admission admit(Webhook webhook, @Nullable String asked) {
        if (!webhooks.contains(webhook.path())) {
            return new Admission.Refused(
                    new Refusal(403, "sender.webhook", null, "this sender may not post to " + webhook.path()), name);
        }
        if (asked == null && clusters.size() > 1) {
            return new Admission.Refused(
                    new Refusal(
                            400,
                            "cluster.missing",
                            "cluster",
                            "this sender speaks for several clusters: name one as ?cluster=NAME"),
                    name);
        }
        String cluster = asked == null ? clusters.iterator().next() : asked;
        if (!Origin.isClusterName(cluster)) {
            return new Admission.Refused(Refusal.CLUSTER, name);
        }
        return clusters.contains(cluster)
                ? new Admission.Admitted(name, cluster)
                : new Admission.Refused(
                        new Refusal(403, "sender.cluster", "cluster", "this sender does not speak for that cluster"),
                        name);
    }
}
