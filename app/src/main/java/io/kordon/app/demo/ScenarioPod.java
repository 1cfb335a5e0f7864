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
