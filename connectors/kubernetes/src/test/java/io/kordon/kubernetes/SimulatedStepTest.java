package io.kordon.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kordon.kubernetes.simulated.SimulatedCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of all steps on the simulated API server. */
class SimulatedStepTest extends StepContract {
    private static SimulatedCluster cluster;

    @BeforeAll
    static void start() {
        cluster = SimulatedCluster.start(0);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    KubernetesClient client() {
        return cluster.client();
    }
}
