package io.kordon.app.demo;

import static io.kordon.app.demo.Incidents.POD;
import static io.kordon.app.demo.Incidents.evidence;
import static io.kordon.app.demo.Incidents.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.Evidence;
import io.kordon.avro.Incident;
import io.kordon.avro.Level;
import io.kordon.avro.Source;
import io.kordon.avro.StepStatus;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IncidentCheckTest {

    @Test
    void missesNothingInTheExamplesIncident() {
        assertThat(IncidentCheck.missing(List.of(Incidents.contained()), POD)).isEmpty();
    }

    @Test
    void wantsExactlyOneIncidentAboutThePod() {
        Incident incident = Incidents.contained();

        assertThat(IncidentCheck.missing(List.of(), POD))
                .singleElement()
                .asString()
                .contains("there are 0");
        assertThat(IncidentCheck.missing(List.of(incident, incident), POD))
                .singleElement()
                .asString()
                .contains("there are 2");
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                defect("severity CRITICAL; it is HIGH", incident -> incident.setSeverity(Level.HIGH)),
                defect("contributions that add up to the score 99.0", incident -> incident.setScore(99.0)),
                defect("a score of at least 85", incident -> incident.setScore(84.0)),
                defect("evidence of PROMETHEUS", incident -> incident.setEvidence(List.of(evidence(Source.FALCO)))),
                defect("the original JSON of the evidence of FALCO", incident -> {
                    Evidence bare = evidence(Source.FALCO);
                    bare.setOriginal("");
                    incident.setEvidence(List.of(bare, evidence(Source.PROMETHEUS)));
                }),
                defect("ATT&CK technique ids", incident -> incident.setTechniques(List.of("execution"))),
                defect(
                        "the step isolate DONE; it is FAILED",
                        incident -> incident.getCommands()
                                .get(0)
                                .setSteps(List.of(
                                        step("label", StepStatus.DONE),
                                        step("detach", StepStatus.DONE),
                                        step("isolate", StepStatus.FAILED),
                                        step("cordon", StepStatus.DONE)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("defects")
    void saysWhatIsMissing(String message, Consumer<Incident> defect) {
        Incident incident = Incidents.contained();
        defect.accept(incident);

        assertThat(IncidentCheck.missing(List.of(incident), POD)).anyMatch(line -> line.contains(message));
    }

    private static Arguments defect(String message, Consumer<Incident> defect) {
        return Arguments.of(message, defect);
    }
}
