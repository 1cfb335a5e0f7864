package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.kordon.avro.Result;
import io.kordon.avro.StepStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TerminateStepTest extends ContainmentContract {
    @BeforeEach
    void keepEvidence() {
        evidence.keep("incident-1");
    }

    @Test
    void deletesThePodAndItsPolicyWithIt() {
        List<Result> results = run(command("isolate", "terminate"));

        assertThat(results).extracting(Result::getStatus).containsOnly(StepStatus.DONE);
        assertThat(affected()).isNull();
        assertThat(pod("tomcat", Commands.OTHER)).isNotNull();
        assertThat(client.network()
                        .v1()
                        .networkPolicies()
                        .inNamespace("tomcat")
                        .list()
                        .getItems())
                .isEmpty();
    }

    @Test
    void saysTheSameOnReplayThoughThePodIsGone() {
        var command = command("label", "detach", "isolate", "cordon", "terminate");
        List<Result> before = run(command);
        cluster.forgetCalls();

        List<Result> after = run(command);

        assertThat(before).extracting(Result::getStatus).containsOnly(StepStatus.DONE);
        assertThat(after).extracting(Result::getStatus).containsOnly(StepStatus.DONE);
        assertThat(after).extracting(Result::getChanged).containsOnly(false);
        assertThat(writes()).isEmpty();
    }

    @Test
    void leavesAPodAloneThatTookTheNameMeanwhile() {
        var command = command("terminate");
        run(command);
        cluster.seedTomcat();
        cluster.store(new PodBuilder(affected())
                .editMetadata()
                .withUid("another")
                .endMetadata()
                .build());
        cluster.forgetCalls();

        assertThat(first(run(command)).getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(writes()).isEmpty();
        assertThat(affected()).isNotNull();
    }

    @Test
    void hurriesADeletionThatWouldTakeLongerThanItMay() {
        deletingWithin(86_400);

        Result result =
                first(run(command().setSteps(List.of(Commands.step("terminate", Map.of("gracePeriodSeconds", "1"))))));

        assertThat(result.getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(result.getChanged()).isTrue();
        assertThat(writes()).containsExactly("delete pods/" + Commands.AFFECTED);
        assertThat(affected()).isNull();
    }

    @Test
    void leavesADeletionToItsCourseThatEndsSoonEnoughAndSaysWhen() {
        deletingWithin(30);

        Result byDefault = first(run(command("terminate")));
        Result inTime =
                first(run(command().setSteps(List.of(Commands.step("terminate", Map.of("gracePeriodSeconds", "30"))))));

        assertThat(List.of(byDefault, inTime)).allSatisfy(result -> {
            assertThat(result.getStatus()).isEqualTo(StepStatus.DONE);
            assertThat(result.getChanged()).isFalse();
            assertThat(result.getDetail())
                    .isEqualTo("the pod is being deleted and has until 2026-11-24T04:00:30Z to stop");
        });
        assertThat(writes()).isEmpty();
    }

    /** As an API server with kubelets leaves a deleted pod: there until its node has stopped it. */
    private void deletingWithin(long seconds) {
        cluster.store(new PodBuilder(affected())
                .editMetadata()
                .withDeletionTimestamp(Commands.NOW.plusSeconds(seconds).toString())
                .withDeletionGracePeriodSeconds(seconds)
                .endMetadata()
                .build());
        cluster.forgetCalls();
    }

    @Test
    void refusesAGracePeriodThatIsNoNumber() {
        Result result =
                first(run(command().setSteps(List.of(Commands.step("terminate", Map.of("gracePeriodSeconds", "-5"))))));

        assertThat(result.getStatus()).isEqualTo(StepStatus.FAILED);
        assertThat(result.getDetail()).contains("gracePeriodSeconds").contains("-5");
        assertThat(affected()).isNotNull();
    }
}
