package io.kordon.app.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Setting;
import io.kordon.app.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of each value set: the settings, read as Kordon's processes read them. */
class ChartSettingsTest {
    @TempDir
    private Path folder;

    static Stream<String> valueSets() {
        return ChartFolder.valueSets().stream();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void givesEveryProcessSettingsThatItUnderstands(String valueSet) throws IOException {
        RenderedChart chart = RenderedChart.of(valueSet);

        for (Map.Entry<String, PodTemplateSpec> pod : chart.pods().entrySet()) {
            Settings settings = load(chart, pod.getKey(), pod.getValue());
            if (!ChartPodsTest.part(pod.getKey()).equals("dashboards")) {
                settings.require(KordonSettings.REGISTRY_URL);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void namesNoFileThatIsNotMounted(String valueSet) {
        RenderedChart chart = RenderedChart.of(valueSet);

        chart.pods().forEach((name, pod) -> {
            List<String> mounted = pod.getSpec().getContainers().get(0).getVolumeMounts().stream()
                    .map(VolumeMount::getMountPath)
                    .toList();
            List<String> files = chart.settings(ChartPodsTest.part(name))
                    .lines()
                    .filter(line -> line.contains("\"/"))
                    .map(line -> line.substring(line.indexOf('"') + 1, line.lastIndexOf('"')))
                    .flatMap(line -> Stream.of(line.split(",", -1)))
                    .filter(file -> !file.startsWith("/opt/kordon/"))
                    .toList();
            assertThat(files).as(name).allMatch(file -> mounted.stream().anyMatch((file + "/")::startsWith));
        });
    }

    /** A file there that no setting is named like stops a process. */
    @ParameterizedTest
    @MethodSource("valueSets")
    void namesEverySecretByItsSetting(String valueSet) {
        Set<String> known = KordonSettings.ALL.stream().map(Setting::key).collect(Collectors.toSet());

        RenderedChart.of(valueSet)
                .pods()
                .forEach((name, pod) -> assertThat(secrets(pod))
                        .as(name)
                        .doesNotHaveDuplicates()
                        .allMatch(
                                key -> key.startsWith("kafka.") || key.startsWith("registry.") || known.contains(key)));
    }

    @Test
    void givesASecretToWhomItIsForAndToNobodyElse() {
        Map<String, PodTemplateSpec> pods = RenderedChart.of("production").pods();

        Map<String, String> holders = new HashMap<>();
        pods.forEach((name, pod) -> secrets(pod).stream()
                .filter(key -> key.startsWith("kordon."))
                .forEach(key -> holders.merge(key, ChartPodsTest.part(name), (one, other) -> one + "," + other)));
        assertThat(holders)
                .containsOnly(
                        Map.entry("kordon.elasticsearch.password", "connect"),
                        Map.entry("kordon.evidence.s3-access-key", "actuator"),
                        Map.entry("kordon.evidence.s3-secret-key", "actuator"),
                        Map.entry("kordon.kibana.api-key", "dashboards"));
        pods.forEach((name, pod) -> {
            if (!name.endsWith("-dashboards")) {
                assertThat(secrets(pod))
                        .as(name)
                        .contains("kafka.sasl.jaas.config", "kafka.ssl.key.password", "registry.basic.auth.user.info");
            }
        });
    }

    @Test
    void saysWhatTheValuesSay() throws IOException {
        RenderedChart chart = RenderedChart.of("production");
        Map<String, PodTemplateSpec> pods = chart.pods();
        Settings streams = load(chart, "StatefulSet/kordon-streams", pods.get("StatefulSet/kordon-streams"));
        Settings actuator = load(chart, "Deployment/kordon-actuator", pods.get("Deployment/kordon-actuator"));
        Settings gateway = load(chart, "Deployment/kordon-gateway", pods.get("Deployment/kordon-gateway"));

        assertThat(streams.get(KordonSettings.CLUSTER)).isEqualTo("prod-eu-1");
        assertThat(streams.get(KordonSettings.STREAMS_THREADS)).isEqualTo(4);
        assertThat(streams.get(KordonSettings.RULES_PATHS))
                .containsExactly(
                        Path.of("/opt/kordon/rules"),
                        Path.of("/etc/kordon/rules/inline"),
                        Path.of("/etc/kordon/rules/from-team-rules"));
        assertThat(streams.get(KordonSettings.PLAYBOOKS_PATHS))
                .containsExactly(Path.of("/etc/kordon/playbooks/inline"));
        assertThat(streams.get(KordonSettings.GUARD_CLUSTER)).isEqualTo(20);
        assertThat(streams.section("kafka"))
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("main.consumer.session.timeout.ms", "60000")
                .containsEntry("ssl.truststore.type", "PEM");
        assertThat(actuator.get(KordonSettings.ACTUATOR_STEPS))
                .containsExactlyInAnyOrder("capture", "cordon", "detach", "isolate", "label", "release", "terminate");
        assertThat(actuator.get(KordonSettings.EVIDENCE_STORE)).isEqualTo("s3://evidence/prod");
        assertThat(gateway.get(KordonSettings.GATEWAY_MAX_BODY)).isEqualTo(33_554_432L);
    }

    /** The kubelet kills when the grace is over, which preStop is a part of. */
    @ParameterizedTest
    @MethodSource("valueSets")
    void endsWithinTheGraceOfItsPodAndUsesIt(String valueSet) throws IOException {
        for (String version : List.of("1.29.3", "1.34.0")) {
            RenderedChart chart = RenderedChart.of(valueSet, Map.of(), version);
            for (Map.Entry<String, PodTemplateSpec> pod : chart.pods().entrySet()) {
                Long grace = pod.getValue().getSpec().getTerminationGracePeriodSeconds();
                if (grace == null) {
                    continue; // a job
                }
                Settings settings = load(chart, pod.getKey(), pod.getValue());
                boolean sleeps = pod.getValue().getSpec().getContainers().get(0).getLifecycle() != null;
                Duration timeout = settings.get(KordonSettings.SHUTDOWN_TIMEOUT);
                assertThat(timeout.toSeconds() + (sleeps ? 10 : 0))
                        .as("%s on %s", pod.getKey(), version)
                        .isBetween(grace - 20, grace - 5);
                boolean waits = settings.get(KordonSettings.SHUTDOWN_DELAY).toSeconds() > 0;
                assertThat(sleeps || waits)
                        .as("%s on %s lets its Service notice", pod.getKey(), version)
                        .isEqualTo(pod.getKey().equals("Deployment/kordon-gateway"));
            }
        }
    }

    @Test
    void listensWhereOtherWorkersFindItOnlyWhereThereAreAny() {
        assertThat(environment(RenderedChart.of("default").pods().get("Deployment/kordon-connect")))
                .doesNotContain("POD_IP");
        assertThat(environment(RenderedChart.of("production").pods().get("Deployment/kordon-connect")))
                .contains("POD_IP");
        assertThat(environment(RenderedChart.of("central").pods().get("Deployment/kordon-connect")))
                .contains("POD_IP");
    }

    private Settings load(RenderedChart chart, String name, PodTemplateSpec pod) throws IOException {
        Path file = folder.resolve(name.replace('/', '-') + ".yaml");
        Files.writeString(file, chart.settings(ChartPodsTest.part(name)));
        Map<String, String> variables = pod.getSpec().getContainers().get(0).getEnv().stream()
                .filter(variable -> !variable.getName().equals("KORDON_SECRETS")) // a folder that is not here
                .collect(Collectors.toMap(
                        EnvVar::getName, variable -> variable.getValue() == null ? "10.1.2.3" : variable.getValue()));
        return Settings.load(file, variables, Map.of());
    }

    private static List<String> environment(PodTemplateSpec pod) {
        return pod.getSpec().getContainers().get(0).getEnv().stream()
                .map(EnvVar::getName)
                .toList();
    }

    private static List<String> secrets(PodTemplateSpec pod) {
        return pod.getSpec().getVolumes().stream()
                .filter(volume -> volume.getName().equals("secrets"))
                .flatMap(volume -> volume.getProjected().getSources().stream())
                .flatMap(source -> source.getSecret().getItems().stream())
                .map(item -> item.getPath())
                .toList();
    }
}
