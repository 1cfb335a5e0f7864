package io.kordon.streams.correlation;

import io.kordon.streams.incident.Incident;
import io.kordon.streams.incident.Mode;
import io.kordon.streams.response.Command;
import io.kordon.streams.response.Condition;
import io.kordon.streams.response.Playbook;
import io.kordon.streams.response.PlaybookParser;
import io.kordon.streams.response.Responder;
import io.kordon.streams.response.Step;
import io.kordon.streams.rule.Level;
import io.kordon.streams.rule.ParsedRules;
import io.kordon.streams.rule.RuleParser;
import io.kordon.streams.rule.RuleSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Drives the engine, key by key, and remembers what it said. */
final class Scenario {
    static final RuleSet TOMCAT = rules("""
            title: Web server reports a download or shell
            name: rce
            logsource: {product: falco}
            detection: {selection: {rule: RCE}, condition: selection}
            level: high
            tags: [attack.execution, attack.t1190]
            ---
            title: Pod memory above 2 GiB
            name: memory
            logsource: {product: prometheus}
            detection: {selection: {alertname: PodMemoryAbove2GiB}, condition: selection}
            level: medium
            tags: [attack.impact, attack.t1496]
            ---
            title: Remote code execution with abnormal memory
            id: rce-memory
            correlation: {type: temporal, rules: [rce, memory], group-by: [pod], timespan: 10m}
            level: critical
            """);

    private static final Playbook CONTAIN = new Playbook(
            "contain",
            "",
            new Condition(85, Level.CRITICAL, Set.of(), Set.of(), Set.of(), Set.of("kube-system")),
            Mode.AUTOMATIC,
            List.of(new Step("label", Map.of()), new Step("isolate", Map.of())));

    private final Engine engine;
    private final Map<String, EntityState> states = new TreeMap<>();
    private long wallSeconds;
    private boolean late;

    /** Last revision of each incident, in the order of opening. */
    final Map<String, Incident> incidents = new LinkedHashMap<>();

    final List<Incident> revisions = new ArrayList<>();
    final List<Command> commands = new ArrayList<>();
    final List<Match> matches = new ArrayList<>();

    private final UnaryOperator<EntityState> stored;

    Scenario(RuleSet rules) {
        this(rules, UnaryOperator.identity());
    }

    /** @param stored what becomes of a state between two inputs */
    Scenario(RuleSet rules, UnaryOperator<EntityState> stored) {
        this(rules, stored, new Responder(List.of(CONTAIN)));
    }

    Scenario(RuleSet rules, UnaryOperator<EntityState> stored, Responder responder) {
        this.stored = stored;
        this.engine = new Engine(rules, responder, new Grouping(PlainKeys.PLAIN), Policy.DEFAULT);
    }

    static RuleSet rules(String yaml) {
        ParsedRules parsed = new RuleParser().parse("test.yml", yaml);
        if (!parsed.problems().isEmpty()) {
            throw new IllegalArgumentException(parsed.problems().toString());
        }
        return RuleSet.of(parsed.rules());
    }

    static List<Playbook> playbooks(String yaml) {
        PlaybookParser.Parsed parsed = new PlaybookParser().parse("test.yml", yaml);
        if (!parsed.problems().isEmpty()) {
            throw new IllegalArgumentException(parsed.problems().toString());
        }
        return parsed.playbooks();
    }

    Scenario observe(Signal... signals) {
        for (Signal signal : signals) {
            apply(signal.key(), new Input.Observed(signal));
        }
        return this;
    }

    /** Lets the wall clock go on without events. */
    Scenario idle(long seconds) {
        wallSeconds += seconds;
        List.copyOf(states.keySet()).forEach(key -> apply(key, new Input.Elapsed()));
        return this;
    }

    /** On the pod's own key. */
    Scenario apply(Input input) {
        return apply(Signals.KEY, input);
    }

    Scenario apply(String key, Input input) {
        Outcome outcome = engine.apply(states.get(key), input, wallSeconds * 1_000);
        if (outcome.state() == null) {
            states.remove(key);
        } else {
            states.put(key, stored.apply(outcome.state()));
        }
        late = outcome.late();
        outcome.incidents().forEach(incident -> {
            revisions.add(incident);
            incidents.put(incident.id(), incident);
        });
        commands.addAll(outcome.commands());
        matches.addAll(outcome.matches());
        outcome.derived().forEach(signal -> apply(signal.key(), new Input.Observed(signal)));
        return this;
    }

    Incident only() {
        if (incidents.size() != 1) {
            throw new AssertionError("expected one incident, got " + incidents.values());
        }
        return incidents.values().iterator().next();
    }

    boolean late() {
        return late;
    }

    /** Of the pod's own key. */
    EntityState state() {
        return states.get(Signals.KEY);
    }

    boolean remembersNothing() {
        return states.isEmpty();
    }

    long dueAt() {
        return engine.dueAt(state());
    }
}
