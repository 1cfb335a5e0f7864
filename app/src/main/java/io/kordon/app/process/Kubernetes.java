package io.kordon.app.process;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Clients of the cluster's API. */
public final class Kubernetes {
    private Kubernetes() {}

    /**
     * A client by a kubeconfig file.
     *
     * @param kubeconfig path, or empty for the pod's own service account, else the user's kubeconfig
     */
    public static KubernetesClient client(String kubeconfig) {
        if (kubeconfig.isEmpty()) {
            return new KubernetesClientBuilder().build();
        }
        Path file = Path.of(kubeconfig);
        if (!Files.isReadable(file)) {
            throw new IllegalStateException("the kubeconfig file " + file + " cannot be read");
        }
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(file.toFile()))
                .build();
    }
}
