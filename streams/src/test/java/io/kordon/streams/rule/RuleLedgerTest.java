package io.kordon.streams.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.rule.RuleLedger.Refusal;
import io.kordon.streams.rule.RuleLedger.Resolution;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleLedgerTest {
    private final RuleLedger ledger = new RuleLedger(
            Rules.parse(String.join("---\n", detection("a", "disk"), detection("b", "disk"))), new RuleParser());

    @Test
    void putsAPublishedDocumentInPlaceOfTheOneFromDisk() {
        assertThat(publish("a", detection("a", "published"))).isNull();

        assertThat(title("a")).isEqualTo("published");
        assertThat(title("b")).isEqualTo("disk");
    }

    @Test
    void switchesOffARuleFromDiskUntilWhatWasPublishedIsForgotten() {
        assertThat(publish("a", "")).isNull();
        assertThat(title("a")).isNull();

        ledger.forget("a");
        assertThat(title("a")).isEqualTo("disk");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "title: t | logsource",
                "a: [ | not YAML",
                "'# nothing' | holds 0 rules, not one",
            })
    void refusesWhatIsNoRuleAndKeepsWhatWasThere(String document, String reason) {
        publish("a", detection("a", "published"));
        Refusal refusal = publish("a", document);

        assertThat(refusal).isNotNull();
        assertThat(refusal.problem().toString())
                .contains("published rule a (x.yml:7)")
                .contains(reason);
        assertThat(title("a")).isEqualTo("published");
    }

    @Test
    void refusesADocumentOfAnotherRuleOrOfSeveral() {
        assertThat(reason(publish("a", detection("b", "published")))).contains("another id: 'b'");
        assertThat(reason(publish("a", detection("a", "one") + "---\n" + detection("b", "two"))))
                .contains("holds 2 rules, not one");
        assertThat(title("a")).isEqualTo("disk");
        assertThat(title("b")).isEqualTo("disk");
    }

    @Test
    void refusesIdsThatAreNoneAndMoreRulesThanAnybodyKeeps() {
        assertThat(reason(publish(" ", ""))).contains("an id has 1 to 512");
        assertThat(reason(publish("x".repeat(600), "")))
                .contains("an id has 1 to 512")
                .hasSizeLessThan(2_000);
        for (int i = 0; i < RuleLedger.MOST; i++) {
            assertThat(publish("off-" + i, "")).isNull();
        }
        assertThat(reason(publish("one-more", detection("one-more", "t")))).contains("more than 20000 rules");
        assertThat(publish("off-1", detection("off-1", "known ids may change"))).isNull();
    }

    @Test
    void keepsTheLastGoodCorrelationUntilTheRulesThatTheNextNamesAreThere() {
        publish("c", correlation("c", "first", "[a, b]"));
        assertThat(title("c")).isEqualTo("first");

        publish("c", correlation("c", "second", "[a, later]"));
        Resolution resolution = ledger.resolve();
        assertThat(resolution.rules().rule("c").title()).isEqualTo("first");
        assertThat(resolution.refused()).singleElement().satisfies(refusal -> {
            assertThat(refusal.id()).isEqualTo("c");
            assertThat(refusal.problem().message()).contains("'later'");
        });

        publish("later", detection("later", "t"));
        assertThat(title("c")).isEqualTo("second");
        assertThat(ledger.resolve().refused()).isEmpty();
    }

    @Test
    void leavesOutACorrelationWhoseReferencesVanishAndBringsItBackWithThem() {
        publish("c", correlation("c", "both", "[a, b]"));
        assertThat(title("c")).isEqualTo("both");

        publish("b", "");
        Resolution without = ledger.resolve();
        assertThat(without.rules().correlations()).isEmpty();
        assertThat(without.rules().rule("a")).isNotNull();
        assertThat(without.refused()).extracting(Refusal::id).containsExactly("c");

        ledger.forget("b");
        assertThat(title("c")).isEqualTo("both");
    }

    @Test
    void addsPublishedFiltersAndKeepsTheLastThatNamesWhatIsThere() {
        publish("f", filter("first", "[a]"));
        assertThat(ledger.resolve().rules().filters()).hasSize(1);

        publish("f", filter("second", "[ghost]"));
        Resolution resolution = ledger.resolve();
        assertThat(resolution.rules().filters()).extracting(Rule::title).containsExactly("first");
        assertThat(resolution.refused()).extracting(Refusal::id).containsExactly("f");
    }

    @Test
    void readsPublishedDocumentsWithItsPlaceholders() {
        String document = detection("p", "t").replace("f: a", "f|expand: '%servers%'");
        assertThat(reason(publish("p", document))).contains("servers");

        RuleLedger knowing =
                new RuleLedger(Rules.parse(""), new RuleParser(new Placeholders(Map.of("servers", List.of("a")))));
        assertThat(knowing.publish("p", "", document)).isEmpty();
        assertThat(knowing.resolve().rules().rule("p")).isNotNull();
    }

    @Test
    void knowsWhetherAnythingChanged() {
        assertThat(ledger.changed()).isTrue();
        ledger.resolve();
        ledger.forget("a");
        publish("a", "a: [");
        assertThat(ledger.changed()).isFalse();

        publish("a", detection("a", "published"));
        assertThat(ledger.changed()).isTrue();
        ledger.resolve();
        publish("a", "\n" + detection("a", "published"));
        assertThat(ledger.changed()).as("the same version again").isFalse();
        ledger.forget("a");
        assertThat(ledger.changed()).isTrue();
    }

    @Test
    void tellsTheProblemsOfTheDiskToo() {
        RuleLedger broken = new RuleLedger(Rules.parse("title: t\n"), new RuleParser());
        assertThat(broken.resolve().rules().problems())
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem.origin()).isEqualTo("test.yml"));
        assertThat(broken.resolve().refused()).isEmpty();
    }

    private @Nullable Refusal publish(String id, String document) {
        return ledger.publish(id, "x.yml:7", document).orElse(null);
    }

    private static String reason(@Nullable Refusal refusal) {
        return refusal == null ? "" : refusal.problem().toString();
    }

    private @Nullable String title(String id) {
        Rule rule = ledger.resolve().rules().rule(id);
        return rule == null ? null : rule.title();
    }

    private static String detection(String id, String title) {
        return Rules.rule("s: {f: a}", "s").replace("title: t\n", "title: " + title + "\nid: " + id + "\n");
    }

    private static String filter(String title, String rules) {
        return "title: " + title + "\nid: f\nlogsource: {product: falco}\nfilter:\n  rules: " + rules
                + "\n  s: {f: b}\n  condition: not s\n";
    }

    private static String correlation(String id, String title, String rules) {
        return "title: " + title + "\nid: " + id + "\ncorrelation: {type: temporal, rules: " + rules
                + ", group-by: [pod], timespan: 10m}\n";
    }
}
