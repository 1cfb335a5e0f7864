package io.kordon.kubernetes;

import io.kordon.avro.StepStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Meters of the actuator; see the module's RATIONALE.md for their names in Prometheus. */
final class ActuatorMetrics {
    private static final Set<String> ACTIONS =
            ContainmentSteps.all().stream().map(ContainmentStep::action).collect(Collectors.toUnmodifiableSet());

    private final MeterRegistry registry;

    ActuatorMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A run ended. */
    void command(StepStatus status) {
        counter("kordon.actuator.commands", "Containment commands by outcome.", "outcome", lower(status.name()));
    }

    /** A command is begun: how long ago was it issued? One from the future waits no time. */
    void begun(Instant issuedAt, Instant now) {
        Timer.builder("kordon.actuator.command.delay")
                .description("From a command's issue to its begin.")
                .register(registry)
                .record(issuedAt.isAfter(now) ? Duration.ZERO : Duration.between(issuedAt, now));
    }

    /** The API server did not fulfil a request, and it is not made again; code 0 means that there was no answer. */
    void gaveUp(String action, int code) {
        Counter.builder("kordon.actuator.api.failures")
                .description("Requests that the API server did not fulfil, for good.")
                .tag("action", action)
                .tag("code", Integer.toString(code))
                .register(registry)
                .increment();
    }

    /** A command was for another cluster. */
    void skipped() {
        counter("kordon.actuator.commands", "Containment commands by outcome.", "outcome", "other_cluster");
    }

    void step(String action, StepStatus status, Duration took) {
        // The action is the command's text: only names that we know may become label values.
        Timer.builder("kordon.actuator.step")
                .description("Containment steps by action and outcome, with the time they took.")
                .tag("action", ACTIONS.contains(action) ? action : "unknown")
                .tag("status", lower(status.name()))
                .register(registry)
                .record(took);
    }

    /** A request is made again; code 0 means that there was no answer. */
    void retry(String action, int code) {
        Counter.builder("kordon.actuator.retries")
                .description("Attempts that the API server did not fulfil and that were made again.")
                .tag("action", action)
                .tag("code", Integer.toString(code))
                .register(registry)
                .increment();
    }

    void rejected(String code) {
        counter("kordon.actuator.rejected", "Records that were no commands, by cause.", "code", code);
    }

    /** Results could not be delivered, or the loop was disturbed otherwise; the command is run again. */
    void failure(String where) {
        counter("kordon.actuator.failures", "Disturbances after which commands are run again.", "where", where);
    }

    private void counter(String name, String description, String tag, String value) {
        Counter.builder(name)
                .description(description)
                .tag(tag, value)
                .register(registry)
                .increment();
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
