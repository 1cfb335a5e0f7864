package io.kordon.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.Incident;
import io.kordon.avro.Level;
import io.kordon.streams.rule.DetectionRule;
import io.kordon.streams.rule.RuleFiles;
import io.kordon.streams.rule.RuleSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every shipped detection rule on events as their senders write them: exactly the rules that a case names match, no more
 * and no fewer, so that a rule which begins to match what another one is about is seen.
 */
class ShippedDetectionsTest {
    private static final RuleSet RULES = RuleFiles.load(List.of(Path.of("../rules")));
    private static TopologyHarness kordon;

    @BeforeAll
    static void start() {
        kordon = new TopologyHarness(Events.NOON);
    }

    @AfterAll
    static void stop() {
        kordon.close();
    }

    static Stream<RuleCase> cases() {
        return Stream.concat(RuleCase.in("detections"), benign());
    }

    static Stream<RuleCase> benign() {
        return RuleCase.read(RuleCase.FOLDER.resolve("benign.yml"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void matchesExactlyWhatTheCaseNames(RuleCase rule) {
        kordon.signals();
        rule.sent().forEach(event -> event.to(kordon, "case-" + rule.hashCode()));
        Set<String> matched = new TreeSet<>();
        kordon.signals()
                .forEach(signal -> matched.add(
                        Objects.requireNonNull(RULES.rule(signal.value().getRuleId()))
                                .name()));
        assertThat(matched).as("%s", rule).isEqualTo(rule.expected());
    }

    @Test
    void hasAnEventThatMatchesAndOneThatDoesNotForEveryRule() {
        Map<String, List<RuleCase>> cases = RuleCase.in("detections").collect(Collectors.groupingBy(RuleCase::file));
        for (DetectionRule rule : RULES.detections()) {
            String name = Objects.requireNonNull(rule.name());
            List<RuleCase> own = cases.getOrDefault(name, List.of());
            assertThat(own)
                    .as("cases of %s", name)
                    .anyMatch(each -> each.expected().contains(name));
            assertThat(own)
                    .as("counter-examples of %s", name)
                    .anyMatch(each -> !each.expected().contains(name));
            assertThat(own)
                    .as("cases of %s come from the source that it is for", name)
                    .allMatch(each -> each.sent().stream()
                            .allMatch(event -> event.sender().equals(sender(rule))));
        }
        assertThat(cases.keySet())
                .as("files without a rule")
                .allMatch(name -> RULES.detections().stream().anyMatch(rule -> Objects.equals(rule.name(), name)));
    }

    @Test
    void raisesNothingAboveLowOnADayOfOrdinaryWork() {
        try (TopologyHarness quiet = new TopologyHarness(Events.NOON)) {
            benign().forEach(each -> each.sent().forEach(event -> event.to(quiet, "benign")));
            Map<String, Incident> incidents =
                    quiet.incidents().stream().collect(Collectors.toMap(Incident::getKey, Function.identity()));
            assertThat(incidents.values())
                    .allMatch(incident ->
                            incident.getSeverity() == Level.LOW || incident.getSeverity() == Level.INFORMATIONAL);
            assertThat(quiet.commands()).isEmpty();
        }
    }

    private static String sender(DetectionRule rule) {
        String product = Objects.requireNonNull(rule.logSource().product());
        return switch (product) {
            case "falco" -> "falco";
            case "prometheus" -> "alert";
            case "kubernetes" -> "audit";
            default -> throw new IllegalArgumentException(product);
        };
    }
}
