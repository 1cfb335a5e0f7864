package io.kordon.app.process;

import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Settings;
import io.kordon.app.connect.ConnectConfig;
import io.kordon.app.connect.ConnectWorker;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;

/** Runs a Kafka Connect worker with the Elasticsearch sink. */
@Command(
        name = "connect",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Run a Kafka Connect worker that writes incidents, signals, commands and results to Elasticsearch.",
            "Workers of one group share the work. What Elasticsearch cannot take goes to the topic"
                    + " <prefix>connect-dead-letters, with the reason in its headers.",
            "Needs kafka.bootstrap.servers, kordon.registry.url and kordon.elasticsearch.urls."
        })
public final class ConnectCommand extends ProcessCommand {
    @Override
    Running start(Settings settings, PrometheusMeterRegistry metrics) throws InterruptedException {
        settings.require(KordonSettings.REGISTRY_URL, KordonSettings.ELASTICSEARCH_URLS);
        ConnectWorker worker = ConnectWorker.start(
                config(settings), SettingsOptions.topics(settings), SettingsOptions.kafka(settings));
        return new Running(
                worker,
                worker::running,
                worker::problem,
                "Connect's REST API on " + worker.url() + ", for other workers on " + worker.advertisedUrl());
    }

    private static ConnectConfig config(Settings settings) {
        Map<String, String> elasticsearch = new LinkedHashMap<>();
        elasticsearch.put("elasticsearch.urls", String.join(",", settings.get(KordonSettings.ELASTICSEARCH_URLS)));
        elasticsearch.put("elasticsearch.username", settings.get(KordonSettings.ELASTICSEARCH_USERNAME));
        elasticsearch.put("elasticsearch.password", settings.get(KordonSettings.ELASTICSEARCH_PASSWORD));
        elasticsearch.put("elasticsearch.api.key", settings.get(KordonSettings.ELASTICSEARCH_API_KEY));
        elasticsearch.put("elasticsearch.ca.file", settings.get(KordonSettings.ELASTICSEARCH_CA_FILE));
        elasticsearch.put(
                "elasticsearch.certificate.file", settings.get(KordonSettings.ELASTICSEARCH_CERTIFICATE_FILE));
        elasticsearch.put("elasticsearch.key.file", settings.get(KordonSettings.ELASTICSEARCH_KEY_FILE));
        elasticsearch.put("index.prefix", settings.get(KordonSettings.ELASTICSEARCH_INDEX_PREFIX));
        elasticsearch.put("data.retention", settings.get(KordonSettings.ELASTICSEARCH_RETENTION));
        elasticsearch.put("data.retention.signals", settings.get(KordonSettings.ELASTICSEARCH_RETENTION_SIGNALS));
        elasticsearch.put("data.retention.commands", settings.get(KordonSettings.ELASTICSEARCH_RETENTION_COMMANDS));
        elasticsearch.put("data.retention.results", settings.get(KordonSettings.ELASTICSEARCH_RETENTION_RESULTS));
        elasticsearch.put("data.retention.timeline", settings.get(KordonSettings.ELASTICSEARCH_RETENTION_TIMELINE));
        elasticsearch.put("incidents.retention", settings.get(KordonSettings.ELASTICSEARCH_RETENTION_INCIDENTS));
        elasticsearch.values().removeIf(String::isEmpty);
        elasticsearch.put(
                "index.shards",
                settings.get(KordonSettings.ELASTICSEARCH_SHARDS).toString());
        elasticsearch.put(
                "index.replicas",
                settings.get(KordonSettings.ELASTICSEARCH_REPLICAS).toString());
        Map<String, String> registry = new LinkedHashMap<>();
        settings.section("registry").forEach((key, value) -> registry.put(key, value.toString()));
        registry.put("schema.registry.url", settings.get(KordonSettings.REGISTRY_URL));
        return new ConnectConfig(
                settings.get(KordonSettings.CONNECT_GROUP),
                settings.get(KordonSettings.CONNECT_HOST),
                settings.get(KordonSettings.CONNECT_PORT),
                AdvertisedHost.of(
                        settings.get(KordonSettings.CONNECT_ADVERTISED_HOST),
                        settings.get(KordonSettings.CONNECT_HOST),
                        System.getenv()),
                settings.get(KordonSettings.CONNECT_TASKS),
                settings.get(KordonSettings.TOPICS_REPLICATION),
                elasticsearch,
                registry);
    }
}
