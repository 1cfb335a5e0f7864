package io.kordon.elasticsearch;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.PluginMetrics;

/**
 * What became of the records of one task. Written by the task's thread, read by whoever scrapes Connect. Every record that
 * is delivered ends in exactly one of the totals; what has not ended yet is pending.
 */
final class Counts {
    final AtomicLong written = new AtomicLong();
    final AtomicLong alreadyThere = new AtomicLong();
    final AtomicLong tombstones = new AtomicLong();
    final AtomicLong reported = new AtomicLong();
    final AtomicLong retries = new AtomicLong();
    final AtomicLong pending = new AtomicLong();
    private final Map<Obstacle.Kind, AtomicLong> kinds = new EnumMap<>(Obstacle.Kind.class);

    /** Epoch milliseconds; 0 while nothing waits. */
    private final AtomicLong waitingSince = new AtomicLong();

    private final List<Hidden> hidden = new ArrayList<>();

    Counts() {
        count("documents-written-total", "Records whose document Elasticsearch took", written);
        count("documents-already-there-total", "Records whose document a replay found in place", alreadyThere);
        count("tombstones-total", "Tombstones, which change nothing", tombstones);
        count("records-errant-total", "Records that cannot become a document", reported);
        count("retries-total", "Times that writing had to wait", retries);
        for (Obstacle.Kind kind : Obstacle.Kind.values()) {
            AtomicLong total = new AtomicLong();
            kinds.put(kind, total);
            count(
                    "retries-" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-total",
                    "Times that writing had to wait, for this reason",
                    total);
        }
        hidden.add(new Hidden(
                "waiting-seconds",
                "How long nothing could be written; 0 while it can",
                (config, now) -> waitingSeconds(now)));
        count("records-pending", "Records that wait to be written", pending);
    }

    /** Something has to wait, for the first time or again. */
    void waits(Obstacle.Kind kind, long now) {
        retries.incrementAndGet();
        Objects.requireNonNull(kinds.get(kind)).incrementAndGet();
        waitingSince.compareAndSet(0, now);
    }

    void nothingWaits() {
        waitingSince.set(0);
    }

    /** How long nothing could be written, in seconds; 0 while something can. */
    long waitingSeconds(long now) {
        long since = waitingSince.get();
        return since == 0 ? 0 : Math.max(0, now - since) / 1000;
    }

    /**
     * Shows them as metrics of this plugin; Connect adds connector and task, and removes them with the task. A task that is
     * started while its predecessor has not ended, as after an outage of Kafka, finds that one's metrics in place: what could
     * not be shown yet is shown by another call.
     *
     * @return whether all are shown
     */
    boolean show(PluginMetrics metrics) {
        hidden.removeIf(metric -> metric.shownBy(metrics));
        return hidden.isEmpty();
    }

    private void count(String name, String description, AtomicLong value) {
        hidden.add(new Hidden(name, description, (config, now) -> value.get()));
    }

    private record Hidden(String name, String description, Gauge<Long> gauge) {
        boolean shownBy(PluginMetrics metrics) {
            try {
                metrics.addMetric(metrics.metricName(name, description, new LinkedHashMap<>()), gauge);
                return true;
            } catch (IllegalArgumentException taken) {
                return false;
            }
        }
    }
}
