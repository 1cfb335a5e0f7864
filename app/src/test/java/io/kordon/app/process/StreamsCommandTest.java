package io.kordon.app.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kordon.app.config.Settings;
import io.kordon.app.config.SettingsException;
import io.kordon.streams.correlation.Policy;
import io.kordon.streams.incident.Source;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamsCommandTest {
    @Test
    void takesTheDefaultsOfTheEngine() {
        assertThat(StreamsCommand.policy(Settings.load(null, Map.of(), Map.of())))
                .isEqualTo(Policy.DEFAULT);
    }

    @Test
    void takesGraceFromTheSettings() {
        Policy policy = StreamsCommand.policy(
                Settings.load(null, Map.of(), Map.of("kordon.time.grace-falco", "90s", "kordon.time.quiet", "1h")));
        assertThat(policy.grace()).containsEntry(Source.FALCO, Duration.ofSeconds(90));
        assertThat(policy.quiet()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void saysWhichTimesDoNotFitTogether() {
        Settings settings = Settings.load(null, Map.of(), Map.of("kordon.time.grace-prometheus", "20m"));
        assertThatThrownBy(() -> StreamsCommand.policy(settings))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("kordon.time: the quiet period")
                .hasMessageContaining("twice the grace of PROMETHEUS");
    }
}
