package io.kordon.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.JmxReporter;
import org.apache.kafka.common.metrics.KafkaMetricsContext;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KafkaMetersTest {
    private static final String FETCHER = "consumer-fetch-manager-metrics";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Metrics consumers = of("kafka.consumer");
    private final Metrics connect = of("kafka.connect");

    @AfterEach
    void forget() {
        consumers.close();
        connect.close();
    }

    @Test
    void sumsLagOverPartitionsAndTellsATopicWithDotsOnce() {
        lag("reader", "a.b", "0", 5);
        lag("reader", "a_b", "0", 5); // how consumers spell a.b a second time
        lag("reader", "a.b", "1", 7);
        lag("other", "c", "0", 1);
        lag("app-restore-consumer", "store-changelog", "0", 1_000);
        lag("app-global-consumer", "identities", "0", 1_000);
        lag("fresh", "c", "0", Double.NaN);
        KafkaMeters.bind(registry, "streams");

        assertThat(gauge("kordon.kafka.consumer.lag")).isEqualTo(13);
    }

    @Test
    void countsTotalsOfAllClientsAndNothingWhereThereIsNone() {
        add(consumers, "rebalance-total", "consumer-coordinator-metrics", 3, Map.of("client-id", "one"));
        add(consumers, "rebalance-total", "consumer-coordinator-metrics", 4, Map.of("client-id", "two"));
        KafkaMeters.bind(registry, "actuator");

        assertThat(registry.get("kordon.kafka.consumer.rebalances")
                        .functionCounter()
                        .count())
                .isEqualTo(7);
        assertThat(registry.get("kordon.kafka.producer.errors")
                        .functionCounter()
                        .count())
                .isZero();
        assertThat(gauge("kordon.kafka.consumer.lag")).isNaN();
    }

    @Test
    void takesOfWorstTasksTheWorst() {
        add(connect, "waiting-seconds", "plugins", 12, Map.of("connector", "sink", "task", "0"));
        add(connect, "waiting-seconds", "plugins", 90, Map.of("connector", "sink", "task", "1"));
        KafkaMeters.bind(registry, "connect");

        assertThat(gauge("kordon.connect.waiting")).isEqualTo(90);
    }

    @Test
    void tellsOfStreamsAndConnectWhereTheyRun() {
        KafkaMeters.bind(registry, "gateway");

        assertThat(registry.getMeters())
                .isNotEmpty()
                .allMatch(meter -> meter.getId().getName().startsWith("kordon.kafka."));
    }

    private void lag(String client, String topic, String partition, double records) {
        add(
                consumers,
                "records-lag",
                FETCHER,
                records,
                Map.of("client-id", client, "topic", topic, "partition", partition));
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private static void add(Metrics metrics, String name, String group, double value, Map<String, String> tags) {
        Gauge<Double> gauge = (config, now) -> value;
        metrics.addMetric(metrics.metricName(name, group, "", tags), gauge);
    }

    private static Metrics of(String context) {
        return new Metrics(
                new MetricConfig(), List.of(new JmxReporter()), Time.SYSTEM, new KafkaMetricsContext(context));
    }
}
