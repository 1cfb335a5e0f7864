package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.Mode;
import io.kordon.avro.OnFailure;
import io.kordon.avro.Result;
import io.kordon.avro.Step;
import io.kordon.avro.StepStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nothing is killed before its evidence is kept. */
class EvidenceFirstTest extends ContainmentContract {
    private int scaled;

    @Test
    void refusesToKillWithoutEvidenceWhoeverApproves() {
        List<Result> results = run(command("label", "terminate").setApproval(Commands.APPROVAL));

        assertThat(results)
                .extracting(Result::getStatus)
                .containsExactly(StepStatus.DONE, StepStatus.REFUSED, StepStatus.REFUSED);
        assertThat(results.get(1).getDetail()).contains("incident-1").contains("capture");
        assertThat(affected()).isNotNull();
    }

    @Test
    void killsWhereABundleOfTheIncidentIsSealed() {
        evidence.keep("incident-2");
        assertThat(first(run(command("terminate"))).getStatus()).isEqualTo(StepStatus.REFUSED);

        evidence.keep("incident-1");
        assertThat(first(run(command("terminate"))).getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(affected()).isNull();
    }

    @Test
    void doesNotKillAfterACaptureThatFailedThoughThePlaybookGoesOn() {
        runner = runner(
                ActuatorConfig.of(Commands.CLUSTER),
                new ContainmentSteps(
                        List.of(
                                new ScriptedStep("capture", run -> StepOutcome.failed("the disk is full")),
                                new TerminateStep()),
                        evidence));

        List<Result> results = run(command()
                .setSteps(List.of(
                        Step.newBuilder(Commands.step("capture", Map.of()))
                                .setOnFailure(OnFailure.CONTINUE)
                                .build(),
                        Commands.step("terminate", Map.of()))));

        assertThat(results)
                .extracting(Result::getStatus)
                .containsExactly(StepStatus.FAILED, StepStatus.REFUSED, StepStatus.FAILED);
        assertThat(affected()).isNotNull();
    }

    @Test
    void holdsScaleToItTooEvenWhenThePodIsGone() {
        runner = runner(
                ActuatorConfig.of(Commands.CLUSTER),
                new ContainmentSteps(
                        List.of(new ScriptedStep("scale", run -> {
                            scaled++;
                            return StepOutcome.done("", Map.of());
                        })),
                        evidence));

        assertThat(first(run(command("scale").setApproval(Commands.APPROVAL))).getStatus())
                .isEqualTo(StepStatus.REFUSED);
        assertThat(first(run(Commands.onPod("tomcat", "nobody", "some-uid", "scale")))
                        .getStatus())
                .isEqualTo(StepStatus.REFUSED);
        assertThat(scaled).isZero();
    }

    @Test
    void failsWhereTheStoreCannotSay() {
        evidence.breakDown("the bucket is away");

        Result result = first(run(command("terminate")));

        assertThat(result.getStatus()).isEqualTo(StepStatus.FAILED);
        assertThat(result.getDetail()).contains("the bucket is away");
        assertThat(affected()).isNotNull();
    }

    @Test
    void refusesWithoutAStore() {
        runner = runner(ActuatorConfig.of(Commands.CLUSTER), ContainmentSteps.with(null));

        assertThat(first(run(command("terminate"))).getDetail()).contains("no evidence store is configured");
    }

    @Test
    void saysInADryRunThatItWouldRefuse() {
        Result result = first(run(command("terminate").setMode(Mode.DRY_RUN)));

        assertThat(result.getStatus()).isEqualTo(StepStatus.DRY_RUN);
        assertThat(result.getDetail()).contains("would be refused").contains("capture");
    }
}
