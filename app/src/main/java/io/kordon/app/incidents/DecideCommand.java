package io.kordon.app.incidents;

import io.kordon.app.records.ClientCommand;
import io.kordon.app.records.Connection;
import io.kordon.app.records.TopicReader;
import io.kordon.app.terminal.DurationOption;
import io.kordon.avro.Decision;
import io.kordon.avro.DecisionAction;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An analyst's decision on an incident: written to the topic of decisions, then waited for in the incident. */
abstract class DecideCommand extends ClientCommand {
    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_REASON = 4_000;

    private final DecisionAction action;

    @Parameters(paramLabel = "ID", description = "The incident's id, or enough of the beginning.")
    private String id = "";

    @Option(names = "--by", paramLabel = "NAME", description = "Who decides. Default: the variable USER.")
    private @Nullable String by;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; the incident keeps it.")
    private String reason = "";

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationOption.class,
            description = "Longest wait for the incident to show the decision. Default: 10s.")
    private Duration timeout = Duration.ofSeconds(10);

    @Option(names = "--no-wait", description = "Do not wait for the incident to show the decision.")
    private boolean noWait;

    DecideCommand(DecisionAction action) {
        this.action = action;
    }

    /** Whether the incident is what the decision would make of it. */
    abstract boolean done(Incident incident);

    @Override
    protected void check() {
        text("the name (--by, or the variable USER)", by(), LONGEST_NAME);
        if (!reason.isEmpty() || action == DecisionAction.DISMISS) {
            text("--reason", reason, LONGEST_REASON);
        }
    }

    @Override
    protected int run(Connection connection) throws InterruptedException {
        try (TopicReader<Incident> incidents =
                connection.reader(connection.topics().incidents())) {
            Incident incident = Lookup.find(incidents, id).orElse(null);
            remark(incidents.complaint());
            if (incident == null) {
                remark("there is no incident " + id);
                return 1;
            }
            if (done(incident)) {
                screen().line(incident.getId() + " is " + incident.getStatus() + " already; nothing was decided");
                return 0;
            }
            return decide(connection, incident, incidents);
        }
    }

    private int decide(Connection connection, Incident incident, TopicReader<Incident> incidents)
            throws InterruptedException {
        Decision decision;
        try (Producer<String, Decision> producer = connection.producer(Map.of())) {
            decision = new DecisionDesk(connection.topics().decisions(), producer, Clock.systemUTC())
                    .handIn(incident, action, by(), reason);
        }
        screen().line("decision " + decision.getId() + ": " + action + " " + incident.getId());
        if (noWait) {
            return 0;
        }
        Incident taken = DecisionDesk.taken(decision, incidents, timeout).orElse(null);
        if (taken == null) {
            remark("no revision of " + incident.getId() + " shows the decision after " + timeout.toMillis() / 1e3
                    + " s. It lies in " + connection.topics().decisions().name()
                    + ": `kordon streams` has not read it, or it had no effect, as reopening has none on an incident that a"
                    + " later one of the same entity followed");
            return 1;
        }
        screen().line("revision " + taken.getRevision() + " of " + incident.getId() + " is " + taken.getStatus());
        return 0;
    }

    private String by() {
        return by != null ? by : System.getenv().getOrDefault("USER", System.getProperty("user.name", ""));
    }

    private void text(String name, String text, int longest) {
        if (text.isBlank() || text.length() > longest || text.chars().anyMatch(Character::isISOControl)) {
            throw wrong(name + " must be 1 to " + longest + " characters on one line");
        }
    }

    @Command(
            name = "close",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Close an incident: it is over. The next match on the same pod opens a new one.")
    static final class Close extends DecideCommand {
        Close() {
            super(DecisionAction.CLOSE);
        }

        @Override
        boolean done(Incident incident) {
            return incident.getStatus() == IncidentStatus.CLOSED;
        }
    }

    @Command(
            name = "dismiss",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Dismiss an incident: it was none. Needs a --reason.",
                "What its rules match goes on being counted there, and opens nothing, until they have been quiet for half an"
                        + " hour to an hour; a rule that it had not matched opens a new incident."
            })
    static final class Dismiss extends DecideCommand {
        Dismiss() {
            super(DecisionAction.DISMISS);
        }

        @Override
        boolean done(Incident incident) {
            return incident.getStatus() == IncidentStatus.DISMISSED;
        }
    }

    @Command(
            name = "reopen",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Take back that an analyst closed or dismissed an incident.")
    static final class Reopen extends DecideCommand {
        Reopen() {
            super(DecisionAction.REOPEN);
        }

        @Override
        boolean done(Incident incident) {
            return !Selection.ended(incident);
        }
    }
}
