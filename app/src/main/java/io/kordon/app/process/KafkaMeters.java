package io.kordon.app.process;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * The few of Kafka's hundreds of metrics that tell that something is wrong. Clients, Streams and Connect name theirs by
 * client, thread, task and partition, and show them by JMX; here each is one number for the process, so that neither the
 * number of series nor their names depend on how it is deployed.
 */
final class KafkaMeters {
    private static final String CLIENTS = "kafka.*:type=*,client-id=*";
    private static final String COORDINATORS = "kafka.consumer:type=consumer-coordinator-metrics,client-id=*";
    private static final String PRODUCERS = "kafka.producer:type=producer-metrics,client-id=*";
    private static final String THREADS = "kafka.streams:type=stream-thread-metrics,thread-id=*";
    private static final String TASKS = "kafka.streams:type=stream-task-metrics,thread-id=*,task-id=*";
    private static final String WORKER = "kafka.connect:type=connect-worker-metrics,connector=*";
    private static final String REBALANCES = "kafka.connect:type=connect-worker-rebalance-metrics";
    private static final String SINK = "kafka.connect:type=plugins,*";
    private static final String ERRORS = "kafka.connect:type=task-error-metrics,connector=*,task=*";

    /**
     * One meter.
     *
     * @param beans whose attribute it is made of
     * @param tag name and value of a label, or empty
     */
    private record Spec(
            String meter,
            String unit,
            boolean total,
            boolean largest,
            String beans,
            String attribute,
            List<String> tag) {
        static Spec count(String meter, String beans, String attribute, String... tag) {
            return new Spec(meter, "", true, false, beans, attribute, List.of(tag));
        }

        static Spec sum(String meter, String unit, String beans, String attribute) {
            return new Spec(meter, unit, false, false, beans, attribute, List.of());
        }

        static Spec largest(String meter, String unit, String beans, String attribute) {
            return new Spec(meter, unit, false, true, beans, attribute, List.of());
        }
    }

    private static final List<Spec> EVERYWHERE = List.of(
            Spec.sum("kordon.kafka.connections", "", CLIENTS, "connection-count"),
            Spec.count("kordon.kafka.authentication.failures", CLIENTS, "failed-authentication-total"),
            Spec.sum(
                    "kordon.kafka.consumer.lag",
                    "records",
                    "kafka.consumer:type=consumer-fetch-manager-metrics,client-id=*,topic=*,partition=*",
                    "records-lag"),
            Spec.count("kordon.kafka.consumer.rebalances", COORDINATORS, "rebalance-total"),
            Spec.count("kordon.kafka.consumer.rebalances.failed", COORDINATORS, "failed-rebalance-total"),
            Spec.count("kordon.kafka.producer.errors", PRODUCERS, "record-error-total"),
            Spec.count("kordon.kafka.producer.retries", PRODUCERS, "record-retry-total"));

    private static final List<Spec> STREAMS = List.of(
            Spec.sum(
                    "kordon.streams.threads.alive",
                    "",
                    "kafka.streams:type=stream-metrics,client-id=*",
                    "alive-stream-threads"),
            Spec.count("kordon.streams.commits", THREADS, "commit-total"),
            Spec.count("kordon.streams.dropped", TASKS, "dropped-records-total"),
            Spec.sum("kordon.streams.restore.remaining", "records", TASKS, "restore-remaining-records-total"),
            Spec.sum(
                    "kordon.streams.state",
                    "bytes",
                    "kafka.streams:type=stream-state-metrics,thread-id=*,task-id=*,*",
                    "total-sst-files-size"));

    private static final List<Spec> CONNECT = List.of(
            Spec.sum("kordon.connect.tasks", "", WORKER, "connector-total-task-count"),
            Spec.sum("kordon.connect.tasks.failed", "", WORKER, "connector-failed-task-count"),
            Spec.count("kordon.connect.rebalances", REBALANCES, "completed-rebalances-total"),
            Spec.largest(
                    "kordon.connect.commit.failures.ratio",
                    "",
                    "kafka.connect:type=connector-task-metrics,connector=*,task=*",
                    "offset-commit-failure-percentage"),
            Spec.count("kordon.connect.dead.letters", ERRORS, "deadletterqueue-produce-requests"),
            Spec.count("kordon.connect.dead.letters.lost", ERRORS, "deadletterqueue-produce-failures"),
            Spec.count("kordon.connect.documents", SINK, "documents-written-total", "outcome", "written"),
            Spec.count("kordon.connect.documents", SINK, "documents-already-there-total", "outcome", "already_there"),
            Spec.count("kordon.connect.documents", SINK, "records-errant-total", "outcome", "errant"),
            Spec.count("kordon.connect.retries", SINK, "retries-no-answer-total", "kind", "no_answer"),
            Spec.count("kordon.connect.retries", SINK, "retries-busy-total", "kind", "busy"),
            Spec.count("kordon.connect.retries", SINK, "retries-denied-total", "kind", "denied"),
            Spec.count("kordon.connect.retries", SINK, "retries-blocked-total", "kind", "blocked"),
            Spec.count("kordon.connect.retries", SINK, "retries-server-total", "kind", "server"),
            Spec.count("kordon.connect.retries", SINK, "retries-registry-total", "kind", "registry"),
            Spec.sum("kordon.connect.pending", "records", SINK, "records-pending"),
            Spec.largest("kordon.connect.waiting", "seconds", SINK, "waiting-seconds"));

    private KafkaMeters() {}

    /** @param process the command's name: Streams' and Connect's are told where they run */
    static void bind(MeterRegistry registry, String process) {
        List<Spec> specs = new ArrayList<>(EVERYWHERE);
        if (process.equals("streams")) {
            specs.addAll(STREAMS);
        } else if (process.equals("connect")) {
            specs.addAll(CONNECT);
        }
        specs.forEach(spec -> register(registry, spec));
    }

    private static void register(MeterRegistry registry, Spec spec) {
        ObjectName beans = name(spec.beans);
        if (spec.total) {
            FunctionCounter.builder(spec.meter, spec, each -> orElse(0, read(each, beans)))
                    .tags(spec.tag.toArray(String[]::new))
                    .register(registry);
        } else {
            Gauge.builder(spec.meter, () -> orElse(Double.NaN, read(spec, beans)))
                    .baseUnit(spec.unit.isEmpty() ? null : spec.unit)
                    .register(registry);
        }
    }

    private static double orElse(double none, @Nullable Double value) {
        return value == null ? none : value;
    }

    /** Over all that there are now; null where there is none. */
    private static @Nullable Double read(Spec spec, ObjectName beans) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        Double result = null;
        Set<String> seen = new HashSet<>();
        for (ObjectName bean : server.queryNames(beans, null)) {
            // Consumers tell of a topic with dots twice, the second time with underscores, as they once did.
            boolean first = seen.add(bean.getCanonicalName().replace('.', '_'));
            Double value = first && counts(bean) ? value(server, bean, spec.attribute) : null;
            if (value != null) {
                result = result == null ? value : spec.largest ? Math.max(result, value) : result + value;
            }
        }
        return result;
    }

    /** What restores state and what follows a global table reads to catch up, which is no backlog of events. */
    private static boolean counts(ObjectName bean) {
        String client = String.valueOf(bean.getKeyProperty("client-id"));
        return !client.contains("restore-consumer") && !client.contains("global-consumer");
    }

    private static @Nullable Double value(MBeanServer server, ObjectName bean, String attribute) {
        try {
            return server.getAttribute(bean, attribute) instanceof Number number && !Double.isNaN(number.doubleValue())
                    ? number.doubleValue()
                    : null;
        } catch (JMException e) {
            return null; // it has gone since it was named, or is of a kind without this attribute
        }
    }

    private static ObjectName name(String pattern) {
        try {
            return new ObjectName(pattern);
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException(pattern, e);
        }
    }
}
