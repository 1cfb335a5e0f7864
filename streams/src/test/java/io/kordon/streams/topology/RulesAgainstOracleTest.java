package io.kordon.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.oracle.EventGenerator;
import io.kordon.streams.oracle.OracleEvent;
import io.kordon.streams.oracle.OracleRule;
import io.kordon.streams.oracle.RuleGenerator;
import io.kordon.streams.rule.DetectionRule;
import io.kordon.streams.rule.Fields;
import io.kordon.streams.rule.RuleFiles;
import io.kordon.streams.rule.RuleParser;
import io.kordon.streams.rule.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * The engine against an independent reading of the specification, rule by rule and event by event. {@code
 * -Dsigma.rules=DIRECTORY} names further rules, such as a checkout of SigmaHQ's; {@code streams/peers} compares the same
 * rules and events with other engines.
 */
class RulesAgainstOracleTest {
    private static final Path WRITTEN = Path.of("src/test/resources/sigma/rules");
    private static final Path PEERS = Path.of("target/sigma-peers");

    @Test
    void generatedRulesMatchWhatTheSpecificationSays() throws IOException {
        RuleGenerator generator = new RuleGenerator(20_261_125);
        StringBuilder file = new StringBuilder();
        for (int number = 0; number < 1_500; number++) {
            file.append("---\n").append(generator.rule(number));
        }
        Comparison comparison = new Comparison();
        comparison.compare("generated", file.toString());
        comparison.write(PEERS.resolve("generated"));
        comparison.passes(0.7);
    }

    @Test
    void rulesAsTheyAreWrittenInPublicMatchWhatTheSpecificationSays() throws IOException {
        Comparison comparison = new Comparison();
        for (Path file : files(WRITTEN)) {
            comparison.compare(file.toString(), Files.readString(file));
        }
        comparison.write(PEERS.resolve("written"));
        comparison.passes(1);
        String further = System.getProperty("sigma.rules");
        if (further != null) {
            Comparison theirs = new Comparison();
            for (Path file : files(Path.of(further))) {
                theirs.compare(file.toString(), Files.readString(file));
            }
            theirs.write(PEERS.resolve("further"));
            theirs.passes(0.5);
        }
    }

    @Test
    void everyRuleIsReadFromDisk() {
        RuleSet rules = RuleFiles.load(List.of(WRITTEN));
        assertThat(rules.problems()).isEmpty();
        assertThat(rules.detections()).hasSizeGreaterThan(50);
    }

    /** Rules on vulnerable drivers list well over a thousand hashes. */
    @Test
    void takesAListAsLongAsThoseOfHashes() {
        StringBuilder rule = new StringBuilder("""
                title: Hashes
                logsource: {product: windows}
                detection:
                  condition: selection
                  selection:
                    Hashes|contains:
                """);
        for (int i = 0; i < 5_000; i++) {
            rule.append("      - 'SHA256=").append("%064x".formatted(i * 7919L)).append("'\n");
        }
        Comparison comparison = new Comparison();
        comparison.compare("hashes", rule.toString());
        comparison.passes(1);
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            return tree.filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .sorted()
                    .toList();
        }
    }

    /** Rules under both readings, their events, and where they differ. */
    private static final class Comparison {
        /** Enough to see what is wrong. */
        private static final int SHOWN = 40;

        private final Random random = new Random(7);
        private final List<String> texts = new ArrayList<>();
        private final List<DetectionRule> engine = new ArrayList<>();
        private final List<OracleRule> oracle = new ArrayList<>();
        private final List<Map<String, Object>> events = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();
        private final List<String> differences = new ArrayList<>();
        private final List<String> undecided = new ArrayList<>();
        private int compared;

        void compare(String origin, String yaml) {
            for (String document : yaml.split("(?m)^---\\s*$", -1)) {
                List<OracleRule> read = OracleRule.read(document);
                if (!read.isEmpty()) {
                    var parsed = new RuleParser().parse(origin, document);
                    parsed.problems().forEach(problem -> problems.add(problem + "\n" + document));
                    if (parsed.rules().size() == 1 && parsed.rules().get(0) instanceof DetectionRule rule) {
                        compare(document, rule, read.get(0));
                    }
                }
            }
        }

        private void compare(String document, DetectionRule rule, OracleRule judge) {
            texts.add(document);
            engine.add(rule);
            oracle.add(judge);
            List<Map<String, Object>> own = new EventGenerator(document.hashCode()).events(judge, 24);
            List<Map<String, Object>> all = new ArrayList<>(own);
            for (int i = 0; i < 8 && !events.isEmpty(); i++) {
                all.add(events.get(random.nextInt(events.size())));
            }
            int hits = 0;
            for (Map<String, Object> event : all) {
                hits += compare(document, rule, judge, event) ? 1 : 0;
            }
            if (hits == 0 || hits == all.size()) {
                undecided.add(judge.title());
            }
            events.addAll(own);
        }

        private boolean compare(String document, DetectionRule rule, OracleRule judge, Map<String, Object> event) {
            boolean expected = judge.matches(event);
            String json = OracleEvent.json(event);
            boolean actual = rule.matcher().matches(JsonFields.of(json));
            compared++;
            if (expected != actual) {
                differences.add("expected " + expected + " got " + actual + "\n" + json + "\n" + document);
            }
            return expected;
        }

        /** No rule refused, no event judged otherwise, and that share of the rules with events on both sides. */
        void passes(double share) {
            SoftAssertions.assertSoftly(softly -> {
                softly.assertThat(problems.stream().limit(SHOWN))
                        .as("rules refused, of them %d", problems.size())
                        .isEmpty();
                softly.assertThat(differences.stream().limit(SHOWN))
                        .as("differences, of them %d in %d events", differences.size(), compared)
                        .isEmpty();
                softly.assertThat(undecided)
                        .as("rules, of %d, that match all their events or none: %d", engine.size(), undecided.size())
                        .hasSizeLessThanOrEqualTo((int) ((1 - share) * engine.size()));
            });
        }

        /** The same rules and events for other engines, with what matched; and everything that is wrong. */
        void write(Path folder) throws IOException {
            Files.createDirectories(folder);
            Files.write(folder.resolve("refused.txt"), problems);
            Files.write(folder.resolve("differences.txt"), differences);
            int rules = Math.min(300, engine.size());
            List<Map<String, Object>> some = events.subList(0, Math.min(3_000, events.size()));
            List<String> matches = new ArrayList<>();
            List<String> lines = new ArrayList<>();
            for (int e = 0; e < some.size(); e++) {
                // Other engines say which event matched by showing it.
                Map<String, Object> numbered = new LinkedHashMap<>(some.get(e));
                numbered.put("kordon_event", e);
                lines.add(OracleEvent.json(numbered));
                Fields event = JsonFields.of(lines.get(e));
                for (int r = 0; r < rules; r++) {
                    if (engine.get(r).matcher().matches(event)) {
                        matches.add("{\"event\":" + e + ",\"rule\":\""
                                + oracle.get(r).id() + "\"}");
                    }
                }
            }
            Files.write(folder.resolve("events.jsonl"), lines);
            Files.writeString(folder.resolve("rules.yml"), String.join("---\n", texts.subList(0, rules)));
            Files.write(folder.resolve("kordon.jsonl"), matches);
        }
    }
}
