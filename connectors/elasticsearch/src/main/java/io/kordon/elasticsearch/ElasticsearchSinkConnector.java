package io.kordon.elasticsearch;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/**
 * Writes Kordon's topics {@code incidents}, {@code signals}, {@code commands} and {@code results} to Elasticsearch.
 * Configure it with {@code value.converter=org.apache.kafka.connect.converters.ByteArrayConverter}: it decodes the Avro
 * values itself, so that a registry that is away is waited for and not mistaken for a bad record.
 */
public final class ElasticsearchSinkConnector extends SinkConnector {
    private Map<String, String> properties = Map.of();

    @Override
    public void start(Map<String, String> properties) {
        ElasticsearchSinkConfig.parse(properties);
        this.properties = Map.copyOf(properties);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return ElasticsearchSinkTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return Collections.nCopies(maxTasks, properties);
    }

    @Override
    public Config validate(Map<String, String> properties) {
        Config config = super.validate(properties);
        for (ConfigValue value : config.configValues()) {
            ElasticsearchSinkConfig.crossCheck(value.name(), properties).forEach(value::addErrorMessage);
        }
        return config;
    }

    @Override
    public void stop() {
        // Nothing runs here: the tasks hold the connections.
    }

    @Override
    public ConfigDef config() {
        return ElasticsearchSinkConfig.definition();
    }

    @Override
    public String version() {
        return Version.version();
    }
}
