package io.kordon.elasticsearch.kibana;

import static io.kordon.elasticsearch.kibana.Bucket.terms;
import static io.kordon.elasticsearch.kibana.Bucket.time;

import io.kordon.elasticsearch.kibana.Content.Panel;
import io.kordon.elasticsearch.kibana.Content.Shape;
import io.kordon.elasticsearch.kibana.Dashboard.Control;
import io.kordon.elasticsearch.kibana.Dashboard.Place;
import java.util.List;

/** How things stand: what is open, how bad, how quickly it was seen and contained, and where attackers are at. */
final class OverviewDashboard {
    private static final Filter UNDER_WAY = Filter.not(Filter.is("kordon.status", "closed", "dismissed"));

    private static final Panel UNDER_WAY_NOW = new Panel(
            "overview-under-way",
            "Incidents under way",
            "How many incidents are neither closed nor dismissed?",
            View.INCIDENTS,
            Shape.METRIC,
            UNDER_WAY,
            List.of(),
            List.of(Metric.count("Incidents under way")));

    private static final Panel WAITING = new Panel(
            "overview-waiting",
            "Incidents that wait for an approval",
            "How many incidents have a command that waits for somebody?",
            View.INCIDENTS,
            Shape.METRIC,
            Filter.and(UNDER_WAY, Filter.above("kordon.commands_waiting", 0)),
            List.of(),
            List.of(Metric.count("Wait for an approval")));

    private static final Panel TIME_TO_DETECT = new Panel(
            "overview-time-to-detect",
            "Mean time to detect",
            "From the first evidence to the match that opened the incident.",
            View.INCIDENTS,
            Shape.METRIC,
            Filter.ALL,
            List.of(),
            List.of(Metric.average("kordon.timeline.detect_ms", "Mean time to detect")));

    private static final Panel TIME_TO_CONTAIN = new Panel(
            "overview-time-to-contain",
            "Mean time to contain",
            "From detection to the moment at which the last step was read back, of incidents that were contained.",
            View.INCIDENTS,
            Shape.METRIC,
            Filter.ALL,
            List.of(),
            List.of(Metric.average("kordon.timeline.contain_ms", "Mean time to contain")));

    private static final Panel SEVERITY = new Panel(
            "overview-severity",
            "Incidents by severity",
            "When were incidents detected, and how severe are they?",
            View.INCIDENTS,
            Shape.BARS,
            Filter.ALL,
            List.of(time(), terms("kordon.severity", "Severity", 6)),
            List.of(Metric.count("Incidents")));

    private static final Panel PHASE = new Panel(
            "overview-phase",
            "Incidents by severity and phase",
            "How far is their handling?",
            View.INCIDENTS,
            Shape.BARS_HORIZONTAL,
            Filter.ALL,
            List.of(terms("kordon.severity", "Severity", 6), terms("kordon.phase", "Phase", 6)),
            List.of(Metric.count("Incidents")));

    private static final Panel SCORE = new Panel(
            "overview-score",
            "Score over time",
            "How high did incidents score as they grew?",
            View.TIMELINE,
            Shape.LINE,
            Filter.is("event.action", "revision"),
            List.of(time()),
            List.of(Metric.max("kordon.score", "Highest score"), Metric.median("kordon.score", "Median score")));

    private static final Panel TIMES = new Panel(
            "overview-times",
            "Times by severity",
            "Are severe incidents seen and contained as quickly as they should be?",
            View.INCIDENTS,
            Shape.TABLE,
            Filter.ALL,
            List.of(terms("kordon.severity", "Severity", 6)),
            List.of(
                    Metric.count("Incidents"),
                    Metric.average("kordon.timeline.detect_ms", "Mean to detect"),
                    Metric.percentile95("kordon.timeline.detect_ms", "95 % detected within"),
                    Metric.average("kordon.timeline.contain_ms", "Mean to contain"),
                    Metric.percentile95("kordon.timeline.contain_ms", "95 % contained within")));

    private static final Panel NAMESPACES = new Panel(
            "overview-namespaces",
            "Top namespaces",
            "Where do incidents happen?",
            View.INCIDENTS,
            Shape.BARS_HORIZONTAL,
            Filter.ALL,
            List.of(terms("orchestrator.namespace", "Namespace", 10), terms("kordon.severity", "Severity", 6)),
            List.of(Metric.count("Incidents")));

    private static final Panel ATTACK = new Panel(
            "overview-attack",
            "MITRE ATT&CK: tactics and techniques",
            "Which techniques do incidents show? An incident counts for each of its tactics and techniques.",
            View.INCIDENTS,
            Shape.HEATMAP,
            Filter.ALL,
            List.of(terms("threat.tactic.name", "Tactic", 14), terms("threat.technique.id", "Technique", 30)),
            List.of(Metric.count("Incidents")));

    private static final Panel INCIDENTS = new Panel(
            "overview-incidents",
            "Incidents by score",
            "Which incidents should somebody look at first? A click on one opens it.",
            View.INCIDENTS,
            Shape.TABLE,
            Filter.ALL,
            List.of(
                    terms("kordon.incident_id", "Incident", 50),
                    terms("kordon.title", "Title", 1),
                    terms("kordon.severity", "Severity", 1),
                    terms("kordon.status", "Status", 1),
                    terms("kordon.entity.key", "What it is about", 1)),
            List.of(Metric.max("kordon.score", "Score"), Metric.max("@timestamp", "Detected")));

    private OverviewDashboard() {}

    static Dashboard dashboard() {
        return new Dashboard(
                "overview",
                "Overview",
                "How things stand: open incidents, their severity and phase, how quickly they are detected and"
                        + " contained.",
                "now-7d",
                List.of(
                        new Control("cluster", "Cluster", View.INCIDENTS, "orchestrator.cluster.name"),
                        new Control("namespace", "Namespace", View.INCIDENTS, "orchestrator.namespace"),
                        new Control("severity", "Severity", View.INCIDENTS, "kordon.severity")),
                List.of(
                        new Place(UNDER_WAY_NOW, 0, 0, 12, 7, null),
                        new Place(WAITING, 12, 0, 12, 7, null),
                        new Place(TIME_TO_DETECT, 24, 0, 12, 7, null),
                        new Place(TIME_TO_CONTAIN, 36, 0, 12, 7, null),
                        new Place(SEVERITY, 0, 7, 24, 12, null),
                        new Place(PHASE, 24, 7, 24, 12, null),
                        new Place(SCORE, 0, 19, 24, 12, null),
                        new Place(TIMES, 24, 19, 24, 12, null),
                        new Place(NAMESPACES, 0, 31, 16, 16, null),
                        new Place(ATTACK, 16, 31, 32, 16, null),
                        new Place(INCIDENTS, 0, 47, 48, 18, IncidentDashboard.ID)));
    }
}
