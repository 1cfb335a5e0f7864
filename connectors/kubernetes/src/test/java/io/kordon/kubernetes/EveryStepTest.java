package io.kordon.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract of all steps on the simulated API server, or on the real one that {@link TestCluster} is given. */
@Tag("containment")
class EveryStepTest extends StepContract {
    private static TestCluster cluster;

    @BeforeAll
    static void start() {
        cluster = TestCluster.start();
        cluster.seedTomcat();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    KubernetesClient client() {
        return cluster.client();
    }

    @Override
    KubernetesClient actuator() {
        return cluster.actuator();
    }
}
