package io.kordon.kubernetes.simulated;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Scheduler and kubelets: a pod without a node gets the one with the fewest pods that takes it, and is ready there. */
final class Kubelets {
    private static final String CONTROL_PLANE = "node-role.kubernetes.io/control-plane";

    private final SimulatedApi api;
    private int addresses;

    Kubelets(SimulatedApi api) {
        this.api = api;
    }

    boolean reconcile() {
        boolean wrote = false;
        for (Pod pod : api.stored(Pod.class)) {
            if (pod.getSpec().getNodeName() == null
                    && Controllers.controller(pod).isPresent()) {
                Optional<Node> node = node();
                if (node.isPresent()) {
                    api.store(running(pod, node.orElseThrow()));
                    wrote = true;
                }
            }
        }
        return wrote;
    }

    private Optional<Node> node() {
        List<Pod> pods = api.stored(Pod.class);
        return api.stored(Node.class).stream()
                .filter(node -> !Boolean.TRUE.equals(node.getSpec().getUnschedulable()))
                .filter(node -> !Controllers.labels(node).containsKey(CONTROL_PLANE))
                .min(Comparator.comparing((Node node) -> pods.stream()
                                .filter(pod -> node.getMetadata()
                                        .getName()
                                        .equals(pod.getSpec().getNodeName()))
                                .count())
                        .thenComparing(node -> node.getMetadata().getName()));
    }

    private Pod running(Pod pod, Node node) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        addresses++;
        List<ContainerStatus> containers = pod.getSpec().getContainers().stream()
                .map(container -> new ContainerStatusBuilder()
                        .withName(container.getName())
                        .withImage(container.getImage())
                        .withReady(true)
                        .withContainerID(
                                "containerd://" + containerId(pod.getMetadata().getUid() + "/" + container.getName()))
                        .withNewState()
                        .withNewRunning()
                        .withStartedAt(now)
                        .endRunning()
                        .endState()
                        .build())
                .toList();
        return new PodBuilder(pod)
                .editSpec()
                .withNodeName(node.getMetadata().getName())
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .withPodIP("10.245." + addresses / 250 % 250 + "." + (addresses % 250 + 1))
                .withStartTime(now)
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .withContainerStatuses(containers)
                .endStatus()
                .build();
    }

    private static String containerId(String container) {
        String half = UUID.nameUUIDFromBytes(container.getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
        return half + new StringBuilder(half).reverse();
    }
}
