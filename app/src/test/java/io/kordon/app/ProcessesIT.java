package io.kordon.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.kordon.app.embedded.EmbeddedStack;
import io.kordon.app.embedded.SharedStack;
import io.kordon.app.lifecycle.Closers;
import io.kordon.app.operations.MetricsTable;
import io.kordon.app.operations.Scrape;
import io.kordon.avro.FalcoEvent;
import io.kordon.avro.Signal;
import io.kordon.kubernetes.simulated.SimulatedCluster;
import io.kordon.schemas.Topic;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** All processes as their users run them, a JVM each: what they tell of themselves, and how they stop. */
@ExtendWith(SharedStack.class)
class ProcessesIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PREFIX = "processes.";

    @TempDir
    private Path folder;

    private String doorPort = "";

    @Test
    void loseNothingWhenAskedToStopUnderLoad(EmbeddedStack stack) throws Exception {
        SiteRun.Site site = SiteRun.Site.create(stack, PREFIX);
        try (Closers closers = new Closers();
                SimulatedCluster cluster = SimulatedCluster.start(0)) {
            cluster.seedTomcat();
            Map<String, KordonProcess> processes = start(site, cluster, closers);
            URI door = door(processes.get("gateway"));
            Load load = closers.add(new Load(door));
            await().atMost(LIMIT).until(() -> load.answered().size() > 200);
            await().atMost(LIMIT)
                    .until(() ->
                            !read(site, site.topics().signals(), Signal.class).isEmpty());
            documentedMetricsOnly(processes);

            processes.values().forEach(KordonProcess::terminate);
            // For as long as kordon.shutdown.delay says it is not ready and works on, so that no sender is turned away.
            await().atMost(Duration.ofSeconds(5)).until(() -> KordonProcess.status(door.resolve("/readyz")) == 503);
            assertThat(post(door, load.event("while-leaving"))).isEqualTo(200);
            for (Map.Entry<String, KordonProcess> each : processes.entrySet()) {
                assertThat(each.getValue().awaitEnd(PATIENCE)).as(each.getKey()).isEqualTo(143);
                assertThat(each.getValue().logged())
                        .as("log of %s", each.getKey())
                        .allMatch(line -> line.path("service.name").asText().equals("kordon-" + each.getKey()))
                        .anyMatch(line -> line.path("message").asText().contains("is asked to stop"))
                        .noneMatch(line -> line.path("message").asText().contains("still not stopped"));
            }
            load.close();

            assertThat(load.statuses()).contains(200).isSubsetOf(200, 503, Load.NO_ANSWER);
            Set<String> inTopic = read(site, site.topics().falcoEvents(), FalcoEvent.class).stream()
                    .map(event -> event.getEntity().getName())
                    .collect(Collectors.toSet());
            assertThat(inTopic).containsAll(load.answered()).contains("while-leaving");
            // A member without a name of its own has left, and nobody waits for its session to end.
            assertThat(members(site, "processes-streams")).isZero();

            start(site, cluster, closers, List.of("streams", "connect"));
            await().atMost(LIMIT).untilAsserted(() -> {
                List<Signal> signals = read(site, site.topics().signals(), Signal.class);
                assertThat(pods(signals)).isEqualTo(inTopic);
                assertThat(signals.stream().map(Signal::getId)).doesNotHaveDuplicates();
                assertThat(documents(stack)).isEqualTo(signals.size());
            });
        }
    }

    @Test
    void memberWithANameOfItsOwnKeepsItsPlace(EmbeddedStack stack) throws Exception {
        SiteRun.Site site = SiteRun.Site.create(stack, "named.");
        try (Closers closers = new Closers()) {
            KordonProcess streams = closers.add(KordonProcess.start(
                            "streams",
                            folder,
                            KordonProcess.flags(settings(
                                    site,
                                    Map.of(
                                            "kordon.streams.application-id", "named-streams",
                                            "kordon.streams.state-dir",
                                                    folder.resolve("named").toString(),
                                            "kordon.streams.threads", "1",
                                            "kafka.group.instance.id", "streams-0")))))
                    .awaitReady();
            streams.terminate();
            assertThat(streams.awaitEnd(PATIENCE)).isEqualTo(143);
            assertThat(members(site, "named-streams")).isEqualTo(1);
        }
    }

    @Test
    void portThatIsTakenIsNamedWithItsSetting(EmbeddedStack stack) throws Exception {
        SiteRun.Site site = SiteRun.Site.create(stack, "taken.");
        try (Closers closers = new Closers()) {
            KordonProcess first = closers.add(
                    KordonProcess.start("streams", folder, KordonProcess.flags(settings(site, state("first")))));
            await().atMost(LIMIT)
                    .until(() -> KordonProcess.status(first.operations().resolve("/livez")) == 200);
            KordonProcess second = closers.add(KordonProcess.start(
                    "streams",
                    folder,
                    KordonProcess.flags(settings(
                            site,
                            Map.of(
                                    "kordon.metrics.port",
                                    Integer.toString(first.operations().getPort()))))));
            assertThat(second.awaitEnd(PATIENCE)).isEqualTo(1);
            assertThat(second.log()).contains("kordon.metrics.port").contains("--set kordon.metrics.port=PORT");
        }
    }

    private Map<String, String> state(String name) {
        return Map.of("kordon.streams.state-dir", folder.resolve(name).toString());
    }

    private static void documentedMetricsOnly(Map<String, KordonProcess> processes) throws Exception {
        MetricsTable table = MetricsTable.read();
        Set<String> told = new TreeSet<>();
        SoftAssertions documented = new SoftAssertions();
        for (Map.Entry<String, KordonProcess> each : processes.entrySet()) {
            for (Scrape.Family family : Scrape.parse(each.getValue().metrics())) {
                MetricsTable.Row row = table.of(family.name());
                documented
                        .assertThat(row)
                        .as("%s of %s in docs/metrics.md", family.name(), each.getKey())
                        .isNotNull();
                if (row == null) {
                    continue;
                }
                told.add(row.name());
                documented
                        .assertThat(family.name().equals(row.name()) ? family.type() : "gauge")
                        .as("type of %s", family.name())
                        .isEqualTo(family.name().equals(row.name()) ? row.type() : family.type());
                documented
                        .assertThat(family.labels())
                        .as("labels of %s", family.name())
                        .isSubsetOf(row.labels());
            }
        }
        documented.assertAll();
        // What is there before anything goes wrong: alerts on these must not wait for a first time.
        assertThat(told)
                .contains(
                        "kordon_ready",
                        "kordon_process",
                        "kordon_kafka_connections",
                        "kordon_kafka_consumer_lag_records",
                        "kordon_streams_threads_alive",
                        "kordon_streams_restore_remaining_records",
                        "kordon_streams_state_bytes",
                        "kordon_inventory_watching",
                        "kordon_inventory_silence_seconds",
                        "kordon_connect_waiting_seconds",
                        "kordon_connect_tasks_failed",
                        "kordon_evidence_failures_total",
                        "kordon_disk_free_bytes",
                        "logback_events_total");
        // Kafka's beans bear the names that we look for: none of these is without a value.
        for (String process : processes.keySet()) {
            assertThat(value(processes, process, "kordon_kafka_connections")).isPositive();
        }
        assertThat(value(processes, "streams", "kordon_streams_threads_alive")).isEqualTo(1);
        assertThat(value(processes, "streams", "kordon_streams_commits_total")).isPositive();
        assertThat(value(processes, "streams", "kordon_streams_restore_remaining_records"))
                .isNotNaN();
        assertThat(value(processes, "streams", "kordon_streams_state_bytes")).isNotNaN();
        assertThat(value(processes, "streams", "kordon_kafka_consumer_lag_records"))
                .isNotNaN();
        assertThat(value(processes, "streams", "kordon_kafka_consumer_rebalances_total"))
                .isPositive();
        assertThat(value(processes, "connect", "kordon_connect_tasks")).isEqualTo(1);
        assertThat(value(processes, "connect", "kordon_connect_tasks_failed")).isZero();
        assertThat(value(processes, "connect", "kordon_connect_waiting_seconds"))
                .isNotNaN();
        assertThat(value(processes, "connect", "kordon_connect_pending_records"))
                .isNotNaN();
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(value(processes, "connect", "kordon_connect_documents_total"))
                    .isPositive();
            assertThat(value(processes, "connect", "kordon_connect_commit_failures_ratio"))
                    .isZero();
        });
        assertThat(value(processes, "inventory", "kordon_inventory_watching")).isEqualTo(3);
    }

    /** Over all labels. */
    private static double value(Map<String, KordonProcess> processes, String process, String family) throws Exception {
        return Scrape.parse(processes.get(process).metrics()).stream()
                .filter(each -> each.name().equals(family))
                .mapToDouble(Scrape.Family::sum)
                .findFirst()
                .orElseThrow(() -> new AssertionError(process + " does not tell " + family));
    }

    private Map<String, KordonProcess> start(SiteRun.Site site, SimulatedCluster cluster, Closers closers)
            throws IOException {
        return start(site, cluster, closers, List.of("gateway", "streams", "connect", "inventory", "actuator"));
    }

    private Map<String, KordonProcess> start(
            SiteRun.Site site, SimulatedCluster cluster, Closers closers, List<String> names) throws IOException {
        Path kubeconfig = folder.resolve("kubeconfig");
        Files.writeString(
                kubeconfig,
                Serialization.asYaml(Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Config",
                        "current-context",
                        "it",
                        "clusters",
                        List.of(Map.of("name", "it", "cluster", Map.of("server", cluster.url()))),
                        "users",
                        List.of(Map.of("name", "it", "user", Map.of())),
                        "contexts",
                        List.of(Map.of("name", "it", "context", Map.of("cluster", "it", "user", "it"))))));
        Map<String, String> settings = new HashMap<>(settings(
                site,
                Map.of(
                        "kordon.kubernetes.kubeconfig", kubeconfig.toString(),
                        "kordon.streams.application-id", "processes-streams",
                        "kordon.streams.state-dir", folder.resolve("state").toString(),
                        "kordon.streams.threads", "1",
                        "kordon.evidence.store", folder.resolve("evidence").toString(),
                        "kordon.evidence.spool-dir", folder.resolve("spool").toString(),
                        "kordon.shutdown.delay", "6s")));
        settings.put("kordon.elasticsearch.urls", site.stack().elasticsearch().url());
        settings.put("kordon.elasticsearch.index-prefix", "processes-");
        settings.put("kordon.connect.port", "0");
        settings.put("kordon.connect.tasks", "1");
        settings.put("kordon.gateway.host", "127.0.0.1");
        settings.put("kordon.gateway.port", Integer.toString(KordonProcess.freePort()));
        doorPort = settings.get("kordon.gateway.port");
        Map<String, KordonProcess> processes = new LinkedHashMap<>();
        for (String name : names) {
            processes.put(name, closers.add(KordonProcess.start(name, folder, KordonProcess.flags(settings))));
        }
        processes.values().forEach(KordonProcess::awaitReady);
        return processes;
    }

    private URI door(KordonProcess gateway) {
        assertThat(gateway.alive()).isTrue();
        return URI.create("http://127.0.0.1:" + doorPort);
    }

    private static Map<String, String> settings(SiteRun.Site site, Map<String, String> more) {
        Map<String, String> settings = new TreeMap<>(more);
        settings.put("kafka.bootstrap.servers", site.stack().broker().bootstrapServers());
        settings.put("kordon.registry.url", site.stack().registry().url());
        settings.put("kordon.topics.prefix", site.topics().prefix());
        settings.put("kordon.topics.partitions", Integer.toString(site.topics().partitions()));
        settings.put("kordon.topics.replication", "1");
        settings.put("kordon.cluster", "it");
        return settings;
    }

    private static int members(SiteRun.Site site, String group) throws Exception {
        try (Admin admin = Admin.create(site.kafka())) {
            return admin.describeConsumerGroups(List.of(group))
                    .describedGroups()
                    .get(group)
                    .get()
                    .members()
                    .size();
        }
    }

    private static Set<String> pods(List<Signal> signals) {
        return signals.stream()
                .map(signal -> signal.getKey().substring(signal.getKey().lastIndexOf('/') + 1))
                .collect(Collectors.toSet());
    }

    private static int documents(EmbeddedStack stack) throws Exception {
        String url = stack.elasticsearch().url() + "/processes-signals/";
        KordonProcess.get(URI.create(url + "_refresh"));
        String count = KordonProcess.get(URI.create(url + "_count")).body();
        return Integer.parseInt(count.replaceAll("^\\{\"count\":([0-9]+).*", "$1"));
    }

    private static int post(URI door, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(door.resolve("/v1/falco"))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(20))
                .POST(BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    /** Everything committed that a topic holds now. */
    private static <V extends SpecificRecord> List<V> read(SiteRun.Site site, Topic<V> topic, Class<V> type) {
        Map<String, Object> config = new HashMap<>(site.kafka());
        config.put("isolation.level", "read_committed");
        config.put("enable.auto.commit", false);
        List<V> values = new ArrayList<>();
        try (KafkaConsumer<String, SpecificRecord> consumer = new KafkaConsumer<>(
                config, new StringDeserializer(), site.serdes().<SpecificRecord>deserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, SpecificRecord> record : consumer.poll(Duration.ofMillis(100))) {
                    values.add(type.cast(record.value()));
                }
            }
        }
        return values;
    }

    /** Senders that go on until they are closed; each event is of a pod of its own, by which it is known again. */
    private static final class Load implements AutoCloseable {
        static final int NO_ANSWER = 0;
        private static final int SENDERS = 4;
        private static final int PACE_MILLIS = 20;

        private final URI door;
        private final Set<String> answered = ConcurrentHashMap.newKeySet();
        private final Set<Integer> statuses = ConcurrentHashMap.newKeySet();
        private final AtomicBoolean closed = new AtomicBoolean();
        private final ExecutorService senders = Executors.newFixedThreadPool(SENDERS);

        Load(URI door) {
            this.door = door;
            for (int i = 0; i < SENDERS; i++) {
                String sender = "pod-" + i + "-";
                senders.execute(() -> send(sender));
            }
        }

        Set<String> answered() {
            return Set.copyOf(answered);
        }

        Set<Integer> statuses() {
            return Set.copyOf(statuses);
        }

        String event(String pod) {
            return """
                {"time":"%s","rule":"Run shell untrusted","priority":"Notice","source":"syscall","output":"a shell",
                 "output_fields":{"k8s.ns.name":"shop","k8s.pod.name":"%s","proc.name":"sh"}}\
                """.formatted(Instant.now(), pod);
        }

        private void send(String sender) {
            HttpClient http = HttpClient.newHttpClient();
            for (int i = 0; !closed.get(); i++) {
                String pod = sender + i;
                HttpRequest request = HttpRequest.newBuilder(door.resolve("/v1/falco"))
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofSeconds(20))
                        .POST(BodyPublishers.ofString(event(pod)))
                        .build();
                try {
                    int status = http.send(request, BodyHandlers.discarding()).statusCode();
                    statuses.add(status);
                    if (status == 200) {
                        answered.add(pod);
                    }
                    TimeUnit.MILLISECONDS.sleep(PACE_MILLIS);
                } catch (ConnectException e) {
                    return; // nobody listens any more
                } catch (IOException e) {
                    statuses.add(NO_ANSWER); // a sender comes again with what nobody answered
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        @Override
        public void close() {
            closed.set(true);
            senders.shutdown();
            await().atMost(PATIENCE).until(senders::isTerminated);
        }
    }
}
