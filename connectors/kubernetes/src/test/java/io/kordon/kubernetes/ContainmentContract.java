package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kordon.avro.Command;
import io.kordon.avro.Result;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** A seeded cluster and a runner against it. {@code peers/check.sh} runs everything that has the tag on a real API server. */
@Tag("containment")
abstract class ContainmentContract {
    final List<Duration> pauses = new ArrayList<>();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final KeptEvidence evidence = new KeptEvidence();
    TestCluster cluster;
    KubernetesClient client;
    CommandRunner runner;

    @BeforeEach
    void startCluster() {
        cluster = TestCluster.start();
        cluster.seedTomcat();
        client = cluster.client();
        runner = runner(ActuatorConfig.of(Commands.CLUSTER));
        cluster.forgetCalls();
    }

    @AfterEach
    void stopCluster() {
        cluster.close();
    }

    CommandRunner runner(ActuatorConfig config) {
        return runner(config, ContainmentSteps.with(evidence));
    }

    CommandRunner runner(ActuatorConfig config, ContainmentSteps steps) {
        return new CommandRunner(
                config,
                steps,
                Actuator.withoutRetries(cluster.actuator(), config),
                Clock.fixed(Commands.NOW, ZoneOffset.UTC),
                pauses::add,
                new ActuatorMetrics(meters));
    }

    List<Result> run(Command.Builder command) {
        return run(runner, command);
    }

    static List<Result> run(CommandRunner runner, Command.Builder command) {
        List<Result> results = new ArrayList<>();
        try {
            runner.run(command.build(), results::add);
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts a test", e);
        }
        return results;
    }

    /** The result of the first step. */
    static Result first(List<Result> results) {
        return results.get(0);
    }

    static Result whole(List<Result> results) {
        Result last = results.get(results.size() - 1);
        assertThat(last.getStep()).isEqualTo(CommandRunner.RUN);
        assertThat(last.getAction()).isEqualTo("run");
        return last;
    }

    Pod pod(String namespace, String name) {
        return client.pods().inNamespace(namespace).withName(name).get();
    }

    Pod affected() {
        return pod("tomcat", Commands.AFFECTED);
    }

    Map<String, String> affectedLabels() {
        return Labels.of(affected().getMetadata());
    }

    String uid() {
        return affected().getMetadata().getUid();
    }

    Node node(String name) {
        return client.nodes().withName(name).get();
    }

    Command.Builder command(String... actions) {
        return Commands.onPod("tomcat", Commands.AFFECTED, uid(), actions);
    }

    Set<String> writes() {
        Set<String> writes = new java.util.TreeSet<>();
        cluster.calls().stream()
                .filter(call -> !Set.of("get", "list", "watch").contains(call.verb()))
                .forEach(call -> writes.add(call.verb() + " " + call.resource() + "/" + call.name()));
        return writes;
    }
}
