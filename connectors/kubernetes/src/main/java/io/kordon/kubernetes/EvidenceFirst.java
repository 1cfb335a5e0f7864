package io.kordon.kubernetes;

import io.kordon.avro.Command;
import io.kordon.evidence.Bundles;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Nothing is killed before its evidence is kept: by a capture earlier in the run, or in a sealed bundle of the incident that
 * a capture made: what somebody found on a node's volume is no evidence of a living pod.
 * The playbook parser holds the same line; a command need not come from a playbook that it has seen.
 */
final class EvidenceFirst {
    static final String CAPTURE = CaptureStep.ACTION;

    /** Actions after which a pod's memory, processes and file system are gone. */
    static final Set<String> KILLS = Set.of(TerminateStep.ACTION, ScaleStep.ACTION);

    private final @Nullable Bundles bundles;

    EvidenceFirst(@Nullable Bundles bundles) {
        this.bundles = bundles;
    }

    /**
     * Why the action must not be run, or null where it may.
     *
     * @param captured whether a capture of this run is done
     * @throws StepFailure where the store cannot say what it has
     */
    @Nullable
    String objection(String action, Command command, boolean captured) throws StepFailure {
        if (!KILLS.contains(action) || captured) {
            return null;
        }
        String why = "no evidence of incident " + command.getIncidentId() + " is kept, and " + action
                + " would destroy it: ";
        if (bundles == null) {
            return why + "no evidence store is configured";
        }
        try {
            return bundles.of(command.getEntity().getCluster(), command.getIncidentId())
                            .isEmpty()
                    ? why + "put a " + CAPTURE + " step before it"
                    : null;
        } catch (IOException e) {
            throw new StepFailure("the evidence store cannot say whether evidence of the incident is kept, so that "
                    + action + " is not run: " + e.getMessage());
        }
    }
}
