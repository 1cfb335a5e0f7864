package io.kordon.streams.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.incident.Incident;
import io.kordon.streams.response.Responder;
import io.kordon.streams.rule.CorrelationRule;
import io.kordon.streams.rule.CorrelationRule.Operator;
import io.kordon.streams.rule.RuleSet;
import io.kordon.streams.topology.StateCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/**
 * The invariant of the design for every kind of correlation at once: any order of arrival within grace, any duplication and
 * any pace of the wall clock give the same incidents, evidence, scores and commands.
 */
class CorrelationInvarianceTest {
    private static final int MINUTE = 60;
    private static final long START = 1_000_000;
    private static final String[] NAMES = {"a", "b", "c", "end"};

    private static final RuleSet RULES = new Book()
            .detections(NAMES)
            .correlation("both", CorrelationRule.Type.TEMPORAL, "a", "b")
            .within(Duration.ofMinutes(6))
            .add()
            .correlation("in-order", CorrelationRule.Type.TEMPORAL_ORDERED, "a", "b", "c")
            .bound(Operator.GTE, 2)
            .within(Duration.ofMinutes(6))
            .add()
            .correlation("many", CorrelationRule.Type.EVENT_COUNT, "a")
            .bound(Operator.GTE, 3)
            .add()
            .correlation("few", CorrelationRule.Type.EVENT_COUNT, "b")
            .bound(Operator.LT, 3)
            .add()
            .correlation("values", CorrelationRule.Type.VALUE_COUNT, "a", "b")
            .field("file")
            .bound(Operator.GTE, 3)
            .add()
            .correlation("sum", CorrelationRule.Type.VALUE_SUM, "c")
            .field("bytes")
            .bound(Operator.GT, 5)
            .add()
            .correlation("mean", CorrelationRule.Type.VALUE_AVG, "c")
            .field("bytes")
            .bound(Operator.GTE, 4)
            .add()
            .correlation("missing", CorrelationRule.Type.TEMPORAL, "a")
            .absent("c")
            .add()
            .correlation("before-the-end", CorrelationRule.Type.TEMPORAL, "a", "c")
            .until("end")
            .add()
            .correlation("one-file", CorrelationRule.Type.EVENT_COUNT, "b")
            .groupBy("pod", "file")
            .bound(Operator.GTE, 2)
            .add()
            .correlation("chain", CorrelationRule.Type.TEMPORAL, "many", "c")
            .add()
            .correlation("counted", CorrelationRule.Type.EVENT_COUNT, "both")
            .within(Duration.ofHours(1))
            .bound(Operator.GTE, 2)
            .add()
            .set();

    private static final Responder PLAYBOOKS = new Responder(Scenario.playbooks("""
            name: mark
            when: {score: 30}
            mode: automatic
            steps: [label]
            ---
            name: fence
            when: {score: 90}
            mode: automatic
            steps: [isolate, cordon]
            release-after: 2h
            ---
            name: after-a-chain
            when: {rules: [chain, counted, mean, few]}
            mode: automatic
            steps: [capture, scale: {replicas: 0}]
            ---
            name: ask
            when: {score: 95, rules: [missing, before-the-end]}
            mode: approval
            steps: [revoke]
            """));

    private static final Signals SIGNALS = new Signals(RULES, "uid-1");

    private record Sent(List<Signal> signals, long at) {}

    @Property(tries = 500)
    void anyOrderWithinGraceAndAnyDuplicationGiveTheSame(
            @ForAll("histories") List<Sent> sent, @ForAll long oneSeed, @ForAll long otherSeed) {
        Map<String, String> one = outcome(sent, new Random(oneSeed), true, UnaryOperator.identity());
        assertThat(one).isEqualTo(outcome(sent, new Random(otherSeed), false, UnaryOperator.identity()));
        Statistics.label("incidents")
                .collect(Math.min(one.size(), 2))
                .coverage(coverage -> coverage.check(2).percentage(share -> share > 10));
    }

    @Property(tries = 100)
    void aRestartAtAnyMomentGivesTheSame(@ForAll("histories") List<Sent> sent, @ForAll long seed) {
        assertThat(outcome(sent, new Random(seed), true, StateCodec::throughBytes))
                .isEqualTo(outcome(sent, new Random(seed), true, UnaryOperator.identity()));
    }

    /** Arrivals by time, the wall clock going with them, so that time passes between events as it would. */
    private static Map<String, String> outcome(
            List<Sent> sent, Random random, boolean duplicates, UnaryOperator<EntityState> stored) {
        record Arrival(Signal signal, long at) {}
        List<Arrival> arrivals = new ArrayList<>();
        for (Sent each : sent) {
            int copies = duplicates ? 1 + random.nextInt(3) : 1;
            for (Signal signal : each.signals()) {
                for (int copy = 0; copy < copies; copy++) {
                    arrivals.add(new Arrival(signal, each.at() + random.nextInt(MINUTE)));
                }
            }
        }
        arrivals.sort(Comparator.comparingLong(Arrival::at));
        Scenario scenario = new Scenario(RULES, stored, PLAYBOOKS);
        long now = START;
        for (Arrival arrival : arrivals) {
            long passed = arrival.at() - now;
            if (random.nextBoolean()) {
                scenario.idle(passed / 2).idle(passed - passed / 2);
            } else {
                scenario.idle(passed);
            }
            now = arrival.at();
            scenario.observe(arrival.signal());
        }
        scenario.idle(2L * 24 * 60 * MINUTE).idle(100L * 24 * 60 * MINUTE).idle(1);
        assertThat(scenario.remembersNothing()).isTrue();
        Map<String, String> outcome = new TreeMap<>();
        scenario.incidents.forEach((id, incident) -> outcome.put(id, described(incident)));
        outcome.put(
                "commands",
                new TreeSet<>(scenario.commands.stream()
                                .map(command -> command.id() + command.steps())
                                .toList())
                        .toString());
        return outcome;
    }

    private static String described(Incident incident) {
        return incident.key() + " " + incident.score() + " " + incident.severity() + " "
                + incident.findings().contributions() + " "
                + incident.findings().evidence().stream()
                        .map(evidence -> evidence.signalId() + "@" + evidence.interval())
                        .collect(Collectors.joining(","))
                + " "
                + incident.commands().stream()
                        .map(command -> command.id() + command.status() + command.detail() + command.steps())
                        .sorted()
                        .collect(Collectors.joining(","))
                + " " + incident.timeline().firstEvidenceAt() + " "
                + incident.timeline().lastEvidenceAt() + " "
                + incident.timeline().closedAt();
    }

    @Provide
    Arbitrary<List<Sent>> histories() {
        Arbitrary<Long> times = Arbitraries.longs().between(START, START + 90 * MINUTE);
        return Combinators.combine(
                        times,
                        Arbitraries.of(NAMES),
                        Arbitraries.of("x", "y", "z"),
                        Arbitraries.integers().between(0, 6))
                .as((at, rule, file, bytes) -> new Sent(
                        List.of(SIGNALS.grouped(rule, at, Map.of("file", file, "bytes", String.valueOf(bytes)))), at))
                .list()
                .ofMinSize(1)
                .ofMaxSize(30);
    }
}
