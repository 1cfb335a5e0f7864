package io.kordon.app.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.UpgradeCommand;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * On a real API server with controllers and without kubelets, which {@code helm/kordon/ci/api-server-check} starts: what the chart
 * makes is accepted, its pods are admitted where only "restricted" ones are, and nothing stays. Not run by the build, for want of
 * the servers.
 */
class ChartOnApiServerCheck {
    private static final Path KUBECONFIG = Path.of(System.getProperty("kordon.test.kubeconfig", "no-kubeconfig"));
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String MINE = "app.kubernetes.io/instance";

    /** What takes kinds that this API server does not have. */
    private static final Map<String, Object> WITHOUT_CUSTOM_KINDS = Map.of(
            "gateway.route.enabled", false,
            "monitoring.podMonitor.enabled", false,
            "monitoring.rules.enabled", false,
            "streams.autoscaling.by", "none",
            "connect.autoscaling.by", "none");

    @TempDir
    private static Path folder;

    private static Path chart;
    private static KubernetesClient client;
    private static ScheduledExecutorService hooks;

    @BeforeAll
    static void connect() throws IOException {
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(KUBECONFIG.toFile()))
                .build();
        chart = client.getKubernetesVersion().getGitVersion().startsWith("v0.")
                ? ChartFolder.forVersion(folder.resolve("kordon"), "v1.34.0")
                : ChartFolder.SOURCE;
        client.namespaces()
                .resource(RenderedChart.KINDS.unmarshal("""
                        apiVersion: v1
                        kind: Namespace
                        metadata:
                          name: kordon
                          labels: {pod-security.kubernetes.io/enforce: restricted}
                        """, io.fabric8.kubernetes.api.model.Namespace.class))
                .serverSideApply();
        await().atMost(PATIENCE)
                .until(() -> client.serviceAccounts()
                                .inNamespace(RenderedChart.RELEASE)
                                .withName("default")
                                .get()
                        != null);
        hooks = Executors.newSingleThreadScheduledExecutor();
        var unused = hooks.scheduleWithFixedDelay(
                () -> {
                    try {
                        letJobsSucceed();
                    } catch (KubernetesClientException e) {
                        // a pod was gone before it could be said to have succeeded
                    }
                },
                200,
                200,
                TimeUnit.MILLISECONDS);
    }

    @AfterAll
    static void disconnect() {
        hooks.shutdownNow();
        client.close();
    }

    static Stream<String> valueSets() {
        return ChartFolder.valueSets().stream();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void acceptsEveryObjectWithStrictValidation(String valueSet) {
        RenderedChart.of(valueSet).documents().stream()
                .filter(document -> RenderedChart.KINDS.getRegisteredKubernetesResource(
                                        document.get("apiVersion").toString(),
                                        document.get("kind").toString())
                                != null
                        && !document.get("kind").equals("HTTPRoute"))
                .map(document -> RenderedChart.KINDS.unmarshal(
                        RenderedChart.KINDS.asJson(document), GenericKubernetesResource.class))
                .filter(object -> !object.getMetadata().getName().equals("notes"))
                .forEach(object -> assertThat(client.resource(object)
                                .dryRun()
                                .fieldValidation(Validation.STRICT)
                                .create())
                        .as(RenderedChart.path(object))
                        .isNotNull());
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void installsUpgradesAndLeavesNothingBehind(String valueSet) {
        Map<String, Object> values = new HashMap<>(WITHOUT_CUSTOM_KINDS);
        values.put("streams.standbys", 0);
        uninstall(); // what a run that failed may have left
        int pods = podsOf(valueSet, values);

        InstallCommand install = new Helm(chart)
                .install()
                .withName(RenderedChart.RELEASE)
                .withNamespace(RenderedChart.RELEASE)
                .withKubeConfig(KUBECONFIG)
                .withValuesFile(ChartFolder.file(valueSet))
                .withTimeout(60);
        values.forEach(install::set);
        install.call();
        awaitPods(pods);
        assertThat(jobs()).as("hooks that succeeded are gone").isEmpty();
        List<String> before = names(pods());

        values.put("settings.kordon\\.time\\.quiet", "3h");
        UpgradeCommand upgrade = new Helm(chart)
                .upgrade()
                .withName(RenderedChart.RELEASE)
                .withNamespace(RenderedChart.RELEASE)
                .withKubeConfig(KUBECONFIG)
                .withValuesFile(ChartFolder.file(valueSet))
                .withTimeout(60);
        values.forEach(upgrade::set);
        upgrade.call();
        await("pods with the new settings")
                .atMost(PATIENCE)
                .until(() -> pods().stream()
                        .anyMatch(pod -> !before.contains(pod.getMetadata().getName())));

        uninstall();
        await("nothing left")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(remains()).isEmpty());
    }

    private static void uninstall() {
        Helm.uninstall(RenderedChart.RELEASE)
                .ignoreNotFound()
                .withNamespace(RenderedChart.RELEASE)
                .withKubeConfig(KUBECONFIG)
                .call();
    }

    @Test
    void grantsToItsAccountsWhatTheyNeedAndNothingElse() {
        RenderedChart.of("default").documents().stream()
                .map(document -> RenderedChart.KINDS.unmarshal(RenderedChart.KINDS.asJson(document), HasMetadata.class))
                .filter(object -> List.of("ServiceAccount", "ClusterRole", "ClusterRoleBinding")
                        .contains(object.getKind()))
                .forEach(object -> client.resource(object).forceConflicts().serverSideApply());
        try {
            assertThat(may("actuator", "patch", "", "pods")).isTrue();
            assertThat(may("actuator", "create", "networking.k8s.io", "networkpolicies"))
                    .isTrue();
            assertThat(may("actuator", "get", "", "secrets")).isFalse();
            assertThat(may("actuator", "create", "", "pods")).isFalse();
            assertThat(may("actuator", "escalate", "rbac.authorization.k8s.io", "clusterroles"))
                    .isFalse();
            assertThat(may("inventory", "watch", "", "pods")).isTrue();
            assertThat(may("inventory", "patch", "", "pods")).isFalse();
            assertThat(may("inventory", "get", "", "secrets")).isFalse();
            for (String part : List.of("gateway", "streams", "connect")) {
                assertThat(may(part, "list", "", "pods")).as(part).isFalse();
                assertThat(may(part, "get", "", "secrets")).as(part).isFalse();
            }
        } finally {
            client.rbac().clusterRoles().withLabel(MINE, RenderedChart.RELEASE).delete();
            client.rbac()
                    .clusterRoleBindings()
                    .withLabel(MINE, RenderedChart.RELEASE)
                    .delete();
            client.serviceAccounts()
                    .inNamespace(RenderedChart.RELEASE)
                    .withLabel(MINE, RenderedChart.RELEASE)
                    .delete();
        }
    }

    private static boolean may(String part, String verb, String group, String resource) {
        return client.authorization()
                .v1()
                .subjectAccessReview()
                .create(new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withUser("system:serviceaccount:kordon:kordon-" + part)
                        .withGroups("system:serviceaccounts", "system:serviceaccounts:kordon", "system:authenticated")
                        .withNewResourceAttributes()
                        .withVerb(verb)
                        .withGroup(group)
                        .withResource(resource)
                        .withNamespace("shop")
                        .endResourceAttributes()
                        .endSpec()
                        .build())
                .getStatus()
                .getAllowed();
    }

    private static int podsOf(String valueSet, Map<String, Object> values) {
        RenderedChart chart = RenderedChart.of(valueSet, values);
        return Stream.concat(
                        chart.all(io.fabric8.kubernetes.api.model.apps.Deployment.class).stream()
                                .map(one -> one.getSpec().getReplicas()),
                        chart.all(io.fabric8.kubernetes.api.model.apps.StatefulSet.class).stream()
                                .map(one -> one.getSpec().getReplicas()))
                .mapToInt(replicas -> replicas == null ? 1 : replicas)
                .sum();
    }

    private static void awaitPods(int number) {
        await("pods, which the namespace admits only if they are restricted")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(pods()).hasSize(number));
    }

    private static List<Pod> pods() {
        return client.pods()
                .inNamespace(RenderedChart.RELEASE)
                .withLabel(MINE, RenderedChart.RELEASE)
                .list()
                .getItems();
    }

    private static List<String> jobs() {
        return names(client.batch()
                .v1()
                .jobs()
                .inNamespace(RenderedChart.RELEASE)
                .list()
                .getItems());
    }

    /** Everything of the release, its volumes and what Helm itself keeps included. */
    private static List<String> remains() {
        return Stream.of(
                        client.apps()
                                .deployments()
                                .inNamespace(RenderedChart.RELEASE)
                                .list(),
                        client.apps()
                                .statefulSets()
                                .inNamespace(RenderedChart.RELEASE)
                                .list(),
                        client.apps()
                                .replicaSets()
                                .inNamespace(RenderedChart.RELEASE)
                                .list(),
                        client.batch()
                                .v1()
                                .jobs()
                                .inNamespace(RenderedChart.RELEASE)
                                .list(),
                        client.pods().inNamespace(RenderedChart.RELEASE).list(),
                        client.services().inNamespace(RenderedChart.RELEASE).list(),
                        client.secrets().inNamespace(RenderedChart.RELEASE).list(),
                        client.persistentVolumeClaims()
                                .inNamespace(RenderedChart.RELEASE)
                                .list(),
                        client.network()
                                .v1()
                                .networkPolicies()
                                .inNamespace(RenderedChart.RELEASE)
                                .list(),
                        client.network()
                                .v1()
                                .ingresses()
                                .inNamespace(RenderedChart.RELEASE)
                                .list(),
                        client.policy()
                                .v1()
                                .podDisruptionBudget()
                                .inNamespace(RenderedChart.RELEASE)
                                .list(),
                        client.autoscaling()
                                .v2()
                                .horizontalPodAutoscalers()
                                .inNamespace(RenderedChart.RELEASE)
                                .list(),
                        client.configMaps()
                                .inNamespace(RenderedChart.RELEASE)
                                .withLabel(MINE, RenderedChart.RELEASE)
                                .list(),
                        client.serviceAccounts()
                                .inNamespace(RenderedChart.RELEASE)
                                .withLabel(MINE, RenderedChart.RELEASE)
                                .list(),
                        client.rbac()
                                .clusterRoles()
                                .withLabel(MINE, RenderedChart.RELEASE)
                                .list(),
                        client.rbac()
                                .clusterRoleBindings()
                                .withLabel(MINE, RenderedChart.RELEASE)
                                .list())
                .flatMap(list -> list.getItems().stream())
                .map(object -> RenderedChart.path((HasMetadata) object))
                .toList();
    }

    private static List<String> names(List<? extends HasMetadata> objects) {
        return objects.stream().map(object -> object.getMetadata().getName()).toList();
    }

    /** In place of a kubelet. */
    private static void letJobsSucceed() {
        client
                .pods()
                .inNamespace(RenderedChart.RELEASE)
                .withLabel("batch.kubernetes.io/job-name")
                .list()
                .getItems()
                .stream()
                .filter(pod -> !"Succeeded".equals(pod.getStatus().getPhase()))
                .forEach(pod -> client.pods()
                        .inNamespace(RenderedChart.RELEASE)
                        .resource(new PodBuilder(pod)
                                .editStatus()
                                .withPhase("Succeeded")
                                .endStatus()
                                .build())
                        .patchStatus());
    }
}
