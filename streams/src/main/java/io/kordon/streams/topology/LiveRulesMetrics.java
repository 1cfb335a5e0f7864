package io.kordon.streams.topology;

import io.kordon.streams.rule.RuleSet;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/** Which rules an instance has loaded, and which it refused. */
final class LiveRulesMetrics {
    private final Counter refused;
    private final Counter undecodable;

    LiveRulesMetrics(MeterRegistry registry, Supplier<RuleSet> rules) {
        loaded(registry, rules, "detection", set -> set.detections().size());
        loaded(registry, rules, "correlation", set -> set.correlations().size());
        loaded(registry, rules, "filter", set -> set.filters().size());
        refused = Counter.builder("kordon.rules.refused")
                .description("Published rules that cannot be used; what was in force under their ids stays")
                .register(registry);
        undecodable = Counter.builder("kordon.rules.undecodable")
                .description("Records of the topic of rules that are no rules")
                .register(registry);
    }

    void refused() {
        refused.increment();
    }

    void undecodable() {
        undecodable.increment();
    }

    private static void loaded(
            MeterRegistry registry, Supplier<RuleSet> rules, String kind, ToIntFunction<RuleSet> count) {
        Gauge.builder("kordon.rules.loaded", rules, live -> count.applyAsInt(live.get()))
                .description("Rules in force")
                .tag("kind", kind)
                .register(registry);
    }
}
