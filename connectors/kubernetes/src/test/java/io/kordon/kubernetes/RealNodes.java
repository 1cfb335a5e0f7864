package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Comparator;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Scheduler and kubelets of nodes that exist in the API only: pods get a node, are ready there, and stop when deleted. */
final class RealNodes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RealNodes.class);

    private final KubernetesClient admin;
    private final SharedIndexInformer<Pod> informer;

    RealNodes(KubernetesClient admin) {
        this.admin = admin;
        this.informer = admin.pods().inAnyNamespace().inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Pod pod) {
                follow(pod);
            }

            @Override
            public void onUpdate(Pod before, Pod now) {
                follow(now);
            }

            @Override
            public void onDelete(Pod pod, boolean finalStateUnknown) {}
        });
    }

    private void follow(Pod pod) {
        try {
            if (pod.getMetadata().getDeletionTimestamp() != null) {
                admin.resource(pod).withGracePeriod(0).delete();
            } else if (pod.getSpec().getNodeName() == null) {
                node().ifPresent(node -> bind(pod, node));
            } else if (!"Running".equals(pod.getStatus().getPhase())) {
                run(pod);
            }
        } catch (RuntimeException e) { // it has changed meanwhile, and the next event comes with that
            LOG.info("pod {} could not be followed: {}", pod.getMetadata().getName(), e.toString());
        }
    }

    private Optional<Node> node() {
        return admin.nodes().list().getItems().stream()
                .filter(node -> !Boolean.TRUE.equals(node.getSpec().getUnschedulable()))
                .filter(node -> !Labels.of(node.getMetadata()).containsKey("node-role.kubernetes.io/control-plane"))
                .max(Comparator.comparing(node -> node.getMetadata().getName()));
    }

    private void bind(Pod pod, Node node) {
        admin.bindings()
                .inNamespace(pod.getMetadata().getNamespace())
                .resource(new BindingBuilder()
                        .withNewMetadata()
                        .withNamespace(pod.getMetadata().getNamespace())
                        .withName(pod.getMetadata().getName())
                        .endMetadata()
                        .withNewTarget()
                        .withApiVersion("v1")
                        .withKind("Node")
                        .withName(node.getMetadata().getName())
                        .endTarget()
                        .build())
                .create();
    }

    private void run(Pod pod) {
        admin.resource(new PodBuilder(pod)
                        .withNewStatus()
                        .withPhase("Running")
                        .withPodIP("10.246.0."
                                + (Math.floorMod(pod.getMetadata().getUid().hashCode(), 250) + 1))
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build())
                .patchStatus();
    }

    @Override
    public void close() {
        informer.close();
    }
}
