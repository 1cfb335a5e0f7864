package io.kordon.streams.topology;

import io.kordon.streams.json.JsonEvent;
import io.kordon.streams.json.JsonTree;
import io.kordon.streams.rule.Fields;
import io.kordon.streams.rule.LogSource;

/** Fields of any JSON, as rules see them. */
final class JsonFields {
    private JsonFields() {}

    static Fields of(String json) {
        return new JsonEvent(new LogSource(null, null, null), JsonTree.of(json));
    }
}
