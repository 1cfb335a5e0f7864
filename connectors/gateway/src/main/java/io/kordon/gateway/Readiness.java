package io.kordon.gateway;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the gateway leans on, asked again and again in the background, so that asking it is free and never blocks. Ready is
 * whoever was so once and since then has missed nothing for longer than the grace: who is not ready gets no requests, and
 * senders that do not try again lose what a producer that waits for its brokers would have saved.
 */
final class Readiness implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

    private static final String PROCESS = "gateway";

    private final Map<String, Supplier<@Nullable String>> checks;
    private final Map<String, Trouble> troubles = new ConcurrentHashMap<>();
    private final long grace;
    private final LongSupplier nanos;
    private volatile boolean wasReady;
    private volatile boolean leaving;
    private final ScheduledExecutorService asker = Executors.newScheduledThreadPool(2, task -> {
        Thread thread = new Thread(task, "kordon-gateway-readiness");
        thread.setDaemon(true);
        return thread;
    });

    private record Trouble(String reason, long since) {}

    /**
     * @param checks by component; each says what is wrong, or null, and may block
     * @param grace how long a component may be in trouble, once all were well
     * @param nanos the time, as {@link System#nanoTime} tells it
     */
    @SuppressWarnings("FutureReturnValueIgnored") // ask() lets no exception out
    Readiness(Map<String, Supplier<@Nullable String>> checks, Duration every, Duration grace, LongSupplier nanos) {
        this.checks = new LinkedHashMap<>(checks);
        this.grace = grace.toNanos();
        this.nanos = nanos;
        checks.forEach((component, check) -> {
            troubles.put(component, new Trouble("not asked yet", nanos.getAsLong()));
            asker.scheduleWithFixedDelay(() -> ask(component, check), 0, every.toMillis(), TimeUnit.MILLISECONDS);
        });
    }

    /** Not ready from now on, whatever the components are. */
    void leaving() {
        leaving = true;
    }

    boolean isLeaving() {
        return leaving;
    }

    boolean isReady() {
        return !leaving && problem().isEmpty();
    }

    /** Whether the component is well at this moment, whatever the grace. */
    boolean isReady(String component) {
        return !troubles.containsKey(component);
    }

    /** What is wrong with each component that keeps the gateway from being ready, for an operator; empty when none does. */
    String problem() {
        List<String> problems = new ArrayList<>();
        for (String component : checks.keySet()) {
            Trouble trouble = troubles.get(component);
            if (trouble != null && !(wasReady && nanos.getAsLong() - trouble.since < grace)) {
                problems.add(component + ": " + trouble.reason);
            }
        }
        return String.join("; ", problems);
    }

    /**
     * {@code {"ready":…,"components":{"kafka":{"ready":…}}}}. No reasons: they name hosts, and anybody may ask the door.
     */
    String json() {
        return Answer.json(json -> {
            json.writeBooleanField("ready", isReady());
            json.writeObjectFieldStart("components");
            for (String component : checks.keySet()) {
                json.writeObjectFieldStart(component);
                json.writeBooleanField("ready", isReady(component));
                json.writeEndObject();
            }
            if (leaving) {
                json.writeObjectFieldStart(PROCESS);
                json.writeBooleanField("ready", false);
                json.writeStringField("reason", "it is about to stop");
                json.writeEndObject();
            }
            json.writeEndObject();
        });
    }

    private void ask(String component, Supplier<@Nullable String> check) {
        String trouble;
        try {
            trouble = check.get();
        } catch (RuntimeException e) {
            trouble = e.toString();
        }
        Trouble before = troubles.get(component);
        if (trouble == null) {
            troubles.remove(component);
            wasReady |= troubles.isEmpty();
        } else {
            troubles.put(component, new Trouble(trouble, before == null ? nanos.getAsLong() : before.since));
        }
        if (trouble == null && before != null) {
            LOG.info("{} is ready", component);
        } else if (trouble != null && (before == null || !trouble.equals(before.reason))) {
            LOG.warn("{} is not ready: {}", component, trouble);
        }
    }

    @Override
    public void close() {
        asker.shutdownNow();
    }
}
