package io.kordon.elasticsearch;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import io.kordon.schemas.Topics;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the sink, parsed once.
 *
 * @param urls addresses of the cluster's nodes
 * @param credentials how to sign in, if at all
 * @param tls files for https
 * @param registry settings of Confluent's deserializer
 * @param topicPrefix before every topic's name
 * @param indexPrefix before every index's name
 * @param retention how long documents are kept
 * @param layout shards and replicas
 * @param batch how much goes into one bulk request
 * @param requestTimeout longest wait for one answer
 * @param retry how to wait for what is away
 * @param skipUnreportable whether a bad record that nobody takes may be left behind ({@code errors.tolerance=all})
 */
record ElasticsearchSinkConfig(
        List<URI> urls,
        Credentials credentials,
        Tls tls,
        Map<String, Object> registry,
        String topicPrefix,
        String indexPrefix,
        Retention retention,
        Layout layout,
        Batch batch,
        Duration requestTimeout,
        Retry retry,
        boolean skipUnreportable) {

    static final String URLS = "elasticsearch.urls";
    static final String USERNAME = "elasticsearch.username";
    static final String PASSWORD = "elasticsearch.password";
    static final String API_KEY = "elasticsearch.api.key";
    static final String CA_FILE = "elasticsearch.ca.file";
    static final String CERTIFICATE_FILE = "elasticsearch.certificate.file";
    static final String KEY_FILE = "elasticsearch.key.file";
    static final String REGISTRY_URL = "schema.registry.url";
    static final String REGISTRY_PREFIX = "schema.registry.";
    static final String VALUE_REGISTRY_PREFIX = "value.registry.";
    static final String TOPIC_PREFIX = "topic.prefix";
    static final String INDEX_PREFIX = "index.prefix";
    static final String RETENTION = "data.retention";
    private static final String FOR_EVER = "forever";
    static final String INCIDENTS_RETENTION = "incidents.retention";
    static final String SHARDS = "index.shards";
    static final String REPLICAS = "index.replicas";
    static final String BATCH_SIZE = "batch.size";
    static final String BATCH_BYTES = "batch.bytes";
    static final String FLUSH_TIMEOUT = "flush.timeout.ms";
    static final String BACKOFF_MIN = "retry.backoff.min.ms";
    static final String BACKOFF_MAX = "retry.backoff.max.ms";
    static final String MAX_RETRIES = "max.retries";

    /** How to sign in. Its secrets never print. */
    sealed interface Credentials {
        record None() implements Credentials {}

        record Basic(String username, Password password) implements Credentials {}

        record ApiKey(Password key) implements Credentials {}
    }

    /**
     * PEM files; each may be empty.
     *
     * @param caFile authorities to trust; empty for the JVM's own
     * @param certificateFile own certificate, with those that it is from
     * @param keyFile its key, in PKCS#8
     */
    record Tls(String caFile, String certificateFile, String keyFile) {
        boolean isSet() {
            return !caFile.isBlank() || !certificateFile.isBlank();
        }

        /** As Kafka's clients have them. */
        Map<String, Object> settings() {
            Map<String, Object> settings = new HashMap<>();
            if (!caFile.isBlank()) {
                settings.put("ssl.truststore.type", "PEM");
                settings.put("ssl.truststore.location", caFile);
            }
            if (!certificateFile.isBlank()) {
                settings.put("ssl.keystore.type", "PEM");
                settings.put("ssl.keystore.location", certificateFile + "," + keyFile);
            }
            return settings;
        }

        @Override
        public String toString() {
            return CA_FILE + " '" + caFile + "', " + CERTIFICATE_FILE + " '" + certificateFile + "', " + KEY_FILE + " '"
                    + keyFile + "'";
        }
    }

    /**
     * How long documents are kept, in Elasticsearch's notation, as {@code 90d}; empty for ever.
     *
     * @param streams by the data stream's name without prefix
     * @param incidents since an incident's end
     */
    record Retention(Map<String, String> streams, String incidents) {
        Retention {
            streams = Map.copyOf(streams);
        }

        String of(String stream) {
            return streams.getOrDefault(stream, "");
        }
    }

    /** @param replicas of each shard; -1 for one where there is a second node to hold it */
    record Layout(int shards, int replicas) {}

    /** Bounds of one bulk request: documents, and bytes of body. One document beyond the bytes goes alone. */
    record Batch(int documents, int bytes) {}

    /** Waits between tries, and how many tries without any progress fail the task; -1 tries for ever. */
    record Retry(Duration min, Duration max, int maxRetries) {}

    ElasticsearchSinkConfig {
        urls = List.copyOf(urls);
        registry = Map.copyOf(registry);
    }

    /** @throws ConfigException naming the key, its value and what is wrong with it */
    static ElasticsearchSinkConfig parse(Map<String, String> properties) {
        AbstractConfig config = new AbstractConfig(definition(), properties, false);
        for (String key : definition().names()) {
            for (String error : crossCheck(key, properties)) {
                throw new ConfigException(error);
            }
        }
        return new ElasticsearchSinkConfig(
                config.getList(URLS).stream().map(URI::create).toList(),
                credentials(config),
                new Tls(config.getString(CA_FILE), config.getString(CERTIFICATE_FILE), config.getString(KEY_FILE)),
                registry(properties),
                config.getString(TOPIC_PREFIX),
                config.getString(INDEX_PREFIX),
                retention(config),
                new Layout(config.getInt(SHARDS), config.getInt(REPLICAS)),
                new Batch(config.getInt(BATCH_SIZE), config.getInt(BATCH_BYTES)),
                Duration.ofMillis(config.getInt(FLUSH_TIMEOUT)),
                new Retry(
                        Duration.ofMillis(config.getInt(BACKOFF_MIN)),
                        Duration.ofMillis(config.getInt(BACKOFF_MAX)),
                        config.getInt(MAX_RETRIES)),
                "all".equalsIgnoreCase(properties.getOrDefault("errors.tolerance", "none")));
    }

    /** What is wrong with a key in the light of others; what is wrong with it alone, the definition says. */
    static List<String> crossCheck(String key, Map<String, String> properties) {
        List<String> errors = new ArrayList<>();
        boolean username = isSet(properties, USERNAME);
        switch (key) {
            case USERNAME -> {
                if (username && isSet(properties, API_KEY)) {
                    errors.add(USERNAME + " and " + API_KEY + " are both set: keep one way to sign in");
                }
            }
            case PASSWORD -> {
                if (username != isSet(properties, PASSWORD)) {
                    errors.add(USERNAME + " and " + PASSWORD + " go together: one of them is missing");
                }
            }
            case KEY_FILE -> {
                if (isSet(properties, CERTIFICATE_FILE) != isSet(properties, KEY_FILE)) {
                    errors.add(CERTIFICATE_FILE + " and " + KEY_FILE + " go together: one of them is missing");
                }
            }
            case BACKOFF_MAX -> {
                if (number(properties, BACKOFF_MIN, 500) > number(properties, BACKOFF_MAX, 60_000)) {
                    errors.add(BACKOFF_MAX + " is less than " + BACKOFF_MIN + ": raise it");
                }
            }
            default -> {}
        }
        return errors;
    }

    private static boolean isSet(Map<String, String> properties, String key) {
        String value = properties.get(key);
        return value != null && !value.isBlank();
    }

    private static long number(Map<String, String> properties, String key, long otherwise) {
        try {
            return Long.parseLong(
                    properties.getOrDefault(key, Long.toString(otherwise)).trim());
        } catch (NumberFormatException e) {
            return otherwise; // the definition complains of it
        }
    }

    private static Retention retention(AbstractConfig config) {
        Map<String, String> streams = new HashMap<>();
        for (String stream : Templates.STREAMS) {
            String own = config.getString(retentionOf(stream));
            streams.put(stream, bound(own.isEmpty() ? config.getString(RETENTION) : own));
        }
        return new Retention(streams, bound(config.getString(INCIDENTS_RETENTION)));
    }

    private static String bound(String retention) {
        return retention.equals(FOR_EVER) ? "" : retention;
    }

    /** Key of one data stream's retention. */
    static String retentionOf(String stream) {
        return RETENTION + "." + stream;
    }

    private static Credentials credentials(AbstractConfig config) {
        if (!config.getPassword(API_KEY).value().isBlank()) {
            return new Credentials.ApiKey(config.getPassword(API_KEY));
        }
        if (!config.getString(USERNAME).isBlank()) {
            return new Credentials.Basic(config.getString(USERNAME), config.getPassword(PASSWORD));
        }
        return new Credentials.None();
    }

    private static Map<String, Object> registry(Map<String, String> properties) {
        Map<String, Object> registry = new HashMap<>();
        properties.forEach((key, value) -> {
            if (key.startsWith(REGISTRY_PREFIX)) {
                registry.put(key, value);
            } else if (key.startsWith(VALUE_REGISTRY_PREFIX)) {
                registry.put(key.substring(VALUE_REGISTRY_PREFIX.length()), value);
            }
        });
        // The task waits and tries again itself; the client's own waits would hold Connect's thread for a minute.
        registry.putIfAbsent("max.retries", "0");
        registry.putIfAbsent("http.connect.timeout.ms", "5000");
        registry.putIfAbsent("http.read.timeout.ms", "10000");
        return registry;
    }

    static ConfigDef definition() {
        ConfigDef definition = new ConfigDef();
        for (String stream : Templates.STREAMS) {
            definition.define(
                    retentionOf(stream),
                    ConfigDef.Type.STRING,
                    "",
                    ElasticsearchSinkConfig::validateRetention,
                    LOW,
                    "The same for the data stream of " + stream + "; empty for " + RETENTION + ".");
        }
        return definition
                .define(
                        URLS,
                        ConfigDef.Type.LIST,
                        ConfigDef.NO_DEFAULT_VALUE,
                        ElasticsearchSinkConfig::validateUrls,
                        HIGH,
                        "Addresses of Elasticsearch's nodes, as http://host:9200 or https://host:9200,"
                                + " comma-separated.")
                .define(
                        USERNAME,
                        ConfigDef.Type.STRING,
                        "",
                        HIGH,
                        "User name for basic authentication; empty for none.")
                .define(PASSWORD, ConfigDef.Type.PASSWORD, "", HIGH, "Password for basic authentication.")
                .define(
                        API_KEY,
                        ConfigDef.Type.PASSWORD,
                        "",
                        HIGH,
                        "API key in its encoded form (base64 of id:key); instead of user name and password.")
                .define(
                        CA_FILE,
                        ConfigDef.Type.STRING,
                        "",
                        MEDIUM,
                        "PEM file with the certificate authorities to trust for https; empty for the JVM's own.")
                .define(
                        CERTIFICATE_FILE,
                        ConfigDef.Type.STRING,
                        "",
                        MEDIUM,
                        "PEM file with the certificate to show to Elasticsearch; empty for none.")
                .define(
                        KEY_FILE,
                        ConfigDef.Type.STRING,
                        "",
                        MEDIUM,
                        "PEM file with its key, in PKCS#8 and not encrypted.")
                .define(
                        REGISTRY_URL,
                        ConfigDef.Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        new ConfigDef.NonEmptyString(),
                        HIGH,
                        "Address of the schema registry. All schema.registry.* keys, and value.registry.* ones without"
                                + " that prefix, go to Confluent's deserializer.")
                .define(
                        TOPIC_PREFIX,
                        ConfigDef.Type.STRING,
                        Topics.DEFAULT_PREFIX,
                        MEDIUM,
                        "Prefix of Kordon's topics, dot included.")
                .define(
                        INDEX_PREFIX,
                        ConfigDef.Type.STRING,
                        "kordon-",
                        ElasticsearchSinkConfig::validateIndexPrefix,
                        MEDIUM,
                        "Prefix of the names of indices, data streams and templates.")
                .define(
                        RETENTION,
                        ConfigDef.Type.STRING,
                        "90d",
                        ElasticsearchSinkConfig::validateRetention,
                        MEDIUM,
                        "How long the data streams keep documents, as 90d or 12h, by Elasticsearch's data stream"
                                + " lifecycle; forever for ever.")
                .define(
                        INCIDENTS_RETENTION,
                        ConfigDef.Type.STRING,
                        "365d",
                        ElasticsearchSinkConfig::validateRetention,
                        MEDIUM,
                        "How long an incident is kept after its last evidence or its end, as 365d; forever for ever.")
                .define(
                        SHARDS,
                        ConfigDef.Type.INT,
                        1,
                        between(1, 1024),
                        LOW,
                        "Primary shards of each index; for data streams from the next backing index on.")
                .define(
                        REPLICAS,
                        ConfigDef.Type.INT,
                        -1,
                        between(-1, 100),
                        LOW,
                        "Replicas of each shard; -1 for one where there is a second node to hold it.")
                .define(
                        BATCH_SIZE,
                        ConfigDef.Type.INT,
                        1_000,
                        between(1, 10_000),
                        MEDIUM,
                        "Most documents in a bulk request.")
                .define(
                        BATCH_BYTES,
                        ConfigDef.Type.INT,
                        5 * 1024 * 1024,
                        between(1024, 90 * 1024 * 1024),
                        MEDIUM,
                        "Most bytes in a bulk request's body. A larger single document goes alone.")
                .define(
                        FLUSH_TIMEOUT,
                        ConfigDef.Type.INT,
                        30_000,
                        between(100, 240_000),
                        MEDIUM,
                        "Longest wait for the answer to one request, in milliseconds.")
                .define(
                        BACKOFF_MIN,
                        ConfigDef.Type.INT,
                        500,
                        atLeast(1),
                        LOW,
                        "First wait before a retry, in milliseconds.")
                .define(
                        BACKOFF_MAX,
                        ConfigDef.Type.INT,
                        60_000,
                        atLeast(1),
                        LOW,
                        "Longest wait before a retry, in milliseconds. Waits double from the first, with jitter.")
                .define(
                        MAX_RETRIES,
                        ConfigDef.Type.INT,
                        -1,
                        atLeast(-1),
                        LOW,
                        "Tries without any progress after which the task fails. -1 waits for ever: nothing is lost"
                                + " while Elasticsearch or the registry is away.");
    }

    private static void validateUrls(String name, @Nullable Object value) {
        if (!(value instanceof List<?> urls) || urls.isEmpty()) {
            throw new ConfigException(name + " is empty: name at least one address");
        }
        for (Object url : urls) {
            // First of all: no other complaint may quote a password.
            if (url.toString().contains("@")) {
                throw new ConfigException(name + ": keep credentials out of the address, use " + USERNAME);
            }
            URI uri;
            try {
                uri = URI.create(url.toString());
            } catch (IllegalArgumentException e) {
                throw new ConfigException(name, url, "is not an address: " + e.getMessage());
            }
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (!http || uri.getHost() == null) {
                throw new ConfigException(name, url, "write it as http://host:9200 or https://host:9200");
            }
        }
    }

    static void validateIndexPrefix(String name, Object value) {
        if (!value.toString().matches("[a-z0-9][a-z0-9._-]*")) {
            throw new ConfigException(name, value, "use lower case letters, digits, . _ - and begin with a letter");
        }
    }

    private static void validateRetention(String name, Object value) {
        if (!value.toString().matches("|forever|[1-9][0-9]{0,8}[dhms]")) {
            throw new ConfigException(name, value, "write it as 90d, 12h, 30m or 60s, or say forever");
        }
    }
}
