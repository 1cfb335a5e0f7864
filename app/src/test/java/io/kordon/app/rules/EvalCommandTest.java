package io.kordon.app.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.app.CommandRun;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvalCommandTest {
    private static final String RCE = """
            {"time":"2026-11-24T12:00:00Z","rule":"RCE: Tomcat runs curl","priority":"Critical","source":"syscall",\
            "output":"curl","output_fields":{"proc.name":"curl"}}""";

    private static final String EXEC = """
            {"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a","stage":"ResponseStarted","verb":"create",\
            "objectRef":{"resource":"pods","subresource":"exec"},"responseStatus":{"code":101},"requestReceivedTimestamp":"2026-11-24T12:00:00Z"}""";

    private static final String MEMORY = """
            {"version":"4","status":"firing","groupLabels":{},"alerts":[\
            {"labels":{"alertname":"PodMemoryAbove2GiB","pod":"p"},"annotations":{"value":"1e+09"},"startsAt":"2026-11-24T12:00:00Z"},\
            {"labels":{"alertname":"PodMemoryAbove2GiB","pod":"q"},"annotations":{"value":"3e+09"},"startsAt":"2026-11-24T12:00:00Z"}]}""";

    private String out = "";
    private String err = "";

    @TempDir
    private Path folder;

    @Test
    void printsAMatchOfTheShippedRulesPerLine() throws IOException {
        assertThat(eval("../rules", RCE, "", "{\"rule\":\"none\",\"priority\":\"Notice\"}", EXEC, MEMORY))
                .isZero();
        assertThat(out.lines())
                .containsExactly(
                        "{\"rule_id\":\"b3b5b015-a154-4c2e-bd81-32a899d43f58\",\"rule_name\":\"falco_rce\",\"title\":\"Falco"
                                + " reports a download or shell by a web server\",\"level\":\"high\",\"event\":1}",
                        "{\"rule_id\":\"e55f19dc-496e-4d10-a4f1-4ea8e8cf8c8e\",\"rule_name\":\"pod_exec\",\"title\":\"A command"
                                + " is executed in a pod through the API\",\"level\":\"low\",\"event\":4}",
                        "{\"rule_id\":\"4907c4ce-968c-44be-8903-eceafba7ec56\",\"rule_name\":\"pod_memory_above_2gib\","
                                + "\"title\":\"Pod memory above 2 GiB\",\"level\":\"medium\",\"event\":5}");
        assertThat(err).isEmpty();
    }

    @Test
    void saysThatASearchWasGivenUp() throws IOException {
        String rules = rule("padded", "{v|re: '^(?!.*healthz).*(\\S+\\s+)*curl\\s'}");
        assertThat(eval(file("r.yml", rules), "{\"v\":\"sh -c curl http://evil\"}"))
                .isZero();
        assertThat(matched()).containsExactly("padded:1");
        String padding = " a".repeat(40_000);
        assertThat(eval(file("r.yml", rules), "{\"v\":\"sh -c" + padding + " curl http://evil\"}"))
                .isEqualTo(1);
        assertThat(err).contains("beyond RE2 were given up");
    }

    @Test
    void holdsEventsOfNoKnownShapeAgainstEveryRule() throws IOException {
        String rules =
                rule("linux", "{image.path|endswith: /xmrig}") + "---\n" + rule("windows", "{Image|endswith: xmrig}");
        assertThat(eval(file("r.yml", rules), "{\"image\":{\"path\":\"/tmp/XMRig\"},\"Image\":\"xmrig\"}"))
                .isZero();
        assertThat(matched()).containsExactly("linux:1", "windows:1");
    }

    @ParameterizedTest
    @CsvSource({
        "0.1,0.1",
        "0.1,'\"0.1\"'",
        "-0.25,-2.5e-1",
        "3000000000,3e9",
        "1,1.0",
        "9223372036854775808,9223372036854775808"
    })
    void comparesNumbersAsNumbers(String expected, String value) throws IOException {
        String rules = rule("equal", "{v: " + expected + "}") + "---\n" + rule("least", "{v|gte: " + expected + "}")
                + "---\n" + rule("less", "{v|lt: " + expected + "}");
        assertThat(eval(file("r.yml", rules), "{\"v\":" + value + "}")).isZero();
        assertThat(matched()).containsExactly("equal:1", "least:1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "windows|windows-process,any-process",
                "windows/process_creation|windows-process,any-process",
                "/process_creation|windows-process,linux-process,any-process,falco",
                "Linux/Process_Creation/auditd|linux-process,any-process",
                "kubernetes//audit|kubernetes-audit",
                "falco|falco"
            })
    void showsEventsOfAGivenLogSourceToTheRulesForIt(String logSource, String expected) throws IOException {
        String rules = sourced("windows-process", "{product: windows, category: process_creation}")
                + sourced("linux-process", "{product: linux, category: process_creation}")
                + sourced("any-process", "{category: process_creation}")
                + sourced("kubernetes-audit", "{product: kubernetes, category: application, service: audit}")
                + sourced("falco", "{product: falco}");
        assertThat(eval(file("r.yml", rules), List.of("--logsource", logSource), "{\"x\":1}"))
                .isZero();
        assertThat(matched())
                .containsExactlyInAnyOrder(
                        expected.replace(",", ":1,").concat(":1").split(","));
    }

    @Test
    void namesFieldsOfAGivenLogSourceAsItsRulesDo() throws IOException {
        String rules = """
                title: t
                name: host
                logsource: {product: kubernetes, category: application, service: audit}
                detection:
                  s: {apiGroup: apps, hostPath: '*', privileged: true}
                  condition: s
                """;
        String event = "{\"objectRef\":{\"apiGroup\":\"apps\"},\"requestObject\":{\"spec\":{\"template\":{\"spec\":"
                + "{\"volumes\":[{\"hostPath\":{\"path\":\"/\"}}],\"c\":[{\"privileged\":true}]}}}}}";
        assertThat(eval(file("r.yml", rules), List.of("--logsource", "kubernetes//audit"), event))
                .isZero();
        assertThat(matched()).containsExactly("host:1");
    }

    @Test
    void goesOnAfterLinesThatAreNoEventsAndCountsThem() throws IOException {
        String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        String big = "{\"time\":1,\"rule\":\"RCE\",\"priority\":\"x\",\"output\":\"" + "y".repeat(10_000_000) + "\"}";
        assertThat(eval(
                        "../rules",
                        List.of("--summary"),
                        "[1]",
                        deep,
                        big,
                        "{\"rule\":\"RCE\0\"}",
                        "not \u001b[31mjson",
                        "{\"rule\":\"none\",\"rule\":\"RCE\",\"rule\":\"no\",\"priority\":\"p\",\"time\":2}",
                        "{\"a\":" + "x".repeat(EventLines.LONGEST),
                        RCE))
                .isEqualTo(1);
        assertThat(matched())
                .as("of a key that occurs twice, every value counts")
                .containsExactly("falco_rce:3", "falco_rce:6", "falco_rce:8");
        assertThat(err.lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).endsWith("events.jsonl:1: a JSON object is expected, not an array"),
                        line -> assertThat(line).contains("events.jsonl:2: ").contains("200"),
                        line -> assertThat(line).contains("events.jsonl:4: "),
                        line -> assertThat(line).contains("events.jsonl:5: ").doesNotContain("\u001b"),
                        line -> assertThat(line).contains("events.jsonl:7: the line is longer than 16777216 bytes"),
                        line -> assertThat(line)
                                .startsWith("3 events, 5 lines that could not be used, 3 matches of 1 rule,"),
                        line -> assertThat(line).contains("         3  high           Falco reports a download"));
    }

    @Test
    void refusesBytesThatAreNotUtf8() throws IOException {
        byte[] line = (RCE + "\n" + RCE).getBytes(StandardCharsets.ISO_8859_1);
        line[line.length - 30] = (byte) 0xFF;
        assertThat(run("../rules", write(line))).isEqualTo(1);
        assertThat(matched()).containsExactly("falco_rce:1");
        assertThat(err).contains("events.jsonl:2: ").contains("UTF-8");
    }

    @Test
    void endsAFloodOfBadLinesWithTheirNumber() throws IOException {
        assertThat(eval("../rules", "x\n".repeat(1_000))).isEqualTo(1);
        assertThat(err.lines()).hasSize(21).last().asString().endsWith(": 980 more lines could not be used");
    }

    @Test
    void usesTheOtherRulesWhereOneIsWrong() throws IOException {
        String rules = rule("good", "{a: 1}") + "---\n" + rule("bad", "{a|sounds-like: 1}");
        String path = file("r.yml", rules);
        assertThat(eval(path, "{\"a\":1}")).isEqualTo(1);
        assertThat(matched()).containsExactly("good:1");
        assertThat(err).startsWith(path + ":").contains("sounds-like");
    }

    @Test
    void readsStandardInputWithByteOrderMarkAndWindowsLineEnds() {
        InputStream standard = System.in;
        String lines = "\uFEFF" + RCE + "\r\n\r\n  " + RCE + "\r\n";
        System.setIn(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
        try {
            assertThat(run("../rules", "-")).as(err).isZero();
        } finally {
            System.setIn(standard);
        }
        assertThat(matched()).containsExactly("falco_rce:1", "falco_rce:3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b/c/d", "", "//", " / "})
    void endsWithTwoForALogSourceThatIsNone(String logSource) throws IOException {
        assertThat(eval("../rules", List.of("--logsource", logSource), RCE)).isEqualTo(2);
        assertThat(err).contains("product/category/service");
    }

    @Test
    void endsWithTwoWhereNothingCanBeEvaluated() throws IOException {
        assertThat(eval("absent.yml", RCE)).isEqualTo(2);
        assertThat(err).contains("absent.yml cannot be read");
        assertThat(run("../rules", "absent.jsonl")).isEqualTo(2);
        assertThat(err).contains("absent.jsonl is not a file");
        assertThat(run("../rules", folder.toString())).isEqualTo(2);
        assertThat(eval("../rules", List.of("--logsource", "windows"), RCE)).isEqualTo(2);
        assertThat(err).contains("for events of windows");
        assertThat(out).isEmpty();
    }

    private static String rule(String name, String search) {
        return "title: Of " + name + "\nname: " + name + "\nlogsource: {product: " + name + "}\ndetection:\n  s: "
                + search + "\n  condition: s\n";
    }

    private static String sourced(String name, String logSource) {
        return "title: " + name + "\nname: " + name + "\nlogsource: " + logSource
                + "\ndetection:\n  s: {x: 1}\n  condition: s\n---\n";
    }

    private int eval(String rules, String... lines) throws IOException {
        return eval(rules, List.of(), lines);
    }

    private int eval(String rules, List<String> options, String... lines) throws IOException {
        String file = write(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
        return run(rules, file, options.toArray(String[]::new));
    }

    private String write(byte[] events) throws IOException {
        return Files.write(folder.resolve("events.jsonl"), events).toString();
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private int run(String rules, String events, String... options) {
        List<String> arguments = new ArrayList<>(List.of("rules", "eval", "--rules", rules, "--events", events));
        arguments.addAll(List.of(options));
        CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
        out = run.out();
        err = run.err();
        return run.code();
    }

    /** The matches, as {@code rule:line}. */
    private List<String> matched() {
        return out.lines()
                .map(line -> line.replaceAll(".*\"rule_name\":\"([^\"]*)\".*\"event\":(\\d+)}", "$1:$2"))
                .toList();
    }
}
