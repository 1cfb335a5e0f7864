package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kordon.kubernetes.simulated.ApiCall;
import io.kordon.kubernetes.simulated.SimulatedCluster;
import java.util.List;

/** A simulated cluster, new for every test. */
final class SimulatedTestCluster implements TestCluster {
    private final SimulatedCluster cluster = SimulatedCluster.start(0);

    @Override
    public KubernetesClient client() {
        return cluster.client();
    }

    @Override
    public KubernetesClient actuator() {
        return cluster.client();
    }

    @Override
    public void seedTomcat() {
        cluster.seedTomcat();
    }

    @Override
    public void store(HasMetadata object) {
        cluster.store(object);
    }

    @Override
    public void remove(HasMetadata object) {
        cluster.remove(object);
    }

    @Override
    public List<ApiCall> calls() {
        return cluster.calls();
    }

    @Override
    public void forgetCalls() {
        cluster.forgetCalls();
    }

    @Override
    public SimulatedCluster simulated() {
        return cluster;
    }

    @Override
    public void startControllers() {
        cluster.startControllers();
    }

    @Override
    public void failNext(String verb, String resource, int code, int times) {
        cluster.failNext(verb, resource, code, times);
    }

    @Override
    public void forgetHistory() {
        cluster.forgetHistory();
    }

    @Override
    public void goAway() {
        cluster.goAway();
    }

    @Override
    public void comeBack() {
        cluster.comeBack();
    }

    @Override
    public void close() {
        cluster.close();
    }
}
