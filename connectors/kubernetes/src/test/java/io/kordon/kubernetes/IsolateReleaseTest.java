package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.kordon.avro.StepStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class IsolateReleaseTest extends SingleStepContract {
    private final IsolateStep isolate = new IsolateStep();

    @BeforeEach
    void installCilium() {
        install(CiliumPolicies.KIND);
    }

    @Test
    void leavesNoPolicyAndThePodAsItWas() {
        JsonNode before = withoutVersions(affected());
        isolate("incident-1");
        assertThat(policies()).hasSize(2);

        Released released = release(isolate, "incident-1");
        stepRun(command(), Map.of(), false).release(affected());

        assertThat(released.released()).hasSize(2).allMatch(name -> name.contains("deny-all-affected-"));
        assertThat(released.stillHeld()).isEmpty();
        assertThat(policies()).isEmpty();
        assertThat(withoutVersions(affected())).isEqualTo(before);
        cluster.forgetCalls();
        assertThat(release(isolate, "incident-1").released()).isEmpty();
        assertThat(changes()).isEmpty();
    }

    @Test
    void keepsThePolicyWhileAnotherIncidentHoldsIt() {
        isolate("incident-1");
        isolate("incident-2");

        Released first = release(isolate, "incident-1");

        assertThat(first.released()).isEmpty();
        assertThat(first.stillHeld()).hasSize(2);
        assertThat(policies()).hasSize(2);
        assertThat(release(isolate, "incident-2").released()).hasSize(2);
        assertThat(policies()).isEmpty();
    }

    @Test
    void findsThePolicyWhenThePodIsGoneAndTheGarbageCollectorIsSlow() {
        isolate("incident-1");
        var command = command();
        cluster.remove(affected());

        assertThat(release(isolate, command).released()).hasSize(2);
        assertThat(policies()).isEmpty();
    }

    @Test
    void leavesPoliciesOfOtherIncidentsAndOfOthersAlone() {
        isolate("incident-1");
        NetworkPolicy ours = client.network()
                .v1()
                .networkPolicies()
                .inNamespace("tomcat")
                .list()
                .getItems()
                .get(0);
        ours.getMetadata().setName("theirs");
        ours.getMetadata().setUid("theirs");
        cluster.store(ours); // with our annotation, copied
        ours.getMetadata().setName("deny-all-affected-theirs");
        ours.getMetadata().setUid("theirs-too");
        cluster.store(ours);

        release(isolate, "incident-9");
        assertThat(policies()).hasSize(4);
        release(isolate, "incident-1");

        assertThat(policies()).containsExactlyInAnyOrder("theirs", "deny-all-affected-theirs");
    }

    @Test
    void deletesThePodsPolicyThoughSomebodyTookItsAnnotationOff() {
        isolate("incident-1");
        client.network()
                .v1()
                .networkPolicies()
                .inNamespace("tomcat")
                .list()
                .getItems()
                .forEach(policy -> {
                    policy.getMetadata().setAnnotations(Map.of());
                    cluster.store(policy);
                });

        assertThat(release(isolate, "incident-1").released()).hasSize(2);
        assertThat(policies()).isEmpty();
    }

    @Test
    void deletesThePodsPolicyThoughSomebodyTookItsOwnerOff() {
        isolate("incident-1");
        client.network()
                .v1()
                .networkPolicies()
                .inNamespace("tomcat")
                .list()
                .getItems()
                .forEach(policy -> {
                    policy.getMetadata().setOwnerReferences(List.of());
                    cluster.store(policy);
                });

        assertThat(release(isolate, "incident-1").released()).hasSize(2);
        assertThat(policies()).isEmpty();
    }

    private void isolate(String incident) {
        assertThat(run(isolate, incident, Map.of()).status()).isEqualTo(StepStatus.DONE);
    }

    private List<String> policies() {
        List<String> names = new ArrayList<>();
        KubernetesPolicies.KIND
                .list(client, "tomcat")
                .forEach(policy -> names.add(policy.getMetadata().getName()));
        CiliumPolicies.KIND
                .list(client, "tomcat")
                .forEach(policy -> names.add(policy.getMetadata().getName()));
        return names;
    }
}
