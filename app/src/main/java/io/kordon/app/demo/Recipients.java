package io.kordon.app.demo;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the example's requests go.
 *
 * @param bySender whose requests are sent at all
 * @param authorities PEM file of who is believed about the receivers' certificates; empty for those of the JDK
 */
record Recipients(Map<Sender, Recipient> bySender, String authorities) {
    Recipients {
        bySender = Map.copyOf(bySender);
    }

    /** Null where this sender's requests are left out. */
    @Nullable
    Recipient of(Sender sender) {
        return bySender.get(sender);
    }
}
