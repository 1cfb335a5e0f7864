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
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An analyst's decision on incidents: written to the topic of decisions, then waited for in the incidents. */
abstract class DecideCommand extends ClientCommand {
    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_REASON = 4_000;

    private final DecisionAction action;

    @Parameters(
            paramLabel = "ID",
            arity = "1..*",
            description = "The incident's id, or enough of the beginning. Several, if the same is decided on each.")
    private Set<String> ids = new LinkedHashSet<>();

    @Option(names = "--by", paramLabel = "NAME", description = "Who decides. Default: the variable USER.")
    private @Nullable String by;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; the incident keeps it.")
    private String reason = "";

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationOption.class,
            description = "Longest wait for the incidents to show what came of it. Default: 10s; 60s for a release.")
    private @Nullable Duration timeout;

    @Option(names = "--no-wait", description = "Do not wait for the incidents to show what came of it.")
    private boolean noWait;

    DecideCommand(DecisionAction action) {
        this.action = action;
    }

    /** What there is to decide on an incident, in the light of what it is now. */
    abstract Question question(Incident incident);

    /** That nothing is left to decide, for whoever asked. */
    String settled(Incident incident) {
        return incident.getId() + " is " + incident.getStatus() + " already";
    }

    @Override
    protected void check() {
        text("the name (--by, or the variable USER)", by(), LONGEST_NAME);
        if (!reason.isEmpty() || action == DecisionAction.DISMISS) {
            text("--reason", reason, LONGEST_REASON);
        }
    }

    /** How many incidents are named. */
    final int named() {
        return ids.size();
    }

    @Override
    protected final int run(Connection connection) throws InterruptedException {
        try (TopicReader<Incident> incidents =
                connection.reader(connection.topics().incidents())) {
            Map<String, Incident> found = Lookup.find(incidents, ids);
            remark(incidents.complaint());
            List<String> absent =
                    ids.stream().filter(id -> !found.containsKey(id)).toList();
            if (!absent.isEmpty()) {
                absent.forEach(id -> remark("there is no incident " + id));
                return 1;
            }
            List<Question> questions =
                    found.values().stream().distinct().map(this::question).toList();
            List<String> impossible = questions.stream()
                    .flatMap(each -> each.impossible().stream())
                    .toList();
            if (!impossible.isEmpty()) {
                impossible.forEach(why -> remark(why + "; nothing was decided"));
                return 1;
            }
            return decide(connection, questions, incidents);
        }
    }

    private int decide(Connection connection, List<Question> questions, TopicReader<Incident> incidents)
            throws InterruptedException {
        List<Awaited> awaited = new ArrayList<>();
        for (Question question : questions) {
            Incident incident = question.incident();
            if (question.settled()) {
                screen().line(settled(incident) + "; nothing was decided");
            }
            question.preview().forEach(screen()::line);
        }
        try (Producer<String, Decision> producer = connection.producer(Map.of())) {
            DecisionDesk desk = new DecisionDesk(connection.topics().decisions(), producer, Clock.systemUTC());
            for (Question question : questions) {
                for (Question.Part part : question.parts()) {
                    Decision decision = desk.handIn(question.incident(), action, part.commandId(), by(), reason);
                    screen().line("decision " + decision.getId() + ": " + action + " "
                            + question.incident().getId()
                            + (part.commandId() == null ? "" : " " + part.commandId()));
                    awaited.add(new Awaited(decision, part.settled()));
                }
            }
        }
        return noWait || awaited.isEmpty() ? 0 : await(connection, awaited, incidents);
    }

    private int await(Connection connection, List<Awaited> awaited, TopicReader<Incident> incidents) {
        Duration limit = timeout != null ? timeout : Duration.ofSeconds(action == DecisionAction.RELEASE ? 60 : 10);
        DecisionDesk.await(awaited, incidents, limit);
        boolean done = true;
        for (Awaited each : awaited) {
            Incident shown = each.shown();
            if (shown == null) {
                remark(missing(connection, each, limit));
                done = false;
            } else {
                screen().line("revision " + shown.getRevision() + " of " + shown.getId() + " is " + shown.getStatus());
                outcome(each.decision(), shown).forEach(screen()::line);
                done &= succeeded(each.decision(), shown);
            }
        }
        return done ? 0 : 1;
    }

    /** What a reader should know of the outcome. */
    List<String> outcome(Decision decision, Incident shown) {
        return List.of();
    }

    /** Whether what the incident shows is what was decided. */
    boolean succeeded(Decision decision, Incident shown) {
        return true;
    }

    private static String missing(Connection connection, Awaited awaited, Duration limit) {
        String incident = awaited.decision().getIncidentId();
        String seconds = " after " + limit.toMillis() / 1e3 + " s. ";
        Incident taken = awaited.taken();
        if (taken != null) {
            return "revision " + taken.getRevision() + " of " + incident
                    + " shows the decision, but not what came of it," + seconds
                    + "Is `kordon actuator` running? `kordon incidents show " + incident + "` tells more";
        }
        return "no revision of " + incident + " shows the decision" + seconds + "It lies in "
                + connection.topics().decisions().name()
                + ": `kordon streams` has not read it, or it had no effect, as reopening has none on an incident that a"
                + " later one of the same entity followed";
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
        Question question(Incident incident) {
            return Question.whole(incident, incident.getStatus() == IncidentStatus.CLOSED);
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
        Question question(Incident incident) {
            return Question.whole(incident, incident.getStatus() == IncidentStatus.DISMISSED);
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
        Question question(Incident incident) {
            return Question.whole(incident, !Selection.ended(incident));
        }
    }
}
