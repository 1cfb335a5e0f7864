package io.kordon.kubernetes;

import io.kordon.avro.StepStatus;
import java.util.Map;

/**
 * What came of one step.
 *
 * @param detail for an operator: what was read back, or why not
 * @param observed what was read back from the API server, by name
 */
record StepOutcome(StepStatus status, String detail, Map<String, String> observed) {
    StepOutcome {
        observed = Map.copyOf(observed);
    }

    static StepOutcome done(String detail, Map<String, String> observed) {
        return new StepOutcome(StepStatus.DONE, detail, observed);
    }

    static StepOutcome wouldDo(String detail, Map<String, String> observed) {
        return new StepOutcome(StepStatus.DRY_RUN, detail, observed);
    }

    static StepOutcome refused(String detail) {
        return new StepOutcome(StepStatus.REFUSED, detail, Map.of());
    }

    static StepOutcome failed(String detail) {
        return new StepOutcome(StepStatus.FAILED, detail, Map.of());
    }

    static StepOutcome skipped(String detail) {
        return new StepOutcome(StepStatus.SKIPPED, detail, Map.of());
    }
}
