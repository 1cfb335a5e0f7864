package io.kordon.app.records;

import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Settings;
import io.kordon.app.process.SettingsOptions;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topic;
import io.kordon.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.StringSerializer;

/** How to reach the topics of a running Kordon. */
public record Connection(Topics topics, Map<String, Object> kafka, AvroSerdes serdes) {
    /** Longest wait of a person for a broker. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    public Connection {
        kafka = Map.copyOf(kafka);
    }

    /** Where settings say. */
    public static Connection of(Settings settings) {
        settings.require(KordonSettings.REGISTRY_URL);
        return new Connection(
                SettingsOptions.topics(settings), SettingsOptions.kafka(settings), SettingsOptions.serdes(settings));
    }

    public <V extends SpecificRecord> TopicReader<V> reader(Topic<V> topic) {
        return TopicReader.open(topic, kafka, serdes);
    }

    /**
     * Writes in the order given, acknowledged by all replicas in sync.
     *
     * @param own settings beside the user's
     */
    public <V extends SpecificRecord> Producer<String, V> producer(Map<String, Object> own) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.putIfAbsent("max.block.ms", PATIENCE.toMillis());
        config.putIfAbsent("request.timeout.ms", (int) PATIENCE.toMillis() / 2);
        config.putIfAbsent("delivery.timeout.ms", (int) PATIENCE.toMillis());
        config.put("linger.ms", 0);
        config.put("acks", "all");
        config.put("enable.idempotence", true);
        config.putAll(own);
        return new KafkaProducer<>(config, new StringSerializer(), serdes.<V>serializer());
    }
}
