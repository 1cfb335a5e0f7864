package io.kordon.app.incidents;

import io.kordon.app.records.TopicReader;
import io.kordon.avro.Incident;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds the one incident whose id begins with what somebody typed. */
final class Lookup {
    private static final int MOST_NAMED = 10;

    /** Of incidents that begin alike, as many are remembered as could be meant by somebody who types in earnest. */
    private static final int MOST_HELD = 1_000;

    private final String start;
    private final SortedMap<String, Incident> found = new TreeMap<>();

    private Lookup(String start) {
        this.start = start;
    }

    /**
     * Reads the topic to its end.
     *
     * @return the last revision; empty if there is none
     * @throws IllegalArgumentException naming the incidents, where several ids begin like this and none is it
     */
    static Optional<Incident> find(TopicReader<Incident> topic, String start) {
        Lookup lookup = new Lookup(start);
        topic.readToEnd(ListCommand.LIMIT, (id, incident) -> {
            if (incident == null) {
                lookup.found.remove(id);
            } else if (id.startsWith(start) && (lookup.found.size() < MOST_HELD || id.equals(start))) {
                lookup.found.put(id, incident);
            }
        });
        return lookup.only();
    }

    private Optional<Incident> only() {
        Incident exact = found.get(start);
        if (exact != null) {
            return Optional.of(exact);
        }
        if (found.size() > 1) {
            List<String> named = found.keySet().stream().limit(MOST_NAMED).toList();
            throw new IllegalArgumentException("more than one incident's id begins with '" + start + "': "
                    + String.join(", ", named) + (found.size() > named.size() ? ", …" : ""));
        }
        return found.values().stream().findFirst();
    }
}
