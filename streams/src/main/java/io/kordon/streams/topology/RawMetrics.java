package io.kordon.streams.topology;

import io.micrometer.core.instrument.MeterRegistry;

/** Counters of the raw intake, by format. Accepted, ignored and rejected add up to the items of all records read. */
final class RawMetrics {
    private final MeterRegistry registry;

    RawMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void accepted(String source) {
        registry.counter("kordon.streams.raw.accepted", "source", source).increment();
    }

    void ignored(String source) {
        registry.counter("kordon.streams.raw.ignored", "source", source).increment();
    }

    void rejected(String source, String code) {
        registry.counter("kordon.streams.raw.rejected", "source", source, "code", code)
                .increment();
    }

    /** A record was stamped too far ahead, and taken as received when it was read. */
    void clamped(String source) {
        registry.counter("kordon.streams.raw.clamped", "source", source).increment();
    }
}
