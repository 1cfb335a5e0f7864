package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.Mode;
import io.kordon.avro.Result;
import io.kordon.avro.StepStatus;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Steps that kordon.actuator.steps does not name. */
class SwitchedOffStepTest extends ContainmentContract {
    @Test
    void refusesAStepThatIsOffAndCarriesOutTheOthers() {
        on(Set.of("label"));

        List<Result> results = run(command("label", "cordon"));

        assertThat(results)
                .extracting(Result::getStatus)
                .containsExactly(StepStatus.DONE, StepStatus.REFUSED, StepStatus.REFUSED);
        assertThat(results.get(1).getDetail()).contains("cordon").contains("kordon.actuator.steps");
        assertThat(affected().getMetadata().getLabels()).containsEntry("status", "affected");
    }

    @Test
    void refusesItBeforeItAsksForEvidence() {
        on(Set.of());

        assertThat(first(run(command("terminate"))).getDetail()).contains("switched off");
    }

    @Test
    void saysSoInADryRunToo() {
        on(Set.of("label"));

        Result result = first(run(command("cordon").setMode(Mode.DRY_RUN)));

        assertThat(result.getStatus()).isEqualTo(StepStatus.DRY_RUN);
        assertThat(result.getDetail()).contains("would be refused").contains("kordon.actuator.steps");
    }

    @Test
    void tellsAStepThatIsOffFromOneThatDoesNotExist() {
        on(Set.of("label"));

        Result result = first(run(command("explode")));

        assertThat(result.getStatus()).isEqualTo(StepStatus.FAILED);
        assertThat(result.getDetail()).contains("there is no step 'explode'");
    }

    private void on(Set<String> actions) {
        runner = runner(
                ActuatorConfig.of(Commands.CLUSTER),
                ContainmentSteps.with(evidence).only(actions));
    }
}
