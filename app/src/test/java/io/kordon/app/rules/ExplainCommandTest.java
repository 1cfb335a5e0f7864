package io.kordon.app.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.app.CommandRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
    private static final String EXAMPLE = "../docs/examples/tomcat.jsonl";

    private static final String RULE = """
            title: Falco reports a download or shell by a web server
            id: b3b5b015-a154-4c2e-bd81-32a899d43f58
            name: falco_rce
            logsource: {product: falco}
            detection:
              selection: {rule|contains: [RCE, "Run shell untrusted"]}
              condition: selection
            """;

    @TempDir
    private Path folder;

    @Test
    void showsWhatARuleExpectsBesideWhatTheEventHolds() throws IOException {
        CommandRun run = explain(rule(), "falco_rce", EXAMPLE, "--line", "1");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).isEmpty();
        assertThat(signs(run.out())).isEqualTo("""
                - Falco reports a download or shell by a web server (b3b5b015-a154-4c2e-bd81-32a899d43f58)
                  + log source falco sees events of falco//syscall
                  - selection
                    - rule|contains  <- Terminal shell in container
                      - RCE
                      - 'Run shell untrusted'
                """);
    }

    @Test
    void marksWhatHeldWhenTheRuleMatches() throws IOException {
        CommandRun run = explain(rule(), "falco_rce", EXAMPLE, "--line", "2");
        assertThat(run.code()).isZero();
        assertThat(signs(run.out()))
                .startsWith("+ Falco reports")
                .contains("    + rule|contains  <- RCE: web server runs a download tool or shell without a terminal\n")
                .contains("      + RCE\n");
    }

    private String rule() throws IOException {
        return Files.writeString(folder.resolve("rule.yml"), RULE).toString();
    }

    @Test
    void saysThatARuleIsForOtherEvents() {
        CommandRun run = explain("../rules", "pod_exec", EXAMPLE, "--line", "2");
        assertThat(run.code()).isEqualTo(1);
        assertThat(signs(run.out()))
                .contains("  - log source kubernetes//audit sees events of falco//syscall")
                .contains("verb")
                .contains("<- nothing");
    }

    @Test
    void explainsEveryEventOfADocument() throws IOException {
        String events = """
                {"groupLabels":{},
                 "alerts":[{"status":"firing","labels":{"alertname":"PodMemoryAbove2GiB"},"annotations":{"value":"1"},"startsAt":"x"},
                           {"status":"firing","labels":{"alertname":"PodMemoryAbove2GiB"},"annotations":{"value":"3e9"},"startsAt":"x"}]}""";
        CommandRun run = explain("../rules", "pod_memory_above_2gib", file("a.json", events));
        assertThat(run.code()).isZero();
        assertThat(signs(run.out()))
                .contains("- Pod memory above 2 GiB (4907c4ce-968c-44be-8903-eceafba7ec56), event 1 of 2\n")
                .contains("+ Pod memory above 2 GiB (4907c4ce-968c-44be-8903-eceafba7ec56), event 2 of 2\n")
                .contains("- value|gt: 2147483648  <- 1\n");
        CommandRun json = explain("../rules", "pod_memory_above_2gib", file("a.json", events), "--json");
        assertThat(json.out().lines().toList())
                .satisfiesExactly(
                        first -> assertThat(first)
                                .startsWith("{\"rule_id\":\"4907c4ce-968c-44be-8903-eceafba7ec56\",\"rule_name\":")
                                .contains("\"event\":1,\"matched\":false,\"logsource\":true,\"condition\":{\"test\":")
                                .contains("{\"test\":\"status: firing\",\"held\":true,\"value\":\"firing\"}"),
                        second -> assertThat(second).contains("\"event\":2,\"matched\":true"));
    }

    @Test
    void letsNoEventSteerTheTerminal() throws IOException {
        String event = """
                {"rule":"RCE\\u001b[2J\\u202e\\u0000\\u009b\\u2028\\nforged","priority":"p","output_fields":{}}""";
        CommandRun run = explain("../rules", "falco_rce", file("e.json", event));
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("RCE\\u001b[2J\\u202e\\u0000\\u009b\\u2028\\u000aforged")
                .matches("[^\\p{Cc}\\p{Cf}]*(\\n[^\\p{Cc}\\p{Cf}]*)*");
    }

    @Test
    void cutsWhatIsLong() throws IOException {
        String values = String.join(", ", Collections.nCopies(1, "'zzz'"));
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            many.add("v" + i);
        }
        String rule = "title: Long\nname: long\nlogsource: {product: x}\ndetection:\n  s: {a: [" + values + ", "
                + String.join(", ", many) + ", yes-this]}\n  condition: s\n";
        String event = "{\"a\":[\"" + "y".repeat(1_000_000) + "\",\"yes-this\"]}";
        CommandRun run = explain(file("r.yml", rule), "long", file("e.json", event));
        assertThat(run.code()).isZero();
        assertThat(run.out().length()).isLessThan(2_000);
        assertThat(run.out()).contains("yes-this").contains("and 4981 more that did not hold");
    }

    @Test
    void endsWithTwoWhereItCannotBeTold() throws IOException {
        assertRefused(explain("../rules", "nobody", EXAMPLE, "--line", "1"), "id or name 'nobody'");
        assertRefused(explain("../rules", "miner_at_work", EXAMPLE, "--line", "1"), "is a correlation");
        assertRefused(explain("../rules", "falco_rce", EXAMPLE), "--line N");
        assertRefused(explain("../rules", "falco_rce", EXAMPLE, "--line", "99"), "tomcat.jsonl:99: there is no event");
        assertRefused(explain("../rules", "falco_rce", "absent.json"), "absent.json is not a file");
        assertRefused(explain("absent", "falco_rce", EXAMPLE), "absent cannot be read");
        assertRefused(explain("../rules", "falco_rce", file("e", "{\"a\":" + "[".repeat(100_000))), "200");
        assertRefused(explain("../rules", "falco_rce", file("e", "\u001b[31m{}")), "e: ");
        assertRefused(explain("../rules", "falco_rce", file("e", "")), "there is no event");
        assertRefused(
                explain("../rules", "falco_rce", EXAMPLE, "--line", "1", "--logsource", "////"), "product/category");
    }

    private static void assertRefused(CommandRun run, String reason) {
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(reason).doesNotContain("\u001b").doesNotContain("\tat ");
        assertThat(run.out()).isEmpty();
    }

    /** The marks depend on what the terminal can show. */
    private static String signs(String out) {
        return out.replace('✓', '+').replace('✗', '-').replace("←", "<-");
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8)
                .toString();
    }

    private static CommandRun explain(String rules, String rule, String event, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("rules", "explain", "--rules", rules, "--rule", rule, "--event", event));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }
}
