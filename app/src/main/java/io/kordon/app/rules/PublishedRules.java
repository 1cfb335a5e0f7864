package io.kordon.app.rules;

import io.kordon.app.records.Connection;
import io.kordon.app.records.TopicReader;
import io.kordon.avro.Rule;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the topic of rules says now.
 *
 * @param byId the last record of each rule that can be decoded, by id
 * @param broken ids whose last record cannot be: instances keep what they had, and new ones have nothing of it
 * @param complaint what is wrong with the topic, for a person; empty if nothing is
 */
record PublishedRules(Map<String, Rule> byId, Set<String> broken, String complaint) {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    static PublishedRules read(Connection connection) {
        Map<String, Rule> rules = new TreeMap<>();
        try (TopicReader<Rule> topic = connection.reader(connection.topics().rules())) {
            topic.readToEnd(LIMIT, (id, rule) -> {
                if (rule == null) {
                    rules.remove(id);
                } else {
                    rules.put(id, rule);
                }
            });
            return new PublishedRules(rules, topic.broken(), topic.complaint());
        }
    }

    /** Whether the topic says anything of the rule. */
    boolean has(String id) {
        return byId.containsKey(id) || broken.contains(id);
    }

    /** Whether the topic switches the rule off. */
    boolean off(String id) {
        Rule rule = byId.get(id);
        return rule != null && off(rule) && !broken.contains(id);
    }

    /** Those that every instance has, or will have when it starts. */
    Map<String, Rule> sound() {
        Map<String, Rule> sound = new TreeMap<>(byId);
        sound.keySet().removeAll(broken);
        return sound;
    }

    static boolean off(Rule rule) {
        return rule.getDocument().isBlank();
    }
}
