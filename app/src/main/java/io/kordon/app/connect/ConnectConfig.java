package io.kordon.app.connect;

import io.kordon.app.config.SecretNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings of a Connect worker and its sink.
 *
 * @param groupId group of the workers; names their internal topics, after the topic prefix
 * @param host address of Connect's REST API
 * @param port its port; 0 for any
 * @param advertisedHost what other workers know this one's REST API by; empty for {@code host}
 * @param tasks of the sink
 * @param replication of Connect's own topics; -1 for the brokers' default
 * @param elasticsearch the sink's {@code elasticsearch.*} and {@code index.prefix} keys
 * @param registry what Confluent's deserializer wants, {@code schema.registry.url} above all
 */
public record ConnectConfig(
        String groupId,
        String host,
        int port,
        String advertisedHost,
        int tasks,
        int replication,
        Map<String, String> elasticsearch,
        Map<String, String> registry) {
    static final String CONNECTOR = "kordon-elasticsearch";

    /** Group of the sink's consumers: Connect names it after the connector. */
    public static final String SINK_GROUP = "connect-" + CONNECTOR;

    private static final String USERNAME = "elasticsearch.username";

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

    /** How the names of the workers' group and of their internal topics begin. */
    public static String internal(String topicPrefix, String groupId) {
        return topicPrefix + groupId;
    }

    /**
     * Properties of the worker.
     *
     * @param secrets by which name {@link WorkerSecrets} holds its {@link #secrets()}
     */
    Map<String, String> worker(String topicPrefix, Map<String, Object> kafka, String secrets) {
        Map<String, String> worker = new LinkedHashMap<>();
        // The worker's own clients take the plain keys, those of connectors the ones with a prefix.
        for (String prefix : List.of("", "producer.", "consumer.", "admin.")) {
            kafka.forEach((key, value) -> worker.put(prefix + key, value.toString()));
        }
        worker.put("consumer.isolation.level", "read_committed");
        worker.put("group.id", internal(topicPrefix, groupId));
        String internal = internal(topicPrefix, groupId) + "-";
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
        worker.put("listeners", "http://" + bracketed(host) + ":" + port);
        if (!advertisedHost.isEmpty()) {
            worker.put("rest.advertised.host.name", advertisedHost);
        }
        worker.put("config.providers", WorkerSecrets.NAME);
        worker.put("config.providers." + WorkerSecrets.NAME + ".class", WorkerSecrets.class.getName());
        worker.put("config.providers." + WorkerSecrets.NAME + ".param." + WorkerSecrets.WORKER, secrets);
        // The sink is on the class path and says so in META-INF/services: nothing needs to be scanned.
        worker.put("plugin.discovery", "service_load");
        return worker;
    }

    /** What the configuration of the sink only refers to, by its keys. */
    Map<String, String> secrets() {
        Map<String, String> secrets = new LinkedHashMap<>(given());
        secrets.entrySet()
                .removeIf(each -> !each.getKey().equals(USERNAME)
                        && !SecretNames.matches(each.getKey())
                        && !each.getValue().contains("@")); // an address may have user and password before its host
        return secrets;
    }

    /** What the user says of Elasticsearch and the registry, in the sink's keys. */
    private Map<String, String> given() {
        Map<String, String> given = new LinkedHashMap<>(elasticsearch);
        registry.forEach(
                (key, value) -> given.put(key.startsWith("schema.registry.") ? key : "value.registry." + key, value));
        return given;
    }

    /** An IPv6 address is in brackets in an address. */
    private static String bracketed(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    /** Configuration of the sink, which Connect keeps in a topic and shows: without secrets. */
    Map<String, String> connector(List<String> topics, String topicPrefix) {
        Map<String, String> connector = new LinkedHashMap<>(given());
        secrets().keySet().forEach(key -> connector.put(key, WorkerSecrets.reference(key)));
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
        return connector;
    }
}
