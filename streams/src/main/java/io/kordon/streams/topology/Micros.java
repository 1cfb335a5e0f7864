package io.kordon.streams.topology;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The core counts event time in epoch microseconds, the records carry instants. */
final class Micros {
    private static final long PER_SECOND = 1_000_000;

    private Micros() {}

    /**
     * Not by way of {@code ChronoUnit.MICROS.between}, which counts nanoseconds on Java 17 and so ends in 2262.
     *
     * @throws ArithmeticException beyond 64 bits of microseconds, some 292,000 years from 1970
     */
    static long of(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), PER_SECOND), instant.getNano() / 1_000);
    }

    static @Nullable Long ofNullable(@Nullable Instant instant) {
        return instant == null ? null : Long.valueOf(of(instant));
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    static @Nullable Instant instantOrNull(@Nullable Long micros) {
        return micros == null ? null : instant(micros);
    }
}
