package io.kordon.kubernetes;

import io.kordon.avro.EvidenceBundle;
import io.kordon.avro.StepStatus;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What came of one step.
 *
 * @param detail for an operator: what was read back, or why not
 * @param observed what was read back from the API server, by name
 * @param bundle evidence that the step has stored; null if it stored none
 */
record StepOutcome(
        StepStatus status,
        String detail,
        Map<String, String> observed,
        @Nullable EvidenceBundle bundle) {
    /** Of each text, in characters: pods carry a megabyte of labels if who made them likes, API servers quote what they get. */
    static final int MAX_TEXT = 4_000;

    StepOutcome {
        detail = bounded(detail);
        observed = observed.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> bounded(entry.getValue())));
    }

    /** A result must stay a record that Kafka takes. */
    private static String bounded(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    }

    StepOutcome(StepStatus status, String detail, Map<String, String> observed) {
        this(status, detail, observed, null);
    }

    static StepOutcome done(String detail, Map<String, String> observed) {
        return new StepOutcome(StepStatus.DONE, detail, observed);
    }

    /** Done, and evidence is kept. */
    static StepOutcome captured(String detail, Map<String, String> observed, EvidenceBundle bundle) {
        return new StepOutcome(StepStatus.DONE, detail, observed, bundle);
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

    /** Of a whole run: nothing was touched, and nothing will be before somebody approves. */
    static StepOutcome waiting(String detail) {
        return new StepOutcome(StepStatus.WAITING, detail, Map.of());
    }

    /** The same with more to say: first where the detail leaves no room for it. */
    StepOutcome with(Collection<String> notes) {
        if (notes.isEmpty()) {
            return this;
        }
        String said = String.join("; ", notes);
        String both = detail.length() + said.length() < MAX_TEXT ? detail + "; " + said : said + "; " + detail;
        return new StepOutcome(status, both, observed, bundle);
    }
}
