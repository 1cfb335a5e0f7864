package io.kordon.gateway;

import io.kordon.decoding.Decoded;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The gateway's meters. Labels come from closed lists, except Falco's hostnames, whose number is bounded. */
final class GatewayMetrics {
    /** Most series of Falco's drop counters: hostnames are the sender's to invent. */
    static final int MAX_DROP_SERIES = 2_000;

    private final MeterRegistry registry;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Map<String, AtomicReference<Double>> drops = new ConcurrentHashMap<>();

    GatewayMetrics(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("kordon.gateway.requests.in.flight", inFlight, AtomicInteger::get)
                .description("Requests that have no answer yet")
                .register(registry);
    }

    void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    void ready(String component, Supplier<Number> value) {
        Gauge.builder("kordon.gateway.ready", value)
                .description("1 while the component is ready")
                .tag("component", component)
                .register(registry);
    }

    void expiry(String name, String description, Supplier<Number> secondsLeft) {
        Gauge.builder(name, secondsLeft)
                .description(description + "; below 0 it has")
                .baseUnit("seconds")
                .register(registry);
    }

    /** @param files {@code tls} or {@code credentials} */
    void filesRefused(String files, Supplier<Number> value) {
        Gauge.builder("kordon.gateway.files.refused", value)
                .description("1 while the files as they are now make no sense and earlier ones are in force")
                .tag("files", files)
                .register(registry);
    }

    void reloaded(String files, String outcome) {
        Counter.builder("kordon.gateway.reloads")
                .description("Changes of files while the gateway runs, by whether they are in force")
                .tag("files", files)
                .tag("outcome", outcome)
                .register(registry)
                .increment();
    }

    void handshakeFailed(String reason) {
        Counter.builder("kordon.gateway.handshakes.failed")
                .description("Connections that came to nothing before a whole request, by reason")
                .tag("reason", reason)
                .register(registry)
                .increment();
    }

    /** @param secret number of the secret in the credentials file, from 1: tells when an old one is no longer in use */
    void authenticated(String sender, String proof, int secret) {
        Counter.builder("kordon.gateway.authenticated")
                .description("Requests whose sender is known, by sender and which of its secrets it used")
                .tag("sender", sender)
                .tag("proof", proof)
                .tag("secret", Integer.toString(secret))
                .register(registry)
                .increment();
    }

    void begun() {
        inFlight.incrementAndGet();
    }

    void ended(String path, int status, Duration took) {
        inFlight.decrementAndGet();
        Timer.builder("kordon.gateway.requests")
                .description("Requests by path and status, from their head to their answer")
                .tag("path", path)
                .tag("status", Integer.toString(status))
                .register(registry)
                .record(took);
    }

    void body(String source, long bytes) {
        Counter.builder("kordon.gateway.body")
                .description("Bytes of bodies as they arrived, still compressed where they were")
                .baseUnit("bytes")
                .tag("source", source)
                .register(registry)
                .increment((double) bytes);
    }

    void accepted(String source, int events) {
        items("kordon.gateway.accepted", "Events that Kafka has acknowledged", source, events);
    }

    void ignored(String source, int items) {
        items("kordon.gateway.ignored", "Items that are no events: Falco's metrics snapshots", source, items);
    }

    private void items(String name, String description, String source, int count) {
        Counter.builder(name)
                .description(description)
                .tag("source", source)
                .register(registry)
                .increment(count);
    }

    void rejected(String source, String code, int items) {
        Counter.builder("kordon.gateway.rejected")
                .description("Items that went to the rejected topic, by cause, acknowledged by Kafka")
                .tag("source", source)
                .tag("code", code)
                .register(registry)
                .increment(items);
    }

    void refused(String path, String code) {
        Counter.builder("kordon.gateway.refused")
                .description("Requests of which nothing was taken, by cause")
                .tag("path", path)
                .tag("code", code)
                .register(registry)
                .increment();
    }

    /** Keeps the last numbers that a Falco reported of itself. */
    void dropped(Decoded.Ignored snapshot) {
        String hostname = cut(snapshot.hostname(), 253);
        snapshot.counters().forEach((counter, value) -> {
            String name = cut(counter, 100);
            String key = hostname + '\n' + name;
            AtomicReference<Double> last = drops.get(key);
            if (last == null && drops.size() < MAX_DROP_SERIES) {
                last = drops.computeIfAbsent(key, any -> series(hostname, name, value));
            }
            if (last == null) {
                registry.counter("kordon.gateway.falco.drops.unlisted").increment();
            } else {
                last.set(value);
            }
        });
    }

    private AtomicReference<Double> series(String hostname, String name, double value) {
        AtomicReference<Double> last = new AtomicReference<>(value);
        Gauge.builder("kordon.gateway.falco.drops", last, AtomicReference::get)
                .description("Drop counters of Falco's metrics snapshots, as last reported")
                .tag("hostname", hostname)
                .tag("counter", name)
                .register(registry);
        return last;
    }

    /** Kept for as long as the gateway runs, so no longer than the label is. */
    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest);
    }
}
