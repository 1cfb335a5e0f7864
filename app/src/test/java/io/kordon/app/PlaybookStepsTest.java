package io.kordon.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.kubernetes.ContainmentStep;
import io.kordon.kubernetes.ContainmentSteps;
import io.kordon.streams.response.Actions;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What playbooks may say is what the actuator understands; neither module sees the other. */
class PlaybookStepsTest {

    @Test
    void knowsTheActionsAndParametersThatTheActuatorDeclares() {
        Map<String, Set<String>> declared = ContainmentSteps.all().stream()
                .collect(Collectors.toMap(
                        ContainmentStep::action,
                        step -> step.parameters().stream()
                                .map(ContainmentStep.Parameter::name)
                                .collect(Collectors.toSet())));

        assertThat(Actions.PARAMETERS).isEqualTo(declared);
    }
}
