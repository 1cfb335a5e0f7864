package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.kordon.avro.StepStatus;
import io.kordon.kubernetes.capture.CaptureLimits;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The seeded cluster, a store in memory, and captures of the affected pod that do not wait for long. */
abstract class CaptureContract extends ContainmentContract {
    /** Its objects are no more than what it is about; a real API server would want whole ones, as {@link EveryStepTest} has. */
    @BeforeEach
    void runOnTheSimulatedClusterAlone() {
        assertThat(cluster.simulated()).isNotNull();
    }

    static final CaptureLimits LIMITS = new CaptureLimits(
            Duration.ofSeconds(40),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            Duration.ofSeconds(20),
            Duration.ofSeconds(10),
            Duration.ofMillis(300),
            Duration.ofMillis(1),
            256 * 1024,
            1024 * 1024);

    final MemoryBundles bundles = new MemoryBundles();
    String podCheckpointDestination = "";
    boolean changed;

    CaptureStep step() {
        return new CaptureStep(new CaptureStep.Evidence(
                bundles,
                LIMITS,
                Clock.fixed(Commands.NOW, ZoneOffset.UTC),
                new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(1)),
                pauses::add,
                podCheckpointDestination));
    }

    StepRun stepRun(String uid, boolean dryRun, Map<String, String> parameters) {
        return new StepRun(
                Actuator.withoutRetries(client, ActuatorConfig.of(Commands.CLUSTER)),
                Commands.onPod("tomcat", Commands.AFFECTED, uid, CaptureStep.ACTION)
                        .build(),
                new PodTarget("tomcat", Commands.AFFECTED, uid),
                parameters,
                Map.of(),
                dryRun);
    }

    StepOutcome capture(String uid, Map<String, String> parameters) throws StepFailure {
        StepRun run = stepRun(uid, false, parameters);
        try {
            return step().run(run);
        } finally {
            changed = run.changed();
        }
    }

    /** A capture of the affected pod that is done. */
    StepOutcome captured(String... parameters) throws StepFailure {
        Map<String, String> given = Arrays.stream(parameters)
                .map(parameter -> parameter.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        StepOutcome outcome = capture(uid(), given);
        assertThat(outcome.status()).isEqualTo(StepStatus.DONE);
        return outcome;
    }

    MemoryBundles.Piece piece(String name) {
        assertThat(bundles.pieces).containsKey(name);
        return bundles.pieces.get(name);
    }

    JsonNode json(String name) {
        return JsonMapper.shared().readTree(piece(name).content());
    }

    /** Replaces the affected pod by a changed one. */
    void store(PodBuilder pod) {
        cluster.store(pod.build());
        cluster.forgetCalls();
    }

    PodBuilder edit() {
        Pod pod = affected();
        return new PodBuilder(pod);
    }
}
