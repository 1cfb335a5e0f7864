package io.kordon.streams.topology;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What of a topic of documents cannot be used. */
final class LiveDocumentsMetrics {
    private final Counter refused;
    private final Counter undecodable;

    /** @param what {@code rules} or {@code playbooks} */
    LiveDocumentsMetrics(MeterRegistry registry, String what) {
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
