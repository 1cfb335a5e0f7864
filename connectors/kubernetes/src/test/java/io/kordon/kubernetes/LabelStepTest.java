package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.kordon.avro.Command;
import io.kordon.avro.Mode;
import io.kordon.avro.Result;
import io.kordon.avro.StepStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelStepTest extends ContainmentContract {
    @Test
    void readsBackNoMoreThanAResultHolds() {
        Map<String, String> labels = new HashMap<>(affected().getMetadata().getLabels());
        for (int i = 0; i < 2_000; i++) {
            labels.put("k" + i, "v".repeat(63));
        }
        cluster.store(new PodBuilder(affected())
                .editMetadata()
                .withLabels(labels)
                .endMetadata()
                .build());

        Result result = first(run(command("label")));

        assertThat(result.getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(result.getObserved().get("labels"))
                .hasSize(StepOutcome.MAX_TEXT + 1)
                .endsWith("…");
    }

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bad key=1",
                "bad=v v",
                "-bad=v",
                "bad=v-",
                "Example.com/bad=v",
                "/bad=v",
                "example.com/=v",
                "a/b/c=v",
                "long=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void saysInADryRunTooThatTheApiServerWouldRefuseALabel(String label) {
        Command.Builder command = command().setSteps(List.of(Commands.step("label", Map.of("labels", label))));

        assertThat(List.of(first(run(command)), first(run(command.setMode(Mode.DRY_RUN)))))
                .allSatisfy(result -> {
                    assertThat(result.getStatus()).isEqualTo(StepStatus.FAILED);
                    assertThat(result.getDetail())
                            .startsWith("parameter labels: ")
                            .contains("is no label ");
                });
        assertThat(writes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "empty=",
                "a.b_C-9=x",
                "example.com/name=V.1",
                "k=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void setsWhateverTheApiServerTakes(String label) {
        List<Result> results = run(command().setSteps(List.of(Commands.step("label", Map.of("labels", label)))));

        assertThat(first(results).getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(Labels.text(affectedLabels())).contains(label);
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
