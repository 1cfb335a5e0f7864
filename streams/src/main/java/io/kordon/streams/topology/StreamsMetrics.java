package io.kordon.streams.topology;

import io.kordon.avro.Command;
import io.kordon.avro.Incident;
import io.kordon.streams.correlation.Match;
import io.kordon.streams.correlation.Signal;
import io.kordon.streams.incident.Source;
import io.kordon.streams.incident.Verdict;
import io.kordon.streams.response.Budgets;
import io.kordon.streams.rule.Backtracking;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Counters of the topology. */
final class StreamsMetrics {
    private final MeterRegistry registry;
    private final Map<Source, Counter> events = new EnumMap<>(Source.class);
    private final Map<Source, Counter> clamped = new EnumMap<>(Source.class);
    private final Map<Source, Counter> late = new EnumMap<>(Source.class);
    private final Map<Source, Timer> delays = new EnumMap<>(Source.class);
    private final Map<Source, Timer> leads = new EnumMap<>(Source.class);

    StreamsMetrics(MeterRegistry registry) {
        this.registry = registry;
        FunctionCounter.builder("kordon.streams.regex.abandoned", registry, unused -> Backtracking.exhausted())
                .description("Searches with expressions beyond RE2 that ran out of their budget and found nothing")
                .register(registry);
        for (Source source : Source.values()) {
            String name = source.name().toLowerCase(Locale.ROOT);
            events.put(source, counter("kordon.streams.events", "Events read", name));
            clamped.put(
                    source,
                    counter("kordon.streams.events.clamped", "Stamped too far ahead, and taken as received", name));
            late.put(source, counter("kordon.streams.signals.late", "Signals beyond their source's grace", name));
            delays.put(source, timer("kordon.streams.event.delay", "From an event's own time to its receipt", name));
            leads.put(
                    source,
                    timer("kordon.streams.event.lead", "How far an event's own time is ahead of its receipt", name));
        }
    }

    private Counter counter(String name, String description, String source) {
        return Counter.builder(name)
                .description(description)
                .tag("source", source)
                .register(registry);
    }

    private Timer timer(String name, String description, String source) {
        return Timer.builder(name)
                .description(description)
                .tag("source", source)
                .register(registry);
    }

    void observed(Observation observation) {
        Source source = observation.source();
        Objects.requireNonNull(events.get(source)).increment();
        if (observation.clamped()) {
            Objects.requireNonNull(clamped.get(source)).increment();
        }
        // An alert's time is what it says of its series, which says nothing of anybody's clock.
        if (source != Source.PROMETHEUS) {
            long delay = observation.receivedAt() - observation.eventTime();
            Timer timer = Objects.requireNonNull((delay < 0 ? leads : delays).get(source));
            timer.record(Math.abs(delay), TimeUnit.MICROSECONDS);
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
        Objects.requireNonNull(late.get(signal.source())).increment();
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
