package io.kordon.streams.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RuleParserTest {
    private static final String GOOD = Rules.rule("s: {f: a}", "s");

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void namesTheLineAndTheReason(String yaml, String problem) {
        assertThat(Rules.problems(yaml)).startsWith(problem);
        assertThat(Rules.parse(yaml).rules()).isEmpty();
    }

    static Stream<Arguments> namesTheLineAndTheReason() {
        String correlation =
                "title: c\ncorrelation:\n  type: event_count\n  rules: [a]\n  timespan: 5m\n  group-by: [pod]\n";
        return Stream.of(
                arguments("just text", "1:1: a rule must be a mapping"),
                arguments("title: [", "1:9: not YAML"),
                arguments("title: a\ntitle: b", "2:1: key 'title' stands here twice"),
                arguments("logsource: {product: x}\ndetection: {s: {f: a}, condition: s}", "1:1: a rule needs 'title'"),
                arguments("title: t\ndetection: {s: {f: a}, condition: s}", "1:1: a rule needs 'logsource'"),
                arguments("title: t\nlogsource: {}\ndetection: {s: {f: a}, condition: s}", "2:12: 'logsource' needs a"),
                arguments("title: t\nlogsource: {product: x}", "1:1: a rule needs 'detection'"),
                arguments(GOOD + "level: severe", "6:8: level 'severe' is none of"),
                arguments(GOOD + "kordon: {weight: .nan}", "6:18: 'weight' must be a number in [0, 100]"),
                arguments(GOOD + "kordon: {weight: 0x1F}", "6:18: 'weight' must be a number in [0, 100]"),
                arguments(GOOD + "kordon: {weight: 0o17}", "6:18: 'weight' must be a number in [0, 100]"),
                arguments(GOOD + "kordon: {weight: 101}", "6:18: 'weight' must be a number in [0, 100]"),
                arguments(GOOD + "kordon: {wieght: 1}", "6:10: unknown key 'wieght'"),
                arguments(GOOD + "tags: {a: b}", "6:7: 'tags' must be a list of texts"),
                arguments(Rules.rule("s: {f|containz: a}", "s"), "4:9: unknown modifier 'containz'"),
                arguments(Rules.rule("s: {f|i: a}", "s"), "4:9: unknown modifier 'i'"),
                arguments(Rules.rule("s: {f|expand: '%a%'}", "s"), "4:9: modifier 'expand' is not supported yet"),
                arguments(Rules.rule("s: {f|re|cidr: a}", "s"), "4:12: 'cidr' and 're' exclude each other"),
                arguments(Rules.rule("s: {f|re|contains: a}", "s"), "4:8: 're' cannot be combined with contains"),
                arguments(Rules.rule("s: {f|gt: abc}", "s"), "4:13: 'gt' needs a number, not 'abc'"),
                arguments(Rules.rule("s: {f|cidr: 10.0.0.0/33}", "s"), "4:15: '10.0.0.0/33' is no network"),
                arguments(Rules.rule("s: {f|re: 'a(?!b)'}", "s"), "4:13: not a regular expression of linear time"),
                arguments(Rules.rule("s: {f|re: '((a{999}){999}){999}'}", "s"), "4:13: the repeats"),
                arguments(Rules.rule("s: {f|exists: maybe}", "s"), "4:17: 'exists' needs true or false"),
                arguments(Rules.rule("s: {f|base64: 'a*'}", "s"), "4:17: base64 takes no value with wildcards"),
                arguments(Rules.rule("s: {f|contains: null}", "s"), "4:19: null cannot be modified"),
                arguments(Rules.rule("s: {f: {g: a}}", "s"), "4:10: a field's value cannot be a mapping"),
                arguments(Rules.rule("s: {f: []}", "s"), "4:10: an empty list of values can never match"),
                arguments(Rules.rule("s: {}", "s"), "4:6: an empty search would match everything"),
                arguments(Rules.rule("s: {f: a}", "s and t"), "5:20: the detection has no search 't'"),
                arguments(Rules.rule("s: {f: a}", "'s or (s'"), "5:20: '(' is not closed"),
                arguments(Rules.rule("s: {f: a}", "s s"), "5:16: 's' is not expected here"),
                arguments(Rules.rule("s: {f: a}", "s and"), "5:19: the condition ends where"),
                arguments(Rules.rule("s: {f: a}", "1 of x*"), "5:19: no search of the detection is meant by 'x*'"),
                arguments(Rules.rule("s: {f: a}", "2 of s*"), "5:14: 2 of 1 can never match"),
                arguments(Rules.rule("s: {f: a}", "0 of s*"), "5:14: '0 of'"),
                arguments(Rules.rule("s: {f: a}", "'s | count() > 5'"), "5:17: aggregations in conditions"),
                arguments(Rules.rule("s: {f: a}", "(".repeat(65) + "s" + ")".repeat(65)), "5:78: parentheses nest"),
                arguments("action: global\n" + GOOD, "1:1: rule collections with 'action'"),
                arguments("title: t\nfilter: {}", "2:1: filters are not supported yet"),
                arguments(correlation, "3:3: an event_count needs 'condition'"),
                arguments(correlation + "  condition: {lt: 5}", "7:15: 'lt' is only decided when its window closes"),
                arguments(correlation + "  condition: {gte: 0}", "7:20: gte 0 is reached by nothing"),
                arguments(correlation + "  condition: {gte: 100000}", "7:20: a count is a whole number from 0 to 1000"),
                arguments(correlation.replace("5m", "200000d"), "5:13: a timespan is at most 90d"),
                arguments(correlation + "  condition: {gte: many}", "7:20: a count is a whole number"),
                arguments(correlation + "  condition: {gte: 5, lte: 9}", "7:14: a condition has exactly one"),
                arguments(correlation + "  field: x", "7:3: unknown key 'field' in 'correlation'"),
                arguments(
                        correlation.replace("event_count", "value_avg"),
                        "3:9: correlation type 'value_avg' is not supported yet"),
                arguments(correlation.replace("event_count", "nearby"), "3:9: unknown correlation type 'nearby'"),
                arguments(correlation.replace("5m", "5 minutes"), "5:13: timespan '5 minutes' is not a number"),
                arguments(correlation.replace("[a]", "[a, b, a]"), "4:17: 'rules' refers to 'a' twice"));
    }

    @Test
    void keepsTheGoodDocumentsOfAFileWithBrokenOnes() {
        ParsedRules parsed =
                Rules.parse(GOOD + "---\ntitle: [broken\n---\n# only a comment\n---\nname: three\n" + GOOD);
        assertThat(parsed.rules()).extracting(Rule::id).containsExactly("title:t", "three");
        assertThat(parsed.problems()).hasSize(1);
        assertThat(parsed.problems().get(0).line()).isBetween(7, 8);
    }

    @Test
    void reportsEverySectionThatIsWrong() {
        assertThat(Rules.problems("level: x\nlogsource: 5\ndetection: {condition: s}")
                        .lines())
                .containsExactly(
                        "1:1: a rule needs 'title'",
                        "2:12: 'logsource' must be a mapping",
                        "3:24: the detection has no search 's'");
    }

    @Test
    void takesTheIdTheNameOrTheTitleAsId() {
        assertThat(Rules.one("id: i\nname: n\n" + GOOD).id()).isEqualTo("i");
        assertThat(Rules.one("name: n\n" + GOOD).id()).isEqualTo("n");
        assertThat(Rules.one(GOOD.replace("title: t", "title: 'Tomcat: RCE, again!'"))
                        .id())
                .isEqualTo("title:tomcat-rce-again");
    }

    @Test
    void givesOneTextOneVersionWhereverItStands() {
        String version = Rules.one(GOOD).version();
        assertThat(version).matches("[0-9a-f]{12}");
        assertThat(Rules.one("---\n" + GOOD + "\n\n").version()).isEqualTo(version);
        assertThat(Rules.one(GOOD.replace("\n", "\r\n")).version()).isEqualTo(version);
        assertThat(Rules.one(GOOD + "level: high").version()).isNotEqualTo(version);
    }

    @Test
    void givesEachRuleAsADocumentThatMakesTheSameRuleAlone() {
        ParsedRules parsed = Rules.parse(
                "---\nname: one\n" + GOOD + "---  # two\nname: two\n" + GOOD
                        + "---\ntitle: broken\n--- {title: c, correlation: {type: temporal, rules: [one, two], timespan: 1m}}\n");
        assertThat(parsed.documents())
                .extracting(RuleDocument::text)
                .containsExactly(
                        "name: one\n" + GOOD,
                        "  # two\nname: two\n" + GOOD,
                        " {title: c, correlation: {type: temporal, rules: [one, two], timespan: 1m}}\n");
        assertThat(parsed.documents())
                .extracting(document -> document.place().line())
                .containsExactly(2, 9, 17);
        for (int i = 0; i < parsed.rules().size(); i++) {
            ParsedRules alone = Rules.parse(parsed.documents().get(i).text());
            assertThat(alone.problems()).isEmpty();
            assertThat(alone.rules())
                    .singleElement()
                    .satisfies(rule -> assertThat(rule.version()).isNotEmpty());
            assertThat(alone.rules().get(0).id())
                    .isEqualTo(parsed.rules().get(i).id());
            assertThat(alone.rules().get(0).version())
                    .isEqualTo(parsed.rules().get(i).version());
        }
    }

    @Test
    void weighsByLevelUnlessTheRuleHasItsOwnWeight() {
        assertThat(Rules.one(GOOD + "level: critical").weight()).isEqualTo(99);
        assertThat(Rules.one(GOOD).level()).isEqualTo(Level.LOW);
        assertThat(Rules.one(GOOD + "level: high\nkordon: {weight: 12.5}").weight())
                .isEqualTo(12.5);
    }

    @Test
    void readsACorrelation() {
        ParsedRules parsed = Rules.parse("""
                title: c
                generate: true
                correlation:
                  type: event_count
                  rules: [a, b]
                  group-by: [pod, user.username]
                  timespan: 2h
                  condition: {gt: 4}
                """);
        CorrelationRule rule = (CorrelationRule) parsed.rules().get(0);
        assertThat(rule.type()).isEqualTo(CorrelationRule.Type.EVENT_COUNT);
        assertThat(rule.rules()).containsExactly("a", "b");
        assertThat(rule.groupBy()).containsExactly("pod", "user.username");
        assertThat(rule.timespan()).isEqualTo(Duration.ofHours(2));
        assertThat(rule.condition().atLeast()).isEqualTo(5);
        assertThat(rule.generate()).isTrue();
    }

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
}
