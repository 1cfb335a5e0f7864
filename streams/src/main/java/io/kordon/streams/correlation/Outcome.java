package io.kordon.streams.correlation;

import io.kordon.streams.incident.Incident;
import io.kordon.streams.response.Command;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of an input.
 *
 * @param state to store; null when nothing remains to be remembered
 * @param incidents every incident that changed, at its new revision
 * @param commands to issue
 * @param derived signals of correlations that matched, for other keys
 * @param matches of correlations, also of those that are only parts of others
 * @param late the signal came later than its source's grace; it was used for what it is still good for
 */
public record Outcome(
        @Nullable EntityState state,
        List<Incident> incidents,
        List<Command> commands,
        List<Signal> derived,
        List<Match> matches,
        boolean late) {
    public Outcome {
        incidents = List.copyOf(incidents);
        commands = List.copyOf(commands);
        derived = List.copyOf(derived);
        matches = List.copyOf(matches);
    }
}
