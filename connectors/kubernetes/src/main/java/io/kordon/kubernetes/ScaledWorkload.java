package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kordon.avro.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What makes the pods that a pod is one of. Found by the live chain of controllers, each compared by its UID; where the
 * pod is gone or its controller has let go of it (as after {@code detach}), by what the inventory knew, and again its UID.
 *
 * @param objects to be scaled or suspended, those first that would make more of the others
 * @param above a controller of them that may undo it, as {@code Kind name}; empty if there is none
 */
record ScaledWorkload(List<HasMetadata> objects, String above) {
    /** They make ReplicaSets and Jobs. No controller looks after a claim to be theirs, so that anybody can make it. */
    private static final Set<String> MAKE_NO_PODS = Set.of("apps/Deployment", "batch/CronJob");

    ScaledWorkload {
        objects = List.copyOf(objects);
    }

    static ScaledWorkload of(StepRun run) throws StepFailure {
        Pod pod = livePod(run);
        OwnerReference controller = pod == null ? null : controller(pod);
        if (controller != null) {
            if (MAKE_NO_PODS.contains(group(controller) + "/" + controller.getKind())) {
                throw new StepFailure("the pod says that " + controller.getKind() + " " + controller.getName()
                        + " controls it, which makes no pods itself: who made the pod wrote that. Nothing was touched");
            }
            return new Search(run).above(controller);
        }
        Owner known = run.command().getWorkload();
        if (known != null) {
            return new Search(run).at(known.getKind(), known.getName(), known.getUid());
        }
        throw new StepFailure(
                pod == null
                        ? "the pod is gone, and the command does not say what it was of: scale its workload by hand"
                        : "the pod has no controller, so that nothing makes it anew: terminate removes it for good");
    }

    private static @Nullable Pod livePod(StepRun run) {
        Pod pod = run.client()
                .pods()
                .inNamespace(run.target().namespace())
                .withName(run.target().name())
                .get();
        return pod == null || !run.target().uid().equals(pod.getMetadata().getUid()) ? null : pod;
    }

    private static @Nullable OwnerReference controller(HasMetadata object) {
        return object.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .findFirst()
                .orElse(null);
    }

    private static String group(OwnerReference owner) {
        String version = owner.getApiVersion();
        return version.contains("/") ? version.replaceAll("/.*", "") : "";
    }

    /** The steps from one object to the one above it. */
    private record Search(StepRun run) {

        ScaledWorkload above(OwnerReference owner) throws StepFailure {
            String kind = owner.getKind();
            String group = group(owner);
            if (!group.equals(groupOf(kind))) {
                throw unknown(kind + "." + group, owner.getName());
            }
            return at(kind, owner.getName(), owner.getUid());
        }

        ScaledWorkload at(String kind, String name, String uid) throws StepFailure {
            KubernetesClient client = run.client();
            String namespace = run.target().namespace();
            return switch (kind) {
                case "ReplicaSet" -> {
                    HasMetadata set = same(
                            client.apps()
                                    .replicaSets()
                                    .inNamespace(namespace)
                                    .withName(name)
                                    .get(),
                            kind,
                            name,
                            uid);
                    OwnerReference owner = controller(set);
                    yield owner == null ? only(set) : above(owner);
                }
                case "Deployment" ->
                    only(same(
                            client.apps()
                                    .deployments()
                                    .inNamespace(namespace)
                                    .withName(name)
                                    .get(),
                            kind,
                            name,
                            uid));
                case "StatefulSet" ->
                    only(same(
                            client.apps()
                                    .statefulSets()
                                    .inNamespace(namespace)
                                    .withName(name)
                                    .get(),
                            kind,
                            name,
                            uid));
                case "ReplicationController" -> {
                    HasMetadata set = same(
                            client.replicationControllers()
                                    .inNamespace(namespace)
                                    .withName(name)
                                    .get(),
                            kind,
                            name,
                            uid);
                    OwnerReference owner = controller(set);
                    yield owner == null ? only(set) : above(owner);
                }
                case "Job" -> {
                    HasMetadata job = same(
                            client.batch()
                                    .v1()
                                    .jobs()
                                    .inNamespace(namespace)
                                    .withName(name)
                                    .get(),
                            kind,
                            name,
                            uid);
                    OwnerReference owner = controller(job);
                    yield owner != null
                                    && owner.getKind().equals("CronJob")
                                    && owner.getApiVersion().startsWith("batch/")
                            ? above(owner)
                            : only(job);
                }
                case "CronJob" -> {
                    HasMetadata cronJob = same(
                            client.batch()
                                    .v1()
                                    .cronjobs()
                                    .inNamespace(namespace)
                                    .withName(name)
                                    .get(),
                            kind,
                            name,
                            uid);
                    List<HasMetadata> objects = new ArrayList<>(List.of(cronJob));
                    client.batch().v1().jobs().inNamespace(namespace).list().getItems().stream()
                            .filter(job -> isOf(job, uid) && !finished(job))
                            .forEach(objects::add);
                    yield new ScaledWorkload(objects, name(controller(cronJob)));
                }
                case "DaemonSet" ->
                    throw new StepFailure(
                            "DaemonSet " + name + " has no replicas, it runs a pod on each node that fits: cordon does"
                                    + " not keep its pods away either; delete it, or change its"
                                    + " nodeSelector");
                default -> throw unknown(kind, name);
            };
        }

        private static ScaledWorkload only(HasMetadata object) {
            return new ScaledWorkload(List.of(object), name(controller(object)));
        }

        private static HasMetadata same(@Nullable HasMetadata live, String kind, String name, String uid)
                throws StepFailure {
            if (live == null) {
                throw new StepFailure(kind + " " + name + " (uid " + uid + ") is gone: nothing makes the pod anew");
            }
            if (!uid.equals(live.getMetadata().getUid())) {
                throw new StepFailure(kind + " " + name + " now is uid "
                        + live.getMetadata().getUid() + ", the pod was of uid " + uid + ". Nothing was touched");
            }
            return live;
        }

        private static boolean isOf(Job job, String uid) {
            OwnerReference owner = controller(job);
            return owner != null && owner.getUid().equals(uid);
        }

        private static boolean finished(Job job) {
            return job.getStatus() != null
                    && job.getStatus().getConditions().stream()
                            .anyMatch(condition -> condition.getStatus().equals("True")
                                    && (condition.getType().equals("Complete")
                                            || condition.getType().equals("Failed")));
        }

        private static String groupOf(String kind) {
            return switch (kind) {
                case "ReplicationController" -> "";
                case "Job", "CronJob" -> "batch";
                default -> "apps";
            };
        }

        private static String name(@Nullable OwnerReference owner) {
            return owner == null ? "" : owner.getKind() + " " + owner.getName();
        }

        private static StepFailure unknown(String kind, String name) {
            return new StepFailure("the pod is of " + kind + " " + name
                    + ", a kind that Kordon cannot scale, and that would undo what is done below it: scale it by hand");
        }
    }
}
