package io.kordon.app.rules;

import io.kordon.streams.detection.Event;
import io.kordon.streams.rule.DetectionRule;

/** What becomes of the matches of detection rules, which come in the order of the events. */
interface Matches {
    /**
     * A rule matched an event.
     *
     * @param line number of the line that holds the event, from 1
     */
    void matched(DetectionRule rule, Event event, long line);

    /** No more events come. */
    default void end() {}
}
