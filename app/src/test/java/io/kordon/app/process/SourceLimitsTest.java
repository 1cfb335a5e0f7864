package io.kordon.app.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kordon.app.config.Settings;
import io.kordon.app.config.SettingsException;
import io.kordon.streams.incident.Source;
import io.kordon.streams.response.SourceLimits;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SourceLimitsTest {
    @Test
    void areThoseOfTheEngineUnlessSaidOtherwise() {
        assertThat(StreamsCommand.limits(Settings.load(null, Map.of(), Map.of())))
                .isEqualTo(SourceLimits.DEFAULT);
    }

    @Test
    void saysWhichStepsASourceMayTrigger() {
        SourceLimits limits = StreamsCommand.limits(Settings.load(
                null,
                Map.of(),
                Map.of(
                        "kordon.guardrails.steps-prometheus", "none",
                        "kordon.guardrails.steps-falco", "label, isolate")));
        assertThat(limits.actions())
                .containsEntry(Source.PROMETHEUS, Set.of())
                .containsEntry(Source.FALCO, Set.of("label", "isolate"));
    }

    @Test
    void refusesAStepThatThereIsNot() {
        assertThatThrownBy(() -> StreamsCommand.limits(
                        Settings.load(null, Map.of(), Map.of("kordon.guardrails.steps-audit", "label,explode"))))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("kordon.guardrails.steps-audit")
                .hasMessageContaining("explode");
    }
}
