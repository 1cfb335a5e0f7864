package io.kordon.streams.response;

import io.kordon.streams.incident.CommandState;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What can be done to a pod, and with which parameters. The actuator carries it out; it is known here so that a playbook
 * with a typing error is refused when it is loaded, and not when the pod should be contained.
 */
public final class Actions {
    /** By action, the names of its parameters. */
    public static final SortedMap<String, Set<String>> PARAMETERS =
            Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(
                    "label",
                    Set.of("labels"),
                    "detach",
                    Set.of(),
                    "isolate",
                    Set.of("allow"),
                    "cordon",
                    Set.of("labels"),
                    "capture",
                    Set.of("containers", "logBytes", "exec", "debugImage", "checkpoint", "snapshot"),
                    "revoke",
                    Set.of(),
                    "scale",
                    Set.of("replicas"),
                    "terminate",
                    Set.of("gracePeriodSeconds"),
                    CommandState.RELEASE,
                    Set.of())));

    /** Those that playbooks and settings can name: a release follows from a decision or a time limit. */
    public static final SortedSet<String> OF_PLAYBOOKS = ofPlaybooks();

    /** What is gone afterwards has to be captured before. */
    static final Set<String> ENDING = Set.of("scale", "terminate");

    static final String CAPTURE = "capture";
    static final String TERMINATE = "terminate";

    private Actions() {}

    private static SortedSet<String> ofPlaybooks() {
        SortedSet<String> names = new TreeSet<>(PARAMETERS.keySet());
        names.remove(CommandState.RELEASE);
        return Collections.unmodifiableSortedSet(names);
    }
}
