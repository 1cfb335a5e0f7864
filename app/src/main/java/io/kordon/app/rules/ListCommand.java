package io.kordon.app.rules;

import io.kordon.app.config.PlaceholderFile;
import io.kordon.app.records.ClientCommand;
import io.kordon.app.records.Connection;
import io.kordon.app.terminal.PlainJson;
import io.kordon.app.terminal.Table;
import io.kordon.app.terminal.Table.Column;
import io.kordon.avro.Rule;
import io.kordon.streams.rule.ParsedRules;
import io.kordon.streams.rule.RuleLedger;
import io.kordon.streams.rule.RuleLedger.Refusal;
import io.kordon.streams.rule.RuleParser;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What is published. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "List the rules that are published. Instances have those from disk beside them.")
final class ListCommand extends ClientCommand {
    @Option(names = "--placeholders", paramLabel = "FILE", description = PlaceholderFile.DESCRIPTION)
    private @Nullable Path placeholders;

    @Option(names = "--json", description = "One JSON object per rule and line, with its document.")
    private boolean json;

    @Override
    protected int run(Connection connection) {
        PublishedRules published = PublishedRules.read(connection);
        remark(published.complaint());
        if (json) {
            published.byId().values().forEach(rule -> out().println(PlainJson.line(rule)));
        } else if (published.byId().isEmpty()) {
            screen().line("no rules are published");
        } else {
            screen().lines(table(published, new RuleParser(PlaceholderFile.read(placeholders))));
        }
        return 0;
    }

    private static List<String> table(PublishedRules published, RuleParser parser) {
        Table table = new Table(
                new Column("ID", 40),
                new Column("VERSION", 12),
                new Column("STATE", 9),
                new Column("PUBLISHED", 20),
                new Column("FROM", 48),
                new Column("TITLE", 80));
        published.byId().forEach((id, rule) -> {
            State state = State.of(id, rule, parser);
            table.row(
                    id,
                    rule.getVersion(),
                    state.word(),
                    rule.getPublishedAt().truncatedTo(ChronoUnit.SECONDS).toString(),
                    rule.getOrigin(),
                    state.title());
        });
        return table.lines();
    }

    /** Whether instances take it, each by itself, and its title or why not. */
    private record State(String word, String title) {
        static State of(String id, Rule rule, RuleParser parser) {
            if (PublishedRules.off(rule)) {
                return new State("off", "");
            }
            Optional<Refusal> refusal = new RuleLedger(new ParsedRules(List.of(), List.of(), List.of()), parser)
                    .publish(id, "", rule.getDocument());
            return refusal.map(why -> new State("refused", why.problem().toString()))
                    .orElseGet(() -> new State(
                            "on",
                            parser.parse("", rule.getDocument()).rules().get(0).title()));
        }
    }
}
