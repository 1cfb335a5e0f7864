package io.kordon.streams.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

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
                arguments(GOOD + "kordon: {wieght: 1}", "6:10: unknown key 'wieght' in 'kordon' of a detection"),
                arguments(GOOD + "kordon: {until: [a]}", "6:10: unknown key 'until' in 'kordon' of a detection"),
                arguments(GOOD + "kordon: {playbook: ' '}", "6:10: 'playbook' is a name"),
                arguments(GOOD + "tags: {a: b}", "6:7: 'tags' must be a list of texts"),
                arguments(Rules.rule("s: {f|containz: a}", "s"), "4:9: unknown modifier 'containz'"),
                arguments(Rules.rule("s: {f|i: a}", "s"), "4:9: unknown modifier 'i'"),
                arguments(Rules.rule("s: {f|expand: 'x%a%'}", "s"), "4:19: the placeholder '%a%' has no values here"),
                arguments(Rules.rule("s: {f|hour|day: 1}", "s"), "4:14: 'day' and 'hour' exclude each other"),
                arguments(Rules.rule("s: {f|hour|re: 1}", "s"), "4:14: 'hour' cannot be combined with re"),
                arguments(Rules.rule("s: {f|contains|hour: 1}", "s"), "4:18: 'hour' cannot be combined with contains"),
                arguments(
                        Rules.rule("s: {f|hour: 24}", "s"), "4:15: 'hour' needs a whole number from 0 to 23, not '24'"),
                arguments(
                        Rules.rule("s: {f|month|gte: 1.5}", "s"),
                        "4:20: 'month' needs a whole number from 1 to 12, not '1.5'"),
                arguments(Rules.rule("s: {f|fieldref: }", "s"), "4:18: 'fieldref' needs the name of a field"),
                arguments(Rules.rule("s: {'|exists': true}", "s"), "4:18: 'exists' and 'fieldref' need a field"),
                arguments(Rules.rule("s: [null]", "s"), "4:7: a keyword cannot be null"),
                arguments(Rules.rule("s: [[a]]", "s"), "4:7: a list directly in a list has no meaning"),
                arguments(Rules.rule("s: {f|re|cidr: a}", "s"), "4:12: 'cidr' and 're' exclude each other"),
                arguments(Rules.rule("s: {f|re|base64: a}", "s"), "4:12: 're' cannot be combined with base64"),
                arguments(Rules.rule("s: {f|wide|re: a}", "s"), "4:14: 're' cannot be combined with wide"),
                arguments(Rules.rule("s: {f|gt: abc}", "s"), "4:13: 'gt' needs a number, not 'abc'"),
                arguments(Rules.rule("s: {f|cidr: 10.0.0.0/33}", "s"), "4:15: '10.0.0.0/33' is no network"),
                arguments(Rules.rule("s: {f|re: 'a(?!b'}", "s"), "4:13: not a regular expression: Unclosed group"),
                arguments(Rules.rule("s: {f|re: '(((){999}){999}){999}'}", "s"), "4:13: the repeats"),
                arguments(Rules.rule("s: {f|re: '((a{999}){999}){999}'}", "s"), "4:13: the repeats"),
                arguments(Rules.rule("s: {f|exists: maybe}", "s"), "4:17: 'exists' needs true or false"),
                arguments(Rules.rule("s: {f|base64: 'a*'}", "s"), "4:17: base64 takes no value with wildcards"),
                arguments(Rules.rule("s: {f|wide|base64: 'a*'}", "s"), "4:22: base64 takes no value with wildcards"),
                arguments(
                        Rules.rule("s: {f|windash|wide: '-a -b -c -d'}", "s"),
                        "4:23: windash before an encoding takes at most 3 dashes in a value"),
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
                arguments("action: globule\n" + GOOD, "1:9: action 'globule' is none of global, reset, repeat"),
                arguments("action: repeat\n" + GOOD, "1:1: there is no rule before this that could be repeated"),
                arguments("action: reset\n" + GOOD, "2:1: 'action: reset' stands alone"),
                arguments(GOOD + "filter: {}", "3:1: a rule is a detection, a correlation or a filter, not several"),
                arguments("correlation: {}\n" + GOOD, "4:1: a rule is a detection, a correlation or a filter"));
    }

    @Test
    void passesOverATimeframeWithoutAnAggregation() {
        String searches = "s: {f: a}\ntimeframe: 5m";
        assertThat(Rules.detection(searches, "all of them").matches(TestEvent.of("f", "a")))
                .isTrue();
        assertThat(Rules.problems(Rules.rule(searches, "'s | count() by g > 5'")))
                .startsWith("6:17: aggregations in conditions are not part of Sigma 2");
        assertThat(Rules.problems(Rules.rule(searches, "s or timeframe")))
                .startsWith("6:19: the detection has no search 'timeframe'");
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
}
