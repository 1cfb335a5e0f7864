package io.kordon.app.rules;

import io.kordon.streams.detection.Detector;
import io.kordon.streams.detection.Event;
import io.kordon.streams.json.AuditJson;
import io.kordon.streams.json.JsonEvent;
import io.kordon.streams.json.JsonFormat;
import io.kordon.streams.json.JsonTree;
import io.kordon.streams.rule.DetectionRule;
import io.kordon.streams.rule.LogSource;
import io.kordon.streams.rule.RuleSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which rules see an event, and under which names they see its fields. Events of the three formats are seen by the rules for
 * them, as in the pipeline; others by every rule, because nothing tells which of them are meant. Whoever says the log source
 * of the events decides both for all of them.
 */
final class RuleChoice {
    private static final LogSource ANY = new LogSource(null, null, null);

    private final @Nullable LogSource told;
    private final @Nullable JsonFormat format;
    private final RuleSet rules;
    private final Detector bySource;
    private final Detector all;
    private final int size;

    /** @param told the log source of all events, or null where each event's shape shall tell */
    RuleChoice(RuleSet rules, @Nullable LogSource told) {
        this.told = told;
        this.format = told == null ? null : JsonFormat.of(told);
        this.rules = rules;
        this.bySource = new Detector(rules);
        List<DetectionRule> sourceless = rules.detections().stream()
                .filter(rule -> told == null || isMeant(rule.logSource(), told, format))
                .map(rule -> new DetectionRule(rule.head(), ANY, rule.matcher()))
                .toList();
        this.all = new Detector(RuleSet.of(sourceless));
        this.size = sourceless.size();
    }

    /** How many rules an event may be seen by. */
    int size() {
        return size;
    }

    /** The events in one document. */
    List<Event> events(JsonTree document) {
        JsonFormat shown = told == null ? JsonFormat.of(document) : format;
        return shown == null ? List.of(new JsonEvent(told == null ? ANY : told, document)) : shown.events(document);
    }

    /** The rules that match an event of {@link #events}. */
    List<DetectionRule> matching(Event event) {
        if (told == null && !(event instanceof JsonEvent)) {
            return bySource.detect(event);
        }
        List<DetectionRule> matched = all.detect(event);
        return matched.isEmpty() ? matched : matched.stream().map(this::whole).toList();
    }

    /** Whether a rule is held against an event of {@link #events} at all. */
    boolean isSeenBy(Event event, DetectionRule rule) {
        if (told != null) {
            return isMeant(rule.logSource(), told, format);
        }
        return event instanceof JsonEvent || rule.logSource().covers(event.logSource());
    }

    /** What is known of where an event comes from. */
    LogSource sourceOf(Event event) {
        return told == null ? event.logSource() : told;
    }

    private DetectionRule whole(DetectionRule sourceless) {
        return (DetectionRule) Objects.requireNonNull(rules.rule(sourceless.id()));
    }

    /**
     * Whether a rule may be meant for these events. Unlike in the pipeline, a part that is not said does not decide: whoever
     * says {@code windows} wants the rules for {@code category: process_creation}, too. Of the three formats the category
     * is known without being said.
     */
    private static boolean isMeant(LogSource rule, LogSource told, @Nullable JsonFormat format) {
        String category = format == JsonFormat.AUDIT ? AuditJson.SOURCE.category() : told.category();
        boolean known = format != null && category == null;
        return agree(rule.product(), told.product())
                && agree(rule.service(), told.service())
                && (known ? rule.category() == null : agree(rule.category(), category));
    }

    private static boolean agree(@Nullable String one, @Nullable String other) {
        return one == null || other == null || one.equals(other);
    }
}
