package io.kordon.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.junit.jupiter.api.Test;

class CountsTest {
    private static final Map<String, String> TASK = Map.of("connector", "kordon-elasticsearch", "task", "0");

    private final Metrics registry = new Metrics();

    @Test
    void areShownWhenThePredecessorOfTheTaskHasEnded() throws IOException {
        PluginMetricsImpl before = new PluginMetricsImpl(registry, TASK);
        PluginMetricsImpl after = new PluginMetricsImpl(registry, TASK);
        Counts predecessor = new Counts();
        Counts counts = new Counts();
        counts.written.set(3);

        assertThat(predecessor.show(before)).isTrue();
        assertThat(counts.show(after)).isFalse();
        assertThat(shown("documents-written-total")).isZero();

        before.close();

        assertThat(counts.show(after)).isTrue();
        assertThat(shown("documents-written-total")).isEqualTo(3);
    }

    @Test
    void areAllShownAlsoWhenThePredecessorEndsMeanwhile() {
        PluginMetricsImpl before = new PluginMetricsImpl(registry, TASK);
        PluginMetricsImpl after = new PluginMetricsImpl(registry, TASK);
        new Counts().show(before);
        before.removeMetric(before.metricName("records-pending", "", new LinkedHashMap<>()));
        Counts counts = new Counts();
        counts.pending.set(7);

        assertThat(counts.show(after)).isFalse();
        assertThat(counts.show(after))
                .as("nothing is shown twice, nothing fails")
                .isFalse();
        assertThat(shown("records-pending")).isEqualTo(7);
    }

    private long shown(String name) {
        return registry.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals(name))
                .map(metric -> (Long) metric.getValue().metricValue())
                .findFirst()
                .orElseThrow();
    }
}
