package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StepOutcomeTest {
    private static final String ENDLESS = "x".repeat(5 * StepOutcome.MAX_TEXT);

    @Test
    void boundsWhatIsSaidAndObserved() {
        StepOutcome outcome = StepOutcome.done(ENDLESS, Map.of("labels", ENDLESS, "pod", "exists"));

        assertThat(outcome.detail()).hasSize(StepOutcome.MAX_TEXT + 1);
        assertThat(outcome.observed().get("labels")).hasSize(StepOutcome.MAX_TEXT + 1);
        assertThat(outcome.observed()).containsEntry("pod", "exists");
    }

    @Test
    void losesNoNoteToALongDetail() {
        assertThat(StepOutcome.failed(ENDLESS)
                        .with(List.of("release cannot undo this"))
                        .detail())
                .startsWith("release cannot undo this; xxx");
        assertThat(StepOutcome.failed("why").with(List.of("note")).detail()).isEqualTo("why; note");
    }
}
