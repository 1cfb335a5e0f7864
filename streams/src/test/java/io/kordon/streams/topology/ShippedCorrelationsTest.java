package io.kordon.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.rule.CorrelationRule;
import io.kordon.streams.rule.Rule;
import io.kordon.streams.rule.RuleFiles;
import io.kordon.streams.rule.RuleSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every shipped correlation on sequences of events as their senders write them: exactly those that a case names fire. */
class ShippedCorrelationsTest {
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
        return RuleCase.in("correlations");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void firesExactlyWhatTheCaseNames(RuleCase rule) {
        kordon.incidents();
        rule.sent().forEach(event -> event.to(kordon, "case-" + rule.hashCode()));
        Set<String> fired = new TreeSet<>();
        kordon.incidents()
                .forEach(incident -> incident.getContributions()
                        .forEach(part -> correlation(part.getRuleId()).forEach(fired::add)));
        assertThat(fired).as("%s", rule).isEqualTo(rule.expected());
    }

    @Test
    void hasASequenceThatFiresAndOneThatDoesNotForEveryCorrelation() {
        Map<String, List<RuleCase>> cases = cases().collect(Collectors.groupingBy(RuleCase::file));
        for (CorrelationRule rule : RULES.correlations()) {
            String name = Objects.requireNonNull(rule.name());
            List<RuleCase> own = cases.getOrDefault(name, List.of());
            assertThat(own)
                    .as("cases of %s", name)
                    .anyMatch(each -> each.expected().contains(name));
            assertThat(own)
                    .as("counter-examples of %s", name)
                    .anyMatch(each -> !each.expected().contains(name));
        }
        assertThat(cases.keySet())
                .as("files without a correlation")
                .allMatch(name -> RULES.correlations().stream().anyMatch(rule -> Objects.equals(rule.name(), name)));
    }

    private static Stream<String> correlation(String ruleId) {
        Rule rule = RULES.rule(ruleId);
        return rule instanceof CorrelationRule ? Stream.of(Objects.requireNonNull(rule.name())) : Stream.empty();
    }
}
