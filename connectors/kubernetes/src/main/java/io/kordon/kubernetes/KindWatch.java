package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows all objects of one kind, in all namespaces or in some: lists by pages, watches, and lists again when the API server
 * no longer knows where the watch stood. Never gives up.
 */
final class KindWatch<T extends HasMetadata> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KindWatch.class);
    private static final long PAGE = 500;

    private final String plural;
    private final Set<Permission> permissions;
    private final List<SharedIndexInformer<T>> informers = new ArrayList<>();
    private final CompletableFuture<Void> refused = new CompletableFuture<>();
    private volatile @Nullable String failure;

    /**
     * Makes the informers, and starts none.
     *
     * @param plural for messages
     * @param permissions that it takes, for messages
     * @param namespaces to watch; empty for all
     * @param resync how often what stands still is told again; zero for never
     * @param store makes what one informer keeps its objects in
     * @param failed is run when a list or a watch has failed
     */
    KindWatch(
            String plural,
            Set<Permission> permissions,
            MixedOperation<T, ?, ?> operation,
            Set<String> namespaces,
            Duration resync,
            Supplier<SlimStore<T>> store,
            ResourceEventHandler<T> handler,
            Runnable failed) {
        this.plural = plural;
        this.permissions = permissions;
        List<Informable<T>> scopes = new ArrayList<>();
        if (namespaces.isEmpty()) {
            scopes.add(operation.inAnyNamespace());
        }
        namespaces.forEach(namespace -> scopes.add(operation.inNamespace(namespace)));
        for (Informable<T> scope : scopes) {
            SharedIndexInformer<T> informer = scope.withLimit(PAGE).runnableInformer(resync.toMillis());
            informers.add(informer.removeNamespaceIndex()
                    .itemStore(store.get())
                    .exceptionHandler((started, error) -> {
                        failed(error);
                        failed.run();
                        return true;
                    })
                    .addEventHandler(handler));
        }
    }

    /** Starts to list and watch. Completed when everything has been listed. */
    CompletableFuture<Void> start() {
        return CompletableFuture.allOf(informers.stream()
                .map(informer -> informer.start().toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** Completed when the API server has refused to list or watch, which will not be better in a moment. */
    CompletableFuture<Void> refused() {
        return refused;
    }

    /** Why it does not follow, or null while it does. */
    @Nullable
    String problem() {
        if (watching()) {
            failure = null; // an old reason must not explain the next disturbance
            return null;
        }
        String why = failure;
        return "the watch of the " + plural + " is broken; it is being tried again" + (why == null ? "" : ": " + why);
    }

    /** Whether it follows, in all its scopes. */
    boolean watching() {
        return informers.stream().allMatch(SharedIndexInformer::isWatching);
    }

    /** Why the last list or watch that failed did so; null where none has. */
    @Nullable
    String failure() {
        return failure;
    }

    /** What there is, by the last list and the watch since. */
    Stream<T> existing() {
        return informers.stream().flatMap(informer -> informer.getStore().list().stream());
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::close);
    }

    private void failed(Throwable error) {
        String why = String.valueOf(error.getMessage());
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof KubernetesClientException refusal) {
                ApiFailure answer = ApiFailure.of(refusal, permissions);
                why = answer.detail();
                if (!answer.retryable()) {
                    refused.complete(null);
                }
                break;
            }
        }
        failure = why;
        LOG.warn("could not list or watch {}, trying again: {}", plural, why);
    }
}
