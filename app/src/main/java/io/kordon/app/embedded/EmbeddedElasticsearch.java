package io.kordon.app.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A single-node Elasticsearch in a child process: loopback only, security off, everything it writes in its data
 * directory. It refuses to run as root, so there it runs as another user.
 */
public final class EmbeddedElasticsearch implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final ChildProcess process;
    private final int port;

    private EmbeddedElasticsearch(ChildProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts the server and returns when its cluster is ready.
     *
     * @param data its directory; indices survive in it
     * @param port to listen on; 0 for any
     */
    public static EmbeddedElasticsearch start(Servers servers, Path data, int port) throws InterruptedException {
        return start(servers, data, port, Map.of());
    }

    /**
     * As above, with security on where files for it are given; then it is up when it asks who is there.
     *
     * @param security files of its configuration by name: {@code users}, {@code users_roles}, {@code roles.yml}
     */
    static EmbeddedElasticsearch start(Servers servers, Path data, int port, Map<String, String> security)
            throws InterruptedException {
        List<Integer> free = FreePorts.pick(2);
        int listen = port > 0 ? port : free.get(0);
        FreePorts.check("Elasticsearch", listen);
        ChildProcess process;
        try {
            process = launch(servers.elasticsearchHome(), data, listen, free.get(1), security);
        } catch (IOException e) {
            throw new EmbeddedServerException("could not start Elasticsearch in " + data + ": " + e.getMessage(), e);
        }
        EmbeddedElasticsearch elasticsearch = new EmbeddedElasticsearch(process, listen);
        try {
            int ready = security.isEmpty() ? 200 : 401;
            process.awaitReady(
                    () -> Http.answers(
                            elasticsearch.url() + "/_cluster/health?wait_for_status=yellow&timeout=1s", ready),
                    LIMIT);
        } catch (InterruptedException | RuntimeException e) {
            process.close();
            throw e;
        }
        return elasticsearch;
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.close();
    }

    private static ChildProcess launch(
            Path unpacked, Path data, int port, int transportPort, Map<String, String> security) throws IOException {
        Path javaHome = Path.of(System.getProperty("java.home"));
        Path config = Files.createDirectories(data.resolve("config"));
        Path temporary = Files.createDirectories(data.resolve("tmp"));
        Files.createDirectories(data.resolve("logs"));
        Files.createDirectories(data.resolve("data"));
        configure(config, data, port, transportPort, !security.isEmpty());
        if (!security.isEmpty()) {
            Files.writeString(
                    config.resolve("elasticsearch.yml"),
                    "xpack.security.http.ssl.enabled: false\nxpack.security.transport.ssl.enabled: false\n",
                    StandardOpenOption.APPEND);
        }
        for (Map.Entry<String, String> file : security.entrySet()) {
            Files.writeString(config.resolve(file.getKey()), file.getValue());
        }
        Path home = unpacked;
        Unprivileged user = Unprivileged.find(List.of(home.resolve("lib"), javaHome.resolve("bin/java"), data));
        if (user == null) {
            // The checkout is where only root may look, as in a container's /root: take the server out of there.
            home = copy(unpacked, data.resolve("home"));
            user = user(home, javaHome, data);
        }
        user.own(data);
        List<String> command = new ArrayList<>(user.prefix());
        command.add(home.resolve("bin/elasticsearch").toString());
        return ChildProcess.start(
                "Elasticsearch",
                command,
                Map.of(
                        "ES_JAVA_HOME", javaHome.toString(),
                        "ES_PATH_CONF", config.toString(),
                        "ES_TMPDIR", temporary.toString(),
                        "CLI_JAVA_OPTS", "-Xmx64m -XX:TieredStopAtLevel=1",
                        "ES_JAVA_OPTS", "-Xms512m -Xmx512m"),
                data);
    }

    private static Unprivileged user(Path home, Path javaHome, Path data) {
        @Nullable
        Unprivileged user = Unprivileged.find(List.of(home.resolve("lib"), javaHome.resolve("bin/java"), data));
        if (user == null) {
            throw new EmbeddedServerException(
                    "Elasticsearch refuses to run as root, and no other user here can read both"
                            + " Java in " + javaHome + " and the data directory " + data
                            + ". Run as an ordinary user, or put both where every user may read");
        }
        return user;
    }

    private static void configure(Path config, Path data, int port, int transportPort, boolean security)
            throws IOException {
        // Disk watermarks are off: disks of laptops and build machines are often fuller than a cluster's may be.
        Files.writeString(config.resolve("elasticsearch.yml"), """
                cluster.name: kordon
                node.name: kordon
                path.data: "%1$s/data"
                path.logs: "%1$s/logs"
                network.host: 127.0.0.1
                http.port: %2$d
                transport.port: %3$d
                discovery.type: single-node
                xpack.security.enabled: %4$b
                node.store.allow_mmap: false
                cluster.routing.allocation.disk.threshold_enabled: false
                """.formatted(data, port, transportPort, security));
        Files.writeString(config.resolve("jvm.options"), """
                -XX:+UseSerialGC
                -XX:TieredStopAtLevel=1
                -XX:+ExitOnOutOfMemoryError
                -XX:ErrorFile=logs/hs_err_pid%p.log
                -Djava.io.tmpdir=${ES_TMPDIR}
                """);
        Files.writeString(config.resolve("log4j2.properties"), """
                status = error
                appender.console.type = Console
                appender.console.name = console
                appender.console.layout.type = PatternLayout
                appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %m%consoleException%n
                rootLogger.level = info
                rootLogger.appenderRef.console.ref = console
                """);
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (!Files.exists(target)) {
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        return to;
    }
}
