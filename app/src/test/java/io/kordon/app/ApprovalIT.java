package io.kordon.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kordon.app.embedded.EmbeddedStack;
import io.kordon.app.embedded.SharedStack;
import io.kordon.app.records.TopicReader;
import io.kordon.avro.Command;
import io.kordon.avro.CommandState;
import io.kordon.avro.FalcoEvent;
import io.kordon.avro.FalcoPriority;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentStatus;
import io.kordon.avro.Result;
import io.kordon.avro.StepStatus;
import io.kordon.schemas.EntityKey;
import io.kordon.streams.correlation.Policy;
import io.kordon.streams.response.Budgets;
import io.kordon.streams.response.Playbook;
import io.kordon.streams.response.PlaybookParser;
import io.kordon.streams.response.SourceLimits;
import io.kordon.streams.rule.RuleParser;
import io.kordon.streams.rule.RuleSet;
import io.kordon.streams.topology.KordonStreams;
import io.kordon.streams.topology.LivePlaybooks;
import io.kordon.streams.topology.RawTopics;
import io.kordon.streams.topology.StreamsSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Containment that waits for an analyst, on a real broker; the actuator's part is played by the tests. */
@ExtendWith(SharedStack.class)
class ApprovalIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static final String RULE = """
            title: Web server reports a download or shell
            name: rce
            logsource: {product: falco}
            detection: {selection: {rule: RCE}, condition: selection}
            level: critical
            """;

    @TempDir
    private Path folder;

    @Test
    void holdsAFloodUntilAnAnalystApproves(EmbeddedStack stack) throws Exception {
        SiteRun.Site site = SiteRun.Site.create(stack, "flood-it.");
        Budgets one = new Budgets(Duration.ofMinutes(10), 1, -1, -1);
        try (KordonStreams streams = start(site, playbook("automatic"), one)) {
            await().atMost(LIMIT).until(streams::running);
            for (int i = 0; i < 5; i++) {
                attack(site, "pod-" + i);
            }
            await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(waiting(site)).hasSize(4);
                assertThat(commands(site)).hasSize(1);
            });
            List<Incident> waiting = waiting(site);
            assertThat(waiting)
                    .allSatisfy(
                            incident -> assertThat(incident.getCommands().get(0).getDetail())
                                    .contains("the budget of the cluster is used up"));
            SiteRun listed = site.run("incidents list --status AWAITING_APPROVAL");
            assertThat(listed.out().lines()).hasSize(5);

            String two = waiting.get(0).getId() + " " + waiting.get(1).getId();
            SiteRun approved = site.run("incidents approve " + two + " --by alice --reason seen --timeout 60s");
            assertThat(approved.code()).as(approved.err()).isZero();
            assertThat(approved.out())
                    .contains("runs " + waiting.get(0).getCommands().get(0).getId());
            await().atMost(LIMIT).untilAsserted(() -> assertThat(commands(site)).hasSize(3));
            Command command =
                    commands(site).get(waiting.get(0).getCommands().get(0).getId());
            assertThat(command.getApproval().getBy()).isEqualTo("alice");
            assertThat(command.getApproval().getReason()).isEqualTo("seen");

            String third = waiting.get(2).getId();
            assertThat(site.run("incidents reject " + third + " --by bob --timeout 60s")
                            .code())
                    .isZero();
            assertThat(incident(site, third).getStatus()).isNotEqualTo(IncidentStatus.AWAITING_APPROVAL);
            assertThat(commands(site)).hasSize(3);
        }
    }

    @Test
    void runsAnApprovedPlaybookAndReleasesWhatItDid(EmbeddedStack stack) throws Exception {
        SiteRun.Site site = SiteRun.Site.create(stack, "approval-it.");
        try (KordonStreams streams = start(site, playbook("approval"), Budgets.DEFAULT)) {
            await().atMost(LIMIT).until(streams::running);
            attack(site, "pod-0");
            await().atMost(LIMIT).until(() -> waiting(site).size() == 1);
            String id = waiting(site).get(0).getId();
            assertThat(commands(site)).as("what waits is not in the topic").isEmpty();

            assertThat(site.run("incidents approve " + id + " --by alice --timeout 60s")
                            .code())
                    .isZero();
            await().atMost(LIMIT).until(() -> commands(site).size() == 1);
            Command command = commands(site).values().iterator().next();
            done(site, command);
            await().atMost(LIMIT).until(() -> incident(site, id).getStatus() == IncidentStatus.CONTAINED);
            assertThat(site.run("incidents approve " + id + " --by alice").out())
                    .contains("waits any more");

            CompletableFuture<SiteRun> releasing = CompletableFuture.supplyAsync(
                    () -> site.run("incidents release " + id + " --by alice --reason over --timeout 80s"));
            await().atMost(LIMIT).until(() -> commands(site).size() == 2);
            Command release = commands(site).values().stream()
                    .filter(each -> !each.getId().equals(command.getId()))
                    .findFirst()
                    .orElseThrow();
            assertThat(release.getPlaybook()).isEqualTo("release");
            assertThat(releasing).isNotDone();
            done(site, release);
            SiteRun released = releasing.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(released.code()).as(released.err()).isZero();
            assertThat(released.out()).contains("release: DONE");
            assertThat(incident(site, id).getStatus()).isEqualTo(IncidentStatus.RELEASED);
            assertThat(site.run("incidents release " + id + " --by alice").out())
                    .contains("is released already");
        }
    }

    @Test
    void takesUpAPlaybookThatIsPublishedWhileEventsFlow(EmbeddedStack stack) throws Exception {
        SiteRun.Site site = SiteRun.Site.create(stack, "playbooks-it.");
        Path file = folder.resolve("contain.yml");
        try (LivePlaybooks live = LivePlaybooks.start(
                        List.of(), site.topics(), site.kafka(), site.serdes(), new SimpleMeterRegistry());
                KordonStreams streams = start(site, live, Budgets.DEFAULT)) {
            await().atMost(LIMIT).until(streams::running);
            attack(site, "before");
            await().atMost(LIMIT).until(() -> incidents(site).size() == 1);
            assertThat(commands(site)).isEmpty();

            Files.writeString(file, "name: contain\nwhen: {level: critical}\nmode: dry-run\nsteps: [label]\n");
            SiteRun applied = site.run("playbooks apply " + file);
            assertThat(applied.code()).as(applied.out()).isZero();
            await().atMost(LIMIT).until(() -> live.get().size() == 1);
            assertThat(site.run("playbooks list").out()).contains("contain").contains("dry-run: label");
            attack(site, "after");
            await().atMost(LIMIT)
                    .until(() -> commands(site).values().stream()
                            .anyMatch(command -> command.getEntity().getName().equals("after")));

            Files.writeString(file, "name: contain\nsteps: [explode]\n");
            assertThat(site.run("playbooks apply " + file).code()).isEqualTo(1);
            assertThat(site.run("playbooks apply --dry-run " + file).out()).contains("contain.yml:2:");
            assertThat(site.run("playbooks remove contain").out()).contains("switched off  contain");
            await().atMost(LIMIT).until(() -> live.get().isEmpty());
            assertThat(site.run("playbooks reset contain").out()).contains("forgotten  contain");
            assertThat(site.run("playbooks list").out()).contains("no playbooks are published");
        }
    }

    private KordonStreams start(SiteRun.Site site, Supplier<List<Playbook>> playbooks, Budgets budgets) {
        Map<String, Object> kafka = new HashMap<>(site.kafka());
        kafka.put("consumer.session.timeout.ms", 6_000);
        kafka.put("consumer.heartbeat.interval.ms", 2_000);
        String application = site.topics().prefix() + "streams";
        RuleSet rules = RuleSet.of(new RuleParser().parse("rule.yml", RULE).rules());
        return KordonStreams.start(
                new StreamsSettings(
                        application,
                        folder.resolve(application),
                        1,
                        0,
                        Duration.ofMillis(100),
                        -1,
                        Policy.DEFAULT,
                        SourceLimits.DEFAULT,
                        budgets,
                        RawTopics.NONE),
                site.topics(),
                kafka,
                site.serdes(),
                () -> rules,
                playbooks,
                new SimpleMeterRegistry());
    }

    private static Supplier<List<Playbook>> playbook(String mode) {
        PlaybookParser.Parsed parsed = new PlaybookParser()
                .parse("contain.yml", "name: contain\nwhen: {level: critical}\nmode: " + mode + "\nsteps: [isolate]\n");
        assertThat(parsed.problems()).isEmpty();
        return parsed::playbooks;
    }

    private static void attack(SiteRun.Site site, String pod) throws InterruptedException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        FalcoEvent event = FalcoEvent.newBuilder()
                .setId("falco-" + pod)
                .setEntity(
                        EntityKey.podEntity("it", "shop", pod, "uid-of-" + pod).build())
                .setTime(now)
                .setReceivedAt(now)
                .setRule("RCE")
                .setPriority(FalcoPriority.CRITICAL)
                .setSource("syscall")
                .setHostname("worker-1")
                .setOutput("curl")
                .setOutputFields(Map.of())
                .setOriginal("{}")
                .build();
        String topic = site.topics().falcoEvents().name();
        site.send(topic, event.getEntity().getKey(), site.bytes(topic, event));
    }

    /** As the actuator reports that every step was done. */
    private static void done(SiteRun.Site site, Command command) throws InterruptedException {
        for (int step = 0; step < command.getSteps().size(); step++) {
            result(site, command, step, command.getSteps().get(step).getAction());
        }
        result(site, command, -1, "run");
    }

    private static void result(SiteRun.Site site, Command command, int step, String action)
            throws InterruptedException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        Result result = Result.newBuilder()
                .setCommandId(command.getId())
                .setIncidentId(command.getIncidentId())
                .setKey(command.getKey())
                .setEntity(command.getEntity())
                .setStep(step)
                .setAction(action)
                .setStatus(StepStatus.DONE)
                .setChanged(true)
                .setDetail("read back")
                .setStartedAt(now)
                .setFinishedAt(now)
                .build();
        String topic = site.topics().results().name();
        site.send(topic, result.getKey(), site.bytes(topic, result));
    }

    private static List<Incident> waiting(SiteRun.Site site) {
        return incidents(site).values().stream()
                .filter(incident -> incident.getStatus() == IncidentStatus.AWAITING_APPROVAL)
                .filter(incident -> incident.getCommands().stream()
                        .map(CommandState::getStatus)
                        .anyMatch(StepStatus.WAITING::equals))
                .toList();
    }

    private static Incident incident(SiteRun.Site site, String id) {
        return incidents(site).get(id);
    }

    private static Map<String, Incident> incidents(SiteRun.Site site) {
        Map<String, Incident> incidents = new LinkedHashMap<>();
        try (TopicReader<Incident> topic = TopicReader.open(site.topics().incidents(), site.kafka(), site.serdes())) {
            topic.readToEnd(LIMIT, incidents::put);
        }
        return incidents;
    }

    /** The commands in the topic by their ids, each as it was written last. */
    private static Map<String, Command> commands(SiteRun.Site site) {
        Map<String, Command> commands = new LinkedHashMap<>();
        try (TopicReader<Command> topic = TopicReader.open(site.topics().commands(), site.kafka(), site.serdes())) {
            topic.readToEnd(LIMIT, (key, command) -> commands.put(command.getId(), command));
        }
        return commands;
    }
}
