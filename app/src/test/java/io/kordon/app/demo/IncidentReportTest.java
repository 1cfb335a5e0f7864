package io.kordon.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kordon.app.incidents.IncidentReport;
import io.kordon.app.terminal.PlainJson;
import io.kordon.app.terminal.PrintableText;
import io.kordon.avro.Incident;
import io.kordon.avro.StepStatus;
import org.junit.jupiter.api.Test;

class IncidentReportTest {

    @Test
    void writesTheScoresSumOut() {
        assertThat(IncidentReport.score(Incidents.contained()))
                .last()
                .asString()
                .isEqualTo("  score     100 * (1 - (1 - 0.73) * (1 - 0.47)) = 85.69");
    }

    @Test
    void showsOnlyWhatARevisionAdded() {
        Incident before = Incidents.contained();
        Incident now = Incidents.contained();
        before.getCommands().get(0).setStatus(StepStatus.PENDING);
        before.getCommands().get(0).getSteps().get(3).setStatus(StepStatus.PENDING);

        assertThat(IncidentReport.growth(before, now))
                .hasSize(3)
                .noneMatch(line -> line.contains("evidence"))
                .anyMatch(line -> line.contains("cordon") && line.contains("DONE"))
                .noneMatch(line -> line.contains("isolate"));
        assertThat(IncidentReport.growth(null, now))
                .anyMatch(line -> line.contains("seen by FALCO"))
                .anyMatch(line -> line.contains("isolate"));
    }

    @Test
    void tellsThePhasesWithTheTimeBetweenThem() {
        assertThat(IncidentReport.phases(Incidents.contained().getTimeline()))
                .anyMatch(line -> line.contains("contained") && line.contains("(2.0 s later)"))
                .noneMatch(line -> line.contains("closed"));
    }

    @Test
    void keepsFromTheTerminalWhatItWouldObey() throws Exception {
        String hostile = "a\u001b[31m\u009b31m\u202e\u2028\r\nb\u00fc";

        assertThat(PrintableText.of(hostile)).isEqualTo("a·[31m·31m····b\u00fc");

        Incident incident = Incidents.contained();
        incident.setTitle(hostile);
        String json = PlainJson.of(incident);
        assertThat(json).matches("[ -~\\r\\n]*");
        assertThat(new ObjectMapper().readTree(json).path("title").asText()).isEqualTo(hostile);
    }

    @Test
    void writesPlainJson() throws Exception {
        JsonNode json = new ObjectMapper().readTree(PlainJson.of(Incidents.contained()));

        assertThat(json.path("severity").asText()).isEqualTo("CRITICAL");
        assertThat(json.at("/entity/uid").asText()).isEqualTo("uid-1");
        assertThat(json.at("/timeline/detectedAt").asText()).isEqualTo("2026-11-24T10:00:06Z");
        assertThat(json.at("/timeline/closedAt").isNull()).isTrue();
        assertThat(json.at("/evidence/0/original").asText()).isEqualTo("{\"by\":\"FALCO\"}");
        assertThat(json.path("score").asDouble()).isEqualTo(85.69);
    }
}
