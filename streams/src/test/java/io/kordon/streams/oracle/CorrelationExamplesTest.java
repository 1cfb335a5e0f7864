package io.kordon.streams.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.oracle.OracleCorrelation.Hit;
import io.kordon.streams.oracle.OracleCorrelation.Match;
import io.kordon.streams.rule.Rule;
import io.kordon.streams.rule.RuleFiles;
import io.kordon.streams.rule.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The examples in {@code resources/sigma/correlations} expect what the specification says, and are read as rules. */
class CorrelationExamplesTest {
    private static final Path EXAMPLES = Path.of("src/test/resources/sigma/correlations");

    static Stream<Path> examples() throws IOException {
        try (Stream<Path> folders = Files.list(EXAMPLES)) {
            return folders.filter(Files::isDirectory).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void areReadWithoutAProblem(Path example) throws IOException {
        RuleSet rules = RuleFiles.load(List.of(example.resolve("rules.yml")));
        assertThat(rules.problems()).isEmpty();
        assertThat(rules.detections()).isNotEmpty();
        assertThat(Stream.concat(rules.detections().stream(), rules.correlations().stream())
                        .map(Rule::head)
                        .map(head -> head.name()))
                .containsAll(documents(example.resolve("expected.jsonl")).stream()
                        .map(line -> String.valueOf(line.get("rule")))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void expectWhatTheSpecificationSays(Path example) throws IOException {
        List<Map<String, Object>> events = documents(example.resolve("events.jsonl"));
        List<String> times =
                events.stream().map(event -> String.valueOf(event.get("time"))).toList();
        assertThat(times).isSorted();
        Instant end = Instant.parse(times.get(times.size() - 1));
        String yaml = Files.readString(example.resolve("rules.yml"));

        List<Hit> hits = new ArrayList<>();
        List<Map<String, Object>> actual = new ArrayList<>();
        Map<String, Boolean> referred = new LinkedHashMap<>();
        List<Map<String, Object>> rules = documents(example.resolve("rules.yml"));
        for (Map<String, Object> rule : rules) {
            if (rule.get("correlation") instanceof Map<?, ?> section) {
                boolean generates = Boolean.TRUE.equals(section.get("generate"));
                new OracleCorrelation(rule)
                        .rules()
                        .forEach(name -> referred.merge(name, generates, Boolean::logicalOr));
            }
        }
        for (OracleRule detection : OracleRule.read(yaml)) {
            String name = name(rules, detection.id());
            for (int e = 0; e < events.size(); e++) {
                if (detection.matches(events.get(e)) && passes(rules, detection, events.get(e))) {
                    for (String alias : List.of(name, detection.id())) {
                        hits.add(new Hit(alias, e, Instant.parse(times.get(e)), events.get(e)));
                    }
                    if (referred.getOrDefault(name, !referred.containsKey(detection.id()))) {
                        actual.add(line(name, Map.of(), e));
                    }
                }
            }
        }
        for (Map<String, Object> rule : rules) {
            if (rule.containsKey("correlation")) {
                String name = String.valueOf(rule.get("name"));
                hits.sort(Comparator.comparingInt(Hit::event));
                for (Match match : new OracleCorrelation(rule).matches(hits, end)) {
                    Integer at = match.event();
                    if (at != null) {
                        hits.add(new Hit(name, at, Instant.parse(times.get(at)), events.get(at)));
                    }
                    if (referred.getOrDefault(name, true)) {
                        actual.add(line(name, match.group(), at));
                    }
                }
            }
        }
        assertThat(actual).containsExactlyInAnyOrderElementsOf(documents(example.resolve("expected.jsonl")));
    }

    /** "Added to the rule": every filter that names it has to hold as well. */
    private static boolean passes(List<Map<String, Object>> rules, OracleRule detection, Map<String, Object> event) {
        return rules.stream()
                .filter(rule -> rule.get("filter") instanceof Map<?, ?> filter
                        && filter.get("rules") instanceof List<?> named
                        && named.contains(detection.id()))
                .allMatch(rule -> filter((Map<?, ?>) rule.get("filter")).matches(event));
    }

    private static OracleRule filter(Map<?, ?> section) {
        Map<String, Object> searches = new LinkedHashMap<>();
        section.forEach((name, search) -> searches.put(String.valueOf(name), search));
        searches.keySet().removeAll(List.of("rules", "condition"));
        return new OracleRule("", "", searches, List.of(String.valueOf(section.get("condition"))));
    }

    private static Map<String, Object> line(String rule, Map<String, Object> group, Integer event) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("rule", rule);
        line.put("group", group);
        line.put("event", event);
        return line;
    }

    private static String name(List<Map<String, Object>> rules, String id) {
        return rules.stream()
                .filter(rule -> id.equals(rule.get("id")))
                .map(rule -> String.valueOf(rule.get("name")))
                .findFirst()
                .orElseThrow();
    }

    /** The documents of a YAML file, or the lines of one of JSON, which is YAML too. */
    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> documents(Path file) throws IOException {
        Load yaml = new Load(LoadSettings.builder().build());
        if (file.toString().endsWith(".jsonl")) {
            return Files.readAllLines(file).stream()
                    .map(line -> (Map<String, Object>) yaml.loadFromString(line))
                    .toList();
        }
        return StreamSupport.stream(
                        yaml.loadAllFromString(Files.readString(file)).spliterator(), false)
                .map(document -> (Map<String, Object>) document)
                .toList();
    }
}
