package io.kordon.app.demo;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether another pod serves in place of the contained one. Asked only where a controller looks after the pod's ReplicaSet:
 * a bare API server replaces nothing.
 */
final class ReplacementCheck {
    private final KubernetesClient client;
    private final ScenarioPod pod;
    private final @Nullable ReplicaSet replicaSet;
    private final Set<String> services;
    private final Set<String> before;

    /** Remembers what the pod belongs to, before anything happens. */
    ReplacementCheck(KubernetesClient client, ScenarioPod pod) {
        this.client = client;
        this.pod = pod;
        Pod live =
                client.pods().inNamespace(pod.namespace()).withName(pod.name()).get();
        this.replicaSet = live == null ? null : replicaSet(live);
        this.services = live == null
                ? Set.of()
                : client.services().inNamespace(pod.namespace()).list().getItems().stream()
                        .filter(service -> selects(service, live))
                        .map(service -> service.getMetadata().getName())
                        .collect(Collectors.toSet());
        this.before = replicaSet == null
                ? Set.of()
                : owned(replicaSet).stream()
                        .map(one -> one.getMetadata().getName())
                        .collect(Collectors.toSet());
    }

    /** What is missing, in words; nothing when all is there, or nobody would replace the pod. */
    List<String> missing() {
        if (replicaSet == null) {
            return List.of();
        }
        List<String> missing = new ArrayList<>();
        List<Pod> owned = owned(replicaSet);
        if (owned.stream().anyMatch(one -> one.getMetadata().getName().equals(pod.name()))) {
            missing.add("the pod let go by its ReplicaSet "
                    + replicaSet.getMetadata().getName());
        }
        Set<String> replacements = replacements(owned);
        if (replacements.isEmpty()) {
            missing.add("a replacement of the pod by ReplicaSet "
                    + replicaSet.getMetadata().getName() + ", ready");
        }
        for (String service : services) {
            Set<String> serving = serving(service);
            if (serving.contains(pod.name())) {
                missing.add("Service " + service + " without the pod among its endpoints");
            }
            if (!replacements.isEmpty() && serving.stream().noneMatch(replacements::contains)) {
                missing.add("Service " + service + " with the replacement among its endpoints; it has " + serving);
            }
        }
        return missing;
    }

    /** Names of the pods that took the place of the contained one and are ready; empty where nobody replaces it. */
    Set<String> replacements() {
        return replicaSet == null ? Set.of() : replacements(owned(replicaSet));
    }

    private Set<String> replacements(List<Pod> owned) {
        return owned.stream()
                .filter(ReplacementCheck::ready)
                .map(one -> one.getMetadata().getName())
                .filter(name -> !before.contains(name))
                .collect(Collectors.toSet());
    }

    /** The pod's ReplicaSet, if a controller has looked at it; else null. */
    private @Nullable ReplicaSet replicaSet(Pod live) {
        return live.getMetadata().getOwnerReferences().stream()
                .filter(owner -> owner.getKind().equals("ReplicaSet") && Boolean.TRUE.equals(owner.getController()))
                .map(owner -> client.apps()
                        .replicaSets()
                        .inNamespace(pod.namespace())
                        .withName(owner.getName())
                        .get())
                .filter(Objects::nonNull)
                .filter(set -> set.getStatus() != null
                        && Objects.requireNonNullElse(set.getStatus().getObservedGeneration(), 0L) > 0)
                .findFirst()
                .orElse(null);
    }

    private List<Pod> owned(HasMetadata owner) {
        return client.pods().inNamespace(pod.namespace()).list().getItems().stream()
                .filter(one -> one.getMetadata().getOwnerReferences().stream()
                        .map(OwnerReference::getUid)
                        .anyMatch(owner.getMetadata().getUid()::equals))
                .toList();
    }

    /** Names of the pods that the Service sends requests to. */
    private Set<String> serving(String service) {
        Set<String> serving = new HashSet<>();
        client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(pod.namespace())
                .withLabel("kubernetes.io/service-name", service)
                .list()
                .getItems()
                .forEach(slice -> Objects.requireNonNullElse(slice.getEndpoints(), List.<Endpoint>of()).stream()
                        .filter(one -> one.getTargetRef() != null)
                        .filter(one -> one.getConditions() != null
                                && Boolean.TRUE.equals(one.getConditions().getReady()))
                        .forEach(one -> serving.add(one.getTargetRef().getName())));
        return serving;
    }

    private static boolean selects(Service service, Pod pod) {
        Map<String, String> selector = service.getSpec().getSelector();
        Map<String, String> labels = pod.getMetadata().getLabels();
        return selector != null
                && !selector.isEmpty()
                && labels != null
                && labels.entrySet().containsAll(selector.entrySet());
    }

    private static boolean ready(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null
                && pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(one ->
                                one.getType().equals("Ready") && one.getStatus().equals("True"));
    }
}
