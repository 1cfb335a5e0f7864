package io.kordon.app.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kordon.app.CommandRun;
import io.kordon.streams.rule.Rule;
import io.kordon.streams.rule.RuleFiles;
import io.kordon.streams.rule.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine, by the command, says of the correlations given as examples what is expected of them. */
class SigmaExamplesTest {
    private static final Path EXAMPLES = Path.of("../streams/src/test/resources/sigma/correlations");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private record Line(String rule, JsonNode group, Integer event) {}

    static Stream<Path> examples() throws IOException {
        try (Stream<Path> folders = Files.list(EXAMPLES)) {
            return folders.filter(Files::isDirectory).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void matchAsExpected(Path example) throws IOException {
        assertThat(matches(example, example.resolve("events.jsonl")))
                .containsExactlyInAnyOrderElementsOf(expected(example));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void matchTheSameInAnyOrderOfLines(Path example) throws IOException {
        List<String> lines = Files.readAllLines(example.resolve("events.jsonl"));
        List<String> reversed = new ArrayList<>(lines);
        Collections.reverse(reversed);
        Path file = Files.write(folder.resolve("events.jsonl"), reversed);
        List<Line> found = matches(example, file).stream()
                .map(line -> new Line(line.rule(), line.group(), again(line.event(), lines.size())))
                .toList();
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected(example));
    }

    private static Integer again(Integer reversed, int size) {
        return reversed == null ? null : size - 1 - reversed;
    }

    /** What alerts: of a correlation the first match of each group, of a detection each. */
    private static List<Line> matches(Path example, Path events) throws IOException {
        RuleSet rules = RuleFiles.load(List.of(example.resolve("rules.yml")));
        CommandRun run = CommandRun.of(
                "rules", "eval", "--rules", example.resolve("rules.yml").toString(), "--events", events.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        Set<Line> untimed = new HashSet<>();
        expected(example).stream().filter(line -> line.event() == null).forEach(untimed::add);
        List<Line> found = new ArrayList<>();
        Set<List<Object>> told = new HashSet<>();
        for (String text : run.out().lines().toList()) {
            JsonNode match = JSON.readTree(text);
            String name = match.get("rule_name").asText();
            boolean correlation = match.has("correlation");
            JsonNode group = correlation ? match.get("group") : JSON.createObjectNode();
            Rule rule = Objects.requireNonNull(rules.rule(match.get("rule_id").asText()));
            if (rules.alertsAlone(rule.id()) && (!correlation || told.add(List.of(name, group)))) {
                Line open = new Line(name, group, null);
                found.add(
                        untimed.contains(open)
                                ? open
                                : new Line(name, group, match.get("event").asInt() - 1));
            }
        }
        return found;
    }

    private static List<Line> expected(Path example) throws IOException {
        List<Line> expected = new ArrayList<>();
        for (String text : Files.readAllLines(example.resolve("expected.jsonl"))) {
            JsonNode line = JSON.readTree(text);
            JsonNode event = line.get("event");
            expected.add(new Line(line.get("rule").asText(), line.get("group"), event.isNull() ? null : event.asInt()));
        }
        return expected;
    }
}
