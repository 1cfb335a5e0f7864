package io.kordon.app.incidents;

import io.kordon.app.lifecycle.Stop;
import io.kordon.app.records.ClientCommand;
import io.kordon.app.records.Connection;
import io.kordon.app.records.TopicReader;
import io.kordon.app.terminal.DurationOption;
import io.kordon.app.terminal.PlainJson;
import io.kordon.app.terminal.Screen;
import io.kordon.avro.Incident;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Incidents as they grow. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "List incidents, then tell what every new revision adds, until Ctrl-C.")
final class WatchCommand extends ClientCommand {
    private static final Duration POLL = Duration.ofMillis(200);

    @Mixin
    private Selection selection = new Selection();

    @Option(
            names = "--json",
            description = "One JSON object per revision and line, the present ones first, without the senders' JSON.")
    private boolean json;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = DurationOption.class,
            description = "End after this time, as 30s or 1h.")
    private @Nullable Duration time;

    private final Held held = new Held(ListCommand.MOST);

    @Override
    protected void check() {
        if (!selection.problem().isEmpty()) {
            throw wrong(selection.problem());
        }
    }

    @Override
    protected int run(Connection connection) {
        long begun = System.nanoTime();
        try (Stop stop = new Stop();
                TopicReader<Incident> topic =
                        connection.reader(connection.topics().incidents())) {
            topic.readToEnd(ListCommand.LIMIT, this::take);
            present();
            remark(topic.complaint());
            remark(held.complaint());
            Screen screen = screen();
            while (screen.shown() && !stop.asked() && !over(begun)) {
                topic.poll(POLL, (id, incident) -> tell(take(id, incident), incident));
            }
        }
        return 0;
    }

    /** Remembers a revision. Returns the one before, where it was among those meant. */
    private @Nullable Incident take(String id, @Nullable Incident incident) {
        return incident != null && selection.matches(incident) ? held.put(incident) : held.remove(id);
    }

    private void present() {
        if (json) {
            held.gravestFirst().forEach(incident -> out().println(PlainJson.line(incident)));
        } else {
            screen().lines(IncidentTable.lines(held.gravestFirst()));
        }
    }

    /** One that was meant is told of once more when it no longer is: that it closed, for example. */
    private void tell(@Nullable Incident before, @Nullable Incident now) {
        if (now == null || (before == null && !selection.matches(now))) {
            return;
        }
        if (json) {
            now.getEvidence().forEach(evidence -> evidence.setOriginal(""));
            out().println(PlainJson.line(now));
        } else {
            screen().line(now.getId() + "  " + now.getEntity().getKey());
            IncidentReport.growth(before, now).forEach(line -> screen().line("  " + line));
        }
    }

    private boolean over(long begun) {
        return time != null && System.nanoTime() - begun > time.toNanos();
    }
}
