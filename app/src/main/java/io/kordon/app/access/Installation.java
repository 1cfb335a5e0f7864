package io.kordon.app.access;

import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Setting;
import io.kordon.app.config.Settings;
import io.kordon.app.connect.ConnectConfig;
import io.kordon.app.process.SettingsOptions;
import io.kordon.schemas.Topics;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The names that an installation has in Kafka.
 *
 * @param cluster whose actuators these are; those of another have a group of their own
 * @param applicationId of the streams
 * @param connectInternal how the names of Connect's group and topics begin
 * @param rawTopics that senders write to themselves
 */
public record Installation(
        Topics topics, String cluster, String applicationId, String connectInternal, List<String> rawTopics) {
    private static final List<Setting<Map<String, String>>> RAW =
            List.of(KordonSettings.RAW_FALCO, KordonSettings.RAW_ALERTMANAGER, KordonSettings.RAW_AUDIT);

    public Installation {
        rawTopics = List.copyOf(rawTopics);
    }

    public static Installation of(Settings settings) {
        Topics topics = SettingsOptions.topics(settings);
        Stream<String> raw = RAW.stream().flatMap(setting -> settings.get(setting).keySet().stream());
        return new Installation(
                topics,
                settings.get(KordonSettings.CLUSTER),
                SettingsOptions.applicationId(settings),
                ConnectConfig.internal(topics.prefix(), settings.get(KordonSettings.CONNECT_GROUP)),
                raw.sorted().toList());
    }
}
