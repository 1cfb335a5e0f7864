package io.kordon.kubernetes;

import io.kordon.avro.EvidenceBundle;
import io.kordon.avro.StepStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of one step.
 *
 * @param detail for an operator: what was read back, or why not
 * @param observed what was read back from the API server, by name
 * @param bundle the evidence that was stored; null but for a capture
 */
record StepOutcome(
        StepStatus status,
        String detail,
        Map<String, String> observed,
        @Nullable EvidenceBundle bundle) {
    StepOutcome {
        observed = Map.copyOf(observed);
    }

    static StepOutcome done(String detail, Map<String, String> observed) {
        return new StepOutcome(StepStatus.DONE, detail, observed, null);
    }

    static StepOutcome captured(String detail, Map<String, String> observed, EvidenceBundle bundle) {
        return new StepOutcome(StepStatus.DONE, detail, observed, bundle);
    }

    static StepOutcome wouldDo(String detail, Map<String, String> observed) {
        return new StepOutcome(StepStatus.DRY_RUN, detail, observed, null);
    }

    static StepOutcome refused(String detail) {
        return new StepOutcome(StepStatus.REFUSED, detail, Map.of(), null);
    }

    static StepOutcome failed(String detail) {
        return new StepOutcome(StepStatus.FAILED, detail, Map.of(), null);
    }

    static StepOutcome skipped(String detail) {
        return new StepOutcome(StepStatus.SKIPPED, detail, Map.of(), null);
    }
}
