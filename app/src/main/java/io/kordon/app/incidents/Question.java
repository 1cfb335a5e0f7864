package io.kordon.app.incidents;

import io.kordon.avro.Incident;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What there is to decide on an incident.
 *
 * @param impossible why nothing can be decided; empty if something can, or all is as it would be already
 * @param preview what the decision is going to do, for whoever decides
 * @param parts the decisions that are needed; none if all is as they would make it already
 */
record Question(Incident incident, Optional<String> impossible, List<String> preview, List<Part> parts) {
    Question {
        preview = List.copyOf(preview);
        parts = List.copyOf(parts);
    }

    /**
     * One decision.
     *
     * @param commandId the command that it is about; null for all of the incident
     * @param settled whether a revision that bears the decision shows what came of it, too
     */
    record Part(@Nullable String commandId, Predicate<Incident> settled) {}

    /** A decision on all of the incident, which is {@code settled} already or becomes so with it. */
    static Question whole(Incident incident, boolean settled) {
        return new Question(
                incident, Optional.empty(), List.of(), settled ? List.of() : List.of(new Part(null, revision -> true)));
    }

    static Question impossible(Incident incident, String why) {
        return new Question(incident, Optional.of(why), List.of(), List.of());
    }

    /** Whether all is as it would be made. */
    boolean settled() {
        return impossible.isEmpty() && parts.isEmpty();
    }
}
