package io.kordon.streams.topology;

import io.kordon.avro.AuditEvent;
import io.kordon.avro.Command;
import io.kordon.avro.Decision;
import io.kordon.avro.EntityState;
import io.kordon.avro.FalcoEvent;
import io.kordon.avro.Incident;
import io.kordon.avro.Pod;
import io.kordon.avro.PrometheusEvent;
import io.kordon.avro.Result;
import io.kordon.avro.Signal;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topic;
import io.kordon.schemas.Topics;
import io.kordon.streams.correlation.Policy;
import io.kordon.streams.response.Budgets;
import io.kordon.streams.response.PlaybookParser;
import io.kordon.streams.response.SourceLimits;
import io.kordon.streams.rule.RuleFiles;
import io.kordon.streams.rule.RuleSet;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.test.TestRecord;

/** The whole topology on the test driver, fed by words. */
final class TopologyHarness implements AutoCloseable {
    static final Topics TOPICS = new Topics("kordon.", 4);

    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final Topology topology;
    final TopologyTestDriver driver;
    private final AvroSerdes serdes;
    private final TestOutputTopic<String, Incident> incidents;
    private final TestOutputTopic<String, Command> commands;
    private final TestOutputTopic<String, Signal> signals;
    private final TestOutputTopic<String, Result> results;

    TopologyHarness(Instant wallClock) {
        this(wallClock, read("../rules/playbooks/contain-pod.yml"));
    }

    TopologyHarness(Instant wallClock, String playbooks) {
        serdes = AvroSerdes.registry("mock://" + UUID.randomUUID());
        topology = topology(serdes, metrics, playbooks);
        Map<String, Object> kafka = new HashMap<>(Map.of("bootstrap.servers", "unused:9092"));
        StreamsSettings settings =
                StreamsSettings.in(Path.of("target", "state", UUID.randomUUID().toString()));
        driver =
                new TopologyTestDriver(topology, KordonStreams.properties(settings, TOPICS, kafka, metrics), wallClock);
        incidents = output(TOPICS.incidents());
        commands = output(TOPICS.commands());
        signals = output(TOPICS.signals());
        results = output(TOPICS.results());
    }

    static Topology topology(AvroSerdes serdes, SimpleMeterRegistry metrics) {
        return topology(serdes, metrics, read("../rules/playbooks/contain-pod.yml"));
    }

    private static Topology topology(AvroSerdes serdes, SimpleMeterRegistry metrics, String yaml) {
        RuleSet rules = RuleFiles.load(List.of(Path.of("../rules")));
        PlaybookParser.Parsed playbooks = new PlaybookParser().parse("test.yml", yaml);
        if (!playbooks.problems().isEmpty()) {
            throw new IllegalArgumentException(playbooks.problems().toString());
        }
        return new KordonTopology(
                        TOPICS,
                        serdes,
                        () -> rules,
                        playbooks::playbooks,
                        Policy.DEFAULT,
                        SourceLimits.DEFAULT,
                        Budgets.DEFAULT,
                        RawTopics.NONE,
                        metrics)
                .build();
    }

    TopologyHarness falco(FalcoEvent event) {
        return send(TOPICS.falcoEvents(), event.getEntity().getKey(), event, event.getReceivedAt());
    }

    TopologyHarness alert(PrometheusEvent event) {
        return send(TOPICS.prometheusEvents(), event.getEntity().getKey(), event, event.getReceivedAt());
    }

    TopologyHarness audit(AuditEvent event) {
        return send(TOPICS.auditEvents(), event.getEntity().getKey(), event, event.getReceivedAt());
    }

    TopologyHarness pod(Pod pod) {
        return send(TOPICS.pods(), pod.getEntity().getKey(), pod, pod.getObservedAt());
    }

    TopologyHarness result(Result result) {
        return send(TOPICS.results(), result.getKey(), result, result.getFinishedAt());
    }

    TopologyHarness decision(Decision decision) {
        return send(TOPICS.decisions(), decision.getIncidentId(), decision, decision.getAt());
    }

    TopologyHarness bytes(Topic<?> topic, String key, byte[] value) {
        driver.createInputTopic(topic.name(), new StringSerializer(), new ByteArraySerializer())
                .pipeInput(key, value);
        return this;
    }

    TopologyHarness idle(Duration duration) {
        driver.advanceWallClockTime(duration);
        return this;
    }

    /** Every revision since the last call. */
    List<Incident> revisions() {
        return incidents.readValuesToList();
    }

    /** Last revision of each incident that changed since the last call. */
    List<Incident> incidents() {
        Map<String, Incident> last = new LinkedHashMap<>();
        revisions().forEach(incident -> last.put(incident.getId(), incident));
        return List.copyOf(last.values());
    }

    List<TestRecord<String, Command>> commands() {
        return commands.readRecordsToList();
    }

    List<TestRecord<String, Signal>> signals() {
        return signals.readRecordsToList();
    }

    /** What the guard has said of commands that wait. */
    List<TestRecord<String, Result>> results() {
        return results.readRecordsToList();
    }

    EntityState state(String key) {
        return driver.<String, EntityState>getKeyValueStore(KordonTopology.ENTITIES)
                .get(key);
    }

    /** Size of a record as the changelog holds it, in bytes. */
    int size(EntityState state) {
        try (Serializer<EntityState> serializer = serdes.serializer()) {
            return serializer.serialize("size", state).length;
        }
    }

    int count(String store) {
        int count = 0;
        try (KeyValueIterator<Object, Object> all =
                driver.getKeyValueStore(store).all()) {
            while (all.hasNext()) {
                all.next();
                count++;
            }
        }
        return count;
    }

    @Override
    public void close() {
        driver.close();
    }

    private <V extends SpecificRecord> TopologyHarness send(Topic<V> topic, String key, V value, Instant at) {
        TestInputTopic<String, V> input =
                driver.createInputTopic(topic.name(), new StringSerializer(), serdes.<V>serializer());
        input.pipeInput(key, value, at);
        return this;
    }

    private <V extends SpecificRecord> TestOutputTopic<String, V> output(Topic<V> topic) {
        return driver.createOutputTopic(topic.name(), new StringDeserializer(), serdes.<V>deserializer());
    }

    private static String read(String path) {
        try {
            return Files.readString(Path.of(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
