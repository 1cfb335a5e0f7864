package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.kordon.avro.StepStatus;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What is open, and policies of kinds that are not Kubernetes' own. */
class IsolateKindsTest extends SingleStepContract {
    private final IsolateStep isolate = new IsolateStep();

    @Test
    void leavesOpenWhatItIsToldToAndNothingElse() {
        StepOutcome outcome = isolate("dns,to=10.1.2.3:443,from=10.9.0.0/16");

        assertThat(outcome.status()).isEqualTo(StepStatus.DONE);
        assertThat(outcome.observed()).containsEntry("open", "dns,to=10.1.2.3/32:443,from=10.9.0.0/16");
        JsonNode spec = ours(KubernetesPolicies.KIND).path("spec");
        assertThat(spec.path("ingress")).hasToString("[{\"from\":[{\"ipBlock\":{\"cidr\":\"10.9.0.0/16\"}}]}]");
        assertThat(spec.path("egress").toString())
                .contains("{\"namespaceSelector\":{\"matchLabels\":{\"kubernetes.io/metadata.name\":\"kube-system\"}},"
                        + "\"podSelector\":{\"matchLabels\":{\"k8s-app\":\"kube-dns\"}}}")
                .contains("{\"port\":53,\"protocol\":\"UDP\"}")
                .contains("{\"to\":[{\"ipBlock\":{\"cidr\":\"10.1.2.3/32\"}}],"
                        + "\"ports\":[{\"port\":443,\"protocol\":\"TCP\"}]}");

        cluster.forgetCalls();
        assertThat(isolate("dns,to=10.1.2.3:443,from=10.9.0.0/16").status()).isEqualTo(StepStatus.DONE);
        assertThat(changes()).isEmpty();
    }

    @Test
    void closesWhatAnEarlierRunLeftOpen() {
        isolate("dns");

        assertThat(isolate("").status()).isEqualTo(StepStatus.DONE);
        assertThat(ours(KubernetesPolicies.KIND).path("spec").has("egress")).isFalse();
    }

    @Test
    void failsAtABadEntryBeforeItWrites() {
        StepOutcome outcome = isolate("to=example.org");

        assertThat(outcome.status()).isEqualTo(StepStatus.FAILED);
        assertThat(outcome.detail()).contains("parameter allow").contains("to=example.org");
        assertThat(changes()).isEmpty();
    }

    @Test
    void countsAPolicyThatAllowsEgressOnly() {
        allowEgressToAll();

        StepOutcome outcome = isolate("");

        assertThat(outcome.status()).isEqualTo(StepStatus.FAILED);
        assertThat(outcome.observed()).containsEntry("allowedBy", "NetworkPolicy allow-egress");
    }

    @Test
    void deniesByCiliumBothWaysSoThatNothingElseCanAllow() {
        cilium();
        endpoint(uid());
        allowEgressToAll();

        StepOutcome outcome = isolate("");

        assertThat(outcome.status()).isEqualTo(StepStatus.DONE);
        assertThat(outcome.observed())
                .containsEntry("allowedBy", "")
                .containsEntry("overruled", "NetworkPolicy allow-egress");
        assertThat(outcome.detail()).contains("takes precedence over NetworkPolicy allow-egress");
        JsonNode spec = ours(CiliumPolicies.KIND).path("spec");
        assertThat(spec.at("/endpointSelector/matchLabels/k8s:kordon.io~1isolated")
                        .asString())
                .isEqualTo(uid());
        assertThat(spec.path("egressDeny")).hasToString("[{\"toEntities\":[\"all\"]}]");
        assertThat(spec.path("ingressDeny").toString()).contains("world").doesNotContain("\"host\"");
        assertThat(spec.has("ingress") || spec.has("egress")).isFalse();
    }

    @Test
    void doesNotTrustCiliumWithAPodThatItDoesNotSayItHas() {
        cilium();
        endpoint("another");
        allowEgressToAll();

        assertThat(isolate("").status()).isEqualTo(StepStatus.FAILED);
    }

    @Test
    void allowsByCiliumWhereSomethingStaysOpenAndFailsIfOthersAllowMore() {
        cilium();
        endpoint(uid());
        create(CiliumPolicies.CLUSTERWIDE, """
            apiVersion: cilium.io/v2
            kind: CiliumClusterwideNetworkPolicy
            metadata: {name: everybody}
            spec: {endpointSelector: {}, egress: [{toEntities: [world]}]}
            """);

        StepOutcome outcome = isolate("dns");

        assertThat(outcome.status()).isEqualTo(StepStatus.FAILED);
        assertThat(outcome.observed()).containsEntry("allowedBy", "CiliumClusterwideNetworkPolicy everybody");
        JsonNode spec = ours(CiliumPolicies.KIND).path("spec");
        assertThat(spec.has("egressDeny")).isFalse();
        assertThat(spec.path("egress").toString()).contains("kube-dns").contains("\"53\"");
        assertThat(spec.has("ingressDeny")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{matchLabels: {app: tomcat}} | ''",
                "{matchLabels: {'k8s:app': tomcat}} | ''",
                "{matchLabels: {app: nginx}} | ''",
                "{matchLabels: {'k8s:io.kubernetes.pod.namespace': shop}} | ''",
                "{matchLabels: {'k8s:io.kubernetes.pod.namespace': tomcat}} | CiliumNetworkPolicy theirs",
                "{matchLabels: {'io.cilium.k8s.policy.serviceaccount': tomcat}} | CiliumNetworkPolicy theirs",
                "{matchLabels: {'k8s:io.cilium.k8s.namespace.labels.team': web}} | CiliumNetworkPolicy theirs (may)",
                "{} | CiliumNetworkPolicy theirs"
            })
    void judgesWhomAPolicyOfCiliumSelects(String selector, String allowedBy) {
        cilium();
        endpoint(uid());
        create(CiliumPolicies.KIND, """
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: {name: theirs, namespace: tomcat}
            spec: {endpointSelector: %s, egress: [{toCIDR: [192.0.2.0/24]}]}
            """.formatted(selector));

        assertThat(isolate("dns").observed()).containsEntry("allowedBy", allowedBy);
    }

    @Test
    void takesOutOfItsCiliumPolicyWhatSomebodyPutIn() {
        cilium();
        isolate("");
        GenericKubernetesResource policy = oursAsRead(CiliumPolicies.KIND);
        Map<String, Object> spec = policy.get("spec");
        spec.put("ingress", List.of(Map.of("fromEntities", List.of("all"))));
        Map<String, Object> labels = policy.get("spec", "endpointSelector", "matchLabels");
        labels.put("k8s:never", "there");
        policy.setAdditionalProperty(
                "specs", List.of(Map.of("endpointSelector", Map.of(), "egress", List.of(Map.of()))));
        CiliumPolicies.KIND.resource(client, policy).update();

        assertThat(isolate("").status()).isEqualTo(StepStatus.DONE);
        JsonNode repaired = ours(CiliumPolicies.KIND);
        assertThat(repaired.at("/spec/ingress").isMissingNode()).isTrue();
        assertThat(repaired.has("specs")).isFalse();
        assertThat(repaired.at("/spec/endpointSelector/matchLabels").size()).isOne();
    }

    @Test
    void standsBeforeOthersInCalicoAndKeepsWhatStaysOpen() {
        calico();
        allowEgressToAll();
        calicoPolicy("{selector: 'all()', order: 10, ingress: [{action: Allow}]}");

        StepOutcome outcome = isolate("to=10.1.2.3:443");

        assertThat(outcome.status()).isEqualTo(StepStatus.DONE);
        assertThat(outcome.observed())
                .containsEntry("overruled", "NetworkPolicy allow-egress, GlobalNetworkPolicy.projectcalico.org theirs");
        JsonNode spec = ours(CalicoPolicies.KIND).path("spec");
        assertThat(spec.path("selector").asString()).isEqualTo("kordon.io/isolated == '" + uid() + "'");
        assertThat(spec.path("order").asInt()).isZero();
        assertThat(spec.path("egress")).hasSize(2);
        assertThat(spec.at("/egress/1/action").asString()).isEqualTo("Deny");
        assertThat(spec.path("ingress")).hasToString("[{\"action\":\"Deny\"}]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{selector: 'all()', order: -1, egress: [{action: Allow}]} | GlobalNetworkPolicy.projectcalico.org"
                        + " theirs",
                "{selector: 'all()', order: 0, egress: [{action: Allow}]} | GlobalNetworkPolicy.projectcalico.org"
                        + " theirs",
                "{tier: security, order: 9, ingress: [{action: Allow}]} | GlobalNetworkPolicy.projectcalico.org theirs",
                "{tier: security, selector: \"app == 'tomcat' && has(app)\", ingress: [{action: Allow}]} | ''",
                "{tier: security, selector: \"app == 'nginx'\", ingress: [{action: Allow}]} | ''",
                "{tier: security, selector: \"projectcalico.org/namespace == 'shop'\", ingress: [{action: Allow}]} |"
                        + " ''",
                "{tier: security, selector: \"app in {'a'}\", ingress: [{action: Allow}]} |"
                        + " GlobalNetworkPolicy.projectcalico.org theirs (may)",
                "{tier: security, namespaceSelector: \"team == 'a'\", ingress: [{action: Allow}]} |"
                        + " GlobalNetworkPolicy.projectcalico.org theirs (may)",
                "{tier: security, namespaceSelector: 'global()', ingress: [{action: Allow}]} | ''",
                "{tier: security, egress: [{action: Pass}, {action: Deny}]} | ''"
            })
    void judgesWhichPolicyOfCalicoComesFirst(String spec, String allowedBy) {
        calico();
        calicoPolicy(spec);

        assertThat(isolate("").observed()).containsEntry("allowedBy", allowedBy);
    }

    @Test
    void writesCalicosOwnObjectsWhereItsApiIsNotServed() {
        install(CalicoPolicies.CRD_KIND);

        assertThat(isolate("").status()).isEqualTo(StepStatus.DONE);
        assertThat(CalicoPolicies.CRD_KIND.list(client, "tomcat"))
                .singleElement()
                .satisfies(
                        policy -> assertThat(policy.getMetadata().getName()).startsWith("default.deny-all-affected-"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{subject: {namespaces: {}}, egress: [{action: Allow}]} | AdminNetworkPolicy theirs",
                "{subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: shop}}}, egress: [{action:"
                        + " Allow}]} | ''",
                "{subject: {namespaces: {matchLabels: {team: web}}}, ingress: [{action: Allow}]} | AdminNetworkPolicy"
                        + " theirs (may)",
                "{subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: tomcat}}}}, ingress:"
                        + " [{action: Allow}]} | ''",
                "{subject: {namespaces: {}}, egress: [{action: Deny}, {action: Pass}]} | ''"
            })
    void reportsWhatAdministratorsAllowBeforeAnyPolicyIsAsked(String spec, String allowedBy) {
        calico();
        create(AdminPolicies.KINDS.get(0), """
            apiVersion: policy.networking.k8s.io/v1alpha1
            kind: AdminNetworkPolicy
            metadata: {name: theirs}
            spec: %s
            """.formatted(spec));

        StepOutcome outcome = isolate("");

        assertThat(outcome.observed()).containsEntry("allowedBy", allowedBy);
        assertThat(outcome.status()).isEqualTo(allowedBy.isEmpty() ? StepStatus.DONE : StepStatus.FAILED);
    }

    @Test
    void doesNotMindTheBaseline() {
        create(AdminPolicies.KINDS.get(1), """
            apiVersion: policy.networking.k8s.io/v1alpha2
            kind: ClusterNetworkPolicy
            metadata: {name: base}
            spec: {tier: Baseline, subject: {namespaces: {}}, egress: [{action: Accept}]}
            """);

        assertThat(isolate("").status()).isEqualTo(StepStatus.DONE);
    }

    @Test
    void writesNothingInADryRunAndSaysByWhat() {
        cilium();
        cluster.forgetCalls();

        StepOutcome outcome = dryRun(isolate, Map.of("allow", "dns"));

        assertThat(outcome.status()).isEqualTo(StepStatus.DRY_RUN);
        assertThat(outcome.detail())
                .contains("would deny all traffic but dns by NetworkPolicy deny-all-affected-")
                .contains("CiliumNetworkPolicy deny-all-affected-");
        assertThat(changes()).isEmpty();
    }

    private StepOutcome isolate(String allow) {
        return run(isolate, "incident-1", Map.of("allow", allow));
    }

    private void cilium() {
        install(CiliumPolicies.KIND, CiliumPolicies.CLUSTERWIDE, CiliumPolicies.ENDPOINT);
    }

    private void endpoint(String uid) {
        create(CiliumPolicies.ENDPOINT, """
            apiVersion: cilium.io/v2
            kind: CiliumEndpoint
            metadata:
              name: %s
              namespace: tomcat
              ownerReferences: [{apiVersion: v1, kind: Pod, name: %s, uid: %s}]
            """.formatted(Commands.AFFECTED, Commands.AFFECTED, uid));
    }

    private void calico() {
        install(CalicoPolicies.KIND, CalicoPolicies.GLOBAL);
    }

    private void calicoPolicy(String spec) {
        create(CalicoPolicies.GLOBAL, """
            apiVersion: projectcalico.org/v3
            kind: GlobalNetworkPolicy
            metadata: {name: theirs}
            spec: %s
            """.formatted(spec));
    }

    private void allowEgressToAll() {
        client.resource(new NetworkPolicyBuilder()
                        .withNewMetadata()
                        .withNamespace("tomcat")
                        .withName("allow-egress")
                        .endMetadata()
                        .withNewSpec()
                        .withPodSelector(new LabelSelector())
                        .withPolicyTypes("Egress")
                        .withEgress(new NetworkPolicyEgressRule())
                        .endSpec()
                        .build())
                .create();
        cluster.forgetCalls();
    }

    private GenericKubernetesResource oursAsRead(ApiKind kind) {
        return Objects.requireNonNull(
                kind.get(client, "tomcat", IsolationPolicy.name(new PodTarget("tomcat", Commands.AFFECTED, uid()))));
    }

    private JsonNode ours(ApiKind kind) {
        return ApiKind.json(oursAsRead(kind));
    }
}
