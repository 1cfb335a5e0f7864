package io.kordon.app.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of each value set: how the objects belong together. */
class ChartTopologyTest {
    static Stream<String> valueSets() {
        return ChartFolder.valueSets().stream();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void selectsWithEachSelectorThePodsOfOnePart(String valueSet) {
        RenderedChart chart = RenderedChart.of(valueSet);
        Map<String, Map<String, String>> selectors = new HashMap<>();
        chart.all(Deployment.class)
                .forEach(one -> selectors.put(
                        RenderedChart.path(one), one.getSpec().getSelector().getMatchLabels()));
        chart.all(StatefulSet.class)
                .forEach(one -> selectors.put(
                        RenderedChart.path(one), one.getSpec().getSelector().getMatchLabels()));
        chart.all(Service.class)
                .forEach(one ->
                        selectors.put(RenderedChart.path(one), one.getSpec().getSelector()));
        chart.all(PodDisruptionBudget.class)
                .forEach(one -> selectors.put(
                        RenderedChart.path(one), one.getSpec().getSelector().getMatchLabels()));

        assertThat(selectors).isNotEmpty().allSatisfy((name, selector) -> {
            assertThat(selector).as(name).hasSize(3);
            assertThat(selected(chart, selector))
                    .as(name)
                    .singleElement()
                    .asString()
                    .endsWith("/" + name.split("/", -1)[1]);
        });
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void keepsOneAvailableOfWhateverRunsMoreThanOnce(String valueSet) {
        RenderedChart chart = RenderedChart.of(valueSet);
        Set<String> several = new TreeSet<>();
        chart.all(Deployment.class).stream()
                .filter(one ->
                        one.getSpec().getReplicas() == null || one.getSpec().getReplicas() > 1)
                .forEach(one -> several.add(one.getMetadata().getName()));
        chart.all(StatefulSet.class).stream()
                .filter(one ->
                        one.getSpec().getReplicas() == null || one.getSpec().getReplicas() > 1)
                .forEach(one -> several.add(one.getMetadata().getName()));

        assertThat(chart.all(PodDisruptionBudget.class))
                .extracting(one -> one.getMetadata().getName())
                .containsExactlyInAnyOrderElementsOf(several);
        assertThat(chart.all(PodDisruptionBudget.class))
                .allMatch(one -> one.getSpec().getMaxUnavailable().equals(new IntOrString(1)));
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void leavesTheNumberOfPodsToWhatScalesThem(String valueSet) {
        RenderedChart chart = RenderedChart.of(valueSet);
        Set<String> scaled = chart.all(HorizontalPodAutoscaler.class).stream()
                .map(one -> one.getSpec().getScaleTargetRef().getKind() + "/"
                        + one.getSpec().getScaleTargetRef().getName())
                .collect(Collectors.toSet());
        chart.documents().stream()
                .filter(document -> document.get("kind").equals("ScaledObject"))
                .map(document -> (Map<?, ?>) ((Map<?, ?>) document.get("spec")).get("scaleTargetRef"))
                .forEach(target -> scaled.add(target.get("kind") + "/" + target.get("name")));

        assertThat(Stream.<HasMetadata>concat(
                                chart.all(Deployment.class).stream()
                                        .filter(one -> one.getSpec().getReplicas() == null),
                                chart.all(StatefulSet.class).stream()
                                        .filter(one -> one.getSpec().getReplicas() == null))
                        .map(RenderedChart::path))
                .containsExactlyInAnyOrderElementsOf(scaled);
    }

    @Test
    void scalesByLoadAndByLag() {
        RenderedChart chart = RenderedChart.of("production");

        assertThat(chart.all(HorizontalPodAutoscaler.class))
                .extracting(one -> one.getSpec().getScaleTargetRef().getName())
                .containsExactly("kordon-gateway");
        assertThat(chart.documents())
                .anySatisfy(document -> assertThat(document)
                        .containsEntry("kind", "ScaledObject")
                        .extractingByKey("spec")
                        .asString()
                        .contains("consumerGroup=kordon-streams", "lagThreshold=2000"));
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void deniesWhatNoPolicyAllowsToEveryPod(String valueSet) {
        RenderedChart chart = RenderedChart.of(valueSet);

        chart.pods().forEach((name, pod) -> {
            List<NetworkPolicy> policies = chart.all(NetworkPolicy.class).stream()
                    .filter(policy ->
                            isSelected(pod, policy.getSpec().getPodSelector().getMatchLabels()))
                    .toList();
            assertThat(policies)
                    .as(name)
                    .hasSize(2)
                    .allSatisfy(policy ->
                            assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress"));
        });
    }

    @Test
    void opensToEachPartTheDoorsThatItNeeds() {
        RenderedChart chart = RenderedChart.of("production");

        assertThat(doors(chart))
                .containsOnly(
                        Map.entry("kordon-all", "in [] out [53]"),
                        Map.entry("kordon-gateway", "in [8080, 9090] out [443, 9094]"),
                        Map.entry("kordon-streams", "in [9090] out [443, 9094]"),
                        Map.entry("kordon-actuator", "in [9090] out [443, 6443, 9000, 9094]"),
                        Map.entry("kordon-inventory", "in [9090] out [443, 6443, 9094]"),
                        Map.entry("kordon-connect", "in [8083, 9090] out [443, 8083, 9094, 9200, 9243]"),
                        Map.entry("kordon-topics", "in [] out [443, 9094]"),
                        Map.entry("kordon-dashboards", "in [] out [5601]"));
        assertThat(chart.all(NetworkPolicy.class)).allSatisfy(policy -> {
            assertThat(policy.getSpec().getEgress())
                    .noneMatch(rule -> rule.getTo().isEmpty());
            assertThat(policy.getSpec().getIngress())
                    .noneMatch(rule -> rule.getFrom().isEmpty());
        });
    }

    @Test
    void makesNoPoliciesWhereTheyAreOff() {
        assertThat(RenderedChart.of("default", Map.of("networkPolicy.enabled", false))
                        .all(NetworkPolicy.class))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void bindsRightsToTheTwoThatTalkToTheApiServer(String valueSet) {
        RenderedChart chart = RenderedChart.of(valueSet);
        Set<String> expected = chart.pods().keySet().stream()
                .map(ChartPodsTest::part)
                .filter(Set.of("actuator", "inventory")::contains)
                .map(part -> "kordon-" + part)
                .collect(Collectors.toSet());

        assertThat(chart.all(ClusterRole.class))
                .extracting(role -> role.getMetadata().getName())
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(chart.all(ClusterRoleBinding.class))
                .extracting(binding -> binding.getSubjects().get(0).getName())
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(chart.documents())
                .extracting(document -> document.get("kind"))
                .doesNotContain("Role", "RoleBinding");
    }

    @Test
    void makesTopicsBeforeEverythingElseAndDashboardsAfterIt() {
        RenderedChart chart = RenderedChart.of("production");

        assertThat(chart.all(Job.class))
                .extracting(job -> job.getMetadata().getName() + " "
                        + job.getMetadata().getAnnotations().get(ChartFolder.HOOK))
                .containsExactlyInAnyOrder(
                        "kordon-topics pre-install,pre-upgrade", "kordon-dashboards post-install,post-upgrade");
        assertThat(RenderedChart.of("edge").all(Job.class)).isEmpty();
    }

    @Test
    void keepsAReplicasWorkForItWhileItStartsAgain() {
        StatefulSet streams =
                RenderedChart.of("production").all(StatefulSet.class).get(0);

        assertThat(streams.getSpec().getPodManagementPolicy()).isEqualTo("Parallel");
        assertThat(streams.getSpec().getServiceName()).isEqualTo("kordon-streams");
        assertThat(streams.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getEnv())
                .anyMatch(variable -> variable.getName().equals("KORDON_KAFKA_MAIN_CONSUMER_GROUP_INSTANCE_ID")
                        && variable.getValueFrom().getFieldRef().getFieldPath().equals("metadata.name"));
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void alertsOfMissingProcessesOnlyWhereTheyAreInstalled(String valueSet) {
        RenderedChart chart = RenderedChart.of(
                valueSet,
                Map.of(
                        "monitoring.rules.enabled",
                        true,
                        "apiVersions",
                        "{keda.sh/v1alpha1,monitoring.coreos.com/v1,gateway.networking.k8s.io/v1}"));
        Set<String> installed = Stream.concat(
                        chart.all(Deployment.class).stream(), chart.all(StatefulSet.class).stream())
                .map(one -> one.getMetadata().getLabels().get("app.kubernetes.io/component"))
                .collect(Collectors.toSet());

        assertThat(chart.documents())
                .filteredOn(document -> "PrometheusRule".equals(document.get("kind")))
                .singleElement()
                .asString()
                .satisfies(rules -> assertThat(Pattern.compile("absent\\(kordon_process\\{process=\"(\\w+)\"}\\)")
                                .matcher(rules)
                                .results()
                                .map(found -> found.group(1)))
                        .containsExactlyInAnyOrderElementsOf(installed));
    }

    private static Map<String, String> doors(RenderedChart chart) {
        return chart.all(NetworkPolicy.class).stream()
                .collect(Collectors.toMap(
                        policy -> policy.getMetadata().getName(),
                        policy -> "in "
                                + ports(policy.getSpec().getIngress().stream()
                                        .flatMap(rule -> rule.getPorts().stream()))
                                + " out "
                                + ports(policy.getSpec().getEgress().stream()
                                        .flatMap(rule -> rule.getPorts().stream()))));
    }

    private static Set<Integer> ports(Stream<NetworkPolicyPort> ports) {
        return ports.map(port -> port.getPort().getIntVal()).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> selected(RenderedChart chart, Map<String, String> selector) {
        return chart.pods().entrySet().stream()
                .filter(pod -> isSelected(pod.getValue(), selector))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean isSelected(PodTemplateSpec pod, Map<String, String> selector) {
        return pod.getMetadata().getLabels().entrySet().containsAll(selector.entrySet());
    }
}
