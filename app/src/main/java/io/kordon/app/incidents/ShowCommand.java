package io.kordon.app.incidents;

import io.kordon.app.records.ClientCommand;
import io.kordon.app.records.Connection;
import io.kordon.app.records.TopicReader;
import io.kordon.app.terminal.PlainJson;
import io.kordon.avro.Incident;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One incident, whole. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Show all of an incident: whom it is about, its score as a sum, evidence, times, containment,"
                + " decisions.")
final class ShowCommand extends ClientCommand {
    @Parameters(paramLabel = "ID", description = "Its id, or enough of the beginning.")
    private String id = "";

    @Option(names = "--json", description = "As one line of JSON, with the senders' JSON in evidence[].original.")
    private boolean json;

    @Option(names = "--originals", description = "Show the JSON that the senders sent, too.")
    private boolean originals;

    @Override
    protected int run(Connection connection) {
        try (TopicReader<Incident> topic = connection.reader(connection.topics().incidents())) {
            Incident found = Lookup.find(topic, id).orElse(null);
            remark(topic.complaint());
            if (found == null) {
                remark("there is no incident " + id);
                return 1;
            }
            if (json) {
                out().println(PlainJson.line(found));
            } else {
                screen().lines(new IncidentSheet(found, originals).lines());
            }
            return 0;
        }
    }
}
