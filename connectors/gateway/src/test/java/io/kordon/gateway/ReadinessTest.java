package io.kordon.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private static final Duration GRACE = Duration.ofMinutes(1);

    private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();
    private final AtomicLong nanos = new AtomicLong(-5);
    private @Nullable Readiness readiness;

    @AfterEach
    void stop() {
        if (readiness != null) {
            readiness.close();
        }
    }

    @Test
    void isNotReadyBeforeAllWasWellOnce() {
        trouble.set("no broker answers");
        Readiness starting = start();

        await().untilAsserted(() -> assertThat(starting.problem()).isEqualTo("kafka: no broker answers"));
        assertThat(starting.isReady()).isFalse();
        assertThat(starting.json()).isEqualTo("{\"ready\":false,\"components\":{\"kafka\":{\"ready\":false}}}");
    }

    @Test
    void staysReadyThroughABlip() {
        Readiness running = ready();

        trouble.set("no broker answers");
        await().until(() -> !running.isReady("kafka"));
        nanos.addAndGet(GRACE.toNanos() - 1);

        assertThat(running.isReady()).isTrue();
        assertThat(running.problem()).isEmpty();
        assertThat(running.json()).isEqualTo("{\"ready\":true,\"components\":{\"kafka\":{\"ready\":false}}}");
    }

    @Test
    void isNotReadyAfterTheGraceAndIsAgainOnceAllIsWell() {
        Readiness running = ready();
        trouble.set("no broker answers");
        await().until(() -> !running.isReady("kafka"));
        nanos.addAndGet(GRACE.toNanos());
        trouble.set("another reason"); // is no new trouble

        await().untilAsserted(() -> assertThat(running.problem()).isEqualTo("kafka: another reason"));
        assertThat(running.isReady()).isFalse();

        trouble.set(null);
        await().until(running::isReady);
    }

    @Test
    void isNotReadyOnceItIsAboutToStop() {
        Readiness running = ready();

        running.leaving();

        assertThat(running.isReady()).isFalse();
        assertThat(running.isLeaving()).isTrue();
        assertThat(running.json()).contains("\"ready\":false", "it is about to stop");
    }

    private Readiness ready() {
        Readiness running = start();
        await().until(running::isReady);
        return running;
    }

    private Readiness start() {
        Map<String, Supplier<@Nullable String>> checks = Map.of("kafka", trouble::get);
        readiness = new Readiness(checks, Duration.ofMillis(5), GRACE, nanos::get);
        return readiness;
    }
}
