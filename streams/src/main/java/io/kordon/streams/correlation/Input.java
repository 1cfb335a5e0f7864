package io.kordon.streams.correlation;

import io.kordon.streams.incident.Bundle;
import io.kordon.streams.incident.Dossier;
import io.kordon.streams.incident.PodContext;
import io.kordon.streams.incident.StepStatus;
import io.kordon.streams.incident.Subject;
import io.kordon.streams.incident.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can happen to a key. */
public sealed interface Input {
    /** A rule matched. */
    record Observed(Signal signal) implements Input {}

    /**
     * The actuator says what came of a step, or of a run.
     *
     * @param step index of the step, or {@link io.kordon.streams.incident.CommandState#WHOLE_RUN}
     * @param changed whether the cluster was not yet as asked
     * @param at epoch microseconds
     * @param bundle the evidence that the step stored, null for none
     */
    record Reported(
            String incidentId,
            String commandId,
            int step,
            StepStatus status,
            String detail,
            boolean changed,
            long at,
            @Nullable Bundle bundle)
            implements Input {
        /** Of a step that stores nothing. */
        public Reported(String incidentId, String commandId, int step, StepStatus status, String detail, long at) {
            this(incidentId, commandId, step, status, detail, false, at, null);
        }
    }

    /**
     * An analyst decided.
     *
     * @param commandId the command that it is about; null for all of the incident
     * @param attached what an examination kept and found
     */
    record Decided(
            String incidentId, Verdict verdict, @Nullable String commandId, Dossier attached) implements Input {
        /** About the incident itself. */
        public Decided(String incidentId, Verdict verdict) {
            this(incidentId, verdict, null, Dossier.NONE);
        }
    }

    /** The inventory knows whose the container is that the key speaks of; what was said of it goes on under the pod's key. */
    record Owned() implements Input {}

    /**
     * The inventory says which pods bore the key.
     *
     * @param pods by creation, the latest last
     */
    record Identified(List<KnownPod> pods) implements Input {
        public Identified {
            pods = List.copyOf(pods);
        }
    }

    /**
     * A pod as the inventory knows it.
     *
     * @param subject the pod, its UID known
     * @param context null where only a deletion is known of it
     * @param createdAt epoch microseconds
     * @param deletedAt epoch microseconds, null while it exists
     */
    record KnownPod(
            Subject subject,
            @Nullable PodContext context,
            long createdAt,
            @Nullable Long deletedAt) {
        /** Whether it existed at that time, epoch microseconds. */
        public boolean lived(long at) {
            return createdAt <= at && (deletedAt == null || at <= deletedAt);
        }
    }

    /** Nothing happened, but time went by on the wall. */
    record Elapsed() implements Input {}
}
