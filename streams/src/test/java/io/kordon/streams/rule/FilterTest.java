package io.kordon.streams.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterTest {
    private static final String RULE = "id: r\nname: named\n" + Rules.rule("s: {f: a}", "s");

    private static String filter(String rules, String condition) {
        return "title: Administrators may\nid: f\nlogsource: {product: falco}\nfilter:\n  rules: " + rules
                + "\n  selection: {user|startswith: adm_}\n  selection_more: {host: jump}\n  condition: " + condition
                + "\n";
    }

    private static RuleSet of(String... documents) {
        ParsedRules parsed = Rules.parse(String.join("---\n", documents));
        assertThat(parsed.problems()).isEmpty();
        return RuleSet.of(parsed.rules());
    }

    private static boolean matches(RuleSet set, Object... fields) {
        return set.detections().get(0).matcher().matches(TestEvent.of(fields));
    }

    @ParameterizedTest(name = "{0}, {1}, {2}: {3}")
    @CsvSource({
        "[r], not selection, adm_x, false",
        "[named], not selection, adm_x, false",
        "r, not selection, adm_x, false",
        "any, not selection, adm_x, false",
        "[], not selection, adm_x, false",
        "ANY, not selection, bob, true",
        "[r], not 1 of selection*, adm_x, false",
        "[r], not 1 of them, adm_x, false",
        "[r], selection, adm_x, true",
        "[r], selection, bob, false",
    })
    void addsItsConditionToThatOfTheRule(String rules, String condition, String user, boolean matches) {
        RuleSet set =
                of(RULE, filter("'" + rules + "'", condition).replace("'[", "[").replace("]'", "]"));
        assertThat(set.problems()).isEmpty();
        assertThat(matches(set, "f", "a", "user", user)).isEqualTo(matches);
        assertThat(matches(set, "f", "b", "user", user)).isFalse();
    }

    @Test
    void keepsAwayFromRulesItDoesNotNameAndFromOtherLogSources() {
        String other = "id: other\n" + Rules.rule("s: {f: a}", "s");
        RuleSet set = of(filter("[r]", "not selection"), RULE, other);
        assertThat(set.detections())
                .extracting(rule -> rule.matcher().matches(TestEvent.of("f", "a", "user", "adm_x")))
                .containsExactly(true, false);
        String narrow = filter("[r]", "not selection").replace("{product: falco}", "{product: falco, service: x}");
        assertThat(matches(of(RULE, narrow), "f", "a", "user", "adm_x")).isTrue();
        String broad = RULE.replace("{product: falco}", "{product: falco, service: x}");
        assertThat(matches(of(broad, filter("any", "not selection")), "f", "a", "user", "adm_x"))
                .isFalse();
    }

    @Test
    void changesTheVersionOfTheRule() {
        String plain = of(RULE).detections().get(0).version();
        String filtered =
                of(RULE, filter("[r]", "not selection")).detections().get(0).version();
        String changed = of(RULE, filter("[r]", "not selection_more"))
                .detections()
                .get(0)
                .version();
        assertThat(filtered).matches("[0-9a-f]{12}").isNotEqualTo(plain).isNotEqualTo(changed);
        assertThat(changed).isNotEqualTo(plain);
        assertThat(of(
                                RULE,
                                filter("[r]", "not selection"),
                                filter("any", "not selection").replace("id: f", "id: g"))
                        .detections()
                        .get(0)
                        .version())
                .isNotEqualTo(filtered);
    }

    @Test
    void isARuleWithItsOwnDocument() {
        ParsedRules parsed = Rules.parse(filter("[r]", "not selection"));
        assertThat(parsed.documents()).singleElement().satisfies(document -> {
            assertThat(document.id()).isEqualTo("f");
            assertThat(document.version()).isEqualTo(parsed.rules().get(0).version());
        });
        RuleSet set = of(RULE, filter("[r]", "not selection"));
        assertThat(set.filters()).extracting(Rule::id).containsExactly("f");
        assertThat(set.detections()).extracting(Rule::id).containsExactly("r");
    }

    @Test
    void namesReferencesThatLeadNowhere() {
        String correlation = "title: c\nid: c\ncorrelation: {type: temporal, rules: [r, f], timespan: 1m}\n";
        RuleSet set = of(filter("[r, ghost, c]", "not selection"), RULE, correlation);
        assertThat(set.problems())
                .extracting(RuleProblem::toString)
                .containsExactlyInAnyOrder(
                        "test.yml:5:14: no rule has the id or name 'ghost'",
                        "test.yml:5:21: 'c' is no detection; filters apply to detections only",
                        "test.yml:20:42: 'f' is a filter, which matches nothing by itself");
        assertThat(matches(set, "f", "a", "user", "adm_x")).isFalse();
    }

    @Test
    void refusesWhatIsNoFilter() {
        assertThat(Rules.problems("title: t\nfilter: {}"))
                .isEqualTo("1:1: a rule needs 'logsource'\n2:9: 'filter' needs 'rules'");
        assertThat(Rules.problems(filter("any", "[selection]")))
                .isEqualTo("8:14: 'condition' of a filter must be text");
        assertThat(Rules.problems(filter("any", "none"))).isEqualTo("8:14: the detection has no search 'none'");
        assertThat(Rules.problems(filter("{a: b}", "selection"))).isEqualTo("5:10: 'rules' must be a list of texts");
        assertThat(Rules.problems(filter("any", "selection") + "kordon: {weight: 1}"))
                .isEqualTo("9:10: unknown key 'weight' in 'kordon' of a filter");
    }
}
