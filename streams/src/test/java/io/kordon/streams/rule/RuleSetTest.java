package io.kordon.streams.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
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
    void reportsDuplicatesAmbiguityAndCycles() {
        RuleSet set = of(
                detection("a", "same", "low"),
                detection("a", "again", "low"),
                detection("b", "same", "low"),
                temporal("ambiguous", "[same]"),
                temporal("chain", "[a, fine]"),
                temporal("fine", "[a]"),
                temporal("ping", "[pong]"),
                temporal("pong", "[ping]"),
                temporal("self", "[self]"),
                temporal("above", "[ping]"),
                temporal("over", "[ambiguous]"));
        assertThat(set.problems())
                .extracting(RuleProblem::message)
                .satisfiesExactlyInAnyOrder(
                        message -> assertThat(message).contains("id 'a' is already taken by the rule at test.yml:1"),
                        message -> assertThat(message).contains("2 rules have the name 'same'"),
                        message -> assertThat(message).contains("'pong' leads back"),
                        message -> assertThat(message).contains("'ping' leads back"),
                        message -> assertThat(message).contains("'self' leads back"),
                        message -> assertThat(message).contains("'ping' leads back"),
                        message -> assertThat(message).contains("'ambiguous' was left out"));
        assertThat(set.correlations()).extracting(Rule::id).containsExactly("chain", "fine");
        assertThat(set.detections()).extracting(Rule::id).containsExactly("a", "b");
    }

    @Test
    void inheritsTheHighestLevelThroughChains() {
        RuleSet set = of(
                temporal("top", "[middle, low]"),
                temporal("middle", "[bottom]"),
                temporal("bottom", "[high, low]"),
                temporal("own", "[bottom]") + "level: medium\n",
                detection("low", "nl", "low"),
                detection("high", "nh", "high"));
        assertThat(set.problems()).isEmpty();
        assertThat(set.rule("top").level()).isEqualTo(Level.HIGH);
        assertThat(set.rule("own").level()).isEqualTo(Level.MEDIUM);
        assertThat(set.alertsAlone("middle")).isFalse();
        assertThat(set.correlationsOver("bottom")).extracting(Rule::id).containsExactly("middle", "own");
    }

    @Test
    void resolvesAbsentAndUntilAndAliases() {
        RuleSet set = of(
                """
                title: c
                id: c
                correlation:
                  type: temporal
                  rules: [na, b]
                  group-by: [who, where]
                  aliases:
                    who: {na: user, nb: account.name}
                    where: {c: client}
                  timespan: 5m
                kordon: {absent: [nc], until: [d]}
                """,
                detection("a", "na", "low"),
                detection("b", "nb", "low"),
                detection("c1", "nc", "critical"),
                detection("d", "nd", "low"));
        assertThat(set.problems())
                .extracting(RuleProblem::toString)
                .containsExactly("test.yml:1:1: 'aliases' speak of 'c', which is none of the rules referred to");
        set = of(
                """
                title: c
                id: c
                correlation:
                  type: temporal
                  rules: [na, b]
                  group-by: [who]
                  aliases:
                    who: {na: user, nb: account.name}
                  timespan: 5m
                kordon: {absent: [nc], until: [d]}
                """,
                detection("a", "na", "low"),
                detection("b", "nb", "medium"),
                detection("c1", "nc", "critical"),
                detection("d", "nd", "low"));
        assertThat(set.problems()).isEmpty();
        CorrelationRule rule = set.correlations().get(0);
        assertThat(rule.absent()).containsExactly("c1");
        assertThat(rule.until()).containsExactly("d");
        assertThat(rule.level()).isEqualTo(Level.MEDIUM);
        assertThat(rule.groupFields("a")).containsExactly("user");
        assertThat(rule.groupFields("b")).containsExactly("account.name");
        assertThat(rule.places()).extracting(Place::column).containsExactly(11, 15, 19, 32);
        assertThat(set.correlationsOver("c1")).containsExactly(rule);
        assertThat(set.correlationsOver("d")).containsExactly(rule);
        assertThat(set.alertsAlone("c1")).isFalse();
        assertThat(set.alertsAlone("d")).isFalse();
    }

    @Test
    void refusesToAskForARuleThatMustBeAbsent() {
        RuleSet set = of(detection("a", "na", "low"), temporal("x", "[a]") + "kordon: {absent: [na]}\n");
        assertThat(set.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.line()).isEqualTo(17);
            assertThat(problem.message()).isEqualTo("'na' is asked for and must be absent");
        });
    }

    @Test
    void isTheSameInAnyOrderOfRules() {
        List<Rule> rules = new ArrayList<>(Rules.parse(String.join(
                        "---\n",
                        temporal("x", "[y, nb]"),
                        temporal("y", "[na]"),
                        temporal("z", "[ghost]"),
                        detection("a", "na", "low"),
                        detection("b", "nb", "high"),
                        """
                        title: f
                        id: f
                        logsource: {product: falco}
                        filter: {rules: any, s: {g: 1}, condition: not s}
                        """))
                .rules());
        RuleSet first = RuleSet.of(rules);
        for (int seed = 0; seed < 20; seed++) {
            Collections.shuffle(rules, new Random(seed));
            RuleSet other = RuleSet.of(rules);
            assertThat(other.correlations()).isEqualTo(first.correlations());
            assertThat(other.detections())
                    .extracting(Rule::head)
                    .isEqualTo(first.detections().stream().map(Rule::head).toList());
            assertThat(other.problems()).isEqualTo(first.problems());
            assertThat(other.correlationsOver("a")).isEqualTo(first.correlationsOver("a"));
        }
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
