package io.kordon.app.process;

import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Settings;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topics;
import io.kordon.schemas.tls.ReloadingSslEngineFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every process: where its settings come from. */
public final class SettingsOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML file with settings, as `kordon: {gateway: {port: 8080}}` and `kafka: {…}`.")
    private @Nullable Path file;

    @Option(
            names = "--secrets",
            paramLabel = "DIR",
            split = ",",
            description = "Folder with a file for each setting, named by its key, as kordon.elasticsearch.password."
                    + " May be repeated. Default: those of KORDON_SECRETS.")
    private List<Path> secrets = new ArrayList<>();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "One setting, as --set kordon.cluster=prod or --set kafka.security.protocol=SSL. May be repeated.")
    private Map<String, String> set = new LinkedHashMap<>();

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Kafka brokers; the same as --set kafka.bootstrap.servers=…")
    private @Nullable String kafka;

    @Option(
            names = "--registry",
            paramLabel = "URL",
            description = "Schema registry; the same as --set kordon.registry.url=…")
    private @Nullable String registry;

    @Option(
            names = "--print-config",
            description = "Print every setting with its value and where it came from, secrets hidden, and exit.")
    private boolean print;

    public boolean print() {
        return print;
    }

    public Settings load() {
        Map<String, String> flags = new HashMap<>(set);
        if (kafka != null) {
            flags.put("kafka.bootstrap.servers", kafka);
        }
        if (registry != null) {
            flags.put(KordonSettings.REGISTRY_URL.key(), registry);
        }
        return Settings.load(file, secrets, System.getenv(), flags);
    }

    public static Topics topics(Settings settings) {
        return new Topics(settings.get(KordonSettings.TOPICS_PREFIX), settings.get(KordonSettings.TOPICS_PARTITIONS));
    }

    /** Properties of all clients of Kafka; where they name files with certificates, they follow these. */
    public static Map<String, Object> kafka(Settings settings) {
        Map<String, Object> kafka = settings.section("kafka");
        ReloadingSslEngineFactory.use(kafka);
        return kafka;
    }

    /** What is set, else one for each prefix: two installations on one Kafka must not share their state. */
    public static String applicationId(Settings settings) {
        String set = settings.get(KordonSettings.STREAMS_APPLICATION_ID);
        return set.isEmpty() ? settings.get(KordonSettings.TOPICS_PREFIX).replaceAll("[._-]$", "-") + "streams" : set;
    }

    public static AvroSerdes serdes(Settings settings) {
        Map<String, Object> registry = settings.section("registry");
        registry.put("schema.registry.url", settings.get(KordonSettings.REGISTRY_URL));
        return new AvroSerdes(registry);
    }
}
