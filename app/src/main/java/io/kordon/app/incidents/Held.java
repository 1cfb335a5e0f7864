package io.kordon.app.incidents;

import io.kordon.avro.Incident;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last revision of each incident that is meant, as the topic goes on. Bounded: the senders' JSON is left out unless it
 * is asked for, and of too many incidents those go first that have not changed for longest.
 */
final class Held {
    private static final Comparator<Incident> GRAVEST = Comparator.comparing(Incident::getSeverity)
            .thenComparing(Incident::getScore)
            .thenComparing(incident -> incident.getTimeline().getLastEvidenceAt())
            .reversed();

    private final Map<String, Incident> incidents = new LinkedHashMap<>();
    private final int most;
    private long leftOut;

    Held(int most) {
        this.most = most;
    }

    /** Takes a revision. Returns the one before, where it is known. */
    @Nullable
    Incident put(Incident revision) {
        revision.getEvidence().forEach(evidence -> evidence.setOriginal(""));
        Incident before = incidents.remove(revision.getId());
        incidents.put(revision.getId(), revision);
        if (incidents.size() > most) {
            incidents.remove(incidents.keySet().iterator().next());
            leftOut++;
        }
        return before;
    }

    /** Forgets an incident. Returns what it was, where it is known. */
    @Nullable
    Incident remove(String id) {
        return incidents.remove(id);
    }

    /** The gravest first. */
    List<Incident> gravestFirst() {
        return incidents.values().stream().sorted(GRAVEST).toList();
    }

    /** What is wrong with this, for a person; empty if nothing is. */
    String complaint() {
        return leftOut == 0
                ? ""
                : "more than " + most + " incidents are meant; " + leftOut
                        + " that have not changed for long are left out: narrow it down with --since, --severity or"
                        + " --namespace";
    }
}
