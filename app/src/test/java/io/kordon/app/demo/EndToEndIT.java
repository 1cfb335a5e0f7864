package io.kordon.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.kordon.app.CommandRun;
import io.kordon.app.embedded.EmbeddedStack;
import io.kordon.app.embedded.SharedStack;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentStatus;
import io.kordon.avro.Signal;
import io.kordon.schemas.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The whole example through HTTP, on real servers. The tests go on from each other: one pipeline serves them all. */
@ExtendWith(SharedStack.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EndToEndIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final HttpClient http = HttpClient.newHttpClient();
    private RunningPipeline running;
    private IncidentFollower follower;

    @BeforeAll
    void start(EmbeddedStack stack, @TempDir Path state) throws InterruptedException {
        running = new RunningPipeline(stack, "end-to-end-it", state.resolve("streams"));
        follower = new IncidentFollower(
                running.setup().topics().incidents(),
                running.setup().kafka(),
                running.setup().serdes());
    }

    @AfterAll
    void stop() {
        follower.close();
        running.close();
    }

    @Test
    @Order(1)
    void containsThePodThatRunsCurlWhileItsMemoryIsAboveTwoGibibytes(@TempDir Path folder) throws IOException {
        ScenarioPod pod = ScenarioPod.find(running.client(), ScenarioPod.DEFAULT);

        CommandRun scenario = scenario(Files.writeString(
                folder.resolve("kubeconfig"), """
                    apiVersion: v1
                    kind: Config
                    clusters: [{name: simulated, cluster: {server: "%s"}}]
                    contexts: [{name: simulated, context: {cluster: simulated, user: nobody}}]
                    users: [{name: nobody, user: {}}]
                    current-context: simulated
                    """.formatted(running.client().getMasterUrl())));

        assertThat(scenario.code()).as(scenario.err()).isZero();
        assertThat(scenario.err())
                .contains("everything is as it must be: incident, score, containment, replacement, evidence,"
                        + " Elasticsearch")
                .doesNotContain("not looked at");
        assertThat(scenario.out()).contains("\"severity\" : \"CRITICAL\"");
        Incident incident = poll().stream()
                .filter(one -> pod.uid().equals(one.getEntity().getUid()))
                .findFirst()
                .orElseThrow();
        assertThat(incident.getStatus()).isEqualTo(IncidentStatus.CONTAINED);
        assertThat(incident.getTechniques()).contains("T1190", "T1496");
    }

    @Test
    @Order(2)
    void opensASecondIncidentWhenTheAlertComesBeforeTheCommandOnAnotherPod() throws InterruptedException {
        ScenarioPod pod = ScenarioPod.find(running.client(), "shop", "cart-6d4cf56db6-9q7wz");
        Scenario scenario = new Scenario(pod, Instant.now());

        send(new Scenario.Post("alert", Sender.ALERTS, scenario.alertmanager()));
        for (int i = 0; i < 5; i++) {
            send(new Scenario.Post("the same event", Sender.FALCO, scenario.falco()));
        }

        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(IncidentCheck.missing(poll(), pod)).isEmpty());
        assertThat(poll()).hasSize(2);
        assertThat(poll().stream()
                        .filter(incident ->
                                pod.uid().equals(incident.getEntity().getUid()))
                        .flatMap(incident -> incident.getEvidence().stream()))
                .as("the same Falco event five times is one piece of evidence")
                .hasSize(2);
    }

    @Test
    @Order(3)
    void sendsWhatItCannotUseToTheRejectedTopicWithItsCause() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        running.pipeline().gatewayUrl().resolve("/v1/falco"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"rule\": 1"))
                .build();

        assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(400);

        await().atMost(LIMIT).untilAsserted(() -> {
            List<ConsumerRecord<byte[], byte[]>> rejected =
                    read(running.setup().topics().rejected());
            assertThat(rejected).hasSize(1);
            assertThat(rejected.get(0).value()).isEqualTo("{\"rule\": 1".getBytes(StandardCharsets.UTF_8));
            assertThat(rejected.get(0).headers().lastHeader("kordon.rejected.code"))
                    .isNotNull();
        });
    }

    @Test
    @Order(4)
    void writesTopicsThatAStockDeserializerAndAPlainRegistryClientRead() throws Exception {
        Stream<Topic<?>> written = Stream.of(
                running.setup().topics().falcoEvents(),
                running.setup().topics().prometheusEvents(),
                running.setup().topics().auditEvents(),
                running.setup().topics().pods(),
                running.setup().topics().signals(),
                running.setup().topics().incidents(),
                running.setup().topics().commands(),
                running.setup().topics().results());
        String registry = running.setup().registryUrl();
        try (KafkaAvroDeserializer stock = new KafkaAvroDeserializer();
                CachedSchemaRegistryClient client = new CachedSchemaRegistryClient(registry, 100)) {
            stock.configure(Map.of("schema.registry.url", registry), false);
            for (Topic<?> topic : written.toList()) {
                List<ConsumerRecord<byte[], byte[]>> records = read(topic);
                assertThat(records).as(topic.name()).isNotEmpty();
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    if (record.value() != null) {
                        GenericRecord value = (GenericRecord) stock.deserialize(topic.name(), record.value());
                        assertThat(value.getSchema().getFullName())
                                .isEqualTo(topic.schema().getFullName());
                    }
                }
            }
            for (Topic<?> topic : running.setup().topics().all()) {
                if (topic.schema() != null) {
                    String subject = topic.name() + "-value";
                    assertThat(client.getLatestSchemaMetadata(subject).getSchema())
                            .contains(topic.schema().getName());
                    assertThat(client.getCompatibility(subject)).isEqualTo("BACKWARD_TRANSITIVE");
                }
            }
        }
    }

    @Test
    @Order(5)
    void sinksCommandsAndResultsBesideIncidentsAndSignals() {
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(count("incidents")).isEqualTo(2);
            assertThat(count("commands")).isEqualTo(2);
            assertThat(count("signals"))
                    .as("RCE and memory of two pods, and what else the shipped rules see in them, each once")
                    .isGreaterThanOrEqualTo(4)
                    .isEqualTo(signalIds().size());
            assertThat(count("results")).isGreaterThanOrEqualTo(10);
        });
    }

    /** Plays the example by the command that plays it against any installation. */
    private CommandRun scenario(Path kubeconfig) {
        Pipeline.Setup setup = running.setup();
        return CommandRun.of(
                "scenario",
                "--gateway=" + running.pipeline().gatewayUrl(),
                "--kubeconfig=" + kubeconfig,
                "--kafka=" + setup.bootstrapServers(),
                "--registry=" + setup.registryUrl(),
                "--set=kordon.topics.prefix=" + setup.topics().prefix(),
                "--set=kordon.elasticsearch.urls=" + setup.elasticsearchUrl(),
                "--set=kordon.elasticsearch.index-prefix=" + setup.indexPrefix(),
                "--set=kordon.evidence.store=" + setup.evidence(),
                "--timeout=" + LIMIT.toSeconds() + "s",
                "--json");
    }

    private void send(Scenario.Post post) throws InterruptedException {
        Recipient.gateway(running.pipeline().gatewayUrl(), post.sender()).deliver(post, http, Duration.ZERO);
    }

    /** The topic holds a signal as often as its event was sent. */
    private Set<String> signalIds() {
        Topic<Signal> topic = running.setup().topics().signals();
        try (Deserializer<Signal> decoder = running.setup().serdes().deserializer()) {
            return read(topic).stream()
                    .map(record ->
                            decoder.deserialize(topic.name(), record.value()).getId())
                    .collect(Collectors.toSet());
        }
    }

    private List<Incident> poll() {
        follower.poll((before, now) -> {});
        return follower.latest();
    }

    private long count(String index) throws IOException, InterruptedException {
        String name = running.setup().indexPrefix() + index;
        URI elasticsearch = URI.create(running.setup().elasticsearchUrl());
        http.send(
                HttpRequest.newBuilder(elasticsearch.resolve("/" + name + "/_refresh"))
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.discarding());
        JsonNode answer = new ObjectMapper()
                .readTree(http.send(
                                HttpRequest.newBuilder(elasticsearch.resolve("/" + name + "/_count"))
                                        .build(),
                                BodyHandlers.ofString())
                        .body());
        return answer.path("count").asLong();
    }

    /** Everything committed so far. */
    private List<ConsumerRecord<byte[], byte[]>> read(Topic<? extends SpecificRecord> topic) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", running.setup().bootstrapServers(), "isolation.level", "read_committed");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = Stream.iterate(0, i -> i < topic.partitions(), i -> i + 1)
                    .map(i -> new TopicPartition(topic.name(), i))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }
}
