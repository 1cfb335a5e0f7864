package io.kordon.elasticsearch.kibana;

import static io.kordon.elasticsearch.kibana.Bucket.terms;
import static io.kordon.elasticsearch.kibana.Bucket.time;

import io.kordon.elasticsearch.kibana.Content.Listing;
import io.kordon.elasticsearch.kibana.Content.Panel;
import io.kordon.elasticsearch.kibana.Content.Shape;
import io.kordon.elasticsearch.kibana.Dashboard.Control;
import io.kordon.elasticsearch.kibana.Dashboard.Place;
import java.util.List;

/** One incident: what happened in its order, what it rests on, what was done. Its controls choose which. */
final class IncidentDashboard {
    static final String ID = "incident";

    private static final Panel FACTS = new Panel(
            "incident-facts",
            "Incident",
            "What is it, and how does it stand?",
            View.INCIDENTS,
            Shape.TABLE,
            Filter.ALL,
            List.of(
                    terms("kordon.incident_id", "Incident", 20),
                    terms("kordon.title", "Title", 1),
                    terms("kordon.severity", "Severity", 1),
                    terms("kordon.status", "Status", 1),
                    terms("kordon.phase", "Phase", 1),
                    terms("kordon.entity.key", "What it is about", 1)),
            List.of(
                    Metric.max("kordon.score", "Score"),
                    Metric.max("kordon.evidence_count", "Pieces of evidence"),
                    Metric.max("kordon.timeline.detect_ms", "Time to detect"),
                    Metric.max("kordon.timeline.contain_ms", "Time to contain")));

    private static final Panel SCORE = new Panel(
            "incident-score",
            "Score as it grew",
            "Which moment made it worse?",
            View.TIMELINE,
            Shape.LINE,
            Filter.is("event.action", "revision"),
            List.of(time(), terms("kordon.incident_id", "Incident", 10)),
            List.of(Metric.max("kordon.score", "Score")));

    private static final Panel RULES = new Panel(
            "incident-rules",
            "Evidence by rule",
            "What does it rest on?",
            View.TIMELINE,
            Shape.TABLE,
            Filter.is("event.action", "evidence"),
            List.of(terms("rule.name", "Rule", 30), terms("kordon.source", "Source", 4)),
            List.of(Metric.count("Pieces of evidence"), Metric.max("@timestamp", "Last")));

    private static final Panel STEPS = new Panel(
            "incident-steps",
            "Containment by step",
            "What was done, and did it work?",
            View.RESULTS,
            Shape.TABLE,
            Filter.ALL,
            List.of(terms("kordon.action", "Step", 20), terms("kordon.status", "Outcome", 8)),
            List.of(Metric.count("Results"), Metric.max("@timestamp", "Last")));

    private static final Listing TIMELINE = Content.listing(
            "incident-timeline",
            "Timeline",
            View.MOMENTS,
            Filter.ALL,
            false,
            "What happened, in its order: evidence, revisions, decisions, commands, results.",
            "event.dataset",
            "event.action",
            "message");

    private static final Listing EVIDENCE = Content.listing(
            "incident-evidence",
            "Evidence",
            View.TIMELINE,
            Filter.is("event.action", "evidence"),
            false,
            "Every match that it rests on; the sender's own words are in the signal of the same id.",
            "kordon.source",
            "rule.name",
            "message",
            "kordon.signal_id");

    private static final Listing CONTAINMENT = Content.listing(
            "incident-containment",
            "Containment",
            View.RESULTS,
            Filter.ALL,
            false,
            "What every step read back, or why it was not done.",
            "kordon.action",
            "kordon.status",
            "kordon.changed",
            "kordon.detail");

    private IncidentDashboard() {}

    static Dashboard dashboard() {
        return new Dashboard(
                ID,
                "One incident",
                "Timeline, evidence and containment. Choose an incident above, or come here from the overview.",
                "now-7d",
                List.of(
                        new Control("incident", "Incident", View.TIMELINE, "kordon.incident_id"),
                        new Control("entity", "What it is about", View.TIMELINE, "kordon.entity.key")),
                List.of(
                        new Place(FACTS, 0, 0, 48, 8, null),
                        new Place(SCORE, 0, 8, 24, 12, null),
                        new Place(RULES, 24, 8, 24, 12, null),
                        new Place(TIMELINE, 0, 20, 48, 20, null),
                        new Place(EVIDENCE, 0, 40, 48, 14, null),
                        new Place(STEPS, 0, 54, 16, 16, null),
                        new Place(CONTAINMENT, 16, 54, 32, 16, null)));
    }
}
