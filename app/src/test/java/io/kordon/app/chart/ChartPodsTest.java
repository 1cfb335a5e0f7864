package io.kordon.app.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of each value set: how the pods run, and what they have access to. */
class ChartPodsTest {
    private static final Set<String> PLAIN = Set.of("KORDON_SECRETS", "JAVA_TOOL_OPTIONS");
    private static final Set<String> TALK_TO_THE_API_SERVER = Set.of("actuator", "inventory");

    static Stream<String> valueSets() {
        return ChartFolder.valueSets().stream();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void runsEveryPodUnderTheStandardRestricted(String valueSet) {
        assertThat(RenderedChart.of(valueSet).pods())
                .hasSizeGreaterThan(2)
                .allSatisfy((name, pod) -> assertThat(RestrictedPod.problems(pod.getSpec()))
                        .as(name)
                        .isEmpty());
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void putsNoSecretIntoTheEnvironment(String valueSet) {
        assertThat(containers(RenderedChart.of(valueSet))).allSatisfy(container -> {
            assertThat(container.getEnvFrom()).isEmpty();
            assertThat(container.getEnv()).allMatch(ChartPodsTest::isHarmless);
        });
    }

    private static boolean isHarmless(EnvVar variable) {
        return variable.getValueFrom() == null
                ? PLAIN.contains(variable.getName())
                : variable.getValueFrom().getSecretKeyRef() == null
                        && variable.getValueFrom().getFieldRef() != null;
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void givesATokenOnlyToWhomTheApiServerIsFor(String valueSet) {
        RenderedChart chart = RenderedChart.of(valueSet);

        chart.pods()
                .forEach((name, pod) -> assertThat(pod.getSpec().getAutomountServiceAccountToken())
                        .as(name)
                        .isEqualTo(TALK_TO_THE_API_SERVER.contains(part(name))));
        assertThat(chart.all(ServiceAccount.class))
                .allMatch(account -> Boolean.FALSE.equals(account.getAutomountServiceAccountToken()));
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void asksEveryProcessForItsHealthOnTheOperationsPort(String valueSet) {
        RenderedChart.of(valueSet).pods().forEach((name, pod) -> {
            if (name.startsWith("Job/")) {
                return;
            }
            Container container = pod.getSpec().getContainers().get(0);
            assertThat(container.getPorts())
                    .anyMatch(port -> port.getName().equals("operations")
                            && port.getContainerPort().equals(9090));
            assertThat(asked(container.getStartupProbe())).isEqualTo("/livez at operations");
            assertThat(asked(container.getLivenessProbe())).isEqualTo("/livez at operations");
            assertThat(asked(container.getReadinessProbe())).isEqualTo("/readyz at operations");
            assertThat(pod.getSpec().getTerminationGracePeriodSeconds())
                    .as(name)
                    .isGreaterThanOrEqualTo(45L);
        });
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void boundsWhatEveryContainerUses(String valueSet) {
        assertThat(containers(RenderedChart.of(valueSet))).allSatisfy(container -> {
            assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
            assertThat(container.getResources().getLimits()).containsKey("memory");
        });
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void refersOnlyToWhatItMakesOrToWhatTheValuesName(String valueSet) {
        RenderedChart chart = RenderedChart.of(valueSet);
        Set<String> made = chart.all(ConfigMap.class).stream()
                .map(map -> "ConfigMap/" + map.getMetadata().getName())
                .collect(Collectors.toSet());
        Set<String> named = named(ChartFolder.merged(valueSet));

        chart.pods()
                .forEach((name, pod) -> assertThat(references(pod.getSpec()))
                        .as(name)
                        .isNotEmpty()
                        .allMatch(reference -> made.contains(reference) || named.contains(reference)));
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void mountsEveryVolumeAndNothingElse(String valueSet) {
        RenderedChart chart = RenderedChart.of(valueSet);
        Set<String> claims = chart.all(StatefulSet.class).stream()
                .flatMap(set -> set.getSpec().getVolumeClaimTemplates().stream())
                .map(claim -> claim.getMetadata().getName())
                .collect(Collectors.toSet());

        chart.pods().forEach((name, pod) -> {
            Set<String> volumes = pod.getSpec().getVolumes().stream()
                    .map(Volume::getName)
                    .collect(Collectors.toCollection(HashSet::new));
            if (name.startsWith("StatefulSet/")) {
                volumes.addAll(claims);
            }
            List<VolumeMount> mounts = pod.getSpec().getContainers().get(0).getVolumeMounts();
            assertThat(mounts).as(name).extracting(VolumeMount::getName).containsExactlyInAnyOrderElementsOf(volumes);
            assertThat(mounts).extracting(VolumeMount::getMountPath).doesNotHaveDuplicates();
            assertThat(mounts.stream()
                            .filter(mount -> !Boolean.TRUE.equals(mount.getReadOnly()))
                            .map(VolumeMount::getMountPath))
                    .as("what %s can write", name)
                    .allMatch(path -> path.startsWith("/var/lib/kordon") || path.equals("/tmp"));
        });
    }

    @Test
    void takesTheImageByDigestFromAnotherRegistry() {
        assertThat(containers(RenderedChart.of("air-gapped")))
                .extracting(Container::getImage)
                .containsOnly("registry.internal:5000/mirror/kordon@sha256:" + "0123456789abcdef".repeat(4));
        assertThat(RenderedChart.of("air-gapped").pods().values())
                .allMatch(pod ->
                        pod.getSpec().getImagePullSecrets().get(0).getName().equals("internal-registry"));
        assertThat(containers(RenderedChart.of("default")))
                .extracting(Container::getImage)
                .containsOnly("kordon:0.1.0-SNAPSHOT");
    }

    @Test
    void startsAgainWhatHasNewSettingsAndNothingElse() {
        Map<String, String> before = settingsHash(RenderedChart.of("default"));
        Map<String, String> after =
                settingsHash(RenderedChart.of("default", Map.of("streams.settings.kordon\\.time\\.quiet", "2h")));

        assertThat(after).containsOnlyKeys(before.keySet());
        assertThat(after.entrySet().stream().filter(one -> !one.getValue().equals(before.get(one.getKey()))))
                .extracting(Map.Entry::getKey)
                .containsExactly("StatefulSet/kordon-streams");
    }

    @Test
    void startsTheStreamsAgainWhenRulesChange() {
        String before = annotation(RenderedChart.of("production"), "kordon.io/rules");
        String after = annotation(
                RenderedChart.of("production", Map.of("rules.inline.team\\.yml", "title: other")), "kordon.io/rules");

        assertThat(after).isNotEqualTo(before);
    }

    private static String annotation(RenderedChart chart, String key) {
        return Objects.requireNonNull(chart.pods().get("StatefulSet/kordon-streams"))
                .getMetadata()
                .getAnnotations()
                .get(key);
    }

    private static Map<String, String> settingsHash(RenderedChart chart) {
        return chart.pods().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        pod -> pod.getValue().getMetadata().getAnnotations().get("kordon.io/settings")));
    }

    static String part(String path) {
        return path.substring(path.indexOf('-') + 1);
    }

    private static String asked(Probe probe) {
        return probe.getHttpGet().getPath() + " at "
                + probe.getHttpGet().getPort().getValue();
    }

    private static List<Container> containers(RenderedChart chart) {
        return chart.pods().values().stream()
                .flatMap(pod -> pod.getSpec().getContainers().stream())
                .toList();
    }

    private static Set<String> references(PodSpec pod) {
        Set<String> references = new HashSet<>();
        for (Volume volume : pod.getVolumes()) {
            if (volume.getConfigMap() != null) {
                references.add("ConfigMap/" + volume.getConfigMap().getName());
            }
            if (volume.getSecret() != null) {
                references.add("Secret/" + volume.getSecret().getSecretName());
            }
            if (volume.getPersistentVolumeClaim() != null) {
                references.add("Claim/" + volume.getPersistentVolumeClaim().getClaimName());
            }
            if (volume.getProjected() != null) {
                volume.getProjected().getSources().forEach(source -> references.add(reference(source)));
            }
        }
        pod.getImagePullSecrets().forEach(secret -> references.add("Secret/" + secret.getName()));
        return references;
    }

    private static String reference(VolumeProjection source) {
        return source.getSecret() == null
                ? "ConfigMap/" + source.getConfigMap().getName()
                : "Secret/" + source.getSecret().getName();
    }

    /** What values name as existing, wherever they do. */
    private static Set<String> named(Object values) {
        Set<String> named = new HashSet<>();
        if (values instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                switch (String.valueOf(key)) {
                    case "existingSecret" -> named.add("Secret/" + value);
                    case "existingConfigMap" -> named.add("ConfigMap/" + value);
                    case "existingClaim" -> named.add("Claim/" + value);
                    case "pullSecrets" -> items(value).forEach(item -> named.add("Secret/" + item));
                    case "existingConfigMaps" -> items(value).forEach(item -> named.add("ConfigMap/" + item));
                    default -> named.addAll(named(value));
                }
            });
        }
        items(values).forEach(item -> named.addAll(named(item)));
        return named;
    }

    private static List<Object> items(Object value) {
        return value instanceof List<?> list ? new ArrayList<>(list) : List.of();
    }
}
