package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A kind of objects by the names that paths, discovery and RBAC use, for those that the client has no classes of. */
record ApiKind(String group, String version, String kind, String plural, boolean namespaced) {

    String apiVersion() {
        return group + "/" + version;
    }

    /** For a reader: Calico's kinds bear the names of Kubernetes' own. */
    String label() {
        return group.endsWith("projectcalico.org") ? kind + "." + group : kind;
    }

    Permission may(String verb) {
        return new Permission(verb, group, plural);
    }

    /** All objects of the kind, of this namespace where it has namespaces. */
    List<GenericKubernetesResource> list(KubernetesClient client, String namespace) {
        return complete(in(client, namespace).list().getItems());
    }

    /** All objects of the kind, of whatever namespace. */
    List<GenericKubernetesResource> listAll(KubernetesClient client) {
        return complete(all(client).inAnyNamespace().list().getItems());
    }

    private List<GenericKubernetesResource> complete(List<GenericKubernetesResource> items) {
        items.forEach(
                item -> { // a list says once what its items are
                    item.setApiVersion(apiVersion());
                    item.setKind(kind);
                });
        return items;
    }

    @Nullable
    GenericKubernetesResource get(KubernetesClient client, String namespace, String name) {
        return in(client, namespace).withName(name).get();
    }

    /** One object as it was read, to be written to. */
    Resource<GenericKubernetesResource> resource(KubernetesClient client, GenericKubernetesResource object) {
        return in(client, object.getMetadata().getNamespace()).resource(object);
    }

    /** Deletes this very object in the very state that was read; a conflict is thrown where there is another by now. */
    void delete(KubernetesClient client, HasMetadata live) {
        DeleteOptions options = new DeleteOptionsBuilder()
                .withApiVersion("v1")
                .withKind("DeleteOptions")
                .withNewPreconditions()
                .withUid(live.getMetadata().getUid())
                .withResourceVersion(live.getMetadata().getResourceVersion())
                .endPreconditions()
                .build();
        client.raw(
                path(live.getMetadata().getNamespace()) + "/"
                        + live.getMetadata().getName(),
                "DELETE",
                options);
    }

    /** Path of the collection. */
    String path(@Nullable String namespace) {
        return "/apis/" + group + "/" + version + (namespaced ? "/namespaces/" + namespace : "") + "/" + plural;
    }

    static JsonNode json(HasMetadata object) {
        return JsonMapper.shared().readTree(Serialization.asJson(object));
    }

    private NonNamespaceOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            in(KubernetesClient client, @Nullable String namespace) {
        return namespaced && namespace != null ? all(client).inNamespace(namespace) : all(client);
    }

    private MixedOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            all(KubernetesClient client) {
        return client.genericKubernetesResources(new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(namespaced)
                .build());
    }
}
