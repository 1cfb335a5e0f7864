package io.kordon.app.rules;

import io.kordon.app.config.PlaceholderFile;
import io.kordon.streams.detection.Event;
import io.kordon.streams.json.JsonTree;
import io.kordon.streams.json.MalformedJson;
import io.kordon.streams.rule.Backtracking;
import io.kordon.streams.rule.DetectionRule;
import io.kordon.streams.rule.LogSource;
import io.kordon.streams.rule.RuleSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What rules say about the events of a file. */
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Hold events against rules: JSON lines of any log source in, one JSON line per match out.",
            "",
            "Falco events, Kubernetes audit events and Alertmanager's alerts and notifications are recognised by their"
                    + " shape and seen by the rules for them; any other event is seen by every rule. --logsource says"
                    + " otherwise.",
            "",
            "Correlations are told by event time, whatever the order of the lines, when the input ends; with it, windows"
                    + " that are still open close. Their lines say correlation: true, group, events (the lines that take"
                    + " part), event (the line that completes it) and at.",
            "",
            "Ends with 0 if all rules and lines could be used, whether or not anything matched; with 1 if some could"
                    + " not, which standard error names, while the others were; with 2 for wrong use."
        })
public final class EvalCommand implements Callable<Integer> {
    @Option(
            names = "--rules",
            required = true,
            arity = "1..*",
            paramLabel = "PATH",
            description = "Rule files, and folders with all that is below them (*.yml, *.yaml).")
    private List<Path> rulePaths = List.of();

    @Option(
            names = "--events",
            paramLabel = "FILE",
            defaultValue = "-",
            description = "JSON lines, one event each; - for standard input, which is the default.")
    private String events = "-";

    @Option(
            names = "--logsource",
            paramLabel = "SOURCE",
            converter = LogSourceOption.class,
            description = LogSourceOption.DESCRIPTION)
    private @Nullable LogSource logSource;

    @Option(
            names = "--time-field",
            paramLabel = "NAME",
            description =
                    "Field that holds an event's time, for correlations: RFC 3339, or a number since 1970. By default"
                            + " where the event's format has it, else the first of time, @timestamp, timestamp, eventTime,"
                            + " requestReceivedTimestamp, startsAt.")
    private @Nullable String timeField;

    @Option(names = "--placeholders", paramLabel = "FILE", description = PlaceholderFile.DESCRIPTION)
    private @Nullable Path placeholders;

    @Option(names = "--summary", description = "Say on standard error how many events and matches there were.")
    private boolean summary;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        EventFile file = new EventFile(events);
        Complaints complaints = new Complaints(err, file.name());
        RuleSet rules = RulePaths.rules(rulePaths, placeholders);
        complaints.rules(rules.problems());
        RuleChoice choice = new RuleChoice(rules, logSource);
        if (choice.size() == 0) {
            complaints.end();
            throw new IllegalArgumentException("no rule in " + rulePaths + " can be used"
                    + (logSource == null ? "" : " for events of " + LogSourceOption.text(logSource)));
        }
        Tally tally = new Tally();
        Matches correlations =
                new Correlations(rules, new EventTime(timeField), new CorrelationLines(out, tally), complaints);
        Reading reading = new Reading(choice, List.of(new MatchLines(out), tally, correlations), complaints, out);
        long begun = System.nanoTime();
        long abandoned = Backtracking.exhausted();
        try (InputStream in = file.open()) {
            EventLines.read(in, reading);
        }
        reading.end();
        abandoned = Backtracking.exhausted() - abandoned;
        if (abandoned > 0) {
            complaints.other(
                    abandoned + " searches with regular expressions beyond RE2 were given up, and so found nothing");
        }
        complaints.end();
        if (summary) {
            tally.print(err, reading.events, complaints.lines(), (System.nanoTime() - begun) / 1e9);
        }
        return complaints.none() && !out.checkError() ? 0 : 1;
    }

    /** Lines into events, and events into matches. */
    private static final class Reading implements EventLines.Reader {
        private final RuleChoice choice;
        private final List<Matches> matches;
        private final Complaints complaints;
        private final PrintWriter out;
        private long events;

        Reading(RuleChoice choice, List<Matches> matches, Complaints complaints, PrintWriter out) {
            this.choice = choice;
            this.matches = matches;
            this.complaints = complaints;
            this.out = out;
        }

        @Override
        public void line(long number, byte[] bytes, int offset, int length) {
            JsonTree document;
            try {
                document = JsonTree.parse(bytes, offset, length);
            } catch (MalformedJson e) {
                complaints.line(number, String.valueOf(e.getMessage()));
                return;
            }
            for (Event event : choice.events(document)) {
                events++;
                for (DetectionRule rule : choice.matching(event)) {
                    matches.forEach(sink -> sink.matched(rule, event, number));
                }
            }
        }

        @Override
        public void tooLong(long number) {
            complaints.line(number, "the line is longer than " + EventLines.LONGEST + " bytes");
        }

        /** Whoever follows a log sees a match before the next line comes; nobody reads on for a reader that has left. */
        @Override
        public boolean proceed() {
            return !out.checkError();
        }

        void end() {
            matches.forEach(Matches::end);
            out.flush();
        }
    }
}
