package io.kordon.app.connect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kordon.schemas.Topic;
import io.kordon.schemas.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.connect.cli.ConnectDistributed;
import org.apache.kafka.connect.runtime.Connect;
import org.apache.kafka.connect.runtime.distributed.DistributedHerder;
import org.apache.kafka.connect.runtime.rest.entities.ConnectorStateInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One distributed Connect worker; workers of one group share the sink's tasks. */
public final class ConnectWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectWorker.class);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration DEAD_LETTERS_KEPT = Duration.ofDays(14);
    private static final Duration PAUSE = Duration.ofMillis(250);

    private static final String FAILED = "FAILED";

    /** Connect leaves what failed as it is, for somebody to look at; the sink may be tried again at any time. */
    private static final Duration REVIVE_EVERY = Duration.ofSeconds(30);

    private final Connect<DistributedHerder> connect;
    private final String host;
    private final String secrets;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ScheduledExecutorService reviver = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "kordon-connect-reviver");
        thread.setDaemon(true);
        return thread;
    });

    private ConnectWorker(Connect<DistributedHerder> connect, String host, String secrets) {
        this.connect = connect;
        this.host = host;
        this.secrets = secrets;
    }

    /** Starts the worker and creates the sink, or updates it where its configuration differs. */
    public static ConnectWorker start(ConnectConfig config, Topics topics, Map<String, Object> kafka)
            throws InterruptedException {
        return start(config, topics, kafka, REVIVE_EVERY);
    }

    static ConnectWorker start(ConnectConfig config, Topics topics, Map<String, Object> kafka, Duration reviveEvery)
            throws InterruptedException {
        createDeadLetters(config, topics, kafka);
        String secrets = WorkerSecrets.hold(config.secrets());
        Connect<DistributedHerder> connect =
                new ConnectDistributed().startConnect(config.worker(topics.prefix(), kafka, secrets));
        ConnectWorker worker = new ConnectWorker(connect, config.host(), secrets);
        try {
            List<String> sunk = Stream.of(topics.incidents(), topics.signals(), topics.commands(), topics.results())
                    .map(Topic::name)
                    .toList();
            worker.put(config.connector(sunk, topics.prefix()));
        } catch (InterruptedException | RuntimeException e) {
            worker.close();
            throw e;
        }
        worker.watch(reviveEvery);
        return worker;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // revive() lets no exception out
    private void watch(Duration every) {
        reviver.scheduleWithFixedDelay(this::revive, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Address of Connect's REST API, from here. */
    public URI url() {
        URI advertised = connect.rest().advertisedUrl();
        try {
            boolean anywhere = InetAddress.getByName(host).isAnyLocalAddress();
            return new URI(
                    advertised.getScheme(), null, anywhere ? "localhost" : host, advertised.getPort(), "/", null, null);
        } catch (UnknownHostException | URISyntaxException e) {
            return advertised;
        }
    }

    /** The same from other workers. */
    public URI advertisedUrl() {
        return connect.rest().advertisedUrl();
    }

    /** Whether the worker runs; what its tasks do, {@link #problem()} tells. */
    public boolean running() {
        return !connect.herderTask().isDone();
    }

    /** What keeps the sink from working; empty when it and all its tasks run. */
    public String problem() {
        ConnectorStateInfo state;
        try {
            state = connect.herder().connectorStatus(ConnectConfig.CONNECTOR);
        } catch (RuntimeException e) {
            return "the sink is not there yet: " + e.getMessage();
        }
        if (state.tasks().isEmpty()) {
            return "the sink has no task yet";
        }
        return Stream.concat(Stream.of(state.connector()), state.tasks().stream())
                .filter(part -> !part.state().equals("RUNNING"))
                .sorted(Comparator.comparing(part -> !part.state().equals(FAILED)))
                .map(part -> "the sink is " + part.state()
                        + (part.trace() == null
                                ? ""
                                : ": " + part.trace().lines().findFirst().orElse("")))
                .findFirst()
                .orElse("");
    }

    /** Restarts what has failed of the sink; whichever worker has it does so. */
    private void revive() {
        try {
            String problem = problem();
            if (!problem.startsWith("the sink is " + FAILED)) {
                return;
            }
            HttpRequest restart = HttpRequest.newBuilder(url().resolve("/connectors/" + ConnectConfig.CONNECTOR
                            + "/restart?includeTasks=true&onlyFailed=true"))
                    .timeout(REVIVE_EVERY)
                    .POST(BodyPublishers.noBody())
                    .build();
            int status = client.send(restart, BodyHandlers.discarding()).statusCode();
            LOG.warn("{}; asked Connect to start it again, which answered {}", problem, status);
        } catch (IOException | RuntimeException e) {
            LOG.warn("the sink could not be started again: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        reviver.shutdownNow();
        connect.stop();
        connect.awaitStop();
        WorkerSecrets.forget(secrets);
    }

    /** Connect would create it too, but complains at the level of errors that it has to. */
    private static void createDeadLetters(ConnectConfig config, Topics topics, Map<String, Object> kafka)
            throws InterruptedException {
        NewTopic topic = new NewTopic(ConnectConfig.deadLetters(topics.prefix()), 1, (short) config.replication())
                .configs(Map.of("retention.ms", Long.toString(DEAD_LETTERS_KEPT.toMillis())));
        try (Admin admin = Admin.create(kafka)) {
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException(
                        "could not create topic " + topic.name() + ": " + e.getCause(), e.getCause());
            }
        }
    }

    /** By the REST API, which finds the worker that may write; the group may still be forming. */
    private void put(Map<String, String> connector) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        url().resolve("/connectors/" + ConnectConfig.CONNECTOR + "/config"))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(30))
                .PUT(BodyPublishers.ofString(json(connector)))
                .build();
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            String problem;
            try {
                HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
                if (response.statusCode() / 100 == 2) {
                    LOG.info("the sink {} is configured", ConnectConfig.CONNECTOR);
                    return;
                }
                problem = response.statusCode() + " " + response.body();
                if (response.statusCode() == 400) {
                    throw new IllegalStateException("Connect refuses the sink's configuration: " + problem);
                }
            } catch (IOException e) {
                problem = e.toString();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(
                        "Connect did not take the sink within " + LIMIT.toSeconds() + " s: " + problem);
            }
            Thread.sleep(PAUSE.toMillis());
        }
    }

    private static String json(Map<String, String> connector) {
        try {
            return new ObjectMapper().writeValueAsString(connector);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of strings is JSON", e);
        }
    }
}
