package io.kordon.app.evidence;

import io.kordon.app.records.Connection;
import io.kordon.app.records.TopicReader;
import io.kordon.avro.Incident;
import io.kordon.evidence.IncidentFolder;
import io.kordon.evidence.Witness;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the incidents in Kafka remember of their bundles, at their last revisions. */
final class Witnesses {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int MOST = 200_000;

    private final Map<IncidentFolder, List<Witness>> known = new HashMap<>();
    private final Map<String, IncidentFolder> folders = new HashMap<>();
    private String complaint = "";

    private Witnesses() {}

    static Witnesses none() {
        return new Witnesses();
    }

    static Witnesses read(Connection connection) {
        Witnesses witnesses = new Witnesses();
        try (TopicReader<Incident> topic = connection.reader(connection.topics().incidents())) {
            topic.readToEnd(LIMIT, (id, incident) -> {
                if (incident == null) {
                    witnesses.forget(id);
                } else if (witnesses.folders.size() < MOST || witnesses.folders.containsKey(id)) {
                    witnesses.put(id, incident);
                } else {
                    witnesses.complaint = "more than " + MOST + " incidents; the others are not compared with";
                }
            });
            // What can no longer be read vouches for nothing.
            topic.broken().forEach(witnesses::forget);
            witnesses.complaint = topic.complaint().isEmpty() ? witnesses.complaint : topic.complaint();
        }
        return witnesses;
    }

    private void put(String id, Incident incident) {
        IncidentFolder folder = IncidentFolder.of(incident.getEntity().getCluster(), id);
        folders.put(id, folder);
        known.put(
                folder,
                incident.getBundles().stream()
                        .map(bundle -> new Witness(bundle.getDigest(), bundle.getLocation()))
                        .toList());
    }

    private void forget(String id) {
        IncidentFolder folder = folders.remove(id);
        if (folder != null) {
            known.remove(folder);
        }
    }

    /** Those that have bundles. */
    Collection<IncidentFolder> withBundles() {
        return known.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    Optional<List<Witness>> of(IncidentFolder incident) {
        return Optional.ofNullable(known.get(incident));
    }

    /** What is wrong with this, for a person; empty if nothing is. */
    String complaint() {
        return complaint;
    }
}
