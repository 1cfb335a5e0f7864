package io.kordon.streams.topology;

import io.kordon.streams.rule.Fields;

/** Any JSON object as an event, by the engine's own reading of paths. */
record JsonFields(JsonTree tree) implements Fields {
    static JsonFields of(String json) {
        return new JsonFields(JsonTree.of(json));
    }

    @Override
    public Object field(String name) {
        return tree.field(name);
    }

    @Override
    public boolean has(String name) {
        return tree.has(name);
    }

    @Override
    public Iterable<String> texts() {
        return tree.texts();
    }
}
