package io.kordon.kubernetes.simulated;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Keeps the number of a ReplicaSet's pods. A pod whose labels it no longer selects is let go, not deleted, and replaced; one
 * that it selects and that nobody controls is adopted, and then there may be one too many.
 */
final class ReplicaSetController {
    /** Those that are spared last: without a node, then not ready, then the youngest. */
    private static final Comparator<Pod> EXPENDABLE = Comparator.comparing(
                    (Pod pod) -> pod.getSpec().getNodeName() != null)
            .thenComparing(Controllers::ready)
            .thenComparing(pod -> pod.getMetadata().getCreationTimestamp(), Comparator.reverseOrder())
            .thenComparing(pod -> pod.getMetadata().getName());

    private final SimulatedApi api;
    /** Pods made so far, by the ReplicaSet's UID: no name comes twice. */
    private final Map<String, Integer> made = new HashMap<>();

    ReplicaSetController(SimulatedApi api) {
        this.api = api;
    }

    boolean reconcile() {
        boolean wrote = false;
        for (ReplicaSet set : api.stored(ReplicaSet.class)) {
            List<Pod> active = new ArrayList<>();
            for (Pod pod : api.stored(Pod.class)) {
                if (!Controllers.together(set, pod) || pod.getMetadata().getDeletionTimestamp() != null) {
                    continue;
                }
                boolean selected = Controllers.selects(set.getSpec().getSelector(), Controllers.labels(pod));
                boolean owned = Controllers.owns(set, pod);
                if (owned && !selected) {
                    release(pod, set);
                    wrote = true;
                } else if (selected && Controllers.controller(pod).isEmpty()) {
                    adopt(pod, set);
                    active.add(pod);
                    wrote = true;
                } else if (owned) {
                    active.add(pod);
                }
            }
            wrote |= scale(set, active);
            wrote |= observe(set, active);
        }
        return wrote;
    }

    private void release(Pod pod, ReplicaSet set) {
        List<OwnerReference> others = pod.getMetadata().getOwnerReferences().stream()
                .filter(owner -> !owner.getUid().equals(set.getMetadata().getUid()))
                .toList();
        api.store(new PodBuilder(pod)
                .editMetadata()
                .withOwnerReferences(others)
                .endMetadata()
                .build());
    }

    private void adopt(Pod pod, ReplicaSet set) {
        api.store(new PodBuilder(pod)
                .editMetadata()
                .addToOwnerReferences(owner(set))
                .endMetadata()
                .build());
    }

    private boolean scale(ReplicaSet set, List<Pod> active) {
        int wanted = Objects.requireNonNullElse(set.getSpec().getReplicas(), 1);
        active.sort(EXPENDABLE);
        for (int surplus = active.size() - wanted; surplus > 0; surplus--) {
            api.remove(active.get(surplus - 1));
        }
        for (int missing = wanted - active.size(); missing > 0; missing--) {
            api.store(pod(set));
        }
        return active.size() != wanted;
    }

    private boolean observe(ReplicaSet set, List<Pod> active) {
        ReplicaSetStatus before = Objects.requireNonNullElseGet(set.getStatus(), ReplicaSetStatus::new);
        int ready = (int) active.stream().filter(Controllers::ready).count();
        ReplicaSet after = new ReplicaSetBuilder(set)
                .withStatus(before)
                .editStatus()
                .withReplicas(active.size())
                .withReadyReplicas(ready)
                .withAvailableReplicas(ready)
                .withObservedGeneration(Controllers.generation(set))
                .endStatus()
                .build();
        if (after.getStatus().equals(set.getStatus())) {
            return false;
        }
        api.store(after);
        return true;
    }

    private Pod pod(ReplicaSet set) {
        PodTemplateSpec template = set.getSpec().getTemplate();
        String uid = set.getMetadata().getUid();
        int number = made.merge(uid, 1, Integer::sum);
        Map<String, String> labels = new LinkedHashMap<>(
                Objects.requireNonNullElse(template.getMetadata().getLabels(), Map.of()));
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(set.getMetadata().getNamespace())
                .withGenerateName(set.getMetadata().getName() + "-")
                .withName(set.getMetadata().getName() + "-" + GeneratedName.suffix(uid + "/" + number))
                .withLabels(labels)
                .withAnnotations(template.getMetadata().getAnnotations())
                .withOwnerReferences(owner(set))
                .endMetadata()
                .withSpec(template.getSpec())
                .withNewStatus()
                .withPhase("Pending")
                .endStatus()
                .build();
    }

    private static OwnerReference owner(ReplicaSet set) {
        return new OwnerReferenceBuilder()
                .withApiVersion("apps/v1")
                .withKind("ReplicaSet")
                .withName(set.getMetadata().getName())
                .withUid(set.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }
}
