package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kordon.avro.Command;
import io.kordon.avro.EvidenceBundle;
import io.kordon.avro.OnFailure;
import io.kordon.avro.Result;
import io.kordon.avro.Step;
import io.kordon.avro.StepStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How long a step may take, and what its failure means for those after it. */
class StepLimitsTest extends ContainmentContract {
    private static final Duration SHORT = Duration.ofMillis(300);

    @Test
    void endsAStepWhoseCallToTheApiServerHangs() {
        cluster.simulated().slowNext("patch", "pods", Duration.ofSeconds(8));
        long began = System.nanoTime();

        List<Result> results = run(command()
                .setSteps(List.of(
                        Step.newBuilder(Commands.step("label", Map.of()))
                                .setTimeoutMillis(SHORT.toMillis())
                                .build(),
                        Commands.step("cordon", Map.of()))));

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        assertThat(results)
                .extracting(Result::getStatus)
                .containsExactly(StepStatus.FAILED, StepStatus.SKIPPED, StepStatus.FAILED);
        assertThat(first(results).getDetail()).contains("not done within 300 ms");
        assertThat(meters.get("kordon.actuator.failures")
                        .tag("where", "timeout")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void takesTheConfiguredTimeWhereTheCommandSaysNoneAndBoundsItsTries() {
        cluster.failNext("patch", "pods", 503, 1_000);
        ActuatorConfig config = new ActuatorConfig(
                Commands.CLUSTER,
                ProtectionConfig.DEFAULT,
                false,
                new RetryPolicy(1_000_000, Duration.ofMillis(10), Duration.ofMillis(10)),
                Duration.ofSeconds(10),
                SHORT,
                1);
        runner = new CommandRunner(
                config,
                ContainmentSteps.with(evidence),
                Actuator.withoutRetries(client, config),
                java.time.Clock.systemUTC(),
                RetryPolicy.Pause.SLEEP,
                new ActuatorMetrics(meters));
        Command.Builder command =
                command("label").setExpiresAt(java.time.Instant.now().plusSeconds(600));

        assertThat(first(run(command)).getDetail()).contains("not done within 300 ms");
    }

    @Test
    void endsAReadThatHangsBeforeAnyStep() {
        runner = runner(new ActuatorConfig(Commands.CLUSTER, ProtectionConfig.DEFAULT, false, SHORT));
        Command.Builder command = command("label");
        cluster.simulated().slowNext("get", "pods", Duration.ofSeconds(8));

        assertThat(first(run(command)).getDetail())
                .contains("could not be read")
                .contains("not done within 300 ms");
    }

    @Test
    void letsAStepThatComesBackTooLateWriteNothing() {
        AtomicReference<StepRun> seen = new AtomicReference<>();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        CountDownLatch ended = new CountDownLatch(1);
        ScriptedStep late = new ScriptedStep("late", run -> {
            seen.set(run);
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                // as a step would that catches everything and goes on
            }
            try {
                run.pod();
            } catch (CancellationException e) {
                thrown.set(e);
                throw e;
            } finally {
                ended.countDown();
            }
            return StepOutcome.done("", Map.of());
        });
        runner = runner(
                new ActuatorConfig(Commands.CLUSTER, ProtectionConfig.DEFAULT, false, SHORT),
                new ContainmentSteps(List.of(late), evidence));

        assertThat(first(run(command("late"))).getStatus()).isEqualTo(StepStatus.FAILED);

        await().until(() -> ended.getCount() == 0);
        assertThat(thrown.get()).isInstanceOf(CancellationException.class);
    }

    @Test
    void knowsNoStepThatMayTakeForever() {
        ActuatorConfig config = ActuatorConfig.of(Commands.CLUSTER);

        assertThat(config.limit(0)).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.limit(-5)).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.limit(1)).isEqualTo(Duration.ofMillis(1));
        assertThat(config.limit(Long.MAX_VALUE)).isEqualTo(Duration.ofHours(1));
    }

    @ParameterizedTest
    @EnumSource(OnFailure.class)
    void goesOnAfterAFailureOnlyWhereTheStepSaysSo(OnFailure onFailure) {
        List<Result> results = run(command()
                .setSteps(List.of(
                        Step.newBuilder(Commands.step("label", Map.of("labels", "no label")))
                                .setOnFailure(onFailure)
                                .build(),
                        Commands.step("cordon", Map.of()))));

        assertThat(results)
                .extracting(Result::getStatus)
                .containsExactly(
                        StepStatus.FAILED,
                        onFailure == OnFailure.CONTINUE ? StepStatus.DONE : StepStatus.SKIPPED,
                        StepStatus.FAILED);
    }

    @Test
    void reportsTheBundleOfACaptureAndLetsTheKillFollow() {
        EvidenceBundle bundle = EvidenceBundle.newBuilder()
                .setLocation("file:///evidence/")
                .setDigest("0".repeat(64))
                .setOrigin("capture")
                .setFiles(1)
                .setBytes(1)
                .setSealedAt(Commands.NOW)
                .build();
        runner = runner(
                ActuatorConfig.of(Commands.CLUSTER),
                new ContainmentSteps(
                        List.of(
                                new ScriptedStep("capture", run -> StepOutcome.captured("kept", Map.of(), bundle)),
                                new TerminateStep()),
                        null));

        List<Result> results = run(command("capture", "terminate"));

        assertThat(results).extracting(Result::getStatus).containsOnly(StepStatus.DONE);
        assertThat(first(results).getBundle()).isEqualTo(bundle);
        assertThat(whole(results).getBundle()).isNull();
        assertThat(affected()).isNull();
    }
}
