package io.kordon.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kordon.app.CommandRun;
import io.kordon.app.access.Grant;
import io.kordon.app.access.Grants;
import io.kordon.app.access.Installation;
import io.kordon.app.access.RecordingAuthorizer;
import io.kordon.app.access.RecordingAuthorizer.Use;
import io.kordon.app.access.Role;
import io.kordon.app.embedded.EmbeddedStack;
import io.kordon.app.embedded.SecuredBroker;
import io.kordon.app.embedded.SharedStack;
import io.kordon.app.lifecycle.Closers;
import io.kordon.kubernetes.Inventory;
import io.kordon.kubernetes.InventoryConfig;
import io.kordon.schemas.Topics;
import io.kordon.schemas.tls.ReloadingSslEngineFactory;
import io.kordon.streams.response.Budgets;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole pipeline on a Kafka that allows each process what the catalogue says, and nothing else. The tests go on from each
 * other.
 */
@ExtendWith(SharedStack.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AccessIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String PREFIX = "access-it.";

    /** So that a second incident has to wait, and the streams say so. */
    private static final Budgets ONE = new Budgets(Budgets.DEFAULT.window(), 1, Budgets.NO_LIMIT, Budgets.NO_LIMIT);

    private final Closers closers = new Closers();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Topics topics = new Topics(PREFIX, 2);
    private final Installation installation =
            new Installation(topics, "it", PREFIX + "streams", PREFIX + "connect", List.of());
    private Path folder;
    private EmbeddedStack stack;
    private SecuredBroker broker;
    private RunningPipeline running;

    @BeforeAll
    void start(EmbeddedStack shared, @TempDir Path temporary) throws Exception {
        stack = shared;
        folder = temporary;
        broker = closers.add(new SecuredBroker(folder));
        broker.addUsers(Role.spellings().stream().map(role -> "kordon-" + role).toList());
        CommandRun applied = kordon(
                broker.administrator(),
                "acls",
                "--apply",
                "--set",
                "kordon.cluster=" + installation.cluster(),
                "--set",
                "kordon.streams.application-id=" + installation.applicationId(),
                "--set",
                "kordon.connect.group-id=connect");
        assertThat(applied.err()).isEmpty();
        assertThat(applied.code()).isZero();
        Map<Role, Map<String, Object>> access = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            access.put(role, client(role));
        }
        access.get(Role.STREAMS).put("repartition.purge.interval.ms", 1_000);
        running = closers.add(new RunningPipeline(
                stack, "access-it", folder.resolve("streams"), ONE, broker.bootstrapServers(), access));
    }

    @AfterAll
    void stop() {
        closers.close();
    }

    @Test
    @Order(1)
    void runsTheExampleToTheDocumentOfAContainedIncident() throws InterruptedException {
        ScenarioPod pod = ScenarioPod.find(running.client(), "tomcat", "tomcat-depl-89bb8c5c7-lspcw");
        Outcome outcome = new Outcome(running.setup(), pod, new ClusterCheck(running.client(), pod));
        try (IncidentFollower follower = new IncidentFollower(
                topics.incidents(), running.setup().kafka(), running.setup().serdes())) {
            running.play(pod);
            await().atMost(LIMIT).untilAsserted(() -> {
                follower.poll((before, now) -> {});
                assertThat(outcome.missing(follower.latest())).isEmpty();
            });
        }
    }

    @Test
    @Order(2)
    void letsPeopleDoWhatTheyAreThereFor() throws IOException {
        CommandRun incidents = kordon(client(Role.ANALYST), "incidents", "list");
        assertThat(incidents.err()).isEmpty();
        assertThat(incidents.out()).contains("tomcat-depl-89bb8c5c7-lspcw");
        String incident =
                incidents.out().lines().skip(1).findFirst().orElseThrow().split(" ", 2)[0];
        CommandRun closed =
                kordon(client(Role.ANALYST), "incidents", "close", incident, "--by", "it", "--reason", "seen");
        assertThat(closed.code()).as(closed.err()).isZero();

        for (String does : List.of("apply " + rule(), "list")) {
            CommandRun rules = kordon(client(Role.RULE_AUTHOR), ("rules " + does).split(" ", -1));
            assertThat(rules.code()).as(rules.err()).isZero();
        }
        for (String does : List.of("apply " + playbook(), "list")) {
            CommandRun playbooks = kordon(client(Role.PLAYBOOK_AUTHOR), ("playbooks " + does).split(" ", -1));
            assertThat(playbooks.code()).as(playbooks.err()).isZero();
        }
    }

    /** What cannot be used, what has to wait, and what is only done after a restart, is done here, too. */
    @Test
    @Order(3)
    void deniesNothingThatIsNeededAndGrantsNothingThatIsNot() throws Exception {
        running.play(ScenarioPod.find(running.client(), "shop", "cart-6d4cf56db6-9q7wz"));
        HttpRequest broken = HttpRequest.newBuilder(
                        running.pipeline().gatewayUrl().resolve("/v1/falco"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"rule\": 1"))
                .build();
        assertThat(http.send(broken, BodyHandlers.discarding()).statusCode()).isEqualTo(400);
        write(broker.administrator(), topics.falcoEvents().name());
        write(broker.administrator(), topics.commands().name());

        try (Inventory again = Inventory.start(
                InventoryConfig.of("it"),
                topics,
                running.setup().kafka(Role.INVENTORY),
                running.setup().serdes(),
                running.client(),
                new SimpleMeterRegistry())) {
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(again.problem()).isNull());
        }

        await().atMost(LIMIT).untilAsserted(() -> assertThat(unused()).isEmpty());
        assertThat(RecordingAuthorizer.denied()).isEmpty();
    }

    @Test
    @Order(4)
    void deniesWhatAnIntruderInOneProcessWouldWriteNext() throws IOException {
        assertDenied(Role.GATEWAY, topics.commands().name());
        assertDenied(Role.GATEWAY, topics.rules().name());
        assertDenied(Role.ACTUATOR, topics.incidents().name());
        assertDenied(Role.ACTUATOR, topics.decisions().name());
        assertDenied(Role.INVENTORY, topics.signals().name());
        assertDenied(Role.CONNECT, topics.results().name());
        assertDenied(Role.STREAMS, topics.decisions().name());
        assertDenied(Role.ANALYST, topics.commands().name());
        assertDenied(Role.RULE_AUTHOR, topics.playbooks().name());
        assertDenied(Role.PLAYBOOK_AUTHOR, topics.rules().name());

        CommandRun refused = kordon(client(Role.RULE_AUTHOR), "playbooks", "apply", playbook());
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("Not authorized to access topics: [access-it.playbooks]");
    }

    @Test
    @Order(5)
    void letsNobodyInWithAWrongPassword() {
        Map<String, Object> impostor = broker.client(
                "SCRAM-SHA-512",
                "org.apache.kafka.common.security.scram.ScramLoginModule",
                "kordon-streams",
                "guessed");
        assertThatThrownBy(() -> write(impostor, topics.commands().name()))
                .hasRootCauseInstanceOf(SaslAuthenticationException.class);
    }

    private void assertDenied(Role role, String topic) {
        assertThatThrownBy(() -> write(client(role), topic))
                .as(role + " writes to " + topic)
                .hasRootCauseInstanceOf(TopicAuthorizationException.class);
    }

    /** Operations of the catalogue that nobody has needed so far. */
    private Set<String> unused() {
        Set<Use> allowed = RecordingAuthorizer.allowed();
        Set<String> unused = new TreeSet<>();
        for (Role role : Role.values()) {
            for (Grant grant : Grants.of(role, installation)) {
                for (AclOperation operation : grant.operations()) {
                    if (allowed.stream().noneMatch(use -> isOf(use, role, grant, operation))) {
                        unused.add(role + " " + operation + " " + grant.name());
                    }
                }
            }
        }
        return unused;
    }

    private static boolean isOf(Use use, Role role, Grant grant, AclOperation operation) {
        return use.principal().equals("User:kordon-" + role.spelling())
                && use.operation() == operation
                && use.type() == grant.type()
                && (grant.pattern() == PatternType.PREFIXED
                        ? use.name().startsWith(grant.name())
                        : use.name().equals(grant.name()));
    }

    private Map<String, Object> client(Role role) {
        Map<String, Object> client = new HashMap<>(broker.client("kordon-" + role.spelling()));
        ReloadingSslEngineFactory.use(client);
        return client;
    }

    private static void write(Map<String, Object> client, String topic) throws Exception {
        Map<String, Object> config = new HashMap<>(client);
        config.put("enable.idempotence", false);
        config.put("max.block.ms", 20_000);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, "it/ns/pod".getBytes(UTF_8), "no Avro".getBytes(UTF_8)))
                    .get();
        }
    }

    /** Runs a command as its user would: connection by flags, credentials from a folder of secrets. */
    private CommandRun kordon(Map<String, Object> client, String... words) throws IOException {
        Path secrets = Files.createTempDirectory(folder, "secrets");
        Files.writeString(secrets.resolve("kafka.sasl.jaas.config"), client.get("sasl.jaas.config") + "\n");
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of(
                "--secrets", secrets.toString(), "--registry", stack.registry().url()));
        line.addAll(List.of("--set", "kordon.topics.prefix=" + PREFIX));
        Stream.of(
                        "bootstrap.servers",
                        "security.protocol",
                        "ssl.truststore.type",
                        "ssl.truststore.location",
                        "sasl.mechanism")
                .forEach(key -> line.addAll(List.of("--set", "kafka." + key + "=" + client.get(key))));
        return CommandRun.of(line.toArray(String[]::new));
    }

    private String rule() throws IOException {
        return Files.writeString(folder.resolve("rule.yml"), """
            title: Anything at all
            id: 0b7c0d2e-5d0e-4d0c-9a94-0f2a3c8f7a11
            logsource: {product: falco}
            detection:
              selection: {rule: Nothing of the kind}
              condition: selection
            level: low
            """).toString();
    }

    private String playbook() throws IOException {
        return Files.writeString(folder.resolve("playbook.yml"), """
            name: access-it
            when: {rules: [nothing-of-the-kind]}
            steps: [label]
            """).toString();
    }
}
