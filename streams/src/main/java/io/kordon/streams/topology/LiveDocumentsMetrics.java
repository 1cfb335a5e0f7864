package io.kordon.streams.topology;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** What of a topic of documents cannot be used. */
final class LiveDocumentsMetrics {
    private final Counter refused;
    private final Counter undecodable;

    /**
     * Registers them.
     *
     * @param what {@code rules} or {@code playbooks}
     * @param problem what keeps published documents from being in force; empty if nothing does
     */
    LiveDocumentsMetrics(MeterRegistry registry, String what, Supplier<String> problem) {
        Gauge.builder("kordon." + what + ".followed", () -> problem.get().isEmpty() ? 1 : 0)
                .description("1 while all that is published as " + what + " has been taken notice of")
                .register(registry);
        refused = Counter.builder("kordon." + what + ".refused")
                .description("Published " + what + " that cannot be used; what was in force under their ids stays")
                .register(registry);
        undecodable = Counter.builder("kordon." + what + ".undecodable")
                .description("Records of the topic of " + what + " that are none")
                .register(registry);
    }

    void refused() {
        refused.increment();
    }

    void undecodable() {
        undecodable.increment();
    }
}
