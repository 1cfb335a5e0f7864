package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.kordon.avro.Owner;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one kind that control pods and are controlled themselves: of each its names and its own controller, some
 * hundred bytes, where an informer would keep its pod template too. Safe to read while an informer writes.
 */
final class OwnerStore<T extends HasMetadata> extends SlimStore<T> {
    private final String group;
    private final String kind;
    private final Map<String, T> byUid = new ConcurrentHashMap<>();

    /**
     * Makes an empty store.
     *
     * @param group API group of the kind
     * @param shell makes an object of the kind that has this metadata and nothing else
     */
    OwnerStore(String group, String kind, Function<ObjectMeta, T> shell) {
        super(item -> shell.apply(namesAndController(item.getMetadata())));
        this.group = group;
        this.kind = kind;
    }

    /** Whether the reference is to an object of this kind, known or not. */
    boolean holds(OwnerReference reference) {
        return kind.equals(reference.getKind())
                && reference.getApiVersion() != null
                && reference.getApiVersion().startsWith(group + "/");
    }

    /**
     * What stands above the controller of a pod: the controller of that one, or the controller itself if it has none; null
     * if it is not known here. Names must agree besides the UID, since whoever creates a pod may claim any owner.
     */
    @Nullable
    Owner above(@Nullable String namespace, Owner controller) {
        T found = byUid.get(controller.getUid());
        if (found == null
                || !controller.getKind().equals(kind)
                || !controller.getName().equals(found.getMetadata().getName())
                || !found.getMetadata().getNamespace().equals(namespace)) {
            return null;
        }
        OwnerReference above = PodRecords.controller(found.getMetadata());
        return above == null ? controller : PodRecords.owner(above);
    }

    @Override
    public @Nullable T put(String key, T item) {
        T before = super.put(key, item);
        T kept = get(key);
        if (before != null) {
            byUid.remove(before.getMetadata().getUid());
        }
        if (kept != null) {
            byUid.put(kept.getMetadata().getUid(), kept);
        }
        return before;
    }

    @Override
    public @Nullable T remove(String key) {
        T removed = super.remove(key);
        if (removed != null) {
            byUid.remove(removed.getMetadata().getUid());
        }
        return removed;
    }

    private static ObjectMeta namesAndController(ObjectMeta metadata) {
        OwnerReference controller = PodRecords.controller(metadata);
        return new ObjectMetaBuilder()
                .withNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .withUid(metadata.getUid())
                .withResourceVersion(metadata.getResourceVersion())
                .withOwnerReferences(controller == null ? List.of() : List.of(controller))
                .build();
    }
}
