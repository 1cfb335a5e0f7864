package io.kordon.elasticsearch.kibana;

import static io.kordon.elasticsearch.kibana.Bucket.terms;
import static io.kordon.elasticsearch.kibana.Bucket.time;

import io.kordon.elasticsearch.kibana.Content.Listing;
import io.kordon.elasticsearch.kibana.Content.Panel;
import io.kordon.elasticsearch.kibana.Content.Shape;
import io.kordon.elasticsearch.kibana.Dashboard.Control;
import io.kordon.elasticsearch.kibana.Dashboard.Place;
import java.util.List;

/** What was done: commands, their steps, what failed or was refused, and what waits for somebody. */
final class ResponseDashboard {
    private static final Filter WRONG = Filter.is("kordon.status", "failed", "refused");

    private static final Panel COMMANDS = new Panel(
            "response-commands",
            "Commands",
            "How many playbook runs were asked for?",
            View.COMMANDS,
            Shape.METRIC,
            Filter.ALL,
            List.of(),
            List.of(Metric.unique("kordon.command_id", "Commands")));

    private static final Panel WRONG_COUNT = new Panel(
            "response-wrong",
            "Steps that failed or were refused",
            "Each of them is something that an attacker may still have.",
            View.RESULTS,
            Shape.METRIC,
            Filter.and(WRONG, Filter.not(Filter.is("kordon.action", "run"))),
            List.of(),
            List.of(Metric.count("Failed or refused")));

    private static final Panel WAITING_COUNT = new Panel(
            "response-waiting",
            "Incidents that wait for an approval",
            "kordon incidents approve lets their commands run.",
            View.INCIDENTS,
            Shape.METRIC,
            Filter.above("kordon.commands_waiting", 0),
            List.of(),
            List.of(Metric.count("Wait for an approval")));

    private static final Panel PLAYBOOKS = new Panel(
            "response-playbooks",
            "Commands by playbook",
            "Which playbooks run, and how?",
            View.COMMANDS,
            Shape.BARS,
            Filter.ALL,
            List.of(time(), terms("kordon.playbook", "Playbook", 10)),
            List.of(Metric.unique("kordon.command_id", "Commands")));

    private static final Panel OUTCOMES = new Panel(
            "response-outcomes",
            "Steps by outcome",
            "Which steps work, and which do not?",
            View.RESULTS,
            Shape.HEATMAP,
            Filter.not(Filter.is("kordon.action", "run")),
            List.of(terms("kordon.status", "Outcome", 8), terms("kordon.action", "Step", 12)),
            List.of(Metric.count("Steps")));

    private static final Panel REASONS = new Panel(
            "response-reasons",
            "Why steps failed or were refused",
            "What the actuator said, the most frequent first.",
            View.RESULTS,
            Shape.TABLE,
            WRONG,
            List.of(terms("kordon.action", "Step", 12), terms("event.reason", "Reason", 10)),
            List.of(Metric.count("Results"), Metric.max("@timestamp", "Last")));

    private static final Panel APPROVALS = new Panel(
            "response-approvals",
            "Commands that somebody approved",
            "Who let what run?",
            View.COMMANDS,
            Shape.TABLE,
            Filter.ALL,
            List.of(terms("kordon.approval.by", "By", 20), terms("kordon.playbook", "Playbook", 10)),
            List.of(Metric.count("Commands"), Metric.max("kordon.approval.at", "Last")));

    private static final Listing WAITING = Content.listing(
            "response-waiting-list",
            "What waits for an approval",
            View.INCIDENTS,
            Filter.above("kordon.commands_waiting", 0),
            true,
            "Incidents with a command that waits; who asks and why is in kordon.commands.",
            "kordon.incident_id",
            "kordon.title",
            "kordon.severity",
            "kordon.entity.key",
            "kordon.playbooks");

    private static final Listing FAILURES = Content.listing(
            "response-failures",
            "What failed or was refused",
            View.RESULTS,
            WRONG,
            true,
            "Every result that is not what was asked for.",
            "kordon.incident_id",
            "kordon.action",
            "kordon.status",
            "kordon.entity.key",
            "kordon.detail");

    private ResponseDashboard() {}

    static Dashboard dashboard() {
        return new Dashboard(
                "response",
                "Response",
                "Commands, failures, and what waits for an approval.",
                "now-7d",
                List.of(
                        new Control("cluster", "Cluster", View.RESULTS, "orchestrator.cluster.name"),
                        new Control("namespace", "Namespace", View.RESULTS, "orchestrator.namespace")),
                List.of(
                        new Place(COMMANDS, 0, 0, 16, 7, null),
                        new Place(WRONG_COUNT, 16, 0, 16, 7, null),
                        new Place(WAITING_COUNT, 32, 0, 16, 7, null),
                        new Place(PLAYBOOKS, 0, 7, 24, 14, null),
                        new Place(OUTCOMES, 24, 7, 24, 14, null),
                        new Place(WAITING, 0, 21, 48, 12, null),
                        new Place(REASONS, 0, 33, 28, 14, null),
                        new Place(APPROVALS, 28, 33, 20, 14, null),
                        new Place(FAILURES, 0, 47, 48, 16, null)));
    }
}
