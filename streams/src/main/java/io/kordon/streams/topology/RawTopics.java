package io.kordon.streams.topology;

import io.kordon.decoding.Origin;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Topics that senders write to as they please, in their own JSON: each with the name of the cluster that it speaks of,
 * which is never taken from a record.
 *
 * @param falco topics of Falco events, as falcosidekick's Kafka output writes them
 * @param alertmanager topics of Alertmanager's event recorder, or of notifications
 * @param audit topics of Kubernetes audit events, as shippers and clouds write them
 */
public record RawTopics(Map<String, String> falco, Map<String, String> alertmanager, Map<String, String> audit) {
    /** No topics: all senders come through the gateway. */
    public static final RawTopics NONE = new RawTopics(Map.of(), Map.of(), Map.of());

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    public RawTopics {
        falco = Map.copyOf(falco);
        alertmanager = Map.copyOf(alertmanager);
        audit = Map.copyOf(audit);
        Map<String, String> all = new TreeMap<>();
        Stream.of(falco, alertmanager, audit)
                .flatMap(topics -> topics.entrySet().stream())
                .forEach(topic -> {
                    check(topic.getKey(), topic.getValue());
                    if (all.put(topic.getKey(), topic.getValue()) != null) {
                        throw new IllegalArgumentException(
                                "raw topic " + topic.getKey() + " is named for two formats: a topic holds one");
                    }
                });
    }

    private static void check(String topic, String cluster) {
        if (!NAME.matcher(topic).matches()) {
            throw new IllegalArgumentException(
                    "raw topic '" + topic + "' is not a name that Kafka takes: up to 249 letters, digits, . _ -");
        }
        if (!Origin.isClusterName(cluster)) {
            throw new IllegalArgumentException("cluster '" + cluster + "' of raw topic " + topic
                    + " must be 1 to 100 letters, digits, . _ - and begin with a letter or digit");
        }
    }

    /** Refuses topics of the catalogue: what the intake writes there it would read again. */
    void checkApartFrom(Set<String> catalogue) {
        Stream.of(falco, alertmanager, audit)
                .flatMap(topics -> topics.keySet().stream())
                .filter(catalogue::contains)
                .findFirst()
                .ifPresent(topic -> {
                    throw new IllegalArgumentException("raw topic " + topic
                            + " is one of Kordon's own, whose records are Avro already: name the topic that the sender"
                            + " writes to");
                });
    }
}
