package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kordon.kubernetes.simulated.ApiCall;
import io.kordon.kubernetes.simulated.SimulatedCluster;
import java.nio.file.Path;
import java.util.List;

/**
 * The cluster that the containment contract runs on: the simulated one, or the API server of the kubeconfig file that
 * {@value #KUBECONFIG} names. What only a simulation can do aborts a test there.
 */
interface TestCluster extends AutoCloseable {
    String KUBECONFIG = "kordon.test.kubeconfig";

    static TestCluster start() {
        String kubeconfig = System.getProperty(KUBECONFIG, "");
        return kubeconfig.isEmpty() ? new SimulatedTestCluster() : RealCluster.of(Path.of(kubeconfig));
    }

    /** A client that may do everything, to arrange things and to look at them. */
    KubernetesClient client();

    /** The actuator's client: on a real API server it may do what the chart grants, no more. */
    KubernetesClient actuator();

    /** The Tomcat example and nothing else, as {@code SimulatedCluster.seedTomcat} makes it. */
    void seedTomcat();

    /** Puts an object there as it is, in place of one of its name. A real API server chooses its UID and age. */
    void store(HasMetadata object);

    void remove(HasMetadata object);

    /** Requests so far. */
    List<ApiCall> calls();

    void forgetCalls();

    /** From now on controllers, scheduler and kubelets follow what happens. */
    void startControllers();

    /** The simulated cluster itself, for what only it can do. */
    SimulatedCluster simulated();

    void failNext(String verb, String resource, int code, int times);

    void forgetHistory();

    void goAway();

    void comeBack();

    @Override
    void close();
}
