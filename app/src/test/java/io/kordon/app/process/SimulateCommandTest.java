package io.kordon.app.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kordon.app.config.Settings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SimulateCommandTest {
    @TempDir
    private Path folder;

    @Test
    void writesAKubeconfigByWhichTheTomcatPodsAreFound() throws Exception {
        Path kubeconfig = folder.resolve("not/yet/there");

        assertThat(pods(kubeconfig)).containsKeys("tomcat-depl-89bb8c5c7-lspcw", "tomcat-depl-89bb8c5c7-x2k9p");
    }

    @Test
    void bearsNewPodsAtEveryStart() throws Exception {
        Path kubeconfig = folder.resolve("kubeconfig");

        Set<String> first = Set.copyOf(pods(kubeconfig).values());

        assertThat(pods(kubeconfig).values()).isNotEmpty().doesNotContainAnyElementsOf(first);
    }

    @Test
    void advertisesTheAddressThatOthersKnowItBy() throws Exception {
        Path kubeconfig = folder.resolve("kubeconfig");

        start("--port=0", "--kubeconfig=" + kubeconfig, "--advertise=http://simulate:8001")
                .component()
                .close();

        assertThat(Files.readString(kubeconfig)).contains("server: \"http://simulate:8001\"");
        assertThat(folder).isDirectoryNotContaining("glob:**.new");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://simulate:8001", "simulate:8001", "http:/simulate"})
    void refusesToAdvertiseWhereItIsNot(String address) {
        assertThatThrownBy(() -> start("--port=0", "--advertise=" + address))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--advertise is '" + address + "'");
    }

    @Test
    void saysWhereItCannotListen() {
        assertThatThrownBy(() -> start("--host=no-such-host.invalid"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no-such-host.invalid");
    }

    /** UIDs of a new start's Tomcat pods, by name. */
    private static Map<String, String> pods(Path kubeconfig) throws Exception {
        AutoCloseable running = start("--port=0", "--kubeconfig=" + kubeconfig).component();
        try (running;
                KubernetesClient client = Kubernetes.client(kubeconfig.toString())) {
            return client.pods().inNamespace("tomcat").list().getItems().stream()
                    .map(Pod::getMetadata)
                    .collect(Collectors.toMap(pod -> pod.getName(), pod -> pod.getUid()));
        }
    }

    private static ProcessCommand.Running start(String... arguments) {
        return CommandLine.populateCommand(new SimulateCommand(), arguments)
                .start(Settings.load(null, Map.of(), Map.of()), new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    }
}
