package io.kordon.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.app.config.Settings;
import io.kordon.schemas.tls.ReloadingSslEngineFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsOptionsTest {
    @ParameterizedTest
    @CsvSource({"kordon., kordon-streams", "edge_, edge-streams", "edge, edgestreams", "'', streams"})
    void givesEachPrefixAnApplicationOfItsOwn(String prefix, String id) {
        assertThat(SettingsOptions.applicationId(Settings.load(null, Map.of(), Map.of("kordon.topics.prefix", prefix))))
                .isEqualTo(id);
    }

    @Test
    void takesTheApplicationIdThatIsSet() {
        assertThat(SettingsOptions.applicationId(
                        Settings.load(null, Map.of(), Map.of("kordon.streams.application-id", "mine"))))
                .isEqualTo("mine");
    }

    @Test
    void followsTheFilesOfCertificates() {
        Settings files = Settings.load(null, Map.of(), Map.of("kafka.ssl.truststore.location", "ca.crt"));
        Settings none = Settings.load(null, Map.of(), Map.of("kafka.security.protocol", "SSL"));

        assertThat(SettingsOptions.kafka(files))
                .containsEntry("ssl.engine.factory.class", ReloadingSslEngineFactory.class.getName());
        assertThat(SettingsOptions.kafka(none)).doesNotContainKey("ssl.engine.factory.class");
    }
}
