package io.kordon.kubernetes.simulated;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The objects of the example cluster, as their controllers would have made them some hours ago. UIDs never change. */
final class TomcatNamespace {
    private final Instant now;
    private final List<HasMetadata> objects = new ArrayList<>();

    TomcatNamespace(Instant now) {
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    List<HasMetadata> objects() {
        objects.clear();
        for (String namespace : List.of("default", "kube-system", "tomcat", "shop")) {
            objects.add(new NamespaceBuilder()
                    .withNewMetadata()
                    .withName(namespace)
                    .withUid(uid("namespace", namespace))
                    .withCreationTimestamp(ago(72))
                    .addToLabels("kubernetes.io/metadata.name", namespace)
                    .endMetadata()
                    .withNewStatus()
                    .withPhase("Active")
                    .endStatus()
                    .build());
        }
        objects.add(node("control-plane-1", "10.0.0.10", Map.of("node-role.kubernetes.io/control-plane", "")));
        objects.add(node("worker-1", "10.0.0.11", Map.of()));
        objects.add(node("worker-2", "10.0.0.12", Map.of()));

        Workload tomcat = new Workload("tomcat", "tomcat-depl", "tomcat", "89bb8c5c7", "tomcat", "tomcat:9.0.30");
        workload(tomcat, "tomcat", 8080, 2);
        pod(tomcat, "lspcw", "worker-1", "10.244.1.17", 6);
        pod(tomcat, "x2k9p", "worker-2", "10.244.2.23", 6);
        objects.add(new PodDisruptionBudgetBuilder()
                .withNewMetadata()
                .withNamespace("tomcat")
                .withName("tomcat")
                .withUid(uid("pdb", "tomcat"))
                .withCreationTimestamp(ago(6))
                .endMetadata()
                .withNewSpec()
                .withMinAvailable(new IntOrString(1))
                .withNewSelector()
                .addToMatchLabels("app", "tomcat")
                .endSelector()
                .endSpec()
                .build());

        Workload cart = new Workload("shop", "cart", "cart", "6d4cf56db6", "cart", "shop/cart:2.4.1");
        workload(cart, "cart", 8080, 1);
        pod(cart, "9q7wz", "worker-2", "10.244.2.31", 20);

        Workload dns =
                new Workload("kube-system", "coredns", "kube-dns", "668d6bf9bc", "coredns", "coredns/coredns:1.12.1");
        workload(dns, "kube-dns", 53, 1);
        pod(dns, "7tqkd", "control-plane-1", "10.244.0.3", 72);
        return List.copyOf(objects);
    }

    private record Workload(
            String namespace, String name, String app, String templateHash, String container, String image) {
        String replicaSet() {
            return name + "-" + templateHash;
        }

        Map<String, String> podLabels() {
            return Map.of("app", app, "pod-template-hash", templateHash);
        }
    }

    private void workload(Workload workload, String serviceName, int port, int replicas) {
        PodTemplateSpec template = new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(new HashMap<>(Map.of("app", workload.app)))
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(workload.app)
                .addNewContainer()
                .withName(workload.container)
                .withImage(workload.image)
                .endContainer()
                .endSpec()
                .build();
        Deployment deployment = new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace(workload.namespace)
                .withName(workload.name)
                .withUid(uid("deployment", workload.name))
                .withCreationTimestamp(ago(24))
                .addToLabels("app", workload.app)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withNewSelector()
                .addToMatchLabels("app", workload.app)
                .endSelector()
                .withTemplate(template)
                .endSpec()
                .withNewStatus()
                .withReplicas(replicas)
                .withReadyReplicas(replicas)
                .endStatus()
                .build();
        ReplicaSet replicaSet = new ReplicaSetBuilder()
                .withNewMetadata()
                .withNamespace(workload.namespace)
                .withName(workload.replicaSet())
                .withUid(uid("replicaset", workload.replicaSet()))
                .withCreationTimestamp(ago(24))
                .withLabels(new HashMap<>(workload.podLabels()))
                .withOwnerReferences(owner("apps/v1", "Deployment", workload.name, uid("deployment", workload.name)))
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withNewSelector()
                .withMatchLabels(new HashMap<>(workload.podLabels()))
                .endSelector()
                .withTemplate(new PodTemplateSpecBuilder(template)
                        .editMetadata()
                        .addToLabels("pod-template-hash", workload.templateHash)
                        .endMetadata()
                        .build())
                .endSpec()
                .withNewStatus()
                .withReplicas(replicas)
                .withReadyReplicas(replicas)
                .endStatus()
                .build();
        Service service = new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(workload.namespace)
                .withName(serviceName)
                .withUid(uid("service", serviceName))
                .withCreationTimestamp(ago(24))
                .endMetadata()
                .withNewSpec()
                .addToSelector("app", workload.app)
                .addNewPort()
                .withPort(port)
                .endPort()
                .endSpec()
                .build();
        objects.add(deployment);
        objects.add(replicaSet);
        objects.add(service);
    }

    private void pod(Workload workload, String suffix, String node, String ip, long hours) {
        String name = workload.replicaSet() + "-" + suffix;
        String containerId = "containerd://" + containerId(name);
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withNamespace(workload.namespace)
                .withName(name)
                .withGenerateName(workload.replicaSet() + "-")
                .withUid(uid("pod", name))
                .withCreationTimestamp(ago(hours))
                .withLabels(new HashMap<>(workload.podLabels()))
                .withOwnerReferences(
                        owner("apps/v1", "ReplicaSet", workload.replicaSet(), uid("replicaset", workload.replicaSet())))
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .withServiceAccountName(workload.app)
                .addNewContainer()
                .withName(workload.container)
                .withImage(workload.image)
                .endContainer()
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .withPodIP(ip)
                .withStartTime(ago(hours))
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .addNewContainerStatus()
                .withName(workload.container)
                .withImage(workload.image)
                .withReady(true)
                .withContainerID(containerId)
                .withNewState()
                .withNewRunning()
                .withStartedAt(ago(hours))
                .endRunning()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
        objects.add(pod);
    }

    private Node node(String name, String address, Map<String, String> roles) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withUid(uid("node", name))
                .withCreationTimestamp(ago(72))
                .withLabels(new HashMap<>(roles))
                .addToLabels("kubernetes.io/hostname", name)
                .addToLabels("kubernetes.io/os", "linux")
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .addNewAddress()
                .withType("InternalIP")
                .withAddress(address)
                .endAddress()
                .addToCapacity("memory", new Quantity("16Gi"))
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build();
    }

    private static OwnerReference owner(String apiVersion, String kind, String name, String uid) {
        return new OwnerReferenceBuilder()
                .withApiVersion(apiVersion)
                .withKind(kind)
                .withName(name)
                .withUid(uid)
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }

    private String ago(long hours) {
        return now.minus(Duration.ofHours(hours)).toString();
    }

    private static String uid(String kind, String name) {
        return UUID.nameUUIDFromBytes((kind + "/" + name).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static String containerId(String pod) {
        String half = UUID.nameUUIDFromBytes(("container/" + pod).getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
        return half + new StringBuilder(half).reverse();
    }
}
