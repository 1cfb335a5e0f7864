package io.kordon.app.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Apicurio Registry in a child process; schemas are kept in the data directory. */
public final class EmbeddedRegistry implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final ChildProcess process;
    private final int port;

    private EmbeddedRegistry(ChildProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts the registry and returns when it answers.
     *
     * @param data its directory; schemas and their ids survive in it
     * @param port to listen on; 0 for any
     */
    public static EmbeddedRegistry start(Servers servers, Path data, int port) throws InterruptedException {
        int listen = FreePorts.orFree(port);
        FreePorts.check("schema registry", listen);
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms64m",
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + listen,
                // Every write reaches the disk: an id that Kafka records carry must not be given twice.
                "-Dquarkus.datasource.jdbc.url=jdbc:h2:file:" + data.resolve("registry") + ";WRITE_DELAY=0",
                "-jar",
                servers.registryJar().toString());
        ChildProcess process = ChildProcess.start("schema registry", command, Map.of(), data);
        EmbeddedRegistry registry = new EmbeddedRegistry(process, listen);
        try {
            process.awaitReady(() -> Http.answers(registry.url() + "/subjects"), LIMIT);
        } catch (InterruptedException | RuntimeException e) {
            process.close();
            throw e;
        }
        return registry;
    }

    /** Value for {@code schema.registry.url}: the API that Confluent's clients speak. */
    public String url() {
        return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.close();
    }
}
