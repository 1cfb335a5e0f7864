package io.kordon.streams.topology;

import io.kordon.avro.AuditEvent;
import io.kordon.avro.Entity;
import io.kordon.avro.ObjectRef;
import io.kordon.avro.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Deletions of pods as the audit log tells them. Only the one that takes the pod out of the API counts: the node's own, when
 * it has stopped the pod, or one without grace. An ordinary deletion merely starts the pod's last seconds.
 */
final class Deletions {
    private static final String NODE = "system:node:";

    private Deletions() {}

    /** The deletion that an event tells of; empty for any other event. */
    static List<Pod> of(AuditEvent event) {
        ObjectRef object = event.getObject();
        Entity target = event.getTarget();
        boolean deletes = event.getVerb().equals("delete")
                && event.getStage().equals("ResponseComplete")
                && target != null
                && object != null
                && "pods".equals(object.getResource())
                && object.getSubresource() == null
                && Objects.equals(event.getResponseCode(), 200);
        if (!deletes || !(event.getUsername().startsWith(NODE) || atOnce(event))) {
            return List.of();
        }
        Instant at = Objects.requireNonNullElse(event.getStageTime(), event.getTime());
        Instant bounded = at.isAfter(event.getReceivedAt()) ? event.getReceivedAt() : at;
        Entity pod = target.getUid() == null
                ? Entity.newBuilder(target).setUid(uid(event)).build()
                : target;
        return List.of(Identities.deletion(pod, bounded));
    }

    private static boolean atOnce(AuditEvent event) {
        Object grace = JsonTree.of(event.getOriginal()).field("requestObject.gracePeriodSeconds");
        return grace instanceof Long seconds && seconds == 0;
    }

    private static @Nullable String uid(AuditEvent event) {
        Object uid = JsonTree.of(event.getOriginal()).field("requestObject.preconditions.uid");
        return uid instanceof String text && !text.isEmpty() ? text : null;
    }
}
