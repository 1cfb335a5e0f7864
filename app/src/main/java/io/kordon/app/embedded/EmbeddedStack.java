package io.kordon.app.embedded;

import io.kordon.app.lifecycle.Closers;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** Broker, registry and Elasticsearch on one data directory, started side by side and stopped together. */
public final class EmbeddedStack implements AutoCloseable {
    private final EmbeddedBroker broker;
    private final EmbeddedRegistry registry;
    private final EmbeddedElasticsearch elasticsearch;
    private final Closers started;

    private EmbeddedStack(
            EmbeddedBroker broker, EmbeddedRegistry registry, EmbeddedElasticsearch elasticsearch, Closers started) {
        this.broker = broker;
        this.registry = registry;
        this.elasticsearch = elasticsearch;
        this.started = started;
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
        Closers started = new Closers();
        started.add(lock(root));
        ExecutorService children = Executors.newFixedThreadPool(2);
        ExecutorService inProcess = Executors.newSingleThreadExecutor();
        try {
            Future<EmbeddedElasticsearch> elasticsearch = children.submit(() -> timed(
                    "Elasticsearch",
                    ready,
                    () -> started.add(EmbeddedElasticsearch.start(
                            servers, root.resolve("elasticsearch"), ports.elasticsearch()))));
            Future<EmbeddedRegistry> registry = children.submit(() -> timed(
                    "schema registry",
                    ready,
                    () -> started.add(EmbeddedRegistry.start(servers, root.resolve("registry"), ports.registry()))));
            Future<EmbeddedBroker> broker = inProcess.submit(() -> timed(
                    "Kafka broker",
                    ready,
                    () -> started.add(EmbeddedBroker.start(root.resolve("kafka"), ports.kafka()))));
            return new EmbeddedStack(broker.get(), registry.get(), elasticsearch.get(), started);
        } catch (ExecutionException e) {
            abandon(children, inProcess, started);
            throw e.getCause() instanceof EmbeddedServerException known
                    ? known
                    : new EmbeddedServerException("the embedded servers did not start: " + e.getCause(), e);
        } catch (InterruptedException e) {
            abandon(children, inProcess, started);
            throw e;
        } finally {
            children.shutdown();
            inProcess.shutdown();
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

    /** Stops all three. */
    @Override
    public void close() {
        started.close();
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

    /**
     * Stops what has started, and what still starts: the starter of a child that is interrupted closes what it holds. The
     * broker is not interrupted but waited for: it takes an interrupt amid its files for a broken disk.
     */
    private static void abandon(ExecutorService children, ExecutorService inProcess, Closers started)
            throws InterruptedException {
        children.shutdownNow();
        inProcess.shutdown();
        children.awaitTermination(30, TimeUnit.SECONDS);
        inProcess.awaitTermination(30, TimeUnit.SECONDS);
        started.close();
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
