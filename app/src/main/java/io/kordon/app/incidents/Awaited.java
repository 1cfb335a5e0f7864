package io.kordon.app.incidents;

import io.kordon.avro.Decision;
import io.kordon.avro.Incident;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A decision that was handed in, and the revisions of its incident that show it. */
final class Awaited {
    private final Decision decision;
    private final Predicate<Incident> settled;
    private @Nullable Incident taken;
    private @Nullable Incident shown;

    /** @param settled whether a revision that bears the decision shows what came of it, too */
    Awaited(Decision decision, Predicate<Incident> settled) {
        this.decision = decision;
        this.settled = settled;
    }

    void look(Incident revision) {
        if (shown == null
                && revision.getId().equals(decision.getIncidentId())
                && revision.getDecisions().stream()
                        .anyMatch(each -> each.getId().equals(decision.getId()))) {
            taken = revision;
            shown = settled.test(revision) ? revision : null;
        }
    }

    Decision decision() {
        return decision;
    }

    /** The last revision that bears the decision; null while there is none. */
    @Nullable
    Incident taken() {
        return taken;
    }

    /** The first revision that shows what came of it; null while there is none. */
    @Nullable
    Incident shown() {
        return shown;
    }
}
