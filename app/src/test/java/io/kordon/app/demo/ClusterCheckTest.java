package io.kordon.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.kordon.kubernetes.simulated.SimulatedCluster;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterCheckTest {
    private static final String POD = "tomcat-depl-89bb8c5c7-lspcw";

    private final SimulatedCluster cluster = SimulatedCluster.start(0);

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void findsNothingMissingWhenThePodIsContainedAndReplaced() {
        ClusterCheck check = check(true);

        contain("deny-all-affected-x");

        assertThat(check.missing()).isEmpty();
    }

    @Test
    void demandsNoReplacementWhereNobodyWouldMakeOne() {
        ClusterCheck check = check(false);

        contain("deny-all-affected-x");

        assertThat(check.missing()).isEmpty();
    }

    @Test
    void missesAReplacementThatIsNotReady() {
        ClusterCheck check = check(true);
        contain("deny-all-affected-x");

        Pod replacement = replacement();
        cluster.store(new PodBuilder(replacement)
                .editStatus()
                .withConditions()
                .endStatus()
                .build());

        assertThat(check.missing())
                .containsExactly("a replacement of the pod by ReplicaSet tomcat-depl-89bb8c5c7, ready");
    }

    @Test
    void missesAReplacementThatDoesNotServe() {
        ClusterCheck check = check(true);
        contain("deny-all-affected-x");

        Pod replacement = replacement();
        cluster.store(new PodBuilder(replacement)
                .editMetadata()
                .withDeletionTimestamp("2026-11-24T04:00:00Z")
                .endMetadata()
                .build());

        assertThat(check.missing()).isEmpty(); // the controllers made a third one
        EndpointSlice slice = slice();
        cluster.remove(service("tomcat")); // without its Service nobody follows the endpoints
        cluster.store(new EndpointSliceBuilder(slice)
                .withEndpoints(slice.getEndpoints()
                        .get(0)
                        .edit()
                        .editTargetRef()
                        .withName(POD)
                        .endTargetRef()
                        .build())
                .build());

        assertThat(check.missing())
                .hasSize(2)
                .anySatisfy(what -> assertThat(what).isEqualTo("Service tomcat without the pod among its endpoints"))
                .anySatisfy(what -> assertThat(what).startsWith("Service tomcat with the replacement"));
    }

    @Test
    void missesAPolicyOfAnotherName() {
        ClusterCheck check = check(true);

        contain("somebody-elses");

        assertThat(check.missing())
                .containsExactly("a NetworkPolicy deny-all-affected… that denies ingress and egress and selects exactly"
                        + " this pod");
    }

    @Test
    void missesEverythingBeforeAnythingHappened() {
        assertThat(check(true).missing())
                .hasSize(9)
                .anySatisfy(what -> assertThat(what).contains("let go by its ReplicaSet"))
                .anySatisfy(what -> assertThat(what).contains("a replacement of the pod"))
                .anySatisfy(what -> assertThat(what).contains("Service tomcat without the pod"));
    }

    private ClusterCheck check(boolean controllers) {
        cluster.seedTomcat();
        if (controllers) {
            cluster.startControllers();
        }
        return new ClusterCheck(cluster.client(), ScenarioPod.find(cluster.client(), "tomcat", POD));
    }

    private void contain(String policy) {
        cluster.client()
                .nodes()
                .withName("worker-1")
                .edit(node -> new NodeBuilder(node)
                        .editMetadata()
                        .addToLabels("status", "affected")
                        .endMetadata()
                        .editSpec()
                        .withUnschedulable(true)
                        .endSpec()
                        .build());
        cluster.client()
                .pods()
                .inNamespace("tomcat")
                .withName(POD)
                .edit(pod -> new PodBuilder(pod)
                        .editMetadata()
                        .withLabels(Map.of("status", "affected", "only", "this"))
                        .endMetadata()
                        .build());
        cluster.client()
                .resource(new NetworkPolicyBuilder()
                        .withNewMetadata()
                        .withNamespace("tomcat")
                        .withName(policy)
                        .endMetadata()
                        .withNewSpec()
                        .withNewPodSelector()
                        .addToMatchLabels("only", "this")
                        .endPodSelector()
                        .withPolicyTypes("Ingress", "Egress")
                        .endSpec()
                        .build())
                .create();
    }

    private Pod replacement() {
        return cluster.client().pods().inNamespace("tomcat").list().getItems().stream()
                .filter(pod -> !List.of(POD, "tomcat-depl-89bb8c5c7-x2k9p")
                        .contains(pod.getMetadata().getName()))
                .findFirst()
                .orElseThrow();
    }

    private EndpointSlice slice() {
        return cluster.client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace("tomcat")
                .list()
                .getItems()
                .get(0);
    }

    private HasMetadata service(String name) {
        return cluster.client().services().inNamespace("tomcat").withName(name).get();
    }
}
