package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.kordon.kubernetes.simulated.ApiCall;
import io.kordon.kubernetes.simulated.SimulatedCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * An API server that was started for these tests ({@code peers/check.sh}) and serves them all, one after the other. The
 * actuator comes to it with a token of the service account that the chart makes, all steps on.
 */
final class RealCluster implements TestCluster {
    private static final long TOKEN_SECONDS = 86_400;
    private static final Set<String> ACCOUNTS_AND_RIGHTS =
            Set.of("ServiceAccount", "ClusterRole", "ClusterRoleBinding");
    private static @Nullable RealCluster only;

    private final List<ApiCall> calls = new CopyOnWriteArrayList<>();
    private final KubernetesClient admin;
    private final KubernetesClient actuator;
    private final RealSeed seed;
    private @Nullable RealNodes nodes;

    private RealCluster(Path kubeconfig) {
        Config config = Config.fromKubeconfig(kubeconfig.toFile());
        this.admin = client(config);
        this.seed =
                new RealSeed(new KubernetesClientBuilder().withConfig(config).build()); // its requests are nobody's
        seed.checkThatItMayBeErased();
        installChart();
        this.actuator = client(new ConfigBuilder(config)
                .withAutoOAuthToken("")
                .withOauthToken(actuatorToken())
                .build());
    }

    static synchronized RealCluster of(Path kubeconfig) {
        if (only == null) {
            only = new RealCluster(kubeconfig);
        }
        return only;
    }

    private KubernetesClient client(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(new CompletingSerialization())
                .withHttpClientBuilderConsumer(http ->
                        http.addOrReplaceInterceptor("kordon-test-calls", new Interceptor() {
                            @Override
                            public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                                ApiCall call = ApiCall.of(request.method(), request.uri());
                                if (call != null) {
                                    calls.add(call);
                                }
                            }
                        }))
                .build();
    }

    private void installChart() {
        Map<String, Object> allSteps = ContainmentSteps.all().stream()
                .collect(Collectors.toMap(step -> "actuator.steps." + step.action(), step -> true));
        admin.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(Chart.RELEASE)
                        .endMetadata()
                        .build())
                .serverSideApply();
        Chart.render(allSteps).stream()
                .filter(object -> ACCOUNTS_AND_RIGHTS.contains(object.getKind()))
                .forEach(object -> admin.resource(object).forceConflicts().serverSideApply());
    }

    private String actuatorToken() {
        return admin.serviceAccounts()
                .inNamespace(Chart.RELEASE)
                .withName("kordon-actuator")
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(TOKEN_SECONDS)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
    }

    @Override
    public KubernetesClient client() {
        return admin;
    }

    @Override
    public KubernetesClient actuator() {
        return actuator;
    }

    @Override
    public void seedTomcat() {
        seed.erase();
        seed.tomcat();
    }

    @Override
    public void store(HasMetadata object) {
        if (object.getMetadata().getDeletionTimestamp() != null) {
            throw simulatedOnly("stores an object whose deletion runs");
        }
        seed.store(object);
    }

    @Override
    public void remove(HasMetadata object) {
        seed.remove(object);
    }

    @Override
    public List<ApiCall> calls() {
        return List.copyOf(calls);
    }

    @Override
    public void forgetCalls() {
        calls.clear();
    }

    @Override
    public SimulatedCluster simulated() {
        throw simulatedOnly("can do that");
    }

    @Override
    public void startControllers() {
        if (!Boolean.getBoolean("kordon.test.controllers")) {
            throw new TestAbortedException("needs kube-controller-manager");
        }
        nodes = new RealNodes(admin);
    }

    @Override
    public void failNext(String verb, String resource, int code, int times) {
        throw simulatedOnly("fails on request");
    }

    @Override
    public void forgetHistory() {
        throw simulatedOnly("forgets its history on request");
    }

    @Override
    public void goAway() {
        throw simulatedOnly("goes away on request");
    }

    @Override
    public void comeBack() {
        throw simulatedOnly("comes back on request");
    }

    /** Stays open for the next test; what this one left is erased by the next {@link #seedTomcat()}. */
    @Override
    public void close() {
        if (nodes != null) {
            nodes.close();
            nodes = null;
        }
    }

    private static TestAbortedException simulatedOnly(String what) {
        return new TestAbortedException("only the simulated cluster " + what);
    }
}
