package io.kordon.app.demo;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kordon.app.embedded.EmbeddedStack;
import io.kordon.app.embedded.Servers;
import io.kordon.app.lifecycle.Closers;
import io.kordon.app.process.Kubernetes;
import io.kordon.app.process.Rulebook;
import io.kordon.kubernetes.simulated.SimulatedCluster;
import io.kordon.schemas.Topics;
import io.kordon.streams.response.Budgets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Servers, cluster and pipeline, running.
 *
 * @param setup where everything is
 * @param cluster the simulated one, or null for a real one
 */
record Demo(
        EmbeddedStack stack,
        Pipeline pipeline,
        Pipeline.Setup setup,
        @Nullable SimulatedCluster cluster) {
    /** One core of a small machine has enough to do with these. */
    private static final int PARTITIONS = 3;

    /** The example is played again and again, on one data folder and one Deployment: only the cluster's budget holds. */
    private static final Budgets BUDGETS =
            new Budgets(Budgets.DEFAULT.window(), Budgets.DEFAULT.perCluster(), Budgets.NO_LIMIT, Budgets.NO_LIMIT);

    private static final String INDEX_PREFIX = "kordon-";

    /**
     * Starts all of it; what is started is given to {@code closers} at once.
     *
     * @param kubeconfig of a real cluster, or null to simulate one
     */
    static Demo start(
            DemoData data,
            EmbeddedStack.Ports ports,
            int gatewayPort,
            @Nullable Path kubeconfig,
            Closers closers,
            Progress progress)
            throws InterruptedException {
        Rulebook rulebook = Rulebook.builtIn();
        rulebook.problems().forEach(problem -> progress.say("not used: " + problem));
        EmbeddedStack stack = closers.add(EmbeddedStack.start(Servers.find(), data.folder(), ports, progress::ready));
        SimulatedCluster cluster = kubeconfig == null ? closers.add(simulate(data)) : null;
        KubernetesClient client =
                cluster == null ? closers.add(Kubernetes.client(String.valueOf(kubeconfig))) : cluster.client();
        if (cluster != null) {
            progress.say("simulated Kubernetes API and controllers are ready, with a Tomcat deployment of two pods");
        }
        Pipeline.Setup setup = new Pipeline.Setup(
                "demo",
                client,
                new Topics(Topics.DEFAULT_PREFIX, PARTITIONS),
                stack.broker().bootstrapServers(),
                stack.registry().url(),
                stack.elasticsearch().url(),
                INDEX_PREFIX,
                data.folder().resolve("streams"),
                BUDGETS,
                gatewayPort);
        return new Demo(stack, closers.add(Pipeline.start(setup, rulebook, progress::ready)), setup, cluster);
    }

    /** Addresses, and how to look around by hand. */
    List<String> addresses(ScenarioPod pod) {
        String gateway = pipeline.gatewayUrl().toString();
        String elasticsearch = stack.elasticsearch().url();
        return List.of(
                "Gateway          " + gateway + "  (POST /v1/falco, /v1/alertmanager, /v1/audit; GET /readyz)",
                "Metrics          " + pipeline.operationsUrl() + "  (GET /metrics, /readyz)",
                "Kafka            " + stack.broker().bootstrapServers(),
                "Schema registry  " + stack.registry().url(),
                "Elasticsearch    " + elasticsearch,
                "Kafka Connect    " + pipeline.connectUrl(),
                "Kubernetes API   " + setup.client().getMasterUrl(),
                "Evidence         " + setup.evidence(),
                "",
                "Look around:",
                "  curl -s '" + elasticsearch + "/kordon-incidents/_search?pretty'",
                "  curl -s '" + elasticsearch + "/kordon-signals/_search?pretty&q=orchestrator.namespace:"
                        + pod.namespace() + "'",
                "  curl -s " + setup.client().getMasterUrl() + "api/v1/namespaces/" + pod.namespace() + "/pods/"
                        + pod.name(),
                "  curl -s " + stack.registry().url() + "/subjects",
                "Decide as an analyst, in another terminal:",
                "  export KORDON_KAFKA_BOOTSTRAP_SERVERS=" + stack.broker().bootstrapServers() + " KORDON_REGISTRY_URL="
                        + stack.registry().url() + " KORDON_EVIDENCE_STORE='" + setup.evidence() + "'",
                "  ./kordon incidents list",
                "  ./kordon evidence verify --all",
                "  ./kordon incidents release inc- --reason 'a drill'",
                "Send an event of your own:",
                "  curl -s " + gateway + "/v1/falco -H 'Content-Type: application/json' -d '" + example() + "'");
    }

    /** UIDs of the seed never change; on data of an earlier run its pods must be new ones, as after a real restart. */
    private static SimulatedCluster simulate(DemoData data) {
        SimulatedCluster cluster = SimulatedCluster.start(0);
        cluster.seedTomcat();
        if (!data.fresh()) {
            cluster.renewPods();
        }
        cluster.startControllers();
        return cluster;
    }

    private static String example() {
        return "{\"time\":\"'$(date -u +%Y-%m-%dT%H:%M:%SZ)'\",\"rule\":\"Run shell"
                + " untrusted\",\"priority\":\"Notice\",\"source\":\"syscall\",\"output\":\"a shell was"
                + " started\",\"output_fields\":{\"k8s.ns.name\":\"shop\",\"k8s.pod.name\":\"cart-6d4cf56db6-9q7wz\"}}";
    }
}
