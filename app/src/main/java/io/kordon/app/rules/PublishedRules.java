package io.kordon.app.rules;

import io.kordon.app.records.Connection;
import io.kordon.app.records.TopicReader;
import io.kordon.avro.Rule;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the topic of rules says now.
 *
 * @param byId the last record of each rule, by id
 * @param complaint what is wrong with the topic, for a person; empty if nothing is
 */
record PublishedRules(Map<String, Rule> byId, String complaint) {
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
            return new PublishedRules(rules, topic.complaint());
        }
    }

    /** Whether the topic switches the rule off. */
    boolean off(String id) {
        Rule rule = byId.get(id);
        return rule != null && off(rule);
    }

    static boolean off(Rule rule) {
        return rule.getDocument().isBlank();
    }
}
