package io.kordon.app.rules;

import io.kordon.streams.detection.Event;
import io.kordon.streams.incident.Subject;
import io.kordon.streams.json.AuditJson;
import io.kordon.streams.json.FalcoJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an event is about, where a correlation groups by {@code pod}: the pod that it names; of an audit event the one that
 * was called on and the one that called; else the node or the user, as in the pipeline. Of other formats, what their field
 * {@code pod} says. A file tells neither the cluster nor what the inventory would know.
 */
final class Subjects {
    private static final String CLUSTER = "file";
    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

    /** Longer names are nobody's; they would grow every key. */
    private static final int LONGEST = 512;

    /** Of an event that speaks of nothing that is known; it belongs to no group by pod. */
    static final Subject NOBODY = subject("", Subject.Kind.UNKNOWN, null, null);

    private Subjects() {}

    /** At least one. */
    static List<Subject> of(Event event) {
        List<Subject> found = new ArrayList<>();
        if (event instanceof AuditJson) {
            if ("pods".equals(event.field("objectRef.resource"))) {
                addPod(found, text(event, "objectRef.namespace"), text(event, "objectRef.name"));
            }
            addPod(
                    found,
                    serviceAccountNamespace(event),
                    text(event, "user.extra.authentication.kubernetes.io/pod-name"));
            add(found, "user/", Subject.Kind.USER, text(event, "user.username"));
        } else if (event instanceof FalcoJson) {
            addPod(found, text(event, "k8s.ns.name"), text(event, "k8s.pod.name"));
            if (found.isEmpty() && "pods".equals(event.field("ka.target.resource"))) {
                addPod(found, text(event, "ka.target.namespace"), text(event, "ka.target.name"));
            }
            add(found, "node/", Subject.Kind.NODE, text(event, "hostname"));
        } else {
            addPod(found, text(event, "namespace"), text(event, "pod"));
            add(found, "", Subject.Kind.UNKNOWN, text(event, "pod"));
            add(found, "node/", Subject.Kind.NODE, text(event, "node"));
        }
        return found.isEmpty() ? List.of(NOBODY) : found;
    }

    private static void addPod(List<Subject> found, @Nullable String namespace, @Nullable String pod) {
        if (namespace != null && pod != null) {
            Subject subject = subject(namespace + "/" + pod, Subject.Kind.POD, namespace, pod);
            if (!found.contains(subject)) {
                found.add(subject);
            }
        }
    }

    /** Adds what is named only where nothing better is known. */
    private static void add(List<Subject> found, String prefix, Subject.Kind kind, @Nullable String name) {
        if (found.isEmpty() && name != null) {
            found.add(subject(prefix + name, kind, null, name));
        }
    }

    private static Subject subject(String key, Subject.Kind kind, @Nullable String namespace, @Nullable String name) {
        return new Subject(key, kind, CLUSTER, namespace, name, null, null, null, null);
    }

    private static @Nullable String serviceAccountNamespace(Event event) {
        String user = text(event, "user.username");
        if (user == null || !user.startsWith(SERVICE_ACCOUNT)) {
            return null;
        }
        int end = user.indexOf(':', SERVICE_ACCOUNT.length());
        return end < 0 ? null : user.substring(SERVICE_ACCOUNT.length(), end);
    }

    private static @Nullable String text(Event event, String name) {
        Object value = event.field(name);
        Object first = value instanceof List<?> list && !list.isEmpty() ? list.get(0) : value;
        return first instanceof String text && !text.isBlank() && !text.equals("<NA>") && text.length() <= LONGEST
                ? text
                : null;
    }
}
