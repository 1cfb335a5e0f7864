package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.kordon.avro.Command;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
        evidence.keep("incident-1");
        Command command = command(step.action()).build();
        PodTarget target = new PodTarget("tomcat", Commands.AFFECTED, uid());
        run(runner, Command.newBuilder(command));
        undo(step, command, target);
        run(runner, Command.newBuilder(command));
        cluster.remove(affectedOrGone());
        Command nodeless = Command.newBuilder(command).build();
        nodeless.getEntity().setNode(null);
        undo(step, nodeless, target);

        Set<Permission> declared = new HashSet<>(step.permissions());
        declared.addAll(ContainmentStep.RESOLVE);
        Set<Permission> used = used();
        assertThat(used).isNotEmpty();
        assertThat(declared).containsAll(used);
        if (step instanceof ReleaseStep) {
            assertThat(step.permissions())
                    .isEqualTo(steps().filter(other -> !(other instanceof ReleaseStep))
                            .flatMap(other -> other.permissions().stream())
                            .collect(Collectors.toSet()));
        } else if (!WidePermissionTest.STEPS.contains(step.action())) {
            assertThat(used).containsAll(step.permissions());
        }
    }

    @Test
    void asksForAllThatEveryRunDeclares() {
        run(command("detach"));
        for (HasMetadata owner :
                List.<HasMetadata>of(new StatefulSet(), new DaemonSet(), new ReplicationController())) {
            cluster.store(new PodBuilder(affected())
                    .editMetadata()
                    .withName("owned")
                    .withUid("owned-by-" + owner.getKind())
                    .withOwnerReferences(new OwnerReferenceBuilder()
                            .withApiVersion(owner.getApiVersion())
                            .withKind(owner.getKind())
                            .withName("owner")
                            .withUid("owner")
                            .withController(true)
                            .build())
                    .endMetadata()
                    .build());
            run(Commands.onPod("tomcat", "owned", "owned-by-" + owner.getKind(), "isolate"));
        }

        assertThat(used()).containsAll(ContainmentStep.RESOLVE);
    }

    private void undo(ContainmentStep step, Command command, PodTarget target) {
        try {
            step.release(
                    new StepRun(client, command, target, Map.of(), Map.of(), false),
                    new ArrayList<>(),
                    new ArrayList<>());
        } catch (StepFailure e) {
            throw new AssertionError(e);
        }
    }

    private Pod affectedOrGone() {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("tomcat")
                .withName(Commands.AFFECTED)
                .endMetadata()
                .build();
    }

    private Set<Permission> used() {
        return cluster.calls().stream()
                .map(call -> new Permission(call.verb(), call.group(), call.resource()))
                .collect(Collectors.toCollection(HashSet::new));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void saysWhatItIsForAndHowItIsWritten(ContainmentStep step) {
        assertThat(step.description()).isNotBlank();
        assertThat(step.example()).startsWith(step.action());
        assertThat(step.parameters())
                .allSatisfy(parameter -> assertThat(parameter.description()).isNotBlank());
    }
}
