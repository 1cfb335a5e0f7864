package io.kordon.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kordon.app.embedded.EmbeddedStack;
import io.kordon.app.embedded.SharedStack;
import io.kordon.avro.AlertStatus;
import io.kordon.avro.Command;
import io.kordon.avro.FalcoEvent;
import io.kordon.avro.FalcoPriority;
import io.kordon.avro.Incident;
import io.kordon.avro.PrometheusEvent;
import io.kordon.schemas.EntityKey;
import io.kordon.schemas.Topic;
import io.kordon.streams.correlation.Policy;
import io.kordon.streams.response.Budgets;
import io.kordon.streams.response.PlaybookParser;
import io.kordon.streams.response.SourceLimits;
import io.kordon.streams.rule.ParsedRules;
import io.kordon.streams.rule.RuleParser;
import io.kordon.streams.rule.RuleSet;
import io.kordon.streams.topology.KordonStreams;
import io.kordon.streams.topology.LiveRules;
import io.kordon.streams.topology.RawTopics;
import io.kordon.streams.topology.StreamsSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The streams application on a real broker: instances come and go, and rules change, while events flow. */
@ExtendWith(SharedStack.class)
class StreamsIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String CLUSTER = "it";

    private static final String RULES = """
            title: Web server reports a download or shell
            name: rce
            logsource: {product: falco}
            detection: {selection: {rule: RCE}, condition: selection}
            level: high
            ---
            title: Pod memory above 2 GiB
            name: memory
            logsource: {product: prometheus}
            detection: {selection: {alertname: PodMemoryAbove2GiB}, condition: selection}
            level: medium
            ---
            title: Remote code execution with abnormal memory
            id: rce-memory
            correlation: {type: temporal, rules: [rce, memory], group-by: [pod], timespan: 10m}
            level: critical
            """;

    private static final String PLAYBOOK = """
            name: contain
            when: {level: critical, score: 85}
            mode: dry-run
            steps: [label]
            """;

    @TempDir
    private Path folder;

    @Test
    void givesTheSameIncidentsAndCommandsThoughInstancesComeAndGo(EmbeddedStack stack) throws Exception {
        RuleSet rules = RuleSet.of(parsed(RULES).rules());
        List<SpecificRecord> events = history(40, new Random(7));
        Map<String, String> calm;
        SiteRun.Site site = SiteRun.Site.create(stack, "calm-it.");
        try (KordonStreams only = instance(site, "only", () -> rules)) {
            awaitRunning(only);
            send(site, events);
            calm = settled(site, 40);
        }
        SiteRun.Site bumpy = SiteRun.Site.create(stack, "bumpy-it.");
        int third = events.size() / 3;
        KordonStreams first = instance(bumpy, "first", () -> rules);
        awaitRunning(first);
        send(bumpy, events.subList(0, third));
        try (KordonStreams second = instance(bumpy, "second", () -> rules)) {
            send(bumpy, events.subList(third, 2 * third));
            awaitRunning(second);
            first.close();
            try (KordonStreams again = instance(bumpy, "again", () -> rules)) {
                send(bumpy, events.subList(2 * third, events.size()));
                awaitRunning(again);
                assertThat(settled(bumpy, 40)).isEqualTo(calm);
            }
        }
        assertThat(read(bumpy, bumpy.topics().commands(), Command.class))
                .extracting(Command::getId)
                .hasSize(40)
                .doesNotHaveDuplicates();
    }

    @Test
    void takesRulesUpWhileEventsFlowAndKeepsWhatIsHalfComplete(EmbeddedStack stack) throws Exception {
        SiteRun.Site site = SiteRun.Site.create(stack, "reload-it.");
        Path file = Files.createDirectories(folder.resolve("rules")).resolve("new.yml");
        try (LiveRules live = LiveRules.start(
                        parsed(RULES), site.topics(), site.kafka(), site.serdes(), new SimpleMeterRegistry());
                KordonStreams streams = instance(site, "reload", live)) {
            awaitRunning(streams);
            Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
            send(site, List.of(falco("half", "RCE", now), falco("other", "New", now)));

            Files.writeString(file, rule("first version", "New"));
            assertThat(site.run("rules apply " + file.toAbsolutePath()).code()).isZero();
            awaitIncident(site, live, "added", "New", "first version", now);

            Files.writeString(file, rule("second version", "Newer"));
            assertThat(site.run("rules apply " + file.toAbsolutePath()).code()).isZero();
            awaitIncident(site, live, "changed", "Newer", "second version", now);
            assertThat(versions(site, "changed")).doesNotContainAnyElementsOf(versions(site, "added"));

            Files.writeString(file, "title: broken\nlogsource: {product: falco}\ndetection: {condition: nothing}\n");
            assertThat(site.run("rules apply --force " + file).code()).isEqualTo(1);
            send(site, List.of(falco("still", "Newer", now)));
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(titles(site, "still")).contains("second version"));

            assertThat(site.run("rules remove new-rule").code()).isZero();
            await().atMost(LIMIT).until(() -> live.get().rule("new-rule") == null);
            send(site, List.of(falco("removed", "Newer", now), memory("half", now)));

            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(titles(site, "half")).contains("Remote code execution with abnormal memory"));
            assertThat(titles(site, "removed")).isEmpty();
            assertThat(titles(site, "other")).as("what was before the rule").isEmpty();
        }
    }

    /** Sends what the rule is about until the new rule is seen to have matched. */
    private void awaitIncident(
            SiteRun.Site site, Supplier<RuleSet> live, String pod, String falcoRule, String title, Instant at)
            throws Exception {
        await().atMost(LIMIT)
                .until(() -> live.get().rule("new-rule") != null
                        && live.get().rule("new-rule").title().equals(title));
        send(site, List.of(falco(pod, falcoRule, at)));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(titles(site, pod)).contains(title));
    }

    private static String rule(String title, String falcoRule) {
        return """
                title: %s
                id: new-rule
                logsource: {product: falco}
                detection: {selection: {rule: %s}, condition: selection}
                level: medium
                """.formatted(title, falcoRule);
    }

    /** RCE and memory for every pod, repeats and noise among them, as they arrive. */
    private static List<SpecificRecord> history(int pods, Random random) {
        Instant begin = Instant.now().truncatedTo(ChronoUnit.MICROS).minusSeconds(40);
        List<SpecificRecord> events = new ArrayList<>();
        for (int i = 0; i < 6 * pods; i++) {
            String pod = "pod-" + i % pods;
            Instant at = begin.plusMillis(random.nextInt(30_000));
            events.add(i % 3 == 0 ? memory(pod, at) : falco(pod, i % 3 == 1 ? "RCE" : "Noise", at));
        }
        return events;
    }

    private static FalcoEvent falco(String pod, String rule, Instant at) {
        return FalcoEvent.newBuilder()
                .setId("falco-" + pod + rule + at)
                .setEntity(EntityKey.podEntity(CLUSTER, "shop", pod, "uid-of-" + pod)
                        .build())
                .setTime(at)
                .setReceivedAt(at)
                .setRule(rule)
                .setPriority(FalcoPriority.CRITICAL)
                .setSource("syscall")
                .setOriginal("{\"rule\":\"" + rule + "\"}")
                .build();
    }

    private static PrometheusEvent memory(String pod, Instant at) {
        return PrometheusEvent.newBuilder()
                .setId("alert-" + pod + at)
                .setEntity(EntityKey.podEntity(CLUSTER, "shop", pod, "uid-of-" + pod)
                        .build())
                .setStatus(AlertStatus.FIRING)
                .setStartsAt(at)
                .setReceivedAt(at)
                .setAlertname("PodMemoryAbove2GiB")
                .setFingerprint("fp-" + pod + at)
                .setOriginal("{}")
                .build();
    }

    private static void send(SiteRun.Site site, List<? extends SpecificRecord> events) throws Exception {
        try (KafkaProducer<String, SpecificRecord> producer = new KafkaProducer<>(
                site.kafka(), new StringSerializer(), site.serdes().<SpecificRecord>serializer())) {
            List<Future<RecordMetadata>> sent = events.stream()
                    .map(event -> producer.send(record(site, event)))
                    .toList();
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }

    private static ProducerRecord<String, SpecificRecord> record(SiteRun.Site site, SpecificRecord event) {
        return event instanceof FalcoEvent falco
                ? new ProducerRecord<>(
                        site.topics().falcoEvents().name(),
                        null,
                        falco.getReceivedAt().toEpochMilli(),
                        falco.getEntity().getKey(),
                        event)
                : new ProducerRecord<>(
                        site.topics().prometheusEvents().name(),
                        null,
                        ((PrometheusEvent) event).getReceivedAt().toEpochMilli(),
                        ((PrometheusEvent) event).getEntity().getKey(),
                        event);
    }

    private static Map<String, String> settled(SiteRun.Site site, int incidents) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(outcome(site).values())
                        .hasSize(incidents)
                        .allSatisfy(each -> assertThat(each).contains(" evidence 4 ")));
        return outcome(site);
    }

    /** Last revisions, by what must not depend on who ran when. */
    private static Map<String, String> outcome(SiteRun.Site site) {
        Map<String, String> outcome = new TreeMap<>();
        for (Incident incident : read(site, site.topics().incidents(), Incident.class)) {
            String evidence = incident.getEvidence().stream()
                    .map(each -> each.getSignalId())
                    .collect(Collectors.joining(","));
            outcome.put(
                    incident.getId(),
                    incident.getKey() + " score " + incident.getScore() + " evidence "
                            + incident.getEvidence().size() + " " + evidence + " commands "
                            + incident.getCommands().stream()
                                    .map(each -> each.getId())
                                    .toList());
        }
        return outcome;
    }

    private static List<String> titles(SiteRun.Site site, String pod) {
        return contributions(site, pod).values().stream().sorted().toList();
    }

    private static List<String> versions(SiteRun.Site site, String pod) {
        return List.copyOf(contributions(site, pod).keySet());
    }

    /** Titles of the rules that matched on a pod, by version. */
    private static Map<String, String> contributions(SiteRun.Site site, String pod) {
        Map<String, String> titles = new HashMap<>();
        for (Incident incident : read(site, site.topics().incidents(), Incident.class)) {
            if (incident.getEntity().getName().equals(pod)) {
                incident.getContributions().forEach(each -> titles.put(each.getRuleVersion(), each.getRuleTitle()));
            }
        }
        return titles;
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

    private KordonStreams instance(SiteRun.Site site, String name, Supplier<RuleSet> rules) {
        Map<String, Object> kafka = new HashMap<>(site.kafka());
        kafka.put("consumer.session.timeout.ms", 6_000);
        kafka.put("consumer.heartbeat.interval.ms", 2_000);
        String application = site.topics().prefix() + "streams";
        return KordonStreams.start(
                new StreamsSettings(
                        application,
                        folder.resolve(application + "-" + name),
                        1,
                        0,
                        Duration.ofMillis(100),
                        -1,
                        Policy.DEFAULT,
                        SourceLimits.DEFAULT,
                        Budgets.DEFAULT,
                        RawTopics.NONE),
                site.topics(),
                kafka,
                site.serdes(),
                rules,
                new PlaybookParser().parse("contain.yml", PLAYBOOK)::playbooks,
                new SimpleMeterRegistry());
    }

    private static void awaitRunning(KordonStreams streams) {
        await().atMost(LIMIT).until(streams::running);
    }

    private static ParsedRules parsed(String yaml) {
        ParsedRules parsed = new RuleParser().parse("test.yml", yaml);
        assertThat(parsed.problems()).isEmpty();
        return parsed;
    }
}
