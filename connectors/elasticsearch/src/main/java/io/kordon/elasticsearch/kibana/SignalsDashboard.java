package io.kordon.elasticsearch.kibana;

import static io.kordon.elasticsearch.kibana.Bucket.terms;
import static io.kordon.elasticsearch.kibana.Bucket.time;

import io.kordon.elasticsearch.kibana.Content.Listing;
import io.kordon.elasticsearch.kibana.Content.Panel;
import io.kordon.elasticsearch.kibana.Content.Shape;
import io.kordon.elasticsearch.kibana.Dashboard.Control;
import io.kordon.elasticsearch.kibana.Dashboard.Place;
import java.util.List;

/** What matched: by source, by rule, by pod; which rules are worth their noise. */
final class SignalsDashboard {
    private static final Panel SOURCES = new Panel(
            "signals-sources",
            "Signals by source",
            "Which streams do matches come from? One that falls silent is a sender that does not send.",
            View.SIGNALS,
            Shape.BARS,
            Filter.ALL,
            List.of(time(), terms("kordon.source", "Source", 5)),
            List.of(Metric.count("Signals")));

    private static final Panel LEVELS = new Panel(
            "signals-levels",
            "Signals by level",
            "How severe are the rules that match?",
            View.SIGNALS,
            Shape.DONUT,
            Filter.ALL,
            List.of(terms("kordon.level", "Level", 6)),
            List.of(Metric.count("Signals")));

    private static final Panel RULES = new Panel(
            "signals-rules",
            "Signals by rule",
            "Which rules match most, and on how many pods? Many signals on many pods want tuning.",
            View.SIGNALS,
            Shape.TABLE,
            Filter.ALL,
            List.of(
                    terms("rule.name", "Rule", 50),
                    terms("kordon.level", "Level", 1),
                    terms("kordon.source", "Source", 4)),
            List.of(
                    Metric.count("Signals"),
                    Metric.unique("kordon.entity.key", "Pods and others"),
                    Metric.max("@timestamp", "Last")));

    private static final Panel MATRIX = new Panel(
            "signals-matrix",
            "Source and level",
            "Where do severe matches come from?",
            View.SIGNALS,
            Shape.HEATMAP,
            Filter.ALL,
            List.of(terms("kordon.source", "Source", 5), terms("kordon.level", "Level", 6)),
            List.of(Metric.count("Signals")));

    private static final Panel TECHNIQUES = new Panel(
            "signals-techniques",
            "Techniques",
            "Which ATT&CK techniques do matches speak of?",
            View.SIGNALS,
            Shape.BARS_HORIZONTAL,
            Filter.ALL,
            List.of(terms("threat.technique.id", "Technique", 15)),
            List.of(Metric.count("Signals")));

    private static final Panel PODS = new Panel(
            "signals-pods",
            "Most signals",
            "What do most matches speak of?",
            View.SIGNALS,
            Shape.TABLE,
            Filter.ALL,
            List.of(terms("kordon.entity.key", "What it is about", 20)),
            List.of(Metric.count("Signals"), Metric.unique("rule.id", "Rules"), Metric.max("@timestamp", "Last")));

    private static final Listing SIGNALS = Content.listing(
            "signals-list",
            "Signals",
            View.SIGNALS,
            Filter.ALL,
            true,
            "Every match, the newest first.",
            "kordon.level",
            "kordon.source",
            "rule.name",
            "kordon.entity.key",
            "message");

    private SignalsDashboard() {}

    static Dashboard dashboard() {
        return new Dashboard(
                "signals",
                "Signals by source and rule",
                "What matched, where, and which rules are worth their noise.",
                "now-24h",
                List.of(
                        new Control("cluster", "Cluster", View.SIGNALS, "orchestrator.cluster.name"),
                        new Control("namespace", "Namespace", View.SIGNALS, "orchestrator.namespace"),
                        new Control("rule", "Rule", View.SIGNALS, "rule.name")),
                List.of(
                        new Place(SOURCES, 0, 0, 32, 12, null),
                        new Place(LEVELS, 32, 0, 16, 12, null),
                        new Place(RULES, 0, 12, 32, 16, null),
                        new Place(MATRIX, 32, 12, 16, 16, null),
                        new Place(PODS, 0, 28, 32, 14, null),
                        new Place(TECHNIQUES, 32, 28, 16, 14, null),
                        new Place(SIGNALS, 0, 42, 48, 20, null)));
    }
}
