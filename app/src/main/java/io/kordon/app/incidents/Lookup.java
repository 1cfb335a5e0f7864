package io.kordon.app.incidents;

import io.kordon.app.records.TopicReader;
import io.kordon.avro.Incident;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the incidents whose ids begin with what somebody typed. */
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
        return Optional.ofNullable(find(topic, List.of(start)).get(start));
    }

    /**
     * Reads the topic to its end.
     *
     * @return the last revision of each incident by what was typed, in its order; without those that there are none of
     * @throws IllegalArgumentException naming the incidents, where several ids begin alike and none is it
     */
    static Map<String, Incident> find(TopicReader<Incident> topic, Collection<String> starts) {
        List<Lookup> lookups = starts.stream().map(Lookup::new).toList();
        topic.readToEnd(ListCommand.LIMIT, (id, incident) -> lookups.forEach(lookup -> lookup.look(id, incident)));
        Map<String, Incident> found = new LinkedHashMap<>();
        lookups.forEach(lookup -> lookup.only().ifPresent(incident -> found.put(lookup.start, incident)));
        return found;
    }

    private void look(String id, @Nullable Incident incident) {
        if (incident == null) {
            found.remove(id);
        } else if (id.startsWith(start) && (found.size() < MOST_HELD || found.containsKey(id) || id.equals(start))) {
            found.put(id, incident);
        }
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
