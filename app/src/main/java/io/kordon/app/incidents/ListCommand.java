package io.kordon.app.incidents;

import io.kordon.app.records.ClientCommand;
import io.kordon.app.records.Connection;
import io.kordon.app.records.TopicReader;
import io.kordon.app.terminal.PlainJson;
import io.kordon.avro.Incident;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Incidents as they are now. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "List incidents, the gravest first: those that are open, if nothing else is asked for.")
final class ListCommand extends ClientCommand {
    static final Duration LIMIT = Duration.ofMinutes(2);

    /** As many as a terminal's user reads, and many more; each takes some 10 KB. */
    static final int MOST = 10_000;

    @Mixin
    private Selection selection = new Selection();

    @Option(
            names = "--json",
            description = "One JSON object per incident and line, without the senders' JSON; `show` has that.")
    private boolean json;

    @Override
    protected void check() {
        if (!selection.problem().isEmpty()) {
            throw wrong(selection.problem());
        }
    }

    @Override
    protected int run(Connection connection) {
        Held held = new Held(MOST);
        try (TopicReader<Incident> topic = connection.reader(connection.topics().incidents())) {
            topic.readToEnd(LIMIT, (id, incident) -> {
                if (incident != null && selection.matches(incident)) {
                    held.put(incident);
                } else {
                    held.remove(id);
                }
            });
            remark(topic.complaint());
        }
        remark(held.complaint());
        List<Incident> incidents = held.gravestFirst();
        if (json) {
            incidents.forEach(incident -> out().println(PlainJson.line(incident)));
        } else if (incidents.isEmpty()) {
            screen().line("no incidents");
        } else {
            screen().lines(IncidentTable.lines(incidents));
        }
        return 0;
    }
}
