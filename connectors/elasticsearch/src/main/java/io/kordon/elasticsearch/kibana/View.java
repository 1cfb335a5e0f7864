package io.kordon.elasticsearch.kibana;

import java.util.Locale;

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
    /** Comma-separated: an enum's fields are immutable. */
    private final String names;

    View(String title, String... names) {
        this.title = title;
        this.names = String.join(",", names);
    }

    String title() {
        return title;
    }

    String id(String prefix) {
        return prefix + "view-" + name().toLowerCase(Locale.ROOT);
    }

    /** As Kibana and Elasticsearch's search want it: names with their prefix, comma-separated. */
    public String pattern(String prefix) {
        return prefix + names.replace(",", "," + prefix);
    }
}
