package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kordon.avro.Owner;
import io.kordon.schemas.KubernetesNames;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many pods of a workload serve, as the API server shows it now. Who owns whom is taken from live objects, by UID, not
 * from what a command says.
 */
final class HealthyReplicas {

    /**
     * What keeps a number of pods alive.
     *
     * @param name kind and name, for an operator
     * @param uid its own
     * @param desired pods that it wants
     * @param selector of its pods; null for a kind that is not known, whose pods are all that it controls
     * @param controllers UIDs that its pods have as controller
     */
    record Workload(
            String name, String uid, int desired, @Nullable LabelSelector selector, Set<String> controllers) {
        Workload {
            controllers = Set.copyOf(controllers);
        }
    }

    private final KubernetesClient client;

    HealthyReplicas(KubernetesClient client) {
        this.client = client;
    }

    /** The pod's workload, or null where nothing keeps a number of such pods alive: for bare and static pods, and those of Jobs. */
    @Nullable
    Workload of(Pod pod) {
        OwnerReference owner = controller(pod);
        if (owner == null || !KubernetesNames.isName(owner.getName())) {
            return null;
        }
        String namespace = pod.getMetadata().getNamespace();
        return switch (group(owner) + "/" + owner.getKind()) {
            case "apps/ReplicaSet", "apps/Deployment", "apps/StatefulSet", "apps/DaemonSet", "/ReplicationController" ->
                live(namespace, owner);
            case "batch/Job", "batch/CronJob", "/Node" -> null;
            default -> unknownKind(pod, owner);
        };
    }

    /** A workload that the inventory knew, where the pod does not lead to it any more; null where it is not there. */
    @Nullable
    Workload of(@Nullable String namespace, Owner known) {
        if (namespace == null || !KubernetesNames.isName(known.getName())) {
            return null;
        }
        String version = known.getKind().equals("ReplicationController") ? "v1" : "apps/v1";
        OwnerReference owner = new OwnerReferenceBuilder()
                .withApiVersion(version)
                .withKind(known.getKind())
                .withName(known.getName())
                .withUid(known.getUid())
                .build();
        return live(namespace, owner);
    }

    private @Nullable Workload live(String namespace, OwnerReference owner) {
        String name = owner.getName();
        return switch (group(owner) + "/" + owner.getKind()) {
            case "apps/ReplicaSet" -> {
                ReplicaSet set = client.apps()
                        .replicaSets()
                        .inNamespace(namespace)
                        .withName(name)
                        .get();
                yield is(set, owner) ? ofReplicaSet(set) : null;
            }
            case "apps/StatefulSet" -> {
                StatefulSet set = client.apps()
                        .statefulSets()
                        .inNamespace(namespace)
                        .withName(name)
                        .get();
                yield is(set, owner)
                        ? workload(
                                set,
                                orOne(set.getSpec().getReplicas()),
                                set.getSpec().getSelector())
                        : null;
            }
            case "apps/DaemonSet" -> {
                DaemonSet set = client.apps()
                        .daemonSets()
                        .inNamespace(namespace)
                        .withName(name)
                        .get();
                Integer desired = set == null || set.getStatus() == null
                        ? null
                        : set.getStatus().getDesiredNumberScheduled();
                yield is(set, owner)
                        ? workload(set, orOne(desired), set.getSpec().getSelector())
                        : null;
            }
            case "/ReplicationController" -> {
                ReplicationController set = client.replicationControllers()
                        .inNamespace(namespace)
                        .withName(name)
                        .get();
                yield is(set, owner)
                        ? workload(
                                set,
                                orOne(set.getSpec().getReplicas()),
                                new LabelSelectorBuilder()
                                        .withMatchLabels(set.getSpec().getSelector())
                                        .build())
                        : null;
            }
            case "apps/Deployment" -> {
                Deployment deployment = client.apps()
                        .deployments()
                        .inNamespace(namespace)
                        .withName(name)
                        .get();
                yield is(deployment, owner) ? ofDeployment(deployment) : null;
            }
            default -> null;
        };
    }

    /** Other pods of the workload that serve: ready, not on their way out, and not contained themselves. */
    long healthyBesides(Pod pod, Workload workload) {
        var pods = client.pods().inNamespace(pod.getMetadata().getNamespace());
        List<Pod> found = workload.selector() == null
                ? pods.list().getItems()
                : pods.withLabelSelector(workload.selector()).list().getItems();
        return found.stream()
                .filter(other ->
                        !other.getMetadata().getUid().equals(pod.getMetadata().getUid()))
                .filter(other -> controlledBy(other, workload.controllers()))
                .filter(HealthyReplicas::isReady)
                .filter(other -> other.getMetadata().getDeletionTimestamp() == null)
                .filter(other -> !isOutOfService(other))
                .count();
    }

    /** Whether Kordon has taken the pod out of service already, which a label alone does not. */
    static boolean isOutOfService(Pod pod) {
        Hold hold = Hold.of(pod);
        return hold.held()
                && (hold.tookLabelsOff()
                        || pod.getMetadata()
                                .getUid()
                                .equals(Labels.of(pod.getMetadata()).get(IsolateStep.LABEL)));
    }

    private Workload ofReplicaSet(ReplicaSet set) {
        OwnerReference owner = controller(set);
        if (owner == null
                || !(group(owner) + "/" + owner.getKind()).equals("apps/Deployment")
                || !KubernetesNames.isName(owner.getName())) {
            return workload(
                    set, orOne(set.getSpec().getReplicas()), set.getSpec().getSelector());
        }
        String namespace = set.getMetadata().getNamespace();
        Deployment deployment = client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName(owner.getName())
                .get();
        if (!is(deployment, owner)) {
            return workload(
                    set, orOne(set.getSpec().getReplicas()), set.getSpec().getSelector());
        }
        return ofDeployment(deployment);
    }

    private Workload ofDeployment(Deployment deployment) {
        String uid = deployment.getMetadata().getUid();
        String namespace = deployment.getMetadata().getNamespace();
        Set<String> controllers = new LinkedHashSet<>(); // more than one while it is rolled out
        client.apps().replicaSets().inNamespace(namespace).list().getItems().forEach(other -> {
            OwnerReference its = controller(other);
            if (its != null && its.getUid().equals(uid)) {
                controllers.add(other.getMetadata().getUid());
            }
        });
        return new Workload(
                StepRun.name(deployment),
                uid,
                orOne(deployment.getSpec().getReplicas()),
                deployment.getSpec().getSelector(),
                controllers);
    }

    private Workload unknownKind(Pod pod, OwnerReference owner) {
        Set<String> controllers = Set.of(owner.getUid());
        long pods = client.pods().inNamespace(pod.getMetadata().getNamespace()).list().getItems().stream()
                .filter(other -> controlledBy(other, controllers))
                .count();
        String name = owner.getKind() + " " + pod.getMetadata().getNamespace() + "/" + owner.getName();
        return new Workload(name, owner.getUid(), Math.toIntExact(pods), null, controllers);
    }

    private static Workload workload(HasMetadata object, int desired, @Nullable LabelSelector selector) {
        String uid = object.getMetadata().getUid();
        return new Workload(StepRun.name(object), uid, desired, selector, Set.of(uid));
    }

    private static @Nullable OwnerReference controller(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getOwnerReferences(), List.<OwnerReference>of()).stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .findFirst()
                .orElse(null);
    }

    private static boolean controlledBy(Pod pod, Set<String> controllers) {
        OwnerReference owner = controller(pod);
        return owner != null && controllers.contains(owner.getUid());
    }

    /** Owner references are claims of who created the object: the owner must be there, with the very UID. */
    private static boolean is(@Nullable HasMetadata live, OwnerReference owner) {
        return live != null && owner.getUid().equals(live.getMetadata().getUid());
    }

    private static String group(OwnerReference owner) {
        String version = owner.getApiVersion();
        int slash = version.indexOf('/');
        return slash < 0 ? "" : version.substring(0, slash);
    }

    private static int orOne(@Nullable Integer replicas) {
        return replicas == null ? 1 : replicas;
    }

    private static boolean isReady(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition -> Map.entry("Ready", "True")
                                .equals(Map.entry(condition.getType(), condition.getStatus())));
    }
}
