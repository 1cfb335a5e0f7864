package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a step asks of the API server is what it declares: the chart's RBAC is made from the declarations. */
class PermissionTest extends ContainmentContract {
    static Stream<ContainmentStep> steps() {
        return ContainmentSteps.all().stream();
    }

    /** A capture asks for what its parameters say: {@link CapturePermissionTest}. */
    static Stream<ContainmentStep> stepsWithoutParameters() {
        return steps().filter(step -> !(step instanceof CaptureStep));
    }

    @ParameterizedTest
    @MethodSource("stepsWithoutParameters")
    void asksForNothingThatItDoesNotDeclare(ContainmentStep step) {
        run(command(step.action()));

        Set<Permission> declared = new HashSet<>(step.permissions());
        declared.addAll(ContainmentStep.RESOLVE);
        Set<Permission> used = cluster.calls().stream()
                .map(call -> new Permission(call.verb(), call.group(), call.resource()))
                .collect(Collectors.toSet());
        assertThat(used).isNotEmpty();
        assertThat(declared).containsAll(used);
        if (!WidePermissionTest.STEPS.contains(step.action())) {
            assertThat(used).containsAll(declared);
        }
    }

    @ParameterizedTest
    @MethodSource("steps")
    void saysWhatItIsForAndHowItIsWritten(ContainmentStep step) {
        assertThat(step.description()).isNotBlank();
        assertThat(step.example()).contains("action: " + step.action());
        assertThat(step.parameters())
                .allSatisfy(parameter -> assertThat(parameter.description()).isNotBlank());
    }
}
