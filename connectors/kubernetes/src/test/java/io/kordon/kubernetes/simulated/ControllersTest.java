package io.kordon.kubernetes.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What only the simulated controllers promise: to be done when the write is answered, and the same way every time. */
class ControllersTest {
    private static final List<String> SEEDED = List.of("tomcat-depl-89bb8c5c7-lspcw", "tomcat-depl-89bb8c5c7-x2k9p");

    private final SimulatedCluster cluster = SimulatedCluster.start(0);

    @BeforeEach
    void start() {
        cluster.seedTomcat();
        cluster.startControllers();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void changesNothingOfWhatIsSeeded() {
        try (SimulatedCluster without = SimulatedCluster.start(0)) {
            without.seedTomcat();

            assertThat(specs(cluster)).isNotEmpty().isEqualTo(specs(without));
        }
    }

    @Test
    void namesAReplacementTheSameWayEveryTime() {
        detach(cluster, SEEDED.get(0));
        try (SimulatedCluster another = SimulatedCluster.start(0)) {
            another.seedTomcat();
            another.startControllers();
            detach(another, SEEDED.get(0));

            assertThat(replacements(cluster)).hasSize(1).isEqualTo(replacements(another));
        }
    }

    @Test
    void neverGivesANameTwice() {
        detach(cluster, SEEDED.get(0));
        List<String> first = replacements(cluster);
        cluster.client().pods().inNamespace("tomcat").withName(first.get(0)).delete();

        assertThat(replacements(cluster)).hasSize(1).doesNotContainAnyElementsOf(first);
    }

    @Test
    void leavesAPodWithoutANodeUntilOneTakesIt() {
        unschedulable("worker-1", true);
        unschedulable("worker-2", true);

        detach(cluster, SEEDED.get(0));

        Pod waiting = pod(cluster, replacements(cluster).get(0));
        assertThat(waiting.getSpec().getNodeName()).isNull();
        assertThat(waiting.getStatus().getPhase()).isEqualTo("Pending");

        unschedulable("worker-2", false);

        Pod running = pod(cluster, replacements(cluster).get(0));
        assertThat(running.getMetadata().getUid())
                .isEqualTo(waiting.getMetadata().getUid());
        assertThat(running.getSpec().getNodeName()).isEqualTo("worker-2");
        assertThat(running.getStatus().getPhase()).isEqualTo("Running");
        assertThat(running.getStatus().getContainerStatuses().get(0).getContainerID())
                .matches("containerd://[0-9a-f]{64}");
    }

    @Test
    void followsWhatIsStoredAndRemovedWithoutARequest() {
        cluster.remove(pod(cluster, SEEDED.get(1)));

        assertThat(replacements(cluster)).hasSize(1);
    }

    private void unschedulable(String node, boolean unschedulable) {
        cluster.client()
                .nodes()
                .withName(node)
                .edit(live -> new NodeBuilder(live)
                        .editSpec()
                        .withUnschedulable(unschedulable)
                        .endSpec()
                        .build());
    }

    private static void detach(SimulatedCluster cluster, String name) {
        cluster.client()
                .pods()
                .inNamespace("tomcat")
                .withName(name)
                .edit(pod -> new PodBuilder(pod)
                        .editMetadata()
                        .withLabels(Map.of("status", "affected"))
                        .endMetadata()
                        .build());
    }

    private static List<String> replacements(SimulatedCluster cluster) {
        return cluster.client().pods().inNamespace("tomcat").list().getItems().stream()
                .map(pod -> pod.getMetadata().getName())
                .filter(name -> !SEEDED.contains(name))
                .toList();
    }

    private static Map<String, PodSpec> specs(SimulatedCluster cluster) {
        return cluster.client().pods().inAnyNamespace().list().getItems().stream()
                .collect(Collectors.toMap(pod -> pod.getMetadata().getName(), Pod::getSpec));
    }

    private static Pod pod(SimulatedCluster cluster, String name) {
        return cluster.client().pods().inNamespace("tomcat").withName(name).get();
    }
}
