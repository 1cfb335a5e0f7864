package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import io.kordon.avro.Result;
import io.kordon.avro.StepStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IsolateStepTest extends ContainmentContract {
    @Test
    void ownsThePolicyByThePodSoThatItGoesWithIt() {
        Result result = first(run(command("isolate")));

        assertThat(result.getStatus()).isEqualTo(StepStatus.DONE);
        String name = result.getObserved().get("networkPolicy");
        assertThat(name)
                .startsWith("deny-all-affected-tomcat-depl-89bb8c5c7-lspcw-")
                .hasSizeLessThan(64);
        assertThat(client.network()
                        .v1()
                        .networkPolicies()
                        .inNamespace("tomcat")
                        .withName(name)
                        .get()
                        .getMetadata()
                        .getOwnerReferences())
                .singleElement()
                .satisfies(owner -> assertThat(owner.getUid()).isEqualTo(uid()));
    }

    @Test
    void takesThePodOutOfPoliciesThatAllowTraffic() {
        allow(
                "web",
                new LabelSelectorBuilder().addToMatchLabels("app", "tomcat").build());

        Result result = first(run(command("isolate")));

        assertThat(result.getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(result.getDetail()).contains("removed labels app");
        assertThat(affectedLabels()).doesNotContainKey("app").containsEntry(IsolateStep.LABEL, uid());
        assertThat(Hold.of(affected()).before().at("/metadata/labels/app").asString())
                .isEqualTo("tomcat");
    }

    @Test
    void failsWhereAPolicyAllowsTrafficToEveryPod() {
        allow("allow-all", new LabelSelector());

        Result result = first(run(command("isolate")));

        assertThat(result.getStatus()).isEqualTo(StepStatus.FAILED);
        assertThat(result.getDetail()).contains("NetworkPolicy allow-all").contains("still allowed");
        assertThat(result.getChanged()).isTrue();
    }

    @Test
    void doesNotMindPoliciesThatAllowNothing() {
        client.resource(new NetworkPolicyBuilder()
                        .withNewMetadata()
                        .withNamespace("tomcat")
                        .withName("default-deny")
                        .endMetadata()
                        .withNewSpec()
                        .withPodSelector(new LabelSelector())
                        .withPolicyTypes("Ingress")
                        .endSpec()
                        .build())
                .create();

        assertThat(first(run(command("isolate"))).getStatus()).isEqualTo(StepStatus.DONE);
    }

    @Test
    void repairsItsPolicyWhereSomeoneOpenedIt() {
        String name = first(run(command("isolate"))).getObserved().get("networkPolicy");
        client.network()
                .v1()
                .networkPolicies()
                .inNamespace("tomcat")
                .withName(name)
                .edit(policy -> {
                    policy.getSpec().setPodSelector(new LabelSelector(null, Map.of("app", "nobody")));
                    policy.getSpec().setPolicyTypes(List.of("Ingress"));
                    policy.getSpec().setIngress(List.of(new NetworkPolicyIngressRule()));
                    return policy;
                });

        Result result = first(run(command("isolate")));

        assertThat(result.getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(result.getChanged()).isTrue();
        NetworkPolicySpec repaired = client.network()
                .v1()
                .networkPolicies()
                .inNamespace("tomcat")
                .withName(name)
                .get()
                .getSpec();
        assertThat(repaired.getPodSelector().getMatchLabels()).isEqualTo(Map.of(IsolateStep.LABEL, uid()));
        assertThat(repaired.getPolicyTypes()).containsExactlyInAnyOrder("Ingress", "Egress");
        assertThat(repaired.getIngress()).isEmpty();
        assertThat(first(run(command("isolate"))).getChanged()).isFalse();
    }

    @Test
    void saysThatNoPolicyBindsAPodOnItsNodesNetwork() {
        cluster.store(new PodBuilder(affected())
                .editSpec()
                .withHostNetwork(true)
                .endSpec()
                .build());

        Result result = first(run(command("isolate")));

        assertThat(result.getStatus()).isEqualTo(StepStatus.FAILED);
        assertThat(result.getDetail()).contains("hostNetwork");
        assertThat(writes()).isEmpty();
    }

    private void allow(String name, LabelSelector selector) {
        client.resource(new NetworkPolicyBuilder()
                        .withNewMetadata()
                        .withNamespace("tomcat")
                        .withName(name)
                        .endMetadata()
                        .withNewSpec()
                        .withPodSelector(selector)
                        .withPolicyTypes("Ingress")
                        .withIngress(new NetworkPolicyIngressRule())
                        .endSpec()
                        .build())
                .create();
    }
}
