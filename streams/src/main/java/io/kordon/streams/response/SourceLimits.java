package io.kordon.streams.response;

import io.kordon.streams.incident.Source;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which source may trigger which steps. A threshold that somebody typed wrong makes alerts of every pod at once; a process
 * that was seen at work does not. A step is allowed if any source among the incident's evidence may trigger it.
 *
 * @param actions by source; a source that is not named may trigger nothing
 */
public record SourceLimits(Map<Source, Set<String>> actions) {
    /** Everything. */
    public static final SourceLimits NONE = new SourceLimits(Map.of(
            Source.FALCO, Actions.OF_PLAYBOOKS,
            Source.AUDIT, Actions.OF_PLAYBOOKS,
            Source.PROMETHEUS, Actions.OF_PLAYBOOKS));

    /** Falco and audit everything; Prometheus only what marks the pod and keeps evidence. */
    public static final SourceLimits DEFAULT = new SourceLimits(Map.of(
            Source.FALCO, Actions.OF_PLAYBOOKS,
            Source.AUDIT, Actions.OF_PLAYBOOKS,
            Source.PROMETHEUS, Set.of("label", "capture")));

    public SourceLimits {
        Map<Source, Set<String>> copy = new EnumMap<>(Source.class);
        actions.forEach((source, names) -> {
            for (String name : names) {
                if (!Actions.OF_PLAYBOOKS.contains(name)) {
                    throw new IllegalArgumentException(
                            "unknown step '" + name + "': use one of " + Actions.OF_PLAYBOOKS);
                }
            }
            copy.put(source, Set.copyOf(names));
        });
        actions = Map.copyOf(copy);
    }

    /** Why steps have to wait, for an operator; null where each may be triggered by one of the sources. */
    @Nullable
    String objection(Collection<String> steps, Set<Source> sources) {
        Set<String> held = new TreeSet<>(steps);
        sources.forEach(source -> held.removeAll(actions.getOrDefault(source, Set.of())));
        return held.isEmpty()
                ? null
                : "evidence of " + (sources.isEmpty() ? "no known source" : names(sources)) + " may not trigger "
                        + String.join(", ", held) + ": approve it, or evidence of another source issues it";
    }

    private static String names(Set<Source> sources) {
        List<String> names = sources.stream()
                .sorted()
                .map(source -> source.name().toLowerCase(Locale.ROOT))
                .toList();
        return String.join(", ", names) + " alone";
    }
}
