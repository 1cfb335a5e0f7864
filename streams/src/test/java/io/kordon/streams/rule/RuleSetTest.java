package io.kordon.streams.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleSetTest {
    private static RuleSet of(String... documents) {
        ParsedRules parsed = Rules.parse(String.join("---\n", documents));
        assertThat(parsed.problems()).isEmpty();
        return RuleSet.of(parsed.rules());
    }

    private static String detection(String id, String name, String level) {
        return "id: " + id + "\nname: " + name + "\nlevel: " + level + "\n" + Rules.rule("s: {f: a}", "s");
    }

    private static String temporal(String id, String rules) {
        return "title: c\nid: " + id + "\ncorrelation:\n  type: temporal\n  rules: " + rules
                + "\n  group-by: [pod]\n  timespan: 10m\n";
    }

    @Test
    void resolvesReferencesByNameAndById() {
        RuleSet set = of(temporal("c", "[two, id1]"), detection("id1", "one", "low"), detection("id2", "two", "high"));
        assertThat(set.problems()).isEmpty();
        assertThat(set.correlations()).singleElement().satisfies(correlation -> {
            assertThat(correlation.rules()).containsExactly("id2", "id1");
            assertThat(correlation.level()).isEqualTo(Level.HIGH);
        });
        assertThat(set.correlationsOver("id1")).isEqualTo(set.correlations());
        assertThat(set.correlationsOver("one")).isEmpty();
        assertThat(set.rule("id2").name()).isEqualTo("two");
    }

    @Test
    void silencesWhatACorrelationRefersToUnlessItGenerates() {
        RuleSet set = of(
                detection("a", "na", "low"),
                detection("b", "nb", "low"),
                detection("c", "nc", "low"),
                temporal("x", "[a, b]"),
                temporal("y", "[b]") + "generate: true\n");
        assertThat(set.alertsAlone("a")).isFalse();
        assertThat(set.alertsAlone("b")).isTrue();
        assertThat(set.alertsAlone("c")).isTrue();
        assertThat(set.alertsAlone("x")).isTrue();
    }

    @Test
    void leavesOutACorrelationWithAnUnknownReferenceAndKeepsTheRest() {
        RuleSet set = of(detection("a", "na", "low"), temporal("x", "[a, ghost]"), temporal("y", "[a]"));
        assertThat(set.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.line()).isEqualTo(14);
            assertThat(problem.column()).isEqualTo(14);
            assertThat(problem.message()).contains("'ghost'");
        });
        assertThat(set.correlations()).extracting(Rule::id).containsExactly("y");
        assertThat(set.alertsAlone("a")).isFalse();
    }

    @Test
    void reportsDuplicatesAmbiguityCyclesAndChains() {
        RuleSet set = of(
                detection("a", "same", "low"),
                detection("a", "again", "low"),
                detection("b", "same", "low"),
                temporal("ambiguous", "[same]"),
                temporal("chain", "[a, fine]"),
                temporal("fine", "[a]"),
                temporal("ping", "[pong]"),
                temporal("pong", "[ping]"),
                temporal("self", "[self]"));
        assertThat(set.problems())
                .extracting(RuleProblem::message)
                .satisfiesExactlyInAnyOrder(
                        message -> assertThat(message).contains("id 'a' is already taken by the rule at test.yml:1"),
                        message -> assertThat(message).contains("2 rules have the name 'same'"),
                        message -> assertThat(message).contains("'fine' is a correlation"),
                        message -> assertThat(message).contains("'pong' leads back"),
                        message -> assertThat(message).contains("'ping' leads back"),
                        message -> assertThat(message).contains("'self' leads back"));
        assertThat(set.correlations()).extracting(Rule::id).containsExactly("fine");
        assertThat(set.detections()).extracting(Rule::id).containsExactly("a", "b");
    }

    @Test
    void refusesACorrelationThatRefersToOneRuleByIdAndByName() {
        RuleSet set = of(detection("a", "called", "low"), temporal("x", "[a, called]"));
        assertThat(set.correlations()).isEmpty();
        assertThat(set.problems())
                .extracting(RuleProblem::message)
                .singleElement()
                .asString()
                .contains("'called' is a rule that this correlation already refers to");
    }

    @Test
    void loadsFilesAndFoldersInOrderAndNamesWhatItCannotRead(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("b.yml"), detection("b", "nb", "low"));
        Files.writeString(Files.createDirectories(folder.resolve("sub")).resolve("a.yaml"), temporal("x", "[b]"));
        Files.writeString(Files.createDirectories(folder.resolve("playbooks")).resolve("p.yml"), "not: a rule");
        Files.writeString(folder.resolve("readme.md"), "not a rule");
        Files.write(folder.resolve("latin.yml"), new byte[] {'a', (byte) 0xe9});
        RuleSet set = RuleFiles.load(List.of(folder, folder.resolve("missing.yml")));
        assertThat(set.correlations()).extracting(Rule::id).containsExactly("x");
        assertThat(set.problems())
                .extracting(RuleProblem::toString)
                .satisfiesExactly(
                        problem -> assertThat(problem).contains("latin.yml:1:1: the file is not UTF-8"),
                        problem -> assertThat(problem).contains("missing.yml:1:1: cannot be read"));
    }
}
