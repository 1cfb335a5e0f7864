package io.kordon.app.incidents;

import io.kordon.app.terminal.Table;
import io.kordon.app.terminal.Table.Column;
import io.kordon.avro.Incident;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Incidents, a line each. */
final class IncidentTable {
    /** {@code inc-} and eight digits: among a thousand incidents two begin alike once in ten thousand times. */
    private static final int SHORTEST_ID = 12;

    private IncidentTable() {}

    static List<String> lines(List<Incident> incidents) {
        Table table = new Table(
                new Column("ID", 36),
                new Column("SEVERITY", 13),
                new Column("SCORE", 6),
                new Column("STATUS", 18),
                new Column("FIRST EVIDENCE", 20),
                new Column("ABOUT", 64),
                new Column("TITLE", 60));
        int idLength = idLength(incidents);
        for (Incident incident : incidents) {
            table.row(
                    start(incident.getId(), idLength),
                    incident.getSeverity().name(),
                    "%6s".formatted(IncidentReport.number(Math.round(incident.getScore() * 100) / 100.0)),
                    incident.getStatus().name(),
                    incident.getTimeline()
                            .getFirstEvidenceAt()
                            .truncatedTo(ChronoUnit.SECONDS)
                            .toString(),
                    incident.getEntity().getKey(),
                    incident.getTitle());
        }
        return table.lines();
    }

    /** How much of the ids tells these apart. */
    private static int idLength(List<Incident> incidents) {
        int longest = incidents.stream()
                .mapToInt(incident -> incident.getId().length())
                .max()
                .orElse(SHORTEST_ID);
        int length = SHORTEST_ID;
        while (length < longest && !differ(incidents, length)) {
            length++;
        }
        return length;
    }

    private static boolean differ(List<Incident> incidents, int length) {
        Set<String> starts = new HashSet<>();
        return incidents.stream().allMatch(incident -> starts.add(start(incident.getId(), length)));
    }

    private static String start(String text, int length) {
        return text.substring(0, Math.min(length, text.length()));
    }
}
