package io.kordon.app.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.app.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Correlations over files, by the command. */
class CorrelationsTest {
    private static final String RULES = """
            title: A
            name: a
            logsource: {product: x}
            detection: {s: {kind: a}, condition: s}
            ---
            title: B
            name: b
            logsource: {product: x}
            detection: {s: {kind: b}, condition: s}
            ---
            title: C
            name: c
            correlation: %s
            """;

    @TempDir
    private Path folder;

    /** Events are kind, minute, user and number; a match is its lines, the completing line and the minute. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{type: event_count, rules: [a], group-by: [u], timespan: 5m, condition: {gte: 3}}|a0u a9u a2u a4v a4u|1.3.5:5@4",
                "{type: event_count, rules: [a], group-by: [u], timespan: 5m, condition: {gte: 3}}|a0u a2u a6u|",
                "{type: event_count, rules: [a], group-by: [u], timespan: 5m, condition: {gte: 2}}|a0u a1u a2u a3u|1.2:2@1",
                "{type: event_count, rules: [a], group-by: [u], timespan: 5m, condition: {gte: 2}}|a0u a1u b2u a50u a51u|1.2:2@1 4.5:5@51",
                "{type: event_count, rules: [a], group-by: [u], timespan: 5m, condition: {eq: 2}}|a0u a1u|1.2:2@5",
                "{type: event_count, rules: [a], group-by: [u], timespan: 5m, condition: {eq: 2}}|a0u a1u a5u|",
                "{type: event_count, rules: [a], group-by: [u], timespan: 5m, condition: {lt: 2}}|a0u a1v a9v a2v|1:1@5 3:3@14",
                "{type: temporal, rules: [a, b], group-by: [u], timespan: 5m}|b3u a1u a1v b7v|1.2:1@3",
                "{type: temporal_ordered, rules: [a, b], group-by: [u], timespan: 5m}|b1u a2u|",
                "{type: temporal_ordered, rules: [a, b], group-by: [u], timespan: 5m}|b3u a2u|1.2:1@3",
                "{type: value_count, rules: [a], group-by: [u], timespan: 5m, condition: {field: n, gte: 2}}|a0u1 a1u1 a2u2|1.2.3:3@2",
                "{type: value_sum, rules: [a], group-by: [u], timespan: 5m, condition: {field: n, gt: 10}}|a0u6 a1u4 a2u1|1.2.3:3@2",
                "{type: event_count, rules: [a], timespan: 5m, condition: {gte: 2}}|a0u a1v|1.2:2@1"
            })
    void joinsMatchesByEventTimeWhateverTheOrderOfLines(String correlation, String events, String expected)
            throws IOException {
        CommandRun run = eval(RULES.formatted(correlation), lines(events));
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(correlated(run)).isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void decidesWhatStaysAwayWhenTheFileEnds() throws IOException {
        String rules =
                RULES.formatted("{type: event_count, rules: [a], group-by: [u], timespan: 5m, condition: {gte: 1}}\n"
                        + "kordon: {absent: [b]}");
        assertThat(correlated(eval(rules, lines("a0u a0v b3v a8v")))).isEqualTo("1:1@5 4:4@13");
    }

    @Test
    void correlatesOverCorrelations() throws IOException {
        String rules =
                RULES.formatted("{type: event_count, rules: [a], group-by: [u], timespan: 5m, condition: {gte: 2}}")
                        + "---\ntitle: D\nname: d\ncorrelation: {type: temporal, rules: [c, b], group-by: [u], timespan: 9m}\n";
        CommandRun run = eval(rules, lines("a0u a1u b5u b5v"));
        assertThat(run.out()).contains("\"rule_id\":\"d\",\"rule_name\":\"d\"");
        assertThat(run.out()
                        .lines()
                        .filter(line -> line.contains("\"rule_id\":\"d\""))
                        .toList())
                .singleElement()
                .asString()
                .contains("\"group\":{\"u\":\"u\"},\"events\":[", "\"event\":3,");
    }

    @Test
    void groupsByThePodThatEventsOfTheThreeFormatsName() throws IOException {
        Path example = Path.of("../docs/examples/tomcat.jsonl");
        List<String> lines = new ArrayList<>(Files.readAllLines(example));
        String[] shuffled = {lines.get(3), lines.get(1)};
        CommandRun run =
                CommandRun.of("rules", "eval", "--rules", "../rules", "--events", write(String.join("\n", shuffled)));
        assertThat(run.code()).isZero();
        assertThat(run.out().lines().toList())
                .last()
                .asString()
                .startsWith("{\"rule_id\":\"abf5b476-0805-4c7c-b228-eec4cea70979\"")
                .contains(
                        "\"correlation\":true,\"group\":{\"pod\":\"tomcat/tomcat-depl-89bb8c5c7-lspcw\"},\"events\":[1,2],\"event\":1,")
                .endsWith("\"at\":\"2026-11-24T12:05:49.580Z\"}");
    }

    @Test
    void saysThatMatchesWithoutATimeAreInNoCorrelation() throws IOException {
        String rules = RULES.formatted("{type: event_count, rules: [a], timespan: 5m, condition: {gte: 2}}");
        String events = "{\"kind\":\"a\",\"when\":1795521600}\n{\"kind\":\"a\",\"when\":1795521601}";
        CommandRun run = eval(rules, events);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("2 matches have no time").contains("--time-field");
        assertThat(correlated(eval(rules, events, "--time-field", "when"))).startsWith("1.2:2@");
    }

    @Test
    void keepsLongAndHostileValuesOutOfItsKeys() throws IOException {
        String rules = RULES.formatted(
                "{type: event_count, rules: [a], group-by: [u, pod], timespan: 5m, condition: {gte: 2}}");
        String event = "{\"kind\":\"a\",\"time\":1795521600,\"namespace\":\"n\",\"pod\":\"p\u001b\",\"u\":\""
                + "x".repeat(100_000) + "\"}";
        CommandRun run = eval(rules, event.replace("\u001b", "\\u001b") + "\n" + event.replace("\u001b", "\\u001b"));
        assertThat(correlated(run)).startsWith("1.2:2@");
        assertThat(run.out())
                .contains("\"u\":\"sha256:")
                .contains("\"pod\":\"n/p\\u001B\"")
                .doesNotContain("\u001b");
    }

    private CommandRun eval(String rules, String events, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("rules.yml"), rules);
        List<String> arguments =
                new ArrayList<>(List.of("rules", "eval", "--rules", file.toString(), "--events", write(events)));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private String write(String events) throws IOException {
        return Files.writeString(folder.resolve("events.jsonl"), events).toString();
    }

    private static String lines(String events) {
        StringBuilder lines = new StringBuilder();
        for (String event : events.split(" ", -1)) {
            String kind = event.substring(0, 1);
            String minute = event.substring(1).replaceAll("[a-z].*", "");
            String rest = event.substring(1 + minute.length());
            lines.append("{\"kind\":\"%s\",\"time\":%d,\"u\":\"%s\",\"n\":\"%s\"}\n"
                    .formatted(kind, Long.parseLong(minute) * 60, rest.charAt(0), rest.substring(1)));
        }
        return lines.toString();
    }

    /** Of rule c, in order: lines, completing line, and minute. */
    private static String correlated(CommandRun run) {
        List<String> found = new ArrayList<>();
        run.out().lines().filter(line -> line.contains("\"rule_id\":\"c\"")).forEach(line -> {
            String events =
                    line.replaceAll(".*\"events\":\\[([0-9,]*)].*", "$1").replace(',', '.');
            String event = line.replaceAll(".*\"event\":(\\d+).*", "$1");
            String at = line.replaceAll(".*\"at\":\"([^\"]*)\".*", "$1");
            found.add(events + ":" + event + "@" + java.time.Instant.parse(at).getEpochSecond() / 60);
        });
        return String.join(" ", found);
    }
}
