package io.kordon.streams.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.incident.Incident;
import io.kordon.streams.incident.PodContext;
import io.kordon.streams.incident.Source;
import io.kordon.streams.incident.Subject;
import io.kordon.streams.response.Responder;
import io.kordon.streams.response.SourceLimits;
import io.kordon.streams.rule.RuleSet;
import io.kordon.streams.topology.StateCodec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
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
 * The invariant of the design: any order of arrival within grace, and any duplication, give the same incidents, evidence,
 * scores and commands.
 */
class EngineInvarianceTest {
    private static final long MINUTE = 60;
    private static final long START = 1_000_000;
    private static final long ALERT_LAG = MINUTE;

    /** As the example, but each of its rules is reported alone as well: incidents grow, and so does what is asked for. */
    private static final RuleSet GROWING = Scenario.rules("""
            title: Web server reports a download or shell
            name: rce
            logsource: {product: falco}
            detection: {selection: {rule: RCE}, condition: selection}
            level: high
            ---
            title: Pod memory above 2 GiB
            name: memory
            logsource: {product: prometheus}
            detection: {selection: {alertname: PodMemoryAbove2GiB}, condition: selection}
            level: medium
            ---
            title: Remote code execution with abnormal memory
            id: rce-memory
            correlation:
              {type: temporal, rules: [rce, memory], group-by: [pod], timespan: 10m, generate: true}
            level: critical
            """);

    /** Some wait for the other source, some for an analyst, some for the score. */
    private static final Responder PLAYBOOKS = new Responder(
            Scenario.playbooks("""
                    name: mark
                    when: {score: 40}
                    mode: automatic
                    steps: [label]
                    ---
                    name: fence
                    when: {score: 40}
                    mode: automatic
                    steps: [label, isolate: {allow: dns}]
                    ---
                    name: whole-node
                    when: {score: 70}
                    mode: automatic
                    steps: [label, isolate, cordon]
                    release-after: 1h
                    ---
                    name: kill
                    when: {level: critical, score: 99}
                    mode: approval
                    steps: [capture, terminate]
                    ---
                    name: rehearse
                    when: {rules: [rce]}
                    steps: [detach]
                    """),
            new SourceLimits(Map.of(
                    Source.FALCO, Set.of("label", "isolate"),
                    Source.PROMETHEUS, Set.of("label", "cordon"))));

    private static final Signals SIGNALS = new Signals(Scenario.TOMCAT, "uid-1");
    private static final Signals GROWING_SIGNALS = new Signals(GROWING, "uid-1");

    private static final Input.KnownPod KNOWN = new Input.KnownPod(
            new Subject(Signals.KEY, Subject.Kind.POD, "demo", "tomcat", "tomcat-1", "uid-1", null, null, null),
            new PodContext(null, List.of(), null, Map.of("app", "web"), null, List.of(), false, false, false),
            0,
            null);

    /** A signal, when it was sent, and how long after that it may arrive. */
    private record Sent(Signal signal, long at, long grace) {}

    @Property(tries = 1_000)
    void anyOrderWithinGraceAndAnyDuplicationGiveTheSame(
            @ForAll("histories") List<List<Sent>> history, @ForAll long oneSeed, @ForAll long otherSeed) {
        List<Sent> sent = history.stream().flatMap(List::stream).toList();
        Map<String, String> one = outcome(new Scenario(Scenario.TOMCAT), arrivals(sent, new Random(oneSeed), true));
        assertThat(one).isEqualTo(outcome(new Scenario(Scenario.TOMCAT), arrivals(sent, new Random(otherSeed), false)));
        long incidents =
                one.keySet().stream().filter(id -> id.startsWith("inc-")).count();
        Statistics.label("incidents").collect(Math.min(incidents, 2)).coverage(coverage -> {
            coverage.check(1L).percentage(share -> share > 10);
            coverage.check(2L).percentage(share -> share > 10);
        });
    }

    @Property(tries = 1_000)
    void whatIsAskedForAndWhatWaitsDoesNotDependOnTheOrderEither(
            @ForAll("growingHistories") List<List<Sent>> history, @ForAll long oneSeed, @ForAll long otherSeed) {
        List<Sent> sent = history.stream().flatMap(List::stream).toList();
        Map<String, String> one = outcome(growing(), arrivals(sent, new Random(oneSeed), true));
        assertThat(one).isEqualTo(outcome(growing(), arrivals(sent, new Random(otherSeed), false)));
        Statistics.label("a command waits for the other source")
                .collect(one.values().stream().anyMatch(each -> each.contains("alone may not trigger")))
                .coverage(coverage -> {
                    coverage.check(true).percentage(share -> share > 10);
                    coverage.check(false).percentage(share -> share > 5);
                });
    }

    @Property(tries = 500)
    void theInventoryMayCatchUpAndTheInstanceRestartAtAnyTime(
            @ForAll("growingHistories") List<List<Sent>> history, @ForAll long oneSeed, @ForAll long otherSeed) {
        List<Sent> sent = history.stream().flatMap(List::stream).toList();
        assertThat(caughtUp(sent, new Random(oneSeed))).isEqualTo(caughtUp(sent, new Random(otherSeed)));
    }

    private static Map<String, String> caughtUp(List<Sent> sent, Random random) {
        Scenario scenario = new Scenario(GROWING, StateCodec::throughBytes, PLAYBOOKS);
        List<Signal> arrivals = arrivals(sent, random, true);
        int known = random.nextInt(arrivals.size());
        arrivals.subList(0, known).forEach(scenario::observe);
        scenario.apply(new Input.Identified(List.of(KNOWN)));
        return outcome(scenario, arrivals.subList(known, arrivals.size()));
    }

    private static Scenario growing() {
        return new Scenario(GROWING, UnaryOperator.identity(), PLAYBOOKS);
    }

    /** What must not depend on arrival: everything of the last revisions but what counts or times the arrival itself. */
    private static Map<String, String> outcome(Scenario scenario, List<Signal> arrivals) {
        arrivals.forEach(scenario::observe);
        scenario.idle(100L * 24 * 60 * MINUTE);
        Map<String, String> outcome = new TreeMap<>();
        scenario.incidents.forEach((id, incident) -> outcome.put(id, described(incident)));
        scenario.commands.forEach(command -> assertThat(outcome.put(
                        command.id(),
                        command.subject().key() + " " + command.playbook() + " " + command.mode() + " "
                                + command.steps()))
                .as("issued once")
                .isNull());
        return outcome;
    }

    private static String described(Incident incident) {
        return incident.subject() + " " + incident.score() + " " + incident.severity() + " " + incident.findings() + " "
                + incident.timeline().firstEvidenceAt() + " "
                + incident.timeline().lastEvidenceAt() + " "
                + incident.timeline().closedAt() + " "
                + incident.status() + " "
                + incident.commands().stream()
                        .map(command -> command.id() + command.status() + command.detail() + command.steps())
                        .sorted()
                        .collect(Collectors.joining(","));
    }

    private static List<Signal> arrivals(List<Sent> sent, Random random, boolean duplicates) {
        record Arrival(Signal signal, long at) {}
        List<Arrival> arrivals = new ArrayList<>();
        for (Sent each : sent) {
            int copies = duplicates ? 1 + random.nextInt(3) : 1;
            for (int copy = 0; copy < copies; copy++) {
                arrivals.add(new Arrival(each.signal(), each.at() + random.nextInt((int) each.grace())));
            }
        }
        arrivals.sort(Comparator.comparingLong(Arrival::at));
        return arrivals.stream().map(Arrival::signal).toList();
    }

    @Provide
    Arbitrary<List<List<Sent>>> histories() {
        return Arbitraries.oneOf(rces(SIGNALS), alerts(SIGNALS))
                .list()
                .ofMinSize(1)
                .ofMaxSize(25);
    }

    @Provide
    Arbitrary<List<List<Sent>>> growingHistories() {
        return Arbitraries.oneOf(rces(GROWING_SIGNALS), alerts(GROWING_SIGNALS))
                .list()
                .ofMinSize(1)
                .ofMaxSize(8);
    }

    private static Arbitrary<Long> times() {
        return Arbitraries.longs().between(START, START + 4 * 60 * MINUTE);
    }

    private static Arbitrary<List<Sent>> rces(Signals signals) {
        return times().map(at -> List.of(new Sent(signals.point("rce", at), at, MINUTE)));
    }

    /** An alert's first notification, its repetitions, and perhaps its end. */
    private static Arbitrary<List<Sent>> alerts(Signals signals) {
        return Combinators.combine(
                        times(),
                        Arbitraries.longs().between(0, ALERT_LAG),
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.integers().between(0, 2))
                .as((start, lag, repetitions, ending) -> {
                    String alert = "alert-" + start + "-" + lag + "-" + repetitions + "-" + ending;
                    long grace = 5 * MINUTE - ALERT_LAG;
                    List<Sent> sent = new ArrayList<>();
                    long notified = start + lag;
                    sent.add(new Sent(signals.firing("memory", alert, start, notified), notified, grace));
                    for (int i = 0; i < repetitions; i++) {
                        notified += 4 * MINUTE;
                        sent.add(new Sent(signals.firing("memory", alert, start, notified), notified, grace));
                    }
                    if (ending > 0) {
                        long end = notified + ending * MINUTE;
                        sent.add(new Sent(signals.resolved("memory", alert, start, end, end), end, grace));
                    }
                    return sent;
                });
    }
}
