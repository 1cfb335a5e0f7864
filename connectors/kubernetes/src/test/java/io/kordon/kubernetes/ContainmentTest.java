package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.kordon.avro.Result;
import io.kordon.avro.StepStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The whole playbook of the example on the example's pod. */
class ContainmentTest extends ContainmentContract {
    private static final String[] PLAYBOOK = {"label", "detach", "isolate", "cordon"};

    @Test
    void containsThePodAndLeavesTheOtherAlone() {
        Pod otherBefore = pod("tomcat", Commands.OTHER);

        List<Result> results = run(command(PLAYBOOK));

        assertThat(results)
                .extracting(Result::getAction)
                .containsExactly("label", "detach", "isolate", "cordon", "run");
        assertThat(results).extracting(Result::getStatus).containsOnly(StepStatus.DONE);
        assertThat(results).extracting(Result::getChanged).containsOnly(true);
        assertThat(affectedLabels()).containsEntry("status", "affected").doesNotContainKeys("app", "pod-template-hash");
        assertThat(Hold.of(affected()).incidents()).containsOnlyKeys("incident-1");
        assertThat(Hold.of(affected()).before())
                .hasToString("{\"metadata\":{\"labels\":{\"status\":null,\"app\":\"tomcat\","
                        + "\"pod-template-hash\":\"89bb8c5c7\",\"kordon.io/isolated\":null}}}");
        assertThat(DetachStep.selections(client, "tomcat"))
                .hasSize(3)
                .noneMatch(selection -> selection.matches(affectedLabels()));

        List<NetworkPolicy> policies = client.network()
                .v1()
                .networkPolicies()
                .inNamespace("tomcat")
                .list()
                .getItems();
        assertThat(policies).singleElement().satisfies(policy -> {
            assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
            assertThat(policy.getSpec().getIngress()).isNullOrEmpty();
            assertThat(policy.getSpec().getEgress()).isNullOrEmpty();
            Map<String, String> selector = policy.getSpec().getPodSelector().getMatchLabels();
            assertThat(client.pods().inNamespace("tomcat").list().getItems().stream()
                            .filter(pod ->
                                    Labels.of(pod.getMetadata()).entrySet().containsAll(selector.entrySet())))
                    .extracting(pod -> pod.getMetadata().getName())
                    .containsExactly(Commands.AFFECTED);
        });
        assertThat(node("worker-1").getSpec().getUnschedulable()).isTrue();
        assertThat(node("worker-1").getMetadata().getLabels()).containsEntry("status", "affected");
        assertThat(node("worker-2").getSpec().getUnschedulable()).isNull();
        assertThat(pod("tomcat", Commands.OTHER)).isEqualTo(otherBefore);
    }

    @Test
    void changesNothingOnReplayAndSaysTheSame() {
        List<Result> before = run(command(PLAYBOOK));
        Pod podBefore = affected();
        cluster.forgetCalls();

        List<Result> after = run(command(PLAYBOOK));

        assertThat(writes()).isEmpty();
        assertThat(affected()).isEqualTo(podBefore);
        assertThat(after)
                .extracting(Result::getStatus)
                .containsExactlyElementsOf(
                        before.stream().map(Result::getStatus).toList());
        assertThat(after).extracting(Result::getChanged).containsOnly(false);
    }
}
