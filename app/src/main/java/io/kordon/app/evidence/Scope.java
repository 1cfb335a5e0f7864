package io.kordon.app.evidence;

import io.kordon.evidence.IncidentFolder;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Whose evidence is meant. */
final class Scope {
    private static final int MOST_NAMED = 10;

    @Option(
            names = "--incident",
            paramLabel = "ID",
            description = "Of this incident: its id, or enough of the beginning.")
    private String incident = "";

    @Option(names = "--cluster", paramLabel = "NAME", description = "Of incidents of this cluster.")
    private String cluster = "";

    boolean namesIncident() {
        return !incident.isEmpty();
    }

    String incident() {
        return incident;
    }

    /**
     * Those that are meant, in order.
     *
     * @throws IllegalArgumentException where an incident is named, and more than one is meant by it
     */
    List<IncidentFolder> among(Collection<IncidentFolder> folders) {
        String clusterName =
                cluster.isEmpty() ? "" : IncidentFolder.of(cluster, "x").cluster();
        List<IncidentFolder> meant = folders.stream()
                .filter(folder -> clusterName.isEmpty() || folder.cluster().equals(clusterName))
                .toList();
        if (incident.isEmpty()) {
            return meant;
        }
        String name = IncidentFolder.of("x", incident).incident();
        List<IncidentFolder> named =
                meant.stream().filter(folder -> folder.incident().equals(name)).toList();
        if (named.isEmpty()) {
            named = meant.stream()
                    .filter(folder -> folder.incident().startsWith(name))
                    .toList();
        }
        if (named.size() > 1) {
            throw new IllegalArgumentException("'" + incident + "' could be "
                    + named.stream()
                            .limit(MOST_NAMED)
                            .map(IncidentFolder::toString)
                            .collect(Collectors.joining(", "))
                    + (named.size() > MOST_NAMED ? ", …" : "") + ": give more of the id, or --cluster");
        }
        return named;
    }
}
