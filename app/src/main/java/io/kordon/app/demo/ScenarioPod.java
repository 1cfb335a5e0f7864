package io.kordon.app.demo;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;

/**
 * The pod of the example, as the API server knows it.
 *
 * @param containerId first 12 characters, as Falco writes it
 */
record ScenarioPod(
        String namespace, String name, String uid, String node, String container, String containerId, String image) {

    /** The pod of the simulated cluster that is played with where nobody says otherwise. */
    static final String DEFAULT = "tomcat/tomcat-depl-89bb8c5c7-lspcw";

    /**
     * Finds a pod.
     *
     * @param name as NAMESPACE/NAME; {@code *} at its end stands for any: the first, by name, that runs
     * @throws IllegalStateException when there is no such running pod
     */
    static ScenarioPod find(KubernetesClient client, String name) {
        String[] parts = name.split("/", -1);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw new IllegalArgumentException("--pod is '" + name + "': write it as NAMESPACE/NAME");
        }
        return parts[1].endsWith("*")
                ? first(client, parts[0], parts[1].substring(0, parts[1].length() - 1))
                : find(client, parts[0], parts[1]);
    }

    private static ScenarioPod first(KubernetesClient client, String namespace, String prefix) {
        return client.pods().inNamespace(namespace).list().getItems().stream()
                .filter(pod -> pod.getMetadata().getName().startsWith(prefix))
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
                .map(pod -> pod.getMetadata().getName())
                .sorted()
                .findFirst()
                .map(name -> find(client, namespace, name))
                .orElseThrow(() -> new IllegalStateException(
                        "no pod runs in namespace " + namespace + " whose name begins with '" + prefix + "'"));
    }

    /** @throws IllegalStateException when there is no such running pod */
    static ScenarioPod find(KubernetesClient client, String namespace, String name) {
        Pod pod = client.pods().inNamespace(namespace).withName(name).get();
        if (pod == null || pod.getSpec().getNodeName() == null) {
            throw new IllegalStateException("there is no pod " + namespace + "/" + name
                    + " on a node of this cluster: name one with --pod NAMESPACE/NAME");
        }
        String id = pod.getStatus().getContainerStatuses().stream()
                .findFirst()
                .map(ContainerStatus::getContainerID)
                .orElse("");
        String bare = id.substring(id.lastIndexOf('/') + 1);
        return new ScenarioPod(
                namespace,
                name,
                pod.getMetadata().getUid(),
                pod.getSpec().getNodeName(),
                pod.getSpec().getContainers().get(0).getName(),
                bare.substring(0, Math.min(12, bare.length())),
                pod.getSpec().getContainers().get(0).getImage());
    }
}
