package io.kordon.kubernetes;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GroupVersionForDiscovery;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.kordon.kubernetes.simulated.SimulatedCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** The simulated cluster's objects on a real API server: made there as clients can, so with other UIDs and no age. */
final class RealSeed {
    /** On every node that a test has made: a cluster that has another node is somebody's. */
    private static final String OURS = "kordon.io/test-node";

    private static final Set<String> NAMESPACES_KEPT =
            Set.of("default", "kube-system", "kube-public", "kube-node-lease", Chart.RELEASE);
    private static final Set<String> KINDS_OF_SYSTEM_PODS =
            Set.of("Pod", "ReplicaSet", "Deployment", "Service", "NetworkPolicy");
    private static final Set<String> NOT_ERASED = Set.of("Namespace", "Event", "APIService", "PriorityClass", "Lease");

    /** Pods first: ReplicaSets adopt them, where a controller would else make others. */
    private static final List<String> ORDER =
            List.of("Namespace", "Node", "ServiceAccount", "Service", "Pod", "ReplicaSet", "Deployment");

    private static final KubernetesSerialization COPIES = new KubernetesSerialization();

    private final KubernetesClient admin;
    private final List<ResourceDefinitionContext> erasable = new ArrayList<>();

    RealSeed(KubernetesClient admin) {
        this.admin = admin;
        discover("v1");
        admin.getApiGroups().getGroups().stream()
                .map(group -> group.getPreferredVersion())
                .map(GroupVersionForDiscovery::getGroupVersion)
                .forEach(this::discover);
    }

    void checkThatItMayBeErased() {
        for (Node node : admin.nodes().list().getItems()) {
            if (!Labels.of(node.getMetadata()).containsKey(OURS)) {
                throw new IllegalStateException("the cluster at " + admin.getMasterUrl() + " has a node "
                        + node.getMetadata().getName()
                        + " that no test has made: tests erase what they find, so give them"
                        + " an API server of their own");
            }
        }
    }

    /** Removes what tests leave: everything outside the namespaces that an API server makes, and all nodes. */
    void erase() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> erasable.stream().mapToInt(this::eraseKind).sum() == 0);
    }

    private int eraseKind(ResourceDefinitionContext kind) {
        var resources = admin.genericKubernetesResources(kind);
        Stream<GenericKubernetesResource> found;
        try {
            found = (kind.isNamespaceScoped() ? resources.inAnyNamespace().list() : resources.list())
                    .getItems().stream();
        } catch (KubernetesClientException e) {
            if (e.getCode() == 404 || e.getCode() == 405) { // its definition has just been erased
                return 0;
            }
            throw e;
        }
        List<GenericKubernetesResource> doomed = found.filter(this::testsMadeIt).toList();
        doomed.forEach(object -> {
            var resource = kind.isNamespaceScoped()
                    ? resources
                            .inNamespace(object.getMetadata().getNamespace())
                            .withName(object.getMetadata().getName())
                    : resources.withName(object.getMetadata().getName());
            if (!object.getFinalizers().isEmpty()) {
                resource.edit(live -> {
                    live.getMetadata().setFinalizers(List.of());
                    return live;
                });
            }
            resource.withGracePeriod(0).delete();
        });
        return doomed.size();
    }

    private boolean testsMadeIt(HasMetadata object) {
        ObjectMeta metadata = object.getMetadata();
        Map<String, String> labels = Labels.of(metadata);
        if (metadata.getNamespace() == null) {
            return !labels.containsKey("kubernetes.io/bootstrapping")
                    && !Chart.RELEASE.equals(labels.get("app.kubernetes.io/instance"))
                    && !metadata.getName().startsWith("system:")
                    && !metadata.getName().startsWith("kubernetes");
        }
        return metadata.getNamespace().equals("kube-system")
                ? KINDS_OF_SYSTEM_PODS.contains(object.getKind())
                : !NAMESPACES_KEPT.contains(metadata.getNamespace());
    }

    private void discover(String groupVersion) {
        String[] parts = groupVersion.split("/", -1);
        for (APIResource resource : admin.getApiResources(groupVersion).getResources()) {
            boolean clusterPolicy = !resource.getNamespaced()
                    && !Set.of("Node", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition")
                            .contains(resource.getKind());
            if (resource.getVerbs().containsAll(List.of("list", "delete"))
                    && !NOT_ERASED.contains(resource.getKind())
                    && !clusterPolicy) {
                erasable.add(new ResourceDefinitionContext.Builder()
                        .withGroup(parts.length == 1 ? "" : parts[0])
                        .withVersion(parts[parts.length - 1])
                        .withKind(resource.getKind())
                        .withPlural(resource.getName())
                        .withNamespaced(resource.getNamespaced())
                        .build());
            }
        }
        erasable.sort(Comparator.comparing(kind -> kind.getKind().equals("Pod"))); // after those that would make more
    }

    /** The Tomcat example. */
    void tomcat() {
        List<HasMetadata> objects;
        try (SimulatedCluster template = SimulatedCluster.start(0)) {
            template.seedTomcat();
            objects = template.json().stream()
                    .map(json -> Serialization.unmarshal(json, HasMetadata.class))
                    .sorted(Comparator.comparing(RealSeed::position))
                    .toList();
        }
        Map<String, String> uids = new HashMap<>();
        for (HasMetadata object : objects) {
            HasMetadata bare = bare(object);
            if (bare instanceof Node) {
                bare.getMetadata().getLabels().put(OURS, "");
            }
            if (bare instanceof Pod pod && pod.getSpec().getServiceAccountName() != null) {
                account(pod.getMetadata().getNamespace(), pod.getSpec().getServiceAccountName());
            }
            HasMetadata made = bare instanceof Namespace
                    ? admin.resource(bare).forceConflicts().serverSideApply()
                    : create(bare);
            if (bare instanceof Namespace) {
                admin.namespaces()
                        .withName(bare.getMetadata().getName())
                        .edit(
                                live -> { // a test may have labelled it
                                    live.getMetadata()
                                            .setLabels(new HashMap<>(
                                                    bare.getMetadata().getLabels()));
                                    return live;
                                });
                account(bare.getMetadata().getName(), "default");
            }
            uids.put(object.getMetadata().getUid(), made.getMetadata().getUid());
        }
        objects.stream()
                .filter(object -> !object.getMetadata().getOwnerReferences().isEmpty())
                .forEach(object -> own(object, uids));
    }

    private static int position(HasMetadata object) {
        int known = ORDER.indexOf(object.getKind());
        return known < 0 ? ORDER.indexOf("Service") : known;
    }

    /** Without what the API server gives, and without owners: those have other UIDs here. */
    private static HasMetadata bare(HasMetadata object) {
        HasMetadata bare = COPIES.clone(object);
        ObjectMeta metadata = bare.getMetadata();
        metadata.setUid(null);
        metadata.setResourceVersion(null);
        metadata.setCreationTimestamp(null);
        metadata.setGeneration(null);
        metadata.setManagedFields(List.of());
        metadata.setOwnerReferences(List.of());
        metadata.setLabels(new HashMap<>(Labels.of(metadata)));
        return bare;
    }

    private HasMetadata create(HasMetadata bare) {
        HasMetadata made = admin.resource(bare).create();
        if (Set.of("Pod", "Node", "ReplicaSet", "Deployment").contains(bare.getKind())) {
            admin.resource(bare).patchStatus(); // without a version: controllers write here, too
        }
        return made;
    }

    private void account(String namespace, String name) {
        admin.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .build())
                .serverSideApply();
    }

    private void own(HasMetadata object, Map<String, String> uids) {
        List<OwnerReference> owners = object.getMetadata().getOwnerReferences().stream()
                .map(owner -> new OwnerReferenceBuilder(owner)
                        .withUid(uids.getOrDefault(owner.getUid(), owner.getUid()))
                        .build())
                .toList();
        admin.resource(bare(object))
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"ownerReferences\":" + COPIES.asJson(owners) + "}}");
    }

    /** In place of an object of this name: changed where that can be, else deleted and made anew. */
    void store(HasMetadata object) {
        Resource<HasMetadata> resource = admin.resource(bare(object));
        HasMetadata live = resource.get();
        if (live == null) {
            create(bare(object));
        } else if (object instanceof Pod pod
                && (!Objects.equals(
                                pod.getMetadata().getUid(), live.getMetadata().getUid())
                        || !Objects.equals(pod.getSpec(), ((Pod) live).getSpec()))) {
            remove(object);
            HasMetadata bare = bare(object);
            bare.getMetadata().setOwnerReferences(object.getMetadata().getOwnerReferences());
            create(bare);
        } else {
            HasMetadata changed = COPIES.clone(object);
            changed.getMetadata().setResourceVersion(null);
            changed.getMetadata().setUid(null);
            admin.resource(changed).update();
        }
    }

    void remove(HasMetadata object) {
        Resource<HasMetadata> resource = admin.resource(bare(object));
        resource.withGracePeriod(0).delete();
        await().atMost(Duration.ofSeconds(10)).until(() -> resource.get() == null);
    }
}
