package io.kordon.streams.topology;

import io.kordon.avro.Command;
import io.kordon.avro.Incident;
import io.kordon.streams.correlation.Match;
import io.kordon.streams.correlation.Signal;
import io.kordon.streams.incident.Verdict;
import io.kordon.streams.response.Budgets;
import io.kordon.streams.rule.Backtracking;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** Counters of the topology. */
final class StreamsMetrics {
    private final MeterRegistry registry;

    StreamsMetrics(MeterRegistry registry) {
        this.registry = registry;
        FunctionCounter.builder("kordon.streams.regex.abandoned", registry, unused -> Backtracking.exhausted())
                .description("Searches with expressions beyond RE2 that ran out of their budget and found nothing")
                .register(registry);
    }

    void observed(Observation observation) {
        String source = observation.source().name().toLowerCase(Locale.ROOT);
        registry.counter("kordon.streams.events", "source", source).increment();
        if (observation.clamped()) {
            registry.counter("kordon.streams.events.clamped", "source", source).increment();
        }
    }

    void undecodablePod() {
        registry.counter("kordon.streams.pods.undecodable").increment();
    }

    void signal(Signal signal) {
        registry.counter("kordon.streams.signals", "rule", signal.rule().ruleId())
                .increment();
    }

    void late(Signal signal) {
        String source = signal.source().name().toLowerCase(Locale.ROOT);
        registry.counter("kordon.streams.signals.late", "source", source).increment();
    }

    /** A correlation that matched; known by its rule, of which there are as many as the team has written. */
    void match(Match match) {
        registry.counter("kordon.streams.correlations", "rule", match.ruleId()).increment();
    }

    /** A decision that changed its incident, or found none to change. */
    void decision(Verdict verdict, boolean taken) {
        registry.counter(
                        "kordon.streams.decisions",
                        "action",
                        verdict.action().name().toLowerCase(Locale.ROOT),
                        "outcome",
                        taken ? "taken" : "without_effect")
                .increment();
    }

    void incident(Incident incident) {
        String severity = incident.getSeverity().name().toLowerCase(Locale.ROOT);
        registry.counter("kordon.streams.incident.revisions", "severity", severity)
                .increment();
        if (incident.getRevision() == 1) {
            registry.counter("kordon.streams.incidents.opened", "severity", severity)
                    .increment();
        }
    }

    /** A command that the guard let through, or held. */
    void guarded(Budgets.Outcome outcome) {
        registry.counter("kordon.guard.commands", "outcome", outcome.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    void command(Command command) {
        registry.counter("kordon.streams.commands", "playbook", command.getPlaybook())
                .increment();
    }
}
