package io.kordon.streams.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What a team expects of a rule that somebody else wrote: who it is, what it means, what it costs, and that it works. */
class ShippedRulesLintTest {
    private static final Path RULES = Path.of("../rules");
    private static final RuleSet SET = RuleFiles.load(List.of(RULES));
    private static final Set<String> ATTACK = attack();

    /** Fields that correlations may group by, and the log sources whose events have them; {@code pod} is resolved for all. */
    private static final Map<String, String> GROUP_FIELDS =
            Map.of("user.username", "kubernetes", "sourceIPs", "kubernetes");

    /** A rule as written. */
    record Document(String file, Map<?, ?> yaml) {
        String name() {
            return String.valueOf(yaml.get("name"));
        }

        String text(String key) {
            return yaml.get(key) instanceof String text ? text : "";
        }

        List<String> list(String key) {
            return yaml.get(key) instanceof List<?> list
                    ? list.stream().map(String::valueOf).toList()
                    : List.of();
        }

        @Override
        public String toString() {
            return file + ": " + name();
        }
    }

    static List<Document> documents() {
        try (Stream<Path> files = Files.list(RULES)) {
            return files.filter(file -> file.toString().endsWith(".yml"))
                    .sorted()
                    .flatMap(ShippedRulesLintTest::documents)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void loadsWithoutAProblem() {
        assertThat(SET.problems()).isEmpty();
        assertThat(SET.detections().size() + SET.correlations().size())
                .isEqualTo(documents().size());
    }

    @Test
    void givesEveryRuleItsOwnIdNameAndTitle() {
        for (String key : List.of("id", "name", "title")) {
            assertThat(documents().stream().map(each -> each.text(key))).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void tellsAllThatAnAnalystNeeds(Document rule) {
        assertThat(rule.text("id"))
                .as("a random UUID")
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(rule.name()).matches("[a-z0-9]+(_[a-z0-9]+)*");
        assertThat(rule.text("title")).hasSizeBetween(10, 100);
        assertThat(rule.text("status")).isIn("stable", "test", "experimental");
        assertThat(rule.text("description")).hasSizeBetween(25, 600);
        assertThat(rule.list("references")).isNotEmpty().allMatch(reference -> reference.startsWith("https://"));
        assertThat(rule.list("falsepositives")).isNotEmpty();
        assertThat(rule.text("level")).isIn("informational", "low", "medium", "high", "critical");
    }

    @ParameterizedTest
    @MethodSource("documents")
    void namesTacticsAndTechniquesThatExist(Document rule) {
        assertThat(rule.list("tags")).doesNotHaveDuplicates().allMatch(ATTACK::contains);
        assertThat(rule.list("tags"))
                .as("a tactic and a technique")
                .anyMatch(tag -> tag.matches("attack\\.t\\d{4}.*"))
                .anyMatch(tag -> !tag.matches("attack\\.t\\d{4}.*"));
    }

    @Test
    void leavesContainmentToCorrelations() {
        assertThat(SET.detections())
                .as("one event is no proof: critical is what the shipped playbook acts on")
                .noneMatch(rule -> rule.level() == Level.CRITICAL);
    }

    @Test
    void referencesOnlyRulesWhoseEventsCanBelongToTheGroup() {
        for (CorrelationRule correlation : SET.correlations()) {
            for (String reference : correlation.rules()) {
                assertThat(SET.rule(reference)).isInstanceOf(DetectionRule.class);
                DetectionRule part = (DetectionRule) Objects.requireNonNull(SET.rule(reference));
                assertThat(correlation.groupBy())
                        .isNotEmpty()
                        .allMatch(field -> field.equals("pod")
                                || Objects.equals(
                                        GROUP_FIELDS.get(field),
                                        part.logSource().product()));
            }
        }
    }

    @Test
    void listsEveryRuleInTheReadme() throws IOException {
        String readme = Files.readString(RULES.resolve("README.md"));
        Map<String, String> levels = new HashMap<>();
        documents().forEach(rule -> levels.put(rule.name(), rule.text("level")));
        Set<String> listed = new HashSet<>();
        for (String line : readme.split("\n", -1)) {
            String[] cells = line.split("\\|", -1);
            if (cells.length > 3 && cells[1].strip().matches("`[a-z0-9_]+`")) {
                String name = cells[1].strip().replace("`", "");
                listed.add(name);
                assertThat(cells[2].strip()).as("level of %s", name).isEqualTo(levels.get(name));
            }
        }
        assertThat(listed).isEqualTo(levels.keySet());
    }

    private static Stream<Document> documents(Path file) {
        try {
            return Stream.of(Files.readString(file).split("(?m)^---$", -1))
                    .map(text -> new Document(file.getFileName().toString(), (Map<?, ?>)
                            new Load(LoadSettings.builder().build()).loadFromString(text)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> attack() {
        try (Stream<String> lines = Files.lines(Path.of("src/test/resources/rules/attack.txt"))) {
            return lines.filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line ->
                            line.startsWith("tactic ") ? line.substring("tactic ".length()) : line.split(" ", 2)[0])
                    .map(id -> "attack." + id)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
