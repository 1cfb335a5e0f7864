package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;

/** The one pod that a run is about. Its name may be another's tomorrow; its UID never is. */
record PodTarget(String namespace, String name, String uid) {

    /** For an operator: who stands under this name now. */
    String replacedBy(Pod pod) {
        return "pod was replaced: " + namespace + "/" + name + " now is uid "
                + pod.getMetadata().getUid() + ", created "
                + pod.getMetadata().getCreationTimestamp() + "; the command is for uid " + uid
                + ". Nothing was touched";
    }

    @Override
    public String toString() {
        return namespace + "/" + name + " (uid " + uid + ")";
    }
}
