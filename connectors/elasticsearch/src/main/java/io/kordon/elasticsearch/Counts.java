package io.kordon.elasticsearch;

import java.util.LinkedHashMap;
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

    /** Shows them as metrics of this plugin; Connect adds connector and task, and removes them with the task. */
    void register(PluginMetrics metrics) {
        gauge(metrics, "documents-written-total", "Records whose document Elasticsearch took", written);
        gauge(metrics, "documents-already-there-total", "Records whose document a replay found in place", alreadyThere);
        gauge(metrics, "tombstones-total", "Tombstones, which change nothing", tombstones);
        gauge(metrics, "records-errant-total", "Records that cannot become a document", reported);
        gauge(metrics, "retries-total", "Times that writing had to wait", retries);
        gauge(metrics, "records-pending", "Records that wait to be written", pending);
    }

    private static void gauge(PluginMetrics metrics, String name, String description, AtomicLong value) {
        Gauge<Long> gauge = (config, now) -> value.get();
        metrics.addMetric(metrics.metricName(name, description, new LinkedHashMap<>()), gauge);
    }
}
