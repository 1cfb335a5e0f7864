package io.kordon.streams.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private static final DetectionRule RULE = Rules.one(Rules.rule("""
            selection:
              proc.name|endswith: ['/nc', ncat]
              user|neq: root
            words: [evil, '*worse']
            filter_main:
              parent|exists: true
            filter_same:
              a|fieldref: b
            """, "(selection or words) and not 1 of filter_*"));

    @Test
    void showsWhatWasTestedAndWhatTheEventHas() {
        Explanation explanation =
                RULE.explain(TestEvent.of("proc.name", "/bin/NC", "user", "bob", "parent", null, "a", 1L, "b", "2"));
        assertThat(explanation).hasToString("""
                - all of
                  + any of
                    + selection
                      + all of
                        + proc.name|endswith  <- /bin/NC
                          + '/nc'
                          - ncat
                        + not
                          - user: root  <- bob
                    - words
                      - any of
                        - keyword evil
                        - keyword '*worse'
                  - not
                    + any of
                      + filter_main
                        + parent|exists: true
                      + filter_same
                        - a|fieldref: b (2)  <- 1""".replace("      + filter_same\n", "      - filter_same\n"));
    }

    @Test
    void agreesWithMatchingInEveryPart() {
        TestEvent event = TestEvent.of("x", "very evil", "a", "same", "b", "SAME");
        assertThat(RULE.explain(event).held()).isEqualTo(RULE.matcher().matches(event));
        assertThat(RULE.explain(event).toString())
                .contains("+ keyword evil  <- very evil")
                .contains("+ a|fieldref: b (SAME)  <- same");
    }

    @Test
    void showsFiltersByTheirIds() {
        RuleSet set = RuleSet.of(Rules.parse(Rules.rule("s: {f: a}", "s")
                        + "---\ntitle: t\nid: fi\nlogsource: {product: falco}\n"
                        + "filter: {rules: any, ok: {g: 1}, condition: not ok}\n")
                .rules());
        assertThat(set.detections().get(0).explain(TestEvent.of("f", "a", "g", 1L)))
                .hasToString("""
                        - all of
                          + s
                            + f: a  <- a
                          - filter fi
                            - not
                              + ok
                                + g: 1  <- 1""");
    }

    @Test
    void cutsLongValuesAndShowsListsAndNothing() {
        DetectionRule rule = Rules.one(Rules.rule("s: {f: [x, null, '']}", "2 of s*".replace("2", "1")));
        String value = "y".repeat(1_000);
        Explanation cut = field(rule.explain(TestEvent.of("f", value)));
        assertThat(cut.value()).hasSize(Explanation.LONGEST + 1).endsWith("…");
        assertThat(field(rule.explain(TestEvent.of("f", List.of("x", 2L)))).value())
                .isEqualTo("[x, 2]");
        Explanation absent = field(rule.explain(TestEvent.of()));
        assertThat(absent.value()).isNull();
        assertThat(absent.parts()).extracting(Explanation::test).containsExactly("x", "null", "''");
        assertThat(absent.parts()).extracting(Explanation::held).containsExactly(false, true, false);
    }

    private static Explanation field(Explanation search) {
        return search.parts().get(0);
    }
}
