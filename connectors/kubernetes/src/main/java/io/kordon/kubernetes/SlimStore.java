package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an informer keeps of the objects that it follows: not all of them, but what is read from them later. */
class SlimStore<T extends HasMetadata> implements ItemStore<T> {
    private final UnaryOperator<T> slim;
    private final Map<String, T> items = new ConcurrentHashMap<>();

    /** @param slim leaves out what nobody reads; metadata must keep name, namespace, UID and resource version */
    SlimStore(UnaryOperator<T> slim) {
        this.slim = slim;
    }

    @Override
    public final String getKey(T item) {
        return Cache.metaNamespaceKeyFunc(item);
    }

    @Override
    public @Nullable T put(String key, T item) {
        return items.put(key, slim.apply(item));
    }

    @Override
    public @Nullable T remove(String key) {
        return items.remove(key);
    }

    @Override
    public final Stream<String> keySet() {
        return items.keySet().stream();
    }

    @Override
    public final Stream<T> values() {
        return items.values().stream();
    }

    @Override
    public final int size() {
        return items.size();
    }

    @Override
    public final @Nullable T get(String key) {
        return items.get(key);
    }
}
