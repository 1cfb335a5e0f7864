package io.kordon.elasticsearch.kibana;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A data view: the indices and data streams that a panel asks. */
public enum View {
    INCIDENTS("incidents", "incidents"),
    TIMELINE("incidents over time", "timeline"),
    SIGNALS("signals", "signals"),
    COMMANDS("commands", "commands"),
    RESULTS("results", "results"),
    /** What happened to incidents: what changed them, and what was done. */
    MOMENTS("moments", "timeline", "commands", "results"),
    /** Every document that a record of its own makes. */
    RECORDS("records", "incidents", "signals", "commands", "results");

    private final String title;
    private final List<String> names;

    View(String title, String... names) {
        this.title = title;
        this.names = Arrays.asList(names);
    }

    String title() {
        return title;
    }

    String id(String prefix) {
        return prefix + "view-" + name().toLowerCase(Locale.ROOT);
    }

    /** As Kibana and Elasticsearch's search want it: names with their prefix, comma-separated. */
    public String pattern(String prefix) {
        return names.stream().map(name -> prefix + name).collect(Collectors.joining(","));
    }
}
