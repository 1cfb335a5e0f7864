package io.kordon.app.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** A Kafka broker and controller (KRaft, combined) in this process, on the loopback address. */
public final class EmbeddedBroker implements AutoCloseable {
    private static final int NODE = 1;

    private final KafkaRaftServer server;
    private final int port;

    private EmbeddedBroker(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * How clients come in.
     *
     * @param protocol Kafka's name of it, which the listener bears, too
     * @param settings of the broker: certificates, users, the authorizer
     */
    public record Door(String protocol, Map<String, String> settings) {
        /** Anybody may do everything. */
        public static final Door OPEN = new Door("PLAINTEXT", Map.of());

        public Door {
            settings = Map.copyOf(settings);
        }
    }

    /**
     * Starts the broker, without authentication, and returns when it serves clients.
     *
     * @param data its log directory; formatted when it is new, taken up again when it is not
     * @param port to listen on; 0 for any
     */
    public static EmbeddedBroker start(Path data, int port) {
        return start(data, port, Door.OPEN);
    }

    public static EmbeddedBroker start(Path data, int port, Door door) {
        List<Integer> free = FreePorts.pick(2);
        int listen = port > 0 ? port : free.get(0);
        FreePorts.check("Kafka broker", listen);
        try {
            Files.createDirectories(data);
            format(data);
            KafkaRaftServer server = new KafkaRaftServer(
                    KafkaConfig.fromProps(properties(data, listen, free.get(1), door), false), Time.SYSTEM);
            EmbeddedBroker broker = new EmbeddedBroker(server, listen);
            try {
                server.startup();
            } catch (RuntimeException e) {
                broker.close();
                throw e;
            }
            return broker;
        } catch (IOException e) {
            throw new EmbeddedServerException("could not start the Kafka broker in " + data + ": " + e.getMessage(), e);
        }
    }

    public int port() {
        return port;
    }

    /** Value for {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(Path data) throws IOException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setNodeId(NODE)
                    .setClusterId(clusterId(data))
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setDirectories(List.of(data.toString()))
                    .setMetadataLogDirectory(data.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setHasDynamicQuorum(false)
                    .setIgnoreFormatted(true)
                    .setPrintStream(out)
                    .run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(said.toString(StandardCharsets.UTF_8) + e.getMessage(), e);
        }
    }

    /** The id that the directory was formatted with, or a new one. */
    private static String clusterId(Path data) throws IOException {
        Path meta = data.resolve("meta.properties");
        if (!Files.exists(meta)) {
            return Uuid.randomUuid().toString();
        }
        Properties properties = new Properties();
        try (var in = Files.newInputStream(meta)) {
            properties.load(in);
        }
        return properties.getProperty("cluster.id", Uuid.randomUuid().toString());
    }

    private static Properties properties(Path data, int port, int controllerPort, Door door) {
        Properties p = new Properties();
        p.setProperty("process.roles", "broker,controller");
        p.setProperty("node.id", Integer.toString(NODE));
        p.setProperty("controller.quorum.voters", NODE + "@127.0.0.1:" + controllerPort);
        p.setProperty("controller.listener.names", "CONTROLLER");
        String listener = door.protocol() + "://127.0.0.1:" + port;
        p.setProperty("listeners", listener + ",CONTROLLER://127.0.0.1:" + controllerPort);
        p.setProperty("advertised.listeners", listener);
        p.setProperty(
                "listener.security.protocol.map", door.protocol() + ":" + door.protocol() + ",CONTROLLER:PLAINTEXT");
        p.setProperty("inter.broker.listener.name", door.protocol());
        p.setProperty("log.dirs", data.toString());
        p.setProperty("auto.create.topics.enable", "false");
        // One node: nothing can be replicated, and transactions must not wait for it.
        p.setProperty("default.replication.factor", "1");
        p.setProperty("min.insync.replicas", "1");
        p.setProperty("offsets.topic.replication.factor", "1");
        p.setProperty("transaction.state.log.replication.factor", "1");
        p.setProperty("transaction.state.log.min.isr", "1");
        p.setProperty("share.coordinator.state.topic.replication.factor", "1");
        p.setProperty("share.coordinator.state.topic.min.isr", "1");
        // Fewer internal partitions, smaller index files and no wait for more members: quick to start and to stop.
        p.setProperty("offsets.topic.num.partitions", "4");
        p.setProperty("transaction.state.log.num.partitions", "4");
        p.setProperty("share.coordinator.state.topic.num.partitions", "1");
        p.setProperty("log.index.size.max.bytes", "1048576");
        p.setProperty("group.initial.rebalance.delay.ms", "0");
        p.setProperty("controlled.shutdown.enable", "false");
        p.setProperty("log.cleaner.dedupe.buffer.size", "16777216");
        p.setProperty("num.recovery.threads.per.data.dir", "2");
        door.settings().forEach(p::setProperty);
        return p;
    }
}
