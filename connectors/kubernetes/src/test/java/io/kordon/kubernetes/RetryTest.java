package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kordon.avro.Result;
import io.kordon.avro.StepStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryTest extends ContainmentContract {
    @ParameterizedTest
    @ValueSource(ints = {409, 429, 500, 503, 504})
    void triesAgainWhatMayPass(int code) {
        cluster.failNext("patch", "pods", code, 2);

        Result result = first(run(command("label")));

        assertThat(result.getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(pauses).containsExactly(Duration.ofMillis(200), Duration.ofMillis(400));
        assertThat(meters.get("kordon.actuator.retries")
                        .tag("code", Integer.toString(code))
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void givesUpAfterItsAttempts() {
        cluster.failNext("patch", "pods", 503, 99);

        List<Result> results = run(command("label", "cordon"));

        assertThat(results)
                .extracting(Result::getStatus)
                .containsExactly(StepStatus.FAILED, StepStatus.SKIPPED, StepStatus.FAILED);
        assertThat(first(results).getDetail()).contains("503").contains("tried 5 times");
        assertThat(pauses).hasSize(4);
    }

    @Test
    void saysWhichPermissionsAStepNeedsWhenItIsForbiddenAndDoesNotTryAgain() {
        cluster.failNext("patch", "nodes", 403, 1);

        Result result = first(run(command("cordon")));

        assertThat(result.getStatus()).isEqualTo(StepStatus.FAILED);
        assertThat(result.getDetail()).startsWith("403").contains("patch nodes");
        assertThat(meters.get("kordon.actuator.api.failures")
                        .tag("action", "cordon")
                        .tag("code", "403")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(meters.get("kordon.actuator.command.delay").timer().count()).isEqualTo(1);
        assertThat(pauses).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 422})
    void doesNotTryAgainWhatWillNotPass(int code) {
        cluster.failNext("patch", "pods", code, 1);

        assertThat(first(run(command("label"))).getStatus()).isEqualTo(StepStatus.FAILED);
        assertThat(pauses).isEmpty();
    }

    @Test
    void triesAgainToReadThePodBeforeAnythingElse() {
        cluster.failNext("get", "pods", 500, 2);

        assertThat(first(run(command("label"))).getStatus()).isEqualTo(StepStatus.DONE);
    }

    @Test
    void saysThatThereIsNoAnswerWhenTheApiServerIsAway() {
        try (KubernetesClient nobody = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:1/")
                        .build())
                .build()) {
            ActuatorConfig config = ActuatorConfig.of(Commands.CLUSTER);
            runner = new CommandRunner(
                    config,
                    ContainmentSteps.with(null),
                    Actuator.withoutRetries(nobody, config),
                    Clock.fixed(Commands.NOW, ZoneOffset.UTC),
                    pauses::add,
                    new ActuatorMetrics(meters));

            List<Result> results = run(command("label"));

            assertThat(first(results).getStatus()).isEqualTo(StepStatus.FAILED);
            assertThat(first(results).getDetail()).contains("no answer from the API server");
            assertThat(pauses).hasSize(4);
        }
    }

    @Test
    void waitsLongerEachTimeButNeverLongerThanToldTo() {
        RetryPolicy policy = new RetryPolicy(9, Duration.ofMillis(200), Duration.ofSeconds(1));

        assertThat(List.of(1, 2, 3, 4, 5, 8).stream().map(policy::delayAfter))
                .containsExactly(
                        Duration.ofMillis(200),
                        Duration.ofMillis(400),
                        Duration.ofMillis(800),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1));
    }
}
