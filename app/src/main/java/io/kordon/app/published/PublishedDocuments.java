package io.kordon.app.published;

import io.kordon.app.records.Connection;
import io.kordon.app.records.TopicReader;
import io.kordon.avro.Rule;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the topic of rules, or that of playbooks, says now.
 *
 * @param byId the last record of each document that can be decoded, by id
 * @param broken ids whose last record cannot be: instances keep what they had, and new ones have nothing of it
 * @param complaint what is wrong with the topic, for a person; empty if nothing is
 */
public record PublishedDocuments(Map<String, Rule> byId, Set<String> broken, String complaint) {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    static PublishedDocuments read(Connection connection, Shelf shelf) {
        Map<String, Rule> rules = new TreeMap<>();
        try (TopicReader<Rule> topic = connection.reader(shelf.of(connection.topics()))) {
            topic.readToEnd(LIMIT, (id, rule) -> {
                if (rule == null) {
                    rules.remove(id);
                } else {
                    rules.put(id, rule);
                }
            });
            return new PublishedDocuments(rules, topic.broken(), topic.complaint());
        }
    }

    /** Whether the topic says anything of it. */
    boolean has(String id) {
        return byId.containsKey(id) || broken.contains(id);
    }

    /** Whether the topic switches it off. */
    boolean off(String id) {
        Rule rule = byId.get(id);
        return rule != null && off(rule) && !broken.contains(id);
    }

    /** Those that every instance has, or will have when it starts. */
    public Map<String, Rule> sound() {
        Map<String, Rule> sound = new TreeMap<>(byId);
        sound.keySet().removeAll(broken);
        return sound;
    }

    /** Whether a record switches off what has its id. */
    public static boolean off(Rule rule) {
        return rule.getDocument().isBlank();
    }
}
