package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the controllers will do about a pod that no longer is theirs, or is theirs again, in words for an operator. */
final class Consequences {
    private static final Set<String> REPLICATE = Set.of("ReplicaSet", "ReplicationController");
    private static final Set<String> WORKLOADS =
            Set.of("ReplicaSet", "ReplicationController", "StatefulSet", "DaemonSet", "Job");

    private Consequences() {}

    /** @param left what selected the pod, and does not any more */
    static String ofDetaching(Pod pod, List<PodSelection> left) {
        List<String> words = new ArrayList<>();
        for (PodSelection selection : left) {
            switch (selection.kind()) {
                case "ReplicaSet", "ReplicationController" -> words.add(selection + " replaces the pod at once");
                case "StatefulSet" ->
                    words.add(selection + " replaces the pod only when it is deleted: its name is taken");
                case "DaemonSet" ->
                    words.add(selection + " starts another pod on the same node at once" + hostPorts(pod));
                case "Job" ->
                    words.add(selection + " starts another pod, which does the work again; neither the completion nor"
                            + " the failure of this one counts for it any more (completions, backoffLimit)");
                case "PodDisruptionBudget" ->
                    words.add(selection + " no longer counts the pod: it may allow no eviction until a replacement is"
                            + " ready");
                default -> {} // a Service has nothing to do about it
            }
        }
        if (left.stream().noneMatch(selection -> WORKLOADS.contains(selection.kind()))
                && pod.getMetadata().getOwnerReferences().isEmpty()) {
            words.add("no workload owns the pod: nothing replaces it");
        }
        return words.stream().map(word -> "; " + word).collect(Collectors.joining());
    }

    /** @param back what did not select the pod, and does again */
    static String ofReturning(List<PodSelection> back) {
        List<String> words = new ArrayList<>();
        for (PodSelection selection : back) {
            if (REPLICATE.contains(selection.kind())) {
                words.add(selection
                        + " takes the pod back, and deletes one pod of its own, maybe this one, where there is"
                        + " a replacement");
            } else if (selection.kind().equals("DaemonSet")) {
                words.add(
                        selection + " takes the pod back, and deletes the younger one of the node where there is one");
            } else if (selection.kind().equals("StatefulSet")) {
                words.add(selection + " takes the pod back");
            } else if (selection.kind().equals("Job")) {
                words.add(selection + " takes the pod back, and may have one too many running");
            } else if (selection.kind().equals("Service")) {
                words.add(selection + " sends it requests again");
            }
        }
        return words.stream().map(word -> "; " + word).collect(Collectors.joining());
    }

    private static String hostPorts(Pod pod) {
        Set<Integer> ports = new TreeSet<>();
        if (pod.getSpec() != null) {
            boolean onHost = Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
            for (Container container : pod.getSpec().getContainers()) {
                for (ContainerPort port : Objects.requireNonNullElse(container.getPorts(), List.<ContainerPort>of())) {
                    if (port.getHostPort() != null) {
                        ports.add(port.getHostPort());
                    } else if (onHost && port.getContainerPort() != null) {
                        ports.add(port.getContainerPort());
                    }
                }
            }
        }
        return ports.isEmpty()
                ? ""
                : ", which cannot run before this one is gone: both want host port"
                        + (ports.size() == 1 ? " " : "s ")
                        + ports.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
