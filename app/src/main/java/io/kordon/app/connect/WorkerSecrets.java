package io.kordon.app.connect;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * Puts a worker's own secrets in the place of {@code ${kordon:KEY}}, so that the connector's configuration, which Connect keeps
 * in a topic and shows by its REST API, holds none. Every worker of a group is given them by its own settings.
 */
public final class WorkerSecrets implements ConfigProvider {
    /** Name of the provider in references. */
    static final String NAME = "kordon";

    /** Parameter of the provider: which worker of this JVM it serves. */
    static final String WORKER = "worker";

    /** By worker. Not in the worker's properties: Connect hands those to each of its clients. */
    private static final Map<String, Map<String, String>> HELD = new ConcurrentHashMap<>();

    private Map<String, String> secrets = Map.of();

    /** Keeps secrets for a worker of this JVM. Returns by which name. */
    static String hold(Map<String, String> secrets) {
        String worker = UUID.randomUUID().toString();
        HELD.put(worker, Map.copyOf(secrets));
        return worker;
    }

    static void forget(String worker) {
        HELD.remove(worker);
    }

    static String reference(String key) {
        return "${" + NAME + ":" + key + "}";
    }

    @Override
    public void configure(Map<String, ?> configs) {
        secrets = HELD.getOrDefault(String.valueOf(configs.get(WORKER)), Map.of());
    }

    @Override
    public ConfigData get(@Nullable String path) {
        return new ConfigData(secrets);
    }

    @Override
    public ConfigData get(@Nullable String path, Set<String> keys) {
        Map<String, String> found = new HashMap<>();
        for (String key : keys) {
            String secret = secrets.get(key);
            if (secret == null) {
                throw new ConfigException("this worker is not given " + key
                        + ", which the sink's configuration refers to: all workers of a group need the same settings");
            }
            found.put(key, secret);
        }
        return new ConfigData(found);
    }

    @Override
    public void close() {
        // Other providers of the worker may still be asked.
    }
}
