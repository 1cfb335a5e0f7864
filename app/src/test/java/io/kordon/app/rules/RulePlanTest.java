package io.kordon.app.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.app.published.ApplyPlan;
import io.kordon.avro.Rule;
import io.kordon.streams.rule.ParsedRules;
import io.kordon.streams.rule.RuleDocument;
import io.kordon.streams.rule.RuleParser;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RulePlanTest {

    @Test
    void publishesWhatIsNewOrOfAnotherVersionAndLeavesTheRest() {
        ApplyPlan plan = RulePlan.of(
                files(
                        detection("a", "same"),
                        detection("b", "changed"),
                        detection("c", "new"),
                        detection("d", "on again")),
                Map.of(
                        "a", rule("a", "\n" + detection("a", "same")),
                        "b", rule("b", detection("b", "old")),
                        "d", rule("d", ""),
                        "other", rule("other", detection("other", "t"))),
                false,
                new RuleParser());

        assertThat(plan.problems()).isEmpty();
        assertThat(ids(plan.unchanged())).containsExactly("a");
        assertThat(ids(plan.publish())).containsExactly("b", "c", "d");
        assertThat(plan.switchOff()).isEmpty();
        assertThat(plan.leftOut()).isEmpty();
    }

    @Test
    void switchesOffWhatTheFilesDoNotHaveIfAskedTo() {
        Map<String, Rule> topic = Map.of(
                "a", rule("a", detection("a", "t")),
                "gone", rule("gone", detection("gone", "t")),
                "off", rule("off", ""));

        assertThat(RulePlan.of(files(detection("a", "t")), topic, true, new RuleParser())
                        .switchOff())
                .containsExactly("gone");
    }

    @Test
    void findsWhatACorrelationNamesAmongThePublishedRules() {
        ParsedRules files = files(correlation("c", "[a, published]"), detection("a", "t"));
        Map<String, Rule> topic = Map.of("published", rule("published", detection("published", "t")));

        assertThat(RulePlan.of(files, topic, false, new RuleParser()).problems())
                .isEmpty();
        assertThat(RulePlan.of(files, topic, true, new RuleParser()).problems())
                .as("not among those that are switched off")
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString()).contains("files.yml:3:", "'published'"));
    }

    @Test
    void separatesWhatCannotStandFromWhatCan() {
        ApplyPlan plan = RulePlan.of(
                files(
                        correlation("c", "[a, ghost]"),
                        detection("a", "first"),
                        detection("a", "second"),
                        detection("b", "t")),
                Map.of(),
                false,
                new RuleParser());

        assertThat(plan.problems()).hasSize(2);
        assertThat(ids(plan.refused())).containsExactly("c", "a");
        assertThat(ids(plan.publish())).containsExactly("a", "b");
        assertThat(plan.publish().get(0).text()).contains("first");
    }

    @Test
    void publishesFiltersButNoneThatNamesAnUnknownRule() {
        ApplyPlan plan = RulePlan.of(
                files(filter("f", "[a]"), filter("g", "[a, ghost]"), detection("a", "t")),
                Map.of(),
                false,
                new RuleParser());

        assertThat(plan.problems()).hasSize(1);
        assertThat(ids(plan.publish())).containsExactly("f", "a");
        assertThat(ids(plan.refused())).containsExactly("g");
    }

    @Test
    void warnsOfPublishedCorrelationsThatLoseWhatTheyName() {
        ApplyPlan plan = RulePlan.of(
                files(detection("a", "t")),
                Map.of(
                        "b", rule("b", detection("b", "t")),
                        "c", rule("c", correlation("c", "[a, ghost]"))),
                false,
                new RuleParser());

        assertThat(plan.problems()).isEmpty();
        assertThat(plan.leftOut())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString()).contains("published rule c", "'ghost'"));
        assertThat(ids(plan.publish())).containsExactly("a");
    }

    private static ParsedRules files(String... documents) {
        return new RuleParser().parse("files.yml", String.join("---\n", documents));
    }

    private static List<String> ids(List<RuleDocument> documents) {
        return documents.stream().map(RuleDocument::id).toList();
    }

    private static Rule rule(String id, String document) {
        return Rule.newBuilder()
                .setId(id)
                .setVersion("as said")
                .setDocument(document)
                .setPublishedAt(Instant.EPOCH)
                .build();
    }

    private static String detection(String id, String title) {
        return "title: " + title + "\nid: " + id
                + "\nlogsource: {product: falco}\ndetection: {s: {rule: a}, condition: s}\n";
    }

    private static String filter(String id, String rules) {
        return "title: f\nid: " + id + "\nlogsource: {product: falco}\nfilter:\n  rules: " + rules
                + "\n  s: {rule: b}\n  condition: not s\n";
    }

    private static String correlation(String id, String rules) {
        return "title: c\nid: " + id + "\ncorrelation: {type: temporal, rules: " + rules
                + ", group-by: [pod], timespan: 10m}\n";
    }
}
