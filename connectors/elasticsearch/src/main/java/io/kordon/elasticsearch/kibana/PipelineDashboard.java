package io.kordon.elasticsearch.kibana;

import static io.kordon.elasticsearch.kibana.Bucket.terms;
import static io.kordon.elasticsearch.kibana.Bucket.time;

import io.kordon.elasticsearch.kibana.Content.Panel;
import io.kordon.elasticsearch.kibana.Content.Shape;
import io.kordon.elasticsearch.kibana.Dashboard.Control;
import io.kordon.elasticsearch.kibana.Dashboard.Place;
import java.util.List;

/**
 * What the documents themselves tell of the pipeline: whether they come, how late, from whom. What does not become a document
 * (rejected events, dead letters, lag, threads that died) is in the processes' metrics, not here.
 */
final class PipelineDashboard {
    private static final Panel DOCUMENTS = new Panel(
            "pipeline-documents",
            "Documents by kind",
            "Does everything still come?",
            View.RECORDS,
            Shape.BARS,
            Filter.ALL,
            List.of(time(), terms("event.dataset", "Kind", 5)),
            List.of(Metric.count("Documents")));

    private static final Panel LAST = new Panel(
            "pipeline-last",
            "Last document",
            "When did the last one of each kind and cluster come?",
            View.RECORDS,
            Shape.TABLE,
            Filter.ALL,
            List.of(terms("event.dataset", "Kind", 5), terms("orchestrator.cluster.name", "Cluster", 20)),
            List.of(Metric.max("event.ingested", "Written"), Metric.count("Documents")));

    private static final Panel SINK_LAG = new Panel(
            "pipeline-sink-lag",
            "From Kordon's door to Elasticsearch",
            "How long does it take until an analyst sees a signal, a command, a result?",
            View.RECORDS,
            Shape.LINE,
            Filter.ALL,
            List.of(time(), terms("event.dataset", "Kind", 5)),
            List.of(Metric.percentile95("kordon.lag.sink_ms", "95 % within")));

    private static final Panel SENDER_LAG = new Panel(
            "pipeline-sender-lag",
            "From the event to Kordon's door",
            "How late do senders send? Beyond the source's grace it may no longer change an incident.",
            View.SIGNALS,
            Shape.TABLE,
            Filter.ALL,
            List.of(terms("kordon.source", "Source", 5)),
            List.of(
                    Metric.count("Signals"),
                    Metric.median("kordon.lag.sender_ms", "Half within"),
                    Metric.percentile95("kordon.lag.sender_ms", "95 % within"),
                    Metric.max("kordon.lag.sender_ms", "All within")));

    private static final Panel CLOCKS = new Panel(
            "pipeline-clocks",
            "Events from the future",
            "Whose clock runs ahead? Their time was replaced by the time of receipt.",
            View.SIGNALS,
            Shape.TABLE,
            Filter.is("kordon.clamped", "true"),
            List.of(terms("kordon.source", "Source", 5), terms("orchestrator.cluster.name", "Cluster", 20)),
            List.of(Metric.count("Signals")));

    private static final Panel UNKNOWN = new Panel(
            "pipeline-unknown",
            "What signals speak of",
            "How many signals could be tied to a pod? Many containers mean that the inventory lags or is not running.",
            View.SIGNALS,
            Shape.DONUT,
            Filter.ALL,
            List.of(terms("orchestrator.resource.type", "Kind", 6)),
            List.of(Metric.count("Signals")));

    private static final Panel CUT = new Panel(
            "pipeline-cut",
            "Originals cut short",
            "Signals whose event was too long to be kept whole.",
            View.SIGNALS,
            Shape.METRIC,
            Filter.ALL,
            List.of(),
            List.of(Metric.count("Originals cut").of(Filter.is("kordon.truncated", "true"))));

    private static final Panel RUNS = new Panel(
            "pipeline-runs",
            "Runs that failed",
            "Playbook runs that did not end as they should.",
            View.RESULTS,
            Shape.METRIC,
            Filter.is("kordon.action", "run"),
            List.of(),
            List.of(Metric.count("Runs that failed").of(Filter.is("kordon.status", "failed", "refused"))));

    private PipelineDashboard() {}

    static Dashboard dashboard() {
        return new Dashboard(
                "pipeline",
                "Pipeline health",
                "Whether documents come, how late and from whom. Rejected events, dead letters and consumer lag are not"
                        + " documents: they are in the processes' metrics.",
                "now-24h",
                List.of(new Control("cluster", "Cluster", View.RECORDS, "orchestrator.cluster.name")),
                List.of(
                        new Place(DOCUMENTS, 0, 0, 28, 12, null),
                        new Place(LAST, 28, 0, 20, 12, null),
                        new Place(SINK_LAG, 0, 12, 28, 12, null),
                        new Place(SENDER_LAG, 28, 12, 20, 12, null),
                        new Place(UNKNOWN, 0, 24, 16, 12, null),
                        new Place(CLOCKS, 16, 24, 16, 12, null),
                        new Place(CUT, 32, 24, 8, 12, null),
                        new Place(RUNS, 40, 24, 8, 12, null)));
    }
}
