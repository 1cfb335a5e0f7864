package io.kordon.streams.rule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An event of fields given one by one; {@code null} is a field that is there and null. */
record TestEvent(Map<String, Object> fields) implements Fields {
    TestEvent {
        fields = Collections.unmodifiableMap(new HashMap<>(fields));
    }

    static TestEvent of(Object... namesAndValues) {
        Map<String, Object> fields = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return new TestEvent(fields);
    }

    @Override
    public Object field(String name) {
        return fields.get(name);
    }

    @Override
    public boolean has(String name) {
        return fields.containsKey(name);
    }

    @Override
    public Iterable<String> texts() {
        List<String> texts = new ArrayList<>();
        fields.values().stream().map(String::valueOf).sorted().forEach(texts::add);
        return texts;
    }
}
