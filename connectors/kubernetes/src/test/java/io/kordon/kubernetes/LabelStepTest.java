package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.Result;
import io.kordon.avro.StepStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelStepTest extends ContainmentContract {
    @Test
    void setsTheLabelsOfItsParameterBesidesTheOthers() {
        List<Result> results =
                run(command().setSteps(List.of(Commands.step("label", Map.of("labels", "status=affected,team=red")))));

        assertThat(first(results).getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(first(results).getObserved().get("labels"))
                .contains("status=affected")
                .contains("team=red");
        assertThat(affectedLabels())
                .containsEntry("status", "affected")
                .containsEntry("team", "red")
                .containsEntry("app", "tomcat");
    }

    @Test
    void keepsWhatAnEarlierPlaybookLabelled() {
        run(command("label"));

        run(command().setSteps(List.of(Commands.step("label", Map.of("labels", "team=red")))));

        assertThat(affectedLabels()).containsEntry("status", "affected").containsEntry("team", "red");
    }

    @Test
    void takesOverALabelThatSomeoneElseSet() {
        client.pods().inNamespace("tomcat").withName(Commands.AFFECTED).edit(pod -> {
            pod.getMetadata().getLabels().put("status", "healthy");
            return pod;
        });

        assertThat(first(run(command("label"))).getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(affectedLabels()).containsEntry("status", "affected");
    }

    @Test
    void saysWhatIsWrongWithItsParameter() {
        List<Result> results =
                run(command().setSteps(List.of(Commands.step("label", Map.of("labels", "no equals sign")))));

        assertThat(first(results).getStatus()).isEqualTo(StepStatus.FAILED);
        assertThat(first(results).getDetail()).contains("labels").contains("no equals sign");
        assertThat(writes()).isEmpty();
    }
}
