package io.kordon.streams.detection;

import io.kordon.streams.rule.DetectionRule;
import io.kordon.streams.rule.LogSource;
import io.kordon.streams.rule.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Matches events against the rules for their log source. Immutable to the outside; safe from any thread. */
public final class Detector {
    /** Part of a log source may be the sender's word, so what is remembered by log source has a bound. */
    private static final int MOST_LOG_SOURCES = 256;

    private final List<DetectionRule> rules;
    private final Map<LogSource, List<DetectionRule>> bySource = new ConcurrentHashMap<>();

    public Detector(RuleSet rules) {
        this.rules = rules.detections();
    }

    /** The rules that match, by rule id; usually none. */
    public List<DetectionRule> detect(Event event) {
        List<DetectionRule> candidates = candidates(event.logSource());
        List<DetectionRule> matched = List.of();
        for (int i = 0; i < candidates.size(); i++) {
            DetectionRule rule = candidates.get(i);
            if (rule.matcher().matches(event)) {
                if (matched.isEmpty()) {
                    matched = new ArrayList<>(2);
                }
                matched.add(rule);
            }
        }
        return matched;
    }

    private List<DetectionRule> candidates(LogSource source) {
        List<DetectionRule> known = bySource.get(source);
        if (known != null) {
            return known;
        }
        List<DetectionRule> covering =
                rules.stream().filter(rule -> rule.logSource().covers(source)).toList();
        if (bySource.size() < MOST_LOG_SOURCES) {
            bySource.put(source, covering);
        }
        return covering;
    }
}
