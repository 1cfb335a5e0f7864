package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.kordon.avro.Result;
import io.kordon.avro.StepStatus;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CordonStepTest extends ContainmentContract {
    @Test
    void makesTheNodeOfThePodUnschedulableAndLabelsIt() {
        Result result =
                first(run(command().setSteps(List.of(Commands.step("cordon", Map.of("labels", "quarantine=yes"))))));

        assertThat(result.getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(result.getObserved()).containsEntry("node", "worker-1").containsEntry("unschedulable", "true");
        assertThat(node("worker-1").getMetadata().getLabels())
                .containsEntry("quarantine", "yes")
                .containsEntry("kubernetes.io/os", "linux");
    }

    @Test
    void labelsANodeThatIsCordonedAlready() {
        client.nodes().withName("worker-1").edit(node -> {
            node.getSpec().setUnschedulable(true);
            return node;
        });

        Result result = first(run(command("cordon")));

        assertThat(result.getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(result.getChanged()).isTrue();
        assertThat(node("worker-1").getMetadata().getLabels()).containsEntry("status", "affected");
    }

    @Test
    void refusesAControlPlaneNodeAndLetsLaterStepsGoOn() {
        runner = runner(new ActuatorConfig(Commands.CLUSTER, Set.of(), false));
        String dns = "coredns-668d6bf9bc-7tqkd";

        List<Result> results = run(Commands.onPod(
                "kube-system", dns, pod("kube-system", dns).getMetadata().getUid(), "cordon", "label"));

        assertThat(results)
                .extracting(Result::getStatus)
                .containsExactly(StepStatus.REFUSED, StepStatus.DONE, StepStatus.REFUSED);
        assertThat(first(results).getDetail()).contains("control-plane-1").contains("control plane");
        assertThat(node("control-plane-1").getSpec().getUnschedulable()).isNull();
        assertThat(whole(results).getDetail()).contains("cordon REFUSED");
    }

    @Test
    void failsForAPodThatIsOnNoNode() {
        cluster.store(new PodBuilder(affected())
                .editSpec()
                .withNodeName(null)
                .endSpec()
                .build());

        assertThat(first(run(command("cordon"))).getDetail()).contains("no node");
    }
}
