package io.kordon.app.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Broker, registry and Elasticsearch on one data directory, started side by side and stopped together. */
public final class EmbeddedStack implements AutoCloseable {
    private final EmbeddedBroker broker;
    private final EmbeddedRegistry registry;
    private final EmbeddedElasticsearch elasticsearch;
    private final FileChannel lock;

    private EmbeddedStack(
            EmbeddedBroker broker, EmbeddedRegistry registry, EmbeddedElasticsearch elasticsearch, FileChannel lock) {
        this.broker = broker;
        this.registry = registry;
        this.elasticsearch = elasticsearch;
        this.lock = lock;
    }

    /**
     * Ports to listen on; 0 for any.
     *
     * @param kafka of the broker
     * @param registry of the schema registry
     * @param elasticsearch of Elasticsearch
     */
    public record Ports(int kafka, int registry, int elasticsearch) {
        public static final Ports ANY = new Ports(0, 0, 0);

        public Ports {
            for (int port : new int[] {kafka, registry, elasticsearch}) {
                if (port < 0 || port > 65_535) {
                    throw new IllegalArgumentException("a port lies in 0 to 65535, not " + port);
                }
            }
        }
    }

    /** Starts all three and returns when all are ready, or throws what the first failure said, with nothing left. */
    public static EmbeddedStack start(Servers servers, Path data, Ports ports) throws InterruptedException {
        return start(servers, data, ports, (name, took) -> {});
    }

    /**
     * As above, with a listener.
     *
     * @param ready told of each server that is ready, with the time it took; on that server's starting thread
     */
    public static EmbeddedStack start(Servers servers, Path data, Ports ports, BiConsumer<String, Duration> ready)
            throws InterruptedException {
        Path root = data.toAbsolutePath().normalize();
        FileChannel lock = lock(root);
        ExecutorService starters = Executors.newFixedThreadPool(3);
        try {
            Future<EmbeddedElasticsearch> elasticsearch = starters.submit(() -> timed(
                    "Elasticsearch",
                    ready,
                    () -> EmbeddedElasticsearch.start(servers, root.resolve("elasticsearch"), ports.elasticsearch())));
            Future<EmbeddedRegistry> registry = starters.submit(() -> timed(
                    "schema registry",
                    ready,
                    () -> EmbeddedRegistry.start(servers, root.resolve("registry"), ports.registry())));
            Future<EmbeddedBroker> broker = starters.submit(() ->
                    timed("Kafka broker", ready, () -> EmbeddedBroker.start(root.resolve("kafka"), ports.kafka())));
            return assemble(broker, registry, elasticsearch, lock);
        } finally {
            starters.shutdownNow();
        }
    }

    public EmbeddedBroker broker() {
        return broker;
    }

    public EmbeddedRegistry registry() {
        return registry;
    }

    public EmbeddedElasticsearch elasticsearch() {
        return elasticsearch;
    }

    /** Stops all three, the clients' side first. */
    @Override
    public void close() {
        closeAll(List.of(elasticsearch, registry, broker, lock));
    }

    private interface Starter<T> {
        T start() throws Exception;
    }

    private static <T> T timed(String name, BiConsumer<String, Duration> ready, Starter<T> starter) throws Exception {
        long begun = System.nanoTime();
        T started = starter.start();
        ready.accept(name, Duration.ofNanos(System.nanoTime() - begun));
        return started;
    }

    private static EmbeddedStack assemble(
            Future<EmbeddedBroker> broker,
            Future<EmbeddedRegistry> registry,
            Future<EmbeddedElasticsearch> elasticsearch,
            FileChannel lock)
            throws InterruptedException {
        try {
            return new EmbeddedStack(broker.get(), registry.get(), elasticsearch.get(), lock);
        } catch (ExecutionException e) {
            abandon(List.of(broker, registry, elasticsearch), lock);
            throw e.getCause() instanceof EmbeddedServerException known
                    ? known
                    : new EmbeddedServerException("the embedded servers did not start: " + e.getCause(), e);
        } catch (InterruptedException e) {
            abandon(List.of(broker, registry, elasticsearch), lock);
            throw e;
        }
    }

    /** Stops what has started and what still might: a starter that is cancelled closes what it holds. */
    private static void abandon(List<Future<? extends AutoCloseable>> starting, FileChannel lock) {
        List<AutoCloseable> started = new ArrayList<>();
        for (Future<? extends AutoCloseable> future : starting) {
            if (!future.cancel(true)) {
                AutoCloseable server = finished(future);
                if (server != null) {
                    started.add(server);
                }
            }
        }
        started.add(lock);
        closeAll(started);
    }

    private static @Nullable AutoCloseable finished(Future<? extends AutoCloseable> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            return null; // it failed by itself, and holds nothing
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static void closeAll(List<? extends AutoCloseable> all) {
        RuntimeException first = null;
        for (AutoCloseable one : all) {
            try {
                one.close();
            } catch (Exception e) {
                first = first == null ? new EmbeddedServerException("could not stop: " + e.getMessage(), e) : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static FileChannel lock(Path data) {
        try {
            Files.createDirectories(data);
            FileChannel channel =
                    FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw inUse(data);
            }
            return channel;
        } catch (OverlappingFileLockException e) {
            throw inUse(data);
        } catch (IOException e) {
            throw new EmbeddedServerException("cannot use the data directory " + data + ": " + e.getMessage(), e);
        }
    }

    private static EmbeddedServerException inUse(Path data) {
        return new EmbeddedServerException(
                "the data directory " + data + " is in use by another run: stop that one, or name another directory");
    }
}
