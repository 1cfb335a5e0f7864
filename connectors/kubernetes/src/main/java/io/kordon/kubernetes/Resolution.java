package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kordon.avro.Command;
import io.kordon.avro.Entity;
import io.kordon.schemas.KubernetesNames;
import java.time.Instant;

/** Whether the live pod is the one that a command speaks of. Decided before anything is touched. */
sealed interface Resolution {

    /** It is; the pod as it was read. */
    record Found(PodTarget target, Pod pod) implements Resolution {}

    /** It certainly was, and is no more; the UID is the command's. */
    record Gone(PodTarget target, String detail) implements Resolution {}

    /** Nobody can tell, so nothing may be done. */
    record Refused(String detail) implements Resolution {}

    /** There is no such pod. */
    record Failed(String detail) implements Resolution {}

    /**
     * Looks the pod up. With a UID, the live pod's must be equal. Without one, the pod must have existed at the first
     * evidence: names are unique in time, so a pod that old is the pod that the evidence spoke of.
     */
    static Resolution of(Command command, KubernetesClient client) {
        Entity entity = command.getEntity();
        String namespace = entity.getNamespace();
        String name = entity.getName();
        if (namespace == null || namespace.isEmpty() || name == null || name.isEmpty()) {
            return new Failed("the command names no pod: entity " + entity.getKey());
        }
        if (!KubernetesNames.isPod(namespace, name)) {
            return new Refused("the command's namespace or name cannot be those of a pod: entity " + entity.getKey());
        }
        String uid = entity.getUid();
        Pod pod = client.pods().inNamespace(namespace).withName(name).get();
        if (pod != null
                && !(namespace.equals(pod.getMetadata().getNamespace())
                        && name.equals(pod.getMetadata().getName()))) {
            return new Refused("asked for pod " + namespace + "/" + name + ", the API server answered with "
                    + pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName());
        }
        if (uid != null && !uid.isEmpty()) {
            PodTarget target = new PodTarget(namespace, name, uid);
            if (pod == null) {
                return new Gone(target, "pod " + target + " is gone");
            }
            return uid.equals(pod.getMetadata().getUid())
                    ? new Found(target, pod)
                    : new Gone(target, target.replacedBy(pod));
        }
        if (pod == null) {
            return new Failed("there is no pod " + namespace + "/" + name);
        }
        Instant created = Instant.parse(pod.getMetadata().getCreationTimestamp());
        if (created.isAfter(command.getFirstEvidenceAt())) {
            return new Refused("the pod's UID is unknown, and the pod " + namespace + "/" + name + " was created at "
                    + created + ", after the first evidence at " + command.getFirstEvidenceAt()
                    + ": it is not the one that was meant");
        }
        return new Found(new PodTarget(namespace, name, pod.getMetadata().getUid()), pod);
    }
}
