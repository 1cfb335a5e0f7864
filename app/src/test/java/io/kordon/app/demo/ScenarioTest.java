package io.kordon.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ScenarioTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00.123456789Z");
    private static final ScenarioPod POD = new ScenarioPod(
            "tomcat", "tomcat-depl-89bb8c5c7-lspcw", "uid-1", "worker-1", "tomcat", "d242ada771e9", "tomcat:9.0.30");

    private final Scenario scenario = new Scenario(POD, NOW);

    @Test
    void writesFalcosEventWithNineFractionDigitsAndExactNanoseconds() throws Exception {
        JsonNode event = new ObjectMapper().readTree(scenario.falco());

        assertThat(event.path("time").asText()).isEqualTo("2026-11-24T10:00:00.123456789Z");
        assertThat(event.at("/output_fields/evt.time").asLong()).isEqualTo(1_795_514_400_123_456_789L);
        assertThat(event.at("/output_fields/k8s.pod.uid").asText()).isEqualTo("uid-1");
        assertThat(event.path("rule").asText()).startsWith("RCE");
    }

    @Test
    void writesAlertmanagersNotificationWithTheSampleInAnAnnotation() throws Exception {
        JsonNode notification = new ObjectMapper().readTree(scenario.alertmanager());

        assertThat(notification.path("version").asText()).isEqualTo("4");
        JsonNode alert = notification.at("/alerts/0");
        assertThat(alert.at("/labels/alertname").asText()).isEqualTo("PodMemoryAbove2GiB");
        assertThat(alert.at("/annotations/value").asText()).isEqualTo("2.658500608e+09");
        assertThat(alert.path("endsAt").asText()).isEqualTo("0001-01-01T00:00:00Z");
        assertThat(alert.path("fingerprint").asText()).matches("[0-9a-f]{16}");
    }

    @Test
    void writesAuditEventsWithDifferentIds() throws Exception {
        JsonNode list = new ObjectMapper().readTree(scenario.audit());

        assertThat(list.path("kind").asText()).isEqualTo("EventList");
        assertThat(list.findValuesAsText("auditID")).hasSize(2).doesNotHaveDuplicates();
        assertThat(list.at("/items/0/requestReceivedTimestamp").asText()).isEqualTo("2026-11-24T09:59:30.123456Z");
    }
}
