package io.kordon.app.connect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings of a Connect worker and its sink.
 *
 * @param groupId group of the workers; names their internal topics, after the topic prefix
 * @param host address of Connect's REST API
 * @param port its port; 0 for any
 * @param tasks of the sink
 * @param replication of Connect's own topics; -1 for the brokers' default
 * @param elasticsearch the sink's {@code elasticsearch.*} and {@code index.prefix} keys
 * @param registry what Confluent's deserializer wants, {@code schema.registry.url} above all
 */
public record ConnectConfig(
        String groupId,
        String host,
        int port,
        int tasks,
        int replication,
        Map<String, String> elasticsearch,
        Map<String, String> registry) {
    static final String CONNECTOR = "kordon-elasticsearch";

    public ConnectConfig {
        if (tasks < 1) {
            throw new IllegalArgumentException("the sink needs at least 1 task, not " + tasks);
        }
        elasticsearch = Map.copyOf(elasticsearch);
        registry = Map.copyOf(registry);
    }

    /** Secrets stay out of logs. */
    @Override
    public String toString() {
        return "ConnectConfig[groupId=%s, host=%s, port=%d, tasks=%d]".formatted(groupId, host, port, tasks);
    }

    /** Where records go that the sink cannot use: beside the catalogue, because Connect writes it, not Kordon. */
    public static String deadLetters(String topicPrefix) {
        return topicPrefix + "connect-dead-letters";
    }

    /** Properties of the worker. */
    Map<String, String> worker(String topicPrefix, Map<String, Object> kafka) {
        Map<String, String> worker = new LinkedHashMap<>();
        // The worker's own clients take the plain keys, those of connectors the ones with a prefix.
        for (String prefix : List.of("", "producer.", "consumer.", "admin.")) {
            kafka.forEach((key, value) -> worker.put(prefix + key, value.toString()));
        }
        worker.put("consumer.isolation.level", "read_committed");
        worker.put("group.id", topicPrefix + groupId);
        String internal = topicPrefix + groupId + "-";
        worker.put("config.storage.topic", internal + "configs");
        worker.put("config.storage.replication.factor", Integer.toString(replication));
        worker.put("offset.storage.topic", internal + "offsets");
        worker.put("offset.storage.partitions", "5");
        worker.put("offset.storage.replication.factor", Integer.toString(replication));
        worker.put("status.storage.topic", internal + "status");
        worker.put("status.storage.partitions", "5");
        worker.put("status.storage.replication.factor", Integer.toString(replication));
        worker.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
        worker.put("value.converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        worker.put("offset.flush.interval.ms", "10000");
        worker.put("scheduled.rebalance.max.delay.ms", "30000");
        worker.put("listeners", "http://" + host + ":" + port);
        // The sink is on the class path and says so in META-INF/services: nothing needs to be scanned.
        worker.put("plugin.discovery", "service_load");
        return worker;
    }

    /** Configuration of the sink. */
    Map<String, String> connector(List<String> topics, String topicPrefix) {
        Map<String, String> connector = new LinkedHashMap<>(elasticsearch);
        connector.put("name", CONNECTOR);
        connector.put("connector.class", "io.kordon.elasticsearch.ElasticsearchSinkConnector");
        connector.put("tasks.max", Integer.toString(tasks));
        connector.put("topics", String.join(",", topics));
        connector.put("topic.prefix", topicPrefix);
        connector.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
        connector.put("value.converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        connector.put("errors.tolerance", "all");
        connector.put("errors.log.enable", "true");
        connector.put("errors.log.include.messages", "false");
        connector.put("errors.deadletterqueue.topic.name", deadLetters(topicPrefix));
        connector.put("errors.deadletterqueue.topic.replication.factor", Integer.toString(replication));
        connector.put("errors.deadletterqueue.context.headers.enable", "true");
        registry.forEach((key, value) ->
                connector.put(key.startsWith("schema.registry.") ? key : "value.registry." + key, value));
        return connector;
    }
}
