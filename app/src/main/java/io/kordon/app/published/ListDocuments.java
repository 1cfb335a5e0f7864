package io.kordon.app.published;

import io.kordon.app.records.ClientCommand;
import io.kordon.app.records.Connection;
import io.kordon.app.terminal.PlainJson;
import io.kordon.app.terminal.Table;
import io.kordon.app.terminal.Table.Column;
import io.kordon.avro.Rule;
import java.time.temporal.ChronoUnit;
import java.util.List;
import picocli.CommandLine.Option;

/** What is published. */
public abstract class ListDocuments extends ClientCommand {
    private final Shelf shelf;
    private final String heading;

    @Option(names = "--json", description = "One JSON object per document and line.")
    private boolean json;

    /** @param heading of the last column, which tells what a document is about */
    protected ListDocuments(Shelf shelf, String heading) {
        this.shelf = shelf;
        this.heading = heading;
    }

    /** Whether instances take a document, each by itself, and what it is about or why they do not. */
    public record State(String word, String about) {
        static final State OFF = new State("off", "");

        public static State on(String about) {
            return new State("on", about);
        }

        public static State refused(String why) {
            return new State("refused", why);
        }
    }

    /** The state of a document that is not empty. */
    protected abstract State state(String id, Rule document);

    @Override
    protected final int run(Connection connection) {
        PublishedDocuments published = PublishedDocuments.read(connection, shelf);
        remark(published.complaint());
        if (json) {
            published.byId().values().forEach(rule -> out().println(PlainJson.line(rule)));
        } else if (published.byId().isEmpty()) {
            screen().line("no " + shelf.many() + " are published");
        } else {
            screen().lines(table(published));
        }
        return 0;
    }

    private List<String> table(PublishedDocuments published) {
        Table table = new Table(
                new Column("ID", 40),
                new Column("VERSION", 12),
                new Column("STATE", 9),
                new Column("PUBLISHED", 20),
                new Column("FROM", 48),
                new Column(heading, 80));
        published.byId().forEach((id, rule) -> {
            State state = PublishedDocuments.off(rule) ? State.OFF : state(id, rule);
            table.row(
                    id,
                    rule.getVersion(),
                    state.word(),
                    rule.getPublishedAt().truncatedTo(ChronoUnit.SECONDS).toString(),
                    rule.getOrigin(),
                    state.about());
        });
        return table.lines();
    }
}
