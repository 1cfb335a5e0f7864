package io.kordon.streams.correlation;

import io.kordon.streams.response.Command;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What one turn of the engine brings about besides the next state. */
final class Effects {
    /** Ids of the incidents that changed. */
    final Set<String> changed = new LinkedHashSet<>();

    /** Ids of those of them that a match joined. */
    final Set<String> joined = new LinkedHashSet<>();

    /** Commands to be run now. */
    final List<Command> commands = new ArrayList<>();

    /** Signals of correlations that matched, for other keys. */
    final List<Signal> derived = new ArrayList<>();

    /** Correlations that matched, whether or not they are reported. */
    final List<Match> matches = new ArrayList<>();
}
