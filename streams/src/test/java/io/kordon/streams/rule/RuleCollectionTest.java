package io.kordon.streams.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RuleCollectionTest {
    private static final String GLOBAL = """
            action: global
            title: Suspicious tool
            id: tool
            level: high
            tags: &t [attack.execution]
            detection:
              condition: 1 of s*
            """;
    private static final String FALCO =
            "---\nlogsource: {product: falco}\ndetection: {s1: {proc.name|startswith: 'nc'}}\n";
    private static final String AUDIT =
            "---\nlogsource: {product: kubernetes}\ndetection:\n  s1:\n    verb: create\n  s2: {user: '123'}\n";

    @Test
    void mergesTheGlobalPartIntoEachThatFollows() {
        ParsedRules parsed = Rules.parse(GLOBAL + FALCO + AUDIT);
        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.rules()).extracting(Rule::id).containsExactly("tool", "tool/2");
        assertThat(parsed.rules()).extracting(Rule::level).containsOnly(Level.HIGH);
        DetectionRule falco = (DetectionRule) parsed.rules().get(0);
        DetectionRule audit = (DetectionRule) parsed.rules().get(1);
        assertThat(falco.logSource().product()).isEqualTo("falco");
        assertThat(falco.matcher().matches(TestEvent.of("proc.name", "NCat"))).isTrue();
        assertThat(audit.matcher().matches(TestEvent.of("user", "123"))).isTrue();
        assertThat(audit.tags()).containsExactly("attack.execution");
        assertThat(RuleSet.of(parsed.rules()).problems()).isEmpty();
    }

    @Test
    void givesEachPartAsADocumentThatMakesTheSameRuleAlone() {
        ParsedRules parsed = Rules.parse(GLOBAL + FALCO + AUDIT);
        for (RuleDocument document : parsed.documents()) {
            ParsedRules alone = Rules.parse(document.text());
            assertThat(alone.problems()).isEmpty();
            assertThat(alone.rules()).singleElement().satisfies(rule -> {
                assertThat(rule.id()).isEqualTo(document.id());
                assertThat(rule.version()).isEqualTo(document.version());
                assertThat(rule.level()).isEqualTo(Level.HIGH);
            });
            assertThat(document.text()).doesNotContain("action");
        }
        DetectionRule again = (DetectionRule)
                Rules.parse(parsed.documents().get(1).text()).rules().get(0);
        assertThat(again.matcher().matches(TestEvent.of("user", "123"))).isTrue();
        assertThat(parsed.documents())
                .extracting(document -> document.place().line())
                .containsExactly(9, 12);
    }

    @Test
    void letsTheGlobalPartWinAndSeveralAddUpUntilReset() {
        ParsedRules parsed = Rules.parse(GLOBAL
                + "---\naction: global\nlevel: low\nlogsource: {product: falco}\n"
                + "---\nid: own\nlevel: critical\ndetection: {s1: {a: 1}}\n"
                + "---\naction: reset\n"
                + "---\nname: free\n" + Rules.rule("s: {f: a}", "s"));
        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.rules()).extracting(Rule::id).containsExactly("tool", "free");
        assertThat(parsed.rules()).extracting(Rule::level).containsExactly(Level.LOW, Level.LOW);
        assertThat(parsed.rules().get(0).title()).isEqualTo("Suspicious tool");
    }

    @Test
    void repeatsTheRuleBeforeWithChanges() {
        ParsedRules parsed = Rules.parse(Rules.rule("s: {f: a, g: b}", "s")
                + "---\naction: repeat\ndetection: {s: {f: c}}\n"
                + "---\naction: repeat\nid: third\nlogsource: {service: x}\n");
        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.rules()).extracting(Rule::id).containsExactly("title:t", "title:t/2", "third");
        DetectionRule third = (DetectionRule) parsed.rules().get(2);
        assertThat(third.matcher().matches(TestEvent.of("f", "c", "g", "b"))).isTrue();
        assertThat(third.matcher().matches(TestEvent.of("f", "a", "g", "b"))).isFalse();
        assertThat(third.logSource()).isEqualTo(new LogSource("falco", null, "x"));
    }

    @Test
    void leavesCorrelationsAndFiltersAsTheyAre() {
        ParsedRules parsed = Rules.parse(GLOBAL
                + "---\ntitle: c\ncorrelation: {type: temporal, rules: [tool], timespan: 1m}\n"
                + "---\ntitle: f\nlogsource: {product: x}\nfilter: {rules: any, s: {a: 1}, condition: s}\n");
        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.rules()).extracting(Rule::id).containsExactly("title:c", "title:f");
    }

    @Test
    void findsProblemsWhereTheyWereWritten() {
        assertThat(Rules.problems(GLOBAL.replace("1 of s*", "1 of x*") + FALCO))
                .isEqualTo("7:19: no search of the detection is meant by 'x*'");
        assertThat(Rules.problems(GLOBAL + FALCO.replace("startswith", "beginswith")))
                .isEqualTo("10:28: unknown modifier 'beginswith'");
        assertThat(Rules.problems(GLOBAL + "---\ntitle: [\n" + AUDIT))
                .startsWith("10:1: not YAML")
                .doesNotContain("\n");
        assertThat(Rules.problems(Rules.rule("s: {f: a}", "s") + "---\ntitle: [\n---\naction: repeat\n"))
                .contains("9:1: there is no rule before this");
    }
}
