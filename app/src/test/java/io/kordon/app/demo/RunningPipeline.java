package io.kordon.app.demo;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kordon.app.access.Role;
import io.kordon.app.embedded.EmbeddedStack;
import io.kordon.app.lifecycle.Closers;
import io.kordon.app.process.Rulebook;
import io.kordon.kubernetes.simulated.SimulatedCluster;
import io.kordon.schemas.Topics;
import io.kordon.streams.response.Budgets;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Every process of Kordon on the shared servers, apart from other tests by its prefixes, and a cluster of its own. */
final class RunningPipeline implements AutoCloseable {
    private final Closers closers = new Closers();
    private final Pipeline.Setup setup;
    /** Its tests contain more pods in a minute than anybody should let a stream of events contain. */
    private static final Budgets UNLIMITED =
            new Budgets(Budgets.DEFAULT.window(), Budgets.NO_LIMIT, Budgets.NO_LIMIT, Budgets.NO_LIMIT);

    private final Pipeline pipeline;

    RunningPipeline(EmbeddedStack stack, String name, Path state) throws InterruptedException {
        this(stack, name, state, UNLIMITED, stack.broker().bootstrapServers(), Map.of());
    }

    /** With another Kafka than the shared one. */
    RunningPipeline(
            EmbeddedStack stack,
            String name,
            Path state,
            Budgets budgets,
            String bootstrapServers,
            Map<Role, Map<String, Object>> access)
            throws InterruptedException {
        SimulatedCluster cluster = closers.add(SimulatedCluster.start(0));
        cluster.seedTomcat();
        cluster.startControllers();
        setup = new Pipeline.Setup(
                "it",
                cluster.client(),
                new Topics(name + ".", 2),
                bootstrapServers,
                stack.registry().url(),
                stack.elasticsearch().url(),
                name + "-",
                state,
                budgets,
                0,
                access);
        try {
            pipeline = closers.add(Pipeline.start(setup, Rulebook.builtIn(), (part, took) -> {}));
        } catch (InterruptedException | RuntimeException e) {
            closers.close();
            throw e;
        }
    }

    Pipeline.Setup setup() {
        return setup;
    }

    Pipeline pipeline() {
        return pipeline;
    }

    KubernetesClient client() {
        return setup.client();
    }

    /** Sends what the example's senders would send of a pod. */
    void play(ScenarioPod pod) throws InterruptedException {
        HttpClient http = HttpClient.newHttpClient();
        for (Scenario.Post post : new Scenario(pod, Instant.now()).posts()) {
            Recipient.gateway(pipeline.gatewayUrl(), post.sender()).deliver(post, http, Duration.ZERO);
        }
    }

    @Override
    public void close() {
        closers.close();
    }
}
