package io.kordon.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.kordon.app.embedded.EmbeddedStack;
import io.kordon.app.embedded.SharedStack;
import io.kordon.avro.Rule;
import io.kordon.streams.rule.ParsedRules;
import io.kordon.streams.rule.RuleParser;
import io.kordon.streams.rule.RuleSet;
import io.kordon.streams.topology.LiveRules;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Rules published by their authors, and an instance that follows them. Each test has topics of its own. */
@ExtendWith(SharedStack.class)
class RulesIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private SiteRun.Site site;
    private LiveRules live;

    @BeforeEach
    void create(EmbeddedStack stack, TestInfo test) throws InterruptedException {
        site = SiteRun.Site.create(
                stack,
                "rules-it-" + test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT) + ".");
        live = follow();
    }

    @AfterEach
    void close() {
        live.close();
    }

    @Test
    void putsPublishedRulesInForceChangesThemAndTakesThemBack() throws Exception {
        RuleSet begun = live.get();
        assertThat(titles()).containsExactly("from disk");
        assertThat(live.problem()).isEmpty();

        file("a.yml", detection("disk", "changed") + "---\n" + detection("new", "new"));
        SiteRun tried = site.run("rules apply " + folder + " --dry-run");
        assertThat(tried.code()).isZero();
        assertThat(tried.out()).contains("would be published  disk").contains("2 would be published");
        assertThat(site.run("rules list").out()).contains("no rules are published");
        assertThat(live.get()).isSameAs(begun);

        assertThat(site.run("rules apply " + folder).out())
                .contains("published  new")
                .contains("a.yml:");
        awaitTitles("changed", "new");

        file("a.yml", detection("disk", "changed") + "---\n" + detection("new", "newer"));
        SiteRun again = site.run("rules apply " + folder);
        assertThat(again.code()).isZero();
        assertThat(again.out()).contains("unchanged  disk").contains("1 published, 1 unchanged");
        awaitTitles("changed", "newer");

        file("b.yml", detection("id-of-it", "named").replace("title:", "name: name_of_it\ntitle:"));
        assertThat(site.run("rules apply " + folder).code()).isZero();
        awaitTitles("changed", "named", "newer");
        SiteRun named = site.run("rules remove name_of_it");
        assertThat(named.code()).isEqualTo(1);
        assertThat(named.err()).contains("is the name of the published rule id-of-it");
        assertThat(site.run("rules remove id-of-it").code()).isZero();
        awaitTitles("changed", "newer");
        assertThat(site.run("rules reset id-of-it").code()).isZero();
        Files.delete(folder.resolve("b.yml"));

        assertThat(site.run("rules remove disk").out()).contains("switched off  disk");
        awaitTitles("newer");
        SiteRun listed = site.run("rules list");
        assertThat(listed.out().lines()).hasSize(3).anyMatch(line -> line.matches("disk .* off .*"));
        assertThat(listed.out()).contains("newer").contains("a.yml:");
        assertThat(new ObjectMapper()
                        .readTree(site.run("rules list --json")
                                .out()
                                .lines()
                                .toList()
                                .get(1))
                        .path("document")
                        .asText())
                .contains("title: newer");
        try (LiveRules another = follow()) {
            assertThat(another.get().detections())
                    .as("an instance that starts now")
                    .extracting(rule -> rule.title())
                    .containsExactly("newer");
        }

        assertThat(site.run("rules reset disk ghost").out())
                .contains("forgotten  disk")
                .contains("unchanged, nothing is published under it  ghost");
        awaitTitles("from disk", "newer");

        file("a.yml", detection("other", "other"));
        assertThat(site.run("rules apply " + folder + " --prune").out()).contains("switched off  new");
        awaitTitles("from disk", "other");
        assertThat(metrics.get("kordon.rules.refused").counter().count()).isZero();
    }

    @Test
    void publishesNothingOfFilesWithAProblemUnlessForcedTo() throws Exception {
        file("a.yml", detection("good", "good"));
        file("b.yml", "title: bad\nlogsource: {product: falco}\ndetection: {s: {rule|sounds-like: a}, condition: s}\n");

        SiteRun refused = site.run("rules apply " + folder);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out()).contains("b.yml:3:").contains("sounds-like").contains("nothing is published");
        assertThat(site.run("rules list").out()).contains("no rules are published");

        SiteRun forced = site.run("rules apply " + folder + " --force");
        assertThat(forced.code()).isEqualTo(1);
        assertThat(forced.out()).contains("b.yml:3:").contains("published  good");
        awaitTitles("from disk", "good");

        file(
                "b.yml",
                "title: c\nid: c\ncorrelation: {type: temporal, rules: [good, disk], group-by: [pod], timespan: 10m}\n");
        Files.delete(folder.resolve("a.yml"));
        SiteRun unresolved = site.run("rules apply " + folder);
        assertThat(unresolved.code()).as("`disk` is on an instance's disk only").isEqualTo(1);
        assertThat(unresolved.out()).contains("'disk'").doesNotContain("'good'");
        assertThat(site.run("rules apply " + folder.resolve("absent.yml")).code())
                .isEqualTo(1);
    }

    @Test
    void survivesWhatNobodyChecked() throws Exception {
        publish("good", detection("good", "good"));
        awaitTitles("from disk", "good");
        RuleSet before = live.get();

        publish("good", "title: [broken");
        publish("disk", detection("good", "an id of another"));
        site.send(rules(), "good", "no Avro".getBytes(StandardCharsets.UTF_8));
        await().atMost(LIMIT).until(() -> count("kordon.rules.refused") == 2 && count("kordon.rules.undecodable") == 1);
        assertThat(live.get()).isSameAs(before);

        publish("after", detection("after", "after"));
        awaitTitles("from disk", "good", "after");
        SiteRun listed = site.run("rules list");
        assertThat(listed.code()).isZero();
        assertThat(listed.out()).contains("refused").contains("after");
        assertThat(listed.err()).contains("1 records of " + rules() + " cannot be decoded");

        file("a.yml", detection("good", "good"));
        assertThat(site.run("rules apply " + folder).out())
                .as("published again, in place of what cannot be decoded")
                .contains("1 published, 0 unchanged");
        assertThat(site.run("rules apply " + folder).out()).contains("0 published, 1 unchanged");
    }

    private LiveRules follow() {
        ParsedRules disk = new RuleParser().parse("disk.yml", detection("disk", "from disk"));
        return LiveRules.start(disk, site.topics(), site.kafka(), site.serdes(), metrics);
    }

    private String rules() {
        return site.topics().rules().name();
    }

    private void publish(String id, String document) throws InterruptedException {
        Rule rule = Rule.newBuilder()
                .setId(id)
                .setVersion("1")
                .setDocument(document)
                .setPublishedAt(Instant.now())
                .build();
        site.send(rules(), id, site.bytes(rules(), rule));
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private List<String> titles() {
        return live.get().detections().stream().map(rule -> rule.title()).toList();
    }

    private void awaitTitles(String... titles) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(titles()).containsExactlyInAnyOrder(titles));
    }

    private double count(String counter) {
        return metrics.get(counter).counter().count();
    }

    private static String detection(String id, String title) {
        return "title: " + title + "\nid: " + id
                + "\nlogsource: {product: falco}\ndetection: {s: {rule: a}, condition: s}\n";
    }
}
