package io.kordon.app.demo;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kordon.app.access.Role;
import io.kordon.app.connect.ConnectConfig;
import io.kordon.app.connect.ConnectWorker;
import io.kordon.app.evidence.ConfiguredBundles;
import io.kordon.app.lifecycle.Closers;
import io.kordon.app.process.OperationsServer;
import io.kordon.app.process.Rulebook;
import io.kordon.gateway.Gateway;
import io.kordon.gateway.GatewayConfig;
import io.kordon.kubernetes.Actuator;
import io.kordon.kubernetes.ActuatorConfig;
import io.kordon.kubernetes.ContainmentSteps;
import io.kordon.kubernetes.Inventory;
import io.kordon.kubernetes.InventoryConfig;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.SchemaRegistration;
import io.kordon.schemas.TopicAdmin;
import io.kordon.schemas.Topics;
import io.kordon.streams.correlation.Policy;
import io.kordon.streams.response.Budgets;
import io.kordon.streams.response.SourceLimits;
import io.kordon.streams.topology.KordonStreams;
import io.kordon.streams.topology.LivePlaybooks;
import io.kordon.streams.topology.LiveRules;
import io.kordon.streams.topology.RawTopics;
import io.kordon.streams.topology.StreamsSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;

/** Every process of Kordon in this JVM, against servers that run already. */
final class Pipeline implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Closers closers;
    private final Gateway gateway;
    private final ConnectWorker connect;
    private final OperationsServer operations;

    private Pipeline(Closers closers, Gateway gateway, ConnectWorker connect, OperationsServer operations) {
        this.closers = closers;
        this.gateway = gateway;
        this.connect = connect;
        this.operations = operations;
    }

    /**
     * Where everything is.
     *
     * @param cluster name of the cluster
     * @param client of its API; stays the caller's to close
     * @param bootstrapServers of Kafka
     * @param registryUrl of the schema registry
     * @param elasticsearchUrl of Elasticsearch
     * @param indexPrefix before every index's name
     * @param state folder for the state stores
     * @param budgets how much is contained without an approval
     * @param gatewayPort to listen on; 0 for any
     * @param access what each role's Kafka clients have beside the brokers' address; nothing where all may do everything
     */
    record Setup(
            String cluster,
            KubernetesClient client,
            Topics topics,
            String bootstrapServers,
            String registryUrl,
            String elasticsearchUrl,
            String indexPrefix,
            Path state,
            Budgets budgets,
            int gatewayPort,
            Map<Role, Map<String, Object>> access) {
        Setup {
            access = Map.copyOf(access);
        }

        /** With a Kafka that asks for nothing. */
        Setup(
                String cluster,
                KubernetesClient client,
                Topics topics,
                String bootstrapServers,
                String registryUrl,
                String elasticsearchUrl,
                String indexPrefix,
                Path state,
                Budgets budgets,
                int gatewayPort) {
            this(
                    cluster,
                    client,
                    topics,
                    bootstrapServers,
                    registryUrl,
                    elasticsearchUrl,
                    indexPrefix,
                    state,
                    budgets,
                    gatewayPort,
                    Map.of());
        }

        /** Folder of the evidence store, beside the state. */
        Path evidence() {
            return state.resolveSibling("evidence");
        }

        /** For whoever looks on. */
        Map<String, Object> kafka() {
            return kafka(Role.ANALYST);
        }

        Map<String, Object> kafka(Role role) {
            Map<String, Object> kafka = new LinkedHashMap<>(access.getOrDefault(role, Map.of()));
            kafka.put("bootstrap.servers", bootstrapServers);
            return kafka;
        }

        AvroSerdes serdes() {
            return AvroSerdes.registry(registryUrl);
        }
    }

    /**
     * Creates the topics, starts everything and returns when all of it is ready.
     *
     * @param ready told of each part that is, with the time it took
     */
    static Pipeline start(Setup setup, Rulebook rulebook, BiConsumer<String, Duration> ready)
            throws InterruptedException {
        Closers closers = new Closers();
        ExecutorService starters = Executors.newFixedThreadPool(3);
        try {
            long begun = System.nanoTime();
            createTopics(setup);
            ready.accept("catalogue of topics", Duration.ofNanos(System.nanoTime() - begun));
            PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            Future<ConnectWorker> connect = starters.submit(
                    timed("Kafka Connect with the Elasticsearch sink", ready, () -> connect(setup, closers)));
            Future<?> kubernetes =
                    starters.submit(timed("inventory and actuator", ready, () -> kubernetes(setup, metrics, closers)));
            Future<?> streams = starters.submit(
                    timed("correlation (Kafka Streams)", ready, () -> streams(setup, rulebook, metrics, closers)));
            Gateway gateway = closers.add(gateway(setup, metrics));
            await(streams);
            await(kubernetes);
            awaitReady(gateway::problem);
            OperationsServer operations =
                    closers.add(OperationsServer.start("127.0.0.1", 0, gateway::problem, metrics));
            return new Pipeline(closers, gateway, await(connect), operations);
        } catch (InterruptedException | RuntimeException e) {
            starters.shutdownNow();
            starters.awaitTermination(30, TimeUnit.SECONDS);
            closers.close();
            throw e;
        } finally {
            starters.shutdown();
        }
    }

    URI gatewayUrl() {
        return URI.create("http://127.0.0.1:" + gateway.port());
    }

    URI operationsUrl() {
        return URI.create("http://127.0.0.1:" + operations.port());
    }

    URI connectUrl() {
        return connect.url();
    }

    @Override
    public void close() {
        closers.close();
    }

    private static void createTopics(Setup setup) throws InterruptedException {
        try (Admin admin = Admin.create(setup.kafka(Role.TOPICS))) {
            new TopicAdmin(admin).create(setup.topics(), (short) -1);
        }
        SchemaRegistration.with(setup.serdes()).register(setup.topics());
    }

    private static Gateway gateway(Setup setup, PrometheusMeterRegistry metrics) {
        GatewayConfig config = GatewayConfig.defaults()
                .listeningOn("127.0.0.1", setup.gatewayPort())
                .forCluster(setup.cluster());
        return Gateway.start(config, setup.topics(), setup.kafka(Role.GATEWAY), setup.serdes(), metrics);
    }

    private static KordonStreams streams(
            Setup setup, Rulebook rulebook, PrometheusMeterRegistry metrics, Closers closers)
            throws InterruptedException {
        // A run that was killed did not leave its group; on its data the group would wait 45 s for it.
        Map<String, Object> kafka = setup.kafka(Role.STREAMS);
        kafka.put("consumer.session.timeout.ms", 6_000);
        kafka.put("consumer.heartbeat.interval.ms", 2_000);
        LiveRules rules = closers.add(
                LiveRules.start(rulebook.parsed(), setup.topics(), setup.kafka(Role.STREAMS), setup.serdes(), metrics));
        LivePlaybooks playbooks = closers.add(LivePlaybooks.start(
                rulebook.playbooks(), setup.topics(), setup.kafka(Role.STREAMS), setup.serdes(), metrics));
        KordonStreams streams = closers.add(KordonStreams.start(
                new StreamsSettings(
                        setup.topics().prefix() + "streams",
                        setup.state(),
                        1,
                        0,
                        Duration.ofMillis(100),
                        -1,
                        Policy.DEFAULT,
                        SourceLimits.DEFAULT,
                        setup.budgets(),
                        RawTopics.NONE),
                setup.topics(),
                kafka,
                setup.serdes(),
                rules,
                playbooks,
                metrics));
        awaitReady(() -> streams.running() ? "" : "Kafka Streams is " + streams.state());
        return streams;
    }

    private static Actuator kubernetes(Setup setup, PrometheusMeterRegistry metrics, Closers closers)
            throws InterruptedException {
        Inventory inventory = closers.add(Inventory.start(
                InventoryConfig.of(setup.cluster()),
                setup.topics(),
                setup.kafka(Role.INVENTORY),
                setup.serdes(),
                setup.client(),
                metrics));
        ConfiguredBundles evidence = closers.add(evidence(setup));
        ActuatorConfig config = ActuatorConfig.of(setup.cluster());
        Actuator actuator = closers.add(Actuator.start(
                config,
                ContainmentSteps.with(evidence.bundles(), "", config.protection()),
                setup.topics(),
                setup.kafka(Role.ACTUATOR),
                setup.serdes(),
                setup.client(),
                metrics));
        awaitReady(() -> Objects.requireNonNullElse(inventory.problem(), ""));
        awaitReady(() -> Objects.requireNonNullElse(actuator.problem(), ""));
        return actuator;
    }

    private static ConfiguredBundles evidence(Setup setup) {
        try {
            return ConfiguredBundles.in(setup.evidence(), "capture");
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for evidence: " + setup.evidence(), e);
        }
    }

    private static ConnectWorker connect(Setup setup, Closers closers) throws InterruptedException {
        Map<String, String> elasticsearch = new LinkedHashMap<>();
        elasticsearch.put("elasticsearch.urls", setup.elasticsearchUrl());
        elasticsearch.put("index.prefix", setup.indexPrefix());
        ConnectConfig config = new ConnectConfig(
                "connect",
                "127.0.0.1",
                0,
                "",
                1,
                -1,
                elasticsearch,
                Map.of("schema.registry.url", setup.registryUrl()));
        ConnectWorker worker = closers.add(ConnectWorker.start(config, setup.topics(), setup.kafka(Role.CONNECT)));
        awaitReady(worker::problem);
        return worker;
    }

    private static void awaitReady(Supplier<String> problem) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        String last = problem.get();
        while (!last.isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("not ready after " + LIMIT.toSeconds() + " s: " + last);
            }
            Thread.sleep(PAUSE.toMillis());
            last = problem.get();
        }
    }

    private static <T> Callable<T> timed(String name, BiConsumer<String, Duration> ready, Callable<T> starter) {
        return () -> {
            long begun = System.nanoTime();
            T started = starter.call();
            ready.accept(name, Duration.ofNanos(System.nanoTime() - begun));
            return started;
        };
    }

    private static <T> T await(Future<T> starting) throws InterruptedException {
        try {
            return starting.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        }
    }
}
