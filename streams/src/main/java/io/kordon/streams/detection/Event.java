package io.kordon.streams.detection;

import io.kordon.streams.rule.Fields;
import io.kordon.streams.rule.LogSource;

/** An event as detection sees it: its source, and its fields under the names that rules use. */
public interface Event extends Fields {
    /** Where it comes from, said as fully as it is known. The same instance, or few of them, for a source. */
    LogSource logSource();
}
