package io.kordon.app.playbooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.kubernetes.ContainmentStep;
import io.kordon.kubernetes.ContainmentSteps;
import io.kordon.streams.response.Actions;
import io.kordon.streams.response.PlaybookParser;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the actuator gives as an example is what the engine takes. */
class StepExamplesTest {
    static Stream<ContainmentStep> steps() {
        return ContainmentSteps.all().stream().filter(step -> Actions.OF_PLAYBOOKS.contains(step.action()));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void areStepsOfAPlaybook(ContainmentStep step) {
        String playbook = "name: example\nsteps:\n  - capture\n  - " + step.example() + "\n";
        PlaybookParser.Parsed parsed = new PlaybookParser().parse(step.action(), playbook);
        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.playbooks().get(0).steps().get(1).action()).isEqualTo(step.action());
    }
}
