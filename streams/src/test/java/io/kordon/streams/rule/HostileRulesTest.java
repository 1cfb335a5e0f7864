package io.kordon.streams.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rules and events that want to cost more than they may. Time-outs are far above what is needed: they stand for "ever". */
class HostileRulesTest {
    private static final String GOOD = Rules.rule("s: {f: a}", "s");

    @Test
    void refusesYamlThatUnfoldsOrNestsWithoutEnd() {
        String laughs = IntStream.range(1, 12)
                .mapToObj(i -> "a" + i + ": &a" + i + " ["
                        + (i == 1 ? "lol" : ("*a" + (i - 1) + ", ").repeat(9) + "*a" + (i - 1)) + "]")
                .collect(Collectors.joining("\n"));
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            assertThat(Rules.problems(laughs + "\n" + GOOD))
                    .contains("not YAML")
                    .contains("aliases");
            assertThat(Rules.problems("title: " + "[".repeat(200_000))).contains("nested deeper than 32");
            assertThat(Rules.problems("a: &a [*a]\n" + Rules.rule("s: &s [*s]", "s")))
                    .isNotEmpty();
            assertThat(Rules.problems(GOOD + "description: " + "x".repeat(YamlDocument.MOST_CODE_POINTS)))
                    .contains("longer than");
        });
    }

    @Test
    void readsTenThousandRulesInBoundedTime() {
        String file = IntStream.range(0, 10_000)
                .mapToObj(i -> "id: r" + i + "\n" + Rules.rule("s: {f|contains: [a" + i + ", 'b*" + i + "']}", "s"))
                .collect(Collectors.joining("---\n"));
        ParsedRules parsed = assertTimeoutPreemptively(Duration.ofSeconds(30), () -> Rules.parse(file));
        assertThat(parsed.rules()).hasSize(10_000);
        assertThat(RuleSet.of(parsed.rules()).detections()).hasSize(10_000);
    }

    @Test
    void matchesHostilePatternsInLinearTime() {
        String text = "a".repeat(200_000);
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertThat(Rules.search("{f|re: '^(a+)+$'}").matches(TestEvent.of("f", text + "!")))
                    .isFalse();
            assertThat(Rules.search("{f: '*a*a*a*a*a*a*a*a*b'}").matches(TestEvent.of("f", text)))
                    .isFalse();
        });
    }

    @Test
    void givesUpOnAnExpressionThatBacktracksWithoutEnd() {
        Matcher evil = Rules.search("{f|re: '^(?=(a+)+$)(a|aa)+$'}");
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            long before = Backtracking.exhausted();
            assertThat(evil.matches(TestEvent.of("f", "a".repeat(5_000) + "!"))).isFalse();
            assertThat(Backtracking.exhausted()).isGreaterThan(before);
            assertThat(evil.matches(TestEvent.of("f", "aaaa"))).isTrue();
        });
    }

    @Test
    void givesUpOnAnExpressionThatChoosesWithoutReading() {
        List<String> evil = List.of(
                "(?!x)" + "(?:a?|b?)".repeat(60) + "c",
                "(?!x)" + "(a?)?".repeat(60) + "c",
                "()" + "\\1?".repeat(60) + "c",
                "(?<n>)" + "\\k<n>?".repeat(60) + "c");
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (String expression : evil) {
                Matcher matcher = Rules.search("{f|re: '" + expression + "'}");
                for (String text : List.of("", "z", "zzzz")) {
                    assertThat(matcher.matches(TestEvent.of("f", text))).isFalse();
                }
            }
        });
    }

    @Test
    void survivesAnExpressionThatRecursesForEveryCharacter() {
        Matcher deep = Rules.search("{f|re: '^(?!b)(?:a|c)*$'}");
        assertThat(deep.matches(TestEvent.of("f", "a".repeat(60_000)))).isFalse();
        assertThat(deep.matches(TestEvent.of("f", "acca"))).isTrue();
    }

    @Test
    void looksAtTheBeginningOfATextOnlyWhenItBacktracks() {
        String padding = "x".repeat(Backtracking.LONGEST_TEXT);
        Matcher matcher = Rules.search("{f|re: 'evil(?!x)'}");
        assertThat(matcher.matches(TestEvent.of("f", padding + "evil"))).isFalse();
        assertThat(matcher.matches(TestEvent.of("f", "evil" + padding))).isFalse();
        assertThat(matcher.matches(TestEvent.of("f", "evil " + padding))).isTrue();
        assertThat(Rules.search("{f|re: '(?=x)x$'}").matches(TestEvent.of("f", padding + "y")))
                .as("the end of what is looked at is not the end of the text")
                .isFalse();
    }

    @Test
    void boundsWhatPlaceholdersUnfoldTo() {
        List<String> thirty = Collections.nCopies(32, "v");
        Placeholders many = new Placeholders(Map.of("p", thirty, "long", List.of("x".repeat(1 << 20))));
        String cube = Rules.rule("s: {f|expand: '%p%%p%%p%'}", "s");
        assertThat(new RuleParser(many).parse("t", cube).problems())
                .extracting(RuleProblem::message)
                .containsExactly("the placeholders make more than 1000 values of this one");
        String wide = Rules.rule("s: {f|expand: '%long%%long%'}", "s");
        assertThat(new RuleParser(many).parse("t", wide).problems())
                .extracting(RuleProblem::message)
                .containsExactly("the placeholders make more than 1048576 characters of this rule");
    }

    @Test
    void boundsHowManyDashesAreSpelledOut() {
        String values = "'-a -b -c', ".repeat(1_100);
        assertThat(Rules.parse(Rules.rule("s: {f|windash|wide|base64offset|contains: [" + values + "]}", "s"))
                        .problems())
                .extracting(RuleProblem::message)
                .containsExactly("windash before encodings makes more than 1048576 characters of this rule");
    }

    @Test
    void boundsWhatRuleCollectionsUnfoldTo() {
        String list = "a0: &a0 [" + "x, ".repeat(200) + "x]\n";
        String laughs = list
                + IntStream.range(1, 4)
                        .mapToObj(i -> "a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ", ").repeat(3) + "]\n")
                        .collect(Collectors.joining());
        assertThat(Rules.problems("action: global\n" + laughs + "---\n" + GOOD)).isEmpty();
        String heavy = laughs.replace("x, ".repeat(200), "x, ".repeat(9_000));
        assertThat(Rules.problems("action: global\n" + heavy + "---\n" + GOOD)).contains("unfold too far");
        assertThat(Rules.problems("action: global\na: &a [*a]\n---\n" + GOOD)).contains("unfold too far");
    }

    @Test
    void boundsWhatOneRuleMakesOfPlaceholders() {
        Placeholders known = new Placeholders(Map.of("p", Collections.nCopies(30, "0123456789")));
        String values = "['%p%%p%', " + "'%p%%p%', ".repeat(1_000) + "'x']";
        assertThat(new RuleParser(known)
                        .parse("t", Rules.rule("s: {f|expand: " + values + "}", "s"))
                        .problems())
                .extracting(RuleProblem::message)
                .containsExactly("the placeholders make more than 1048576 characters of this rule");
    }

    @Test
    void boundsHowOftenALargeGlobalPartIsRepeated() {
        String global = "action: global\ndescription: " + "x".repeat(200_000) + "\n";
        ParsedRules parsed = Rules.parse(global + ("---\n" + GOOD).repeat(200));
        assertThat(parsed.rules()).hasSizeBetween(80, 90);
        assertThat(parsed.problems().get(0).message()).contains("unfold to more than 16777216 characters");
        assertThat(parsed.problems().size() + parsed.rules().size()).isEqualTo(200);
    }

    @Test
    void resolvesCirclesAndChainsOfAnyLength() {
        StringBuilder file = new StringBuilder();
        int circle = 20_000;
        for (int i = 0; i < circle; i++) {
            file.append("--- {title: c, id: c").append(i).append(", correlation: {type: temporal, rules: [c");
            file.append((i + 1) % circle).append("], timespan: 1m}}\n");
        }
        RuleSet set = RuleSet.of(Rules.parse(file.toString()).rules());
        assertThat(set.correlations()).isEmpty();
        assertThat(set.problems()).hasSize(circle);
        String chain = file.toString().replace("rules: [c0]", "rules: [leaf]");
        RuleSet chained =
                RuleSet.of(Rules.parse(chain + "---\nid: leaf\n" + GOOD).rules());
        assertThat(chained.correlations()).hasSize(Resolution.DEEPEST);
        assertThat(chained.problems()).hasSize(circle - Resolution.DEEPEST);
    }

    @Test
    void setsUpAHundredThousandRules() {
        String detections = IntStream.range(0, 50_000)
                .mapToObj(i -> "id: r" + i + "\nname: n" + i + "\n" + Rules.rule("s: {f: a" + i + "}", "s"))
                .collect(Collectors.joining("---\n"));
        String correlations = IntStream.range(0, 50_000)
                .mapToObj(i -> "--- {title: c, id: c" + i + ", correlation: {type: temporal, rules: [n" + i + ", r"
                        + (i + 1) % 50_000 + "], timespan: 1m}}\n")
                .collect(Collectors.joining());
        ParsedRules parsed = Rules.parse(detections + correlations);
        assertThat(parsed.rules()).hasSize(100_000);
        RuleSet set = RuleSet.of(parsed.rules());
        assertThat(set.problems()).isEmpty();
        assertThat(set.correlationsOver("r1")).hasSize(2);
    }
}
