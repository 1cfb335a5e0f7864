package io.kordon.gateway;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the gateway leans on, asked again and again in the background, so that asking it is free and never blocks. */
final class Readiness implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

    private static final String PROCESS = "gateway";

    private final Map<String, Supplier<@Nullable String>> checks;
    private final Map<String, String> troubles = new ConcurrentHashMap<>();
    private final ScheduledExecutorService asker = Executors.newScheduledThreadPool(2, task -> {
        Thread thread = new Thread(task, "kordon-gateway-readiness");
        thread.setDaemon(true);
        return thread;
    });

    /** @param checks by component; each says what is wrong, or null, and may block */
    @SuppressWarnings("FutureReturnValueIgnored") // ask() lets no exception out
    Readiness(Map<String, Supplier<@Nullable String>> checks, Duration every) {
        this.checks = new LinkedHashMap<>(checks);
        checks.forEach((component, check) -> {
            troubles.put(component, "not asked yet");
            asker.scheduleWithFixedDelay(() -> ask(component, check), 0, every.toMillis(), TimeUnit.MILLISECONDS);
        });
    }

    /** Not ready from now on, whatever the components are. */
    void leaving() {
        troubles.put(PROCESS, "it is about to stop");
    }

    boolean isReady() {
        return troubles.isEmpty();
    }

    boolean isReady(String component) {
        return !troubles.containsKey(component);
    }

    /** What is wrong with each component that is not ready, for an operator; empty when all are. */
    String problem() {
        return checks.keySet().stream()
                .filter(troubles::containsKey)
                .map(component -> component + ": " + troubles.get(component))
                .collect(Collectors.joining("; "));
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
            if (troubles.containsKey(PROCESS)) {
                json.writeObjectFieldStart(PROCESS);
                json.writeBooleanField("ready", false);
                json.writeStringField("reason", troubles.get(PROCESS));
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
        String before = trouble == null ? troubles.remove(component) : troubles.put(component, trouble);
        if (trouble == null && before != null) {
            LOG.info("{} is ready", component);
        } else if (trouble != null && !trouble.equals(before)) {
            LOG.warn("{} is not ready: {}", component, trouble);
        }
    }

    @Override
    public void close() {
        asker.shutdownNow();
    }
}
