package io.kordon.app.rules;

import com.fasterxml.jackson.core.JsonGenerator;
import io.kordon.app.config.PlaceholderFile;
import io.kordon.streams.detection.Event;
import io.kordon.streams.json.JsonTree;
import io.kordon.streams.json.MalformedJson;
import io.kordon.streams.rule.Backtracking;
import io.kordon.streams.rule.CorrelationRule;
import io.kordon.streams.rule.DetectionRule;
import io.kordon.streams.rule.Explanation;
import io.kordon.streams.rule.LogSource;
import io.kordon.streams.rule.Rule;
import io.kordon.streams.rule.RuleSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Why a rule matches an event, or does not. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Say why a rule matches an event, or does not: every part of its condition, what it expects, what the event"
                    + " holds.",
            "",
            "Ends with 0 if the rule matches, with 1 if it does not, with 2 if that cannot be told."
        })
public final class ExplainCommand implements Callable<Integer> {
    @Option(
            names = "--rules",
            required = true,
            arity = "1..*",
            paramLabel = "PATH",
            description = "Rule files, and folders with all that is below them (*.yml, *.yaml).")
    private List<Path> rulePaths = List.of();

    @Option(names = "--rule", required = true, paramLabel = "ID", description = "The rule, by its id or its name.")
    private String ruleName = "";

    @Option(
            names = "--event",
            paramLabel = "FILE",
            defaultValue = "-",
            description = "A file of one JSON event, or of one per line with --line; - for standard input, which is the"
                    + " default.")
    private String eventPath = "-";

    @Option(names = "--line", paramLabel = "N", description = "Take the event from this line of the file, from 1.")
    private @Nullable Long line;

    @Option(
            names = "--logsource",
            paramLabel = "SOURCE",
            converter = LogSourceOption.class,
            description = LogSourceOption.DESCRIPTION)
    private @Nullable LogSource logSource;

    @Option(names = "--placeholders", paramLabel = "FILE", description = PlaceholderFile.DESCRIPTION)
    private @Nullable Path placeholders;

    @Option(names = "--json", description = "Say it in JSON, a line for each event in the document.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        EventFile file = new EventFile(eventPath);
        RuleSet rules = RulePaths.rules(rulePaths, placeholders);
        Complaints complaints = new Complaints(spec.commandLine().getErr(), file.name());
        complaints.rules(rules.problems());
        complaints.end();
        DetectionRule rule = rule(rules);
        long abandoned = Backtracking.exhausted();
        RuleChoice choice = new RuleChoice(rules, logSource);
        boolean matched = false;
        List<Event> events = choice.events(document(file));
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            boolean seen = choice.isSeenBy(event, rule);
            Explanation explanation = rule.explain(event);
            matched |= seen && explanation.held();
            if (json) {
                out.print(inJson(rule, i, seen, explanation));
            } else {
                String which = events.size() == 1 ? "" : ", event " + (i + 1) + " of " + events.size();
                out.print(new ExplanationTree(charset())
                        .line(0, seen && explanation.held(), rule.title() + " (" + rule.id() + ")" + which)
                        .line(
                                1,
                                seen,
                                "log source " + LogSourceOption.text(rule.logSource()) + " sees events of "
                                        + LogSourceOption.text(choice.sourceOf(event)))
                        .add(1, explanation));
            }
        }
        out.flush();
        if (Backtracking.exhausted() > abandoned) {
            complaints.other("a search with a regular expression beyond RE2 was given up, and so found nothing");
            complaints.end();
        }
        return matched ? 0 : 1;
    }

    private JsonTree document(EventFile file) throws IOException {
        try {
            return file.document(line);
        } catch (MalformedJson e) {
            throw new IllegalArgumentException(
                    file.name() + (line == null ? "" : ":" + line) + ": "
                            + Printable.of(String.valueOf(e.getMessage()), 500)
                            + (line == null ? "; --line N takes one line of a file of JSON lines" : ""),
                    e);
        }
    }

    private DetectionRule rule(RuleSet rules) {
        List<Rule> named = Stream.<Rule>concat(rules.detections().stream(), rules.correlations().stream())
                .filter(rule -> ruleName.equals(rule.id()) || ruleName.equals(rule.name()))
                .toList();
        if (named.size() != 1) {
            throw new IllegalArgumentException(
                    named.isEmpty()
                            ? "no rule that can be used has the id or name '" + ruleName + "'"
                            : named.size() + " rules have the name '" + ruleName + "'; say which by its id: "
                                    + String.join(
                                            ", ", named.stream().map(Rule::id).toList()));
        }
        if (named.get(0) instanceof DetectionRule rule) {
            return rule;
        }
        throw new IllegalArgumentException(
                "'" + ruleName + "' is a correlation, which no single event matches; explain "
                        + String.join(" or ", ((CorrelationRule) named.get(0)).rules()));
    }

    /** As picocli has it for its standard output. */
    private static Charset charset() {
        String name = System.getProperty("sun.stdout.encoding");
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
    }

    private static String inJson(DetectionRule rule, int index, boolean seen, Explanation explanation) {
        return MatchLines.line(out -> {
            out.writeStringField("rule_id", rule.id());
            out.writeStringField("rule_name", rule.name());
            out.writeStringField("title", rule.title());
            out.writeNumberField("event", index + 1);
            out.writeBooleanField("matched", seen && explanation.held());
            out.writeBooleanField("logsource", seen);
            out.writeFieldName("condition");
            write(out, explanation);
        });
    }

    private static void write(JsonGenerator out, Explanation explanation) throws IOException {
        out.writeStartObject();
        out.writeStringField("test", explanation.test());
        out.writeBooleanField("held", explanation.held());
        if (explanation.value() != null) {
            out.writeStringField("value", explanation.value());
        }
        if (!explanation.parts().isEmpty()) {
            out.writeArrayFieldStart("parts");
            for (Explanation part : explanation.parts()) {
                write(out, part);
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }
}
