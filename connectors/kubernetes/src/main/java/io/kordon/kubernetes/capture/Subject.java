package io.kordon.kubernetes.capture;

import java.util.Map;

/**
 * The pod that a capture is about, and for which incident.
 *
 * @param commandId id of the command: names what the capture leaves in the cluster, so that a replay finds it
 * @param earlierLabels labels that steps before have taken off the pod: Services selected it by them
 */
public record Subject(
        String cluster,
        String incidentId,
        String commandId,
        String namespace,
        String pod,
        String uid,
        Map<String, String> earlierLabels) {
    public Subject {
        earlierLabels = Map.copyOf(earlierLabels);
    }

    /** Path of the pod in the API. */
    String path() {
        return "/api/v1/namespaces/" + namespace + "/pods/" + pod;
    }
}
