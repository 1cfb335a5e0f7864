package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.kordon.avro.Command;
import io.kordon.avro.Mode;
import io.kordon.avro.Result;
import io.kordon.avro.StepStatus;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** When nothing may be touched. */
class GuardrailTest extends ContainmentContract {
    private static final String[] ALL = {"label", "detach", "isolate", "cordon", "terminate"};

    @Test
    void touchesNothingWhenThePodWasReplaced() {
        Command.Builder command = command("label", "detach", "isolate", "cordon");
        cluster.store(new PodBuilder(affected())
                .editMetadata()
                .withUid("another")
                .endMetadata()
                .build());
        cluster.forgetCalls();

        List<Result> results = run(command);

        assertThat(results)
                .extracting(Result::getStatus)
                .containsExactly(
                        StepStatus.FAILED,
                        StepStatus.SKIPPED,
                        StepStatus.SKIPPED,
                        StepStatus.SKIPPED,
                        StepStatus.FAILED);
        assertThat(first(results).getDetail()).startsWith("pod was replaced:");
        assertThat(writes()).isEmpty();
        assertThat(node("worker-1").getSpec().getUnschedulable()).isNull();
    }

    @Test
    void actsWithoutAUidOnAPodThatWasThereAtTheFirstEvidenceAndReportsItsUid() {
        Instant created = Instant.parse(affected().getMetadata().getCreationTimestamp());

        List<Result> results =
                run(Commands.onPod("tomcat", Commands.AFFECTED, null, "label").setFirstEvidenceAt(created));

        assertThat(results).extracting(Result::getStatus).containsOnly(StepStatus.DONE);
        assertThat(results)
                .allSatisfy(result -> assertThat(result.getEntity().getUid()).isEqualTo(uid()));
    }

    @Test
    void refusesWithoutAUidAPodThatIsYoungerThanTheEvidence() {
        Instant created = Instant.parse(affected().getMetadata().getCreationTimestamp());

        List<Result> results =
                run(Commands.onPod("tomcat", Commands.AFFECTED, null, ALL).setFirstEvidenceAt(created.minusMillis(1)));

        assertThat(results).hasSize(6).extracting(Result::getStatus).containsOnly(StepStatus.REFUSED);
        assertThat(writes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "tomcat/pods/tomcat-depl-89bb8c5c7-lspcw#,p",
        "tomcat/pods/tomcat-depl-89bb8c5c7-lspcw?x=,p",
        "shop,../../tomcat/pods/tomcat-depl-89bb8c5c7-lspcw",
        "%2e%2e/tomcat,tomcat-depl-89bb8c5c7-lspcw",
        "<b>x</b>,p"
    })
    void refusesNamesThatAreAPathToAnotherPod(String namespace, String name) {
        List<Result> results = run(Commands.onPod(namespace, name, null, "terminate"));

        assertThat(results).extracting(Result::getStatus).containsOnly(StepStatus.REFUSED);
        assertThat(results.get(0).getDetail()).contains("cannot be those of a pod");
        assertThat(writes()).isEmpty();
        assertThat(affected()).isNotNull();
    }

    @Test
    void failsForAPodThatDoesNotExist() {
        List<Result> results = run(Commands.onPod("tomcat", "nobody", null, "label", "detach"));

        assertThat(results)
                .extracting(Result::getStatus)
                .containsExactly(StepStatus.FAILED, StepStatus.SKIPPED, StepStatus.FAILED);
        assertThat(whole(results).getDetail()).contains("no pod tomcat/nobody");
    }

    @Test
    void failsForAPodThatIsGoneUnlessTheCommandWantsItGone() {
        assertThat(first(run(Commands.onPod("tomcat", "nobody", "some-uid", "label")))
                        .getStatus())
                .isEqualTo(StepStatus.FAILED);
    }

    @Test
    void refusesEveryStepInAProtectedNamespaceWithoutAskingTheApiServer() {
        List<Result> results = run(Commands.onPod("kube-system", "coredns-668d6bf9bc-7tqkd", null, ALL));

        assertThat(results).hasSize(6).extracting(Result::getStatus).containsOnly(StepStatus.REFUSED);
        assertThat(first(results).getDetail()).contains("kube-system").contains("protected");
        assertThat(cluster.calls()).isEmpty();
    }

    @Test
    void refusesAnExpiredCommand() {
        List<Result> results = run(command(ALL).setExpiresAt(Commands.NOW.minusSeconds(30)));

        assertThat(results).hasSize(6).extracting(Result::getStatus).containsOnly(StepStatus.REFUSED);
        assertThat(first(results).getDetail()).contains("expired").contains("30 s ago");
        assertThat(writes()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"APPROVAL", "UNKNOWN"})
    void refusesAModeThatIsNotToBeRun(Mode mode) {
        assertThat(run(command(ALL).setMode(mode)))
                .extracting(Result::getStatus)
                .containsOnly(StepStatus.REFUSED);
        assertThat(writes()).isEmpty();
    }

    @Test
    void saysInADryRunWhatItWouldDoAndWritesNothing() {
        evidence.keep("incident-1");
        List<Result> results = run(command(ALL).setMode(Mode.DRY_RUN));

        assertThat(results).hasSize(6).extracting(Result::getStatus).containsOnly(StepStatus.DRY_RUN);
        assertThat(results).extracting(Result::getChanged).containsOnly(false);
        assertThat(results.get(0).getDetail()).contains("would set status=affected");
        assertThat(results.get(1).getDetail()).contains("would remove labels app, pod-template-hash");
        assertThat(results.get(2).getDetail()).contains("would deny all traffic by NetworkPolicy deny-all-affected-");
        assertThat(results.get(3).getDetail()).contains("would make node worker-1 unschedulable");
        assertThat(results.get(4).getDetail()).contains("would delete the pod");
        assertThat(writes()).isEmpty();
    }

    @Test
    void runsDryByConfigurationWhateverTheCommandSays() {
        runner = runner(new ActuatorConfig(Commands.CLUSTER, Set.of(), true));

        assertThat(run(command(ALL))).extracting(Result::getStatus).containsOnly(StepStatus.DRY_RUN);
        assertThat(writes()).isEmpty();
    }

    @Test
    void servesItsOwnClusterOnly() {
        Command command = command("label").build();
        command.getEntity().setCluster("another");

        assertThat(runner.serves(command)).isFalse();
        assertThat(runner.serves(command("label").build())).isTrue();
    }

    @Test
    void failsAtAStepThatDoesNotExistAndNamesThoseThatDo() {
        List<Result> results = run(command("label", "explode", "cordon"));

        assertThat(results)
                .extracting(Result::getStatus)
                .containsExactly(StepStatus.DONE, StepStatus.FAILED, StepStatus.SKIPPED, StepStatus.FAILED);
        assertThat(results.get(1).getDetail()).contains("'explode'").contains("label, detach, isolate");
    }

    @ParameterizedTest
    @CsvSource({"true,REFUSED", "'',REFUSED", "False,REFUSED", "false,DONE"})
    void refusesANamespaceThatCarriesTheProtectingLabelWithAnyValueButFalse(String value, StepStatus expected) {
        client.namespaces()
                .withName("tomcat")
                .edit(namespace -> new NamespaceBuilder(namespace)
                        .editMetadata()
                        .addToLabels("kordon.io/protected", value)
                        .endMetadata()
                        .build());
        cluster.forgetCalls();

        List<Result> results = run(command("label").setApproval(Commands.APPROVAL));

        assertThat(results).hasSize(2).extracting(Result::getStatus).containsOnly(expected);
        if (expected == StepStatus.REFUSED) {
            assertThat(first(results).getDetail()).contains("tomcat").contains("kordon.io/protected");
            assertThat(writes()).isEmpty();
        }
    }

    @Test
    void refusesNodesAndWorkloadsOfAProtectedNamespaceThoughThePodIsGone() {
        client.namespaces()
                .withName("tomcat")
                .edit(namespace -> new NamespaceBuilder(namespace)
                        .editMetadata()
                        .addToLabels("kordon.io/protected", "yes")
                        .endMetadata()
                        .build());
        cluster.forgetCalls();
        evidence.keep("incident-1");

        assertThat(run(Commands.onPod("tomcat", "nobody", "some-uid", "cordon", "terminate")))
                .extracting(Result::getStatus)
                .containsOnly(StepStatus.REFUSED);
        assertThat(writes()).isEmpty();
    }

    @Test
    void waitsForAnApprovalWhereThePodItselfIsLabelled() {
        labelled("kordon.io/protected", "please");

        List<Result> results = run(command("label", "cordon"));

        assertThat(results).singleElement().satisfies(result -> {
            assertThat(result.getStep()).isEqualTo(CommandRunner.RUN);
            assertThat(result.getAction()).isEqualTo("run");
            assertThat(result.getStatus()).isEqualTo(StepStatus.WAITING);
            assertThat(result.getChanged()).isFalse();
            assertThat(result.getDetail()).contains("kordon.io/protected").contains("approve");
        });
        assertThat(writes()).isEmpty();

        assertThat(run(command("label", "cordon").setApproval(Commands.APPROVAL)))
                .extracting(Result::getStatus)
                .containsOnly(StepStatus.DONE);
    }

    @Test
    void saysInADryRunThatItWouldWait() {
        labelled("kordon.io/protected", "please");

        List<Result> results = run(command("label").setMode(Mode.DRY_RUN));

        assertThat(results).hasSize(2).extracting(Result::getStatus).containsOnly(StepStatus.DRY_RUN);
        assertThat(whole(results).getDetail()).contains("would wait for an approval");
    }

    @Test
    void doesNotContainItselfWhereverItRuns() {
        runner = runner(new ActuatorConfig(
                Commands.CLUSTER,
                new ProtectionConfig(Set.of(), "tomcat", ProtectionConfig.DEFAULT_LABEL, 1),
                false,
                ActuatorConfig.DEFAULT_STEP_TIMEOUT));

        Command.Builder command = command(ALL).setApproval(Commands.APPROVAL);
        cluster.forgetCalls();

        List<Result> results = run(command);

        assertThat(results).hasSize(6).extracting(Result::getStatus).containsOnly(StepStatus.REFUSED);
        assertThat(first(results).getDetail()).contains("Kordon's own");
        assertThat(cluster.calls()).isEmpty();
    }

    @Test
    void isNotImpressedByAPodThatSaysItIsKordon() {
        labelled("app.kubernetes.io/part-of", "kordon");

        assertThat(run(command("label"))).extracting(Result::getStatus).containsOnly(StepStatus.DONE);
    }

    private void labelled(String key, String value) {
        cluster.store(new PodBuilder(affected())
                .editMetadata()
                .addToLabels(key, value)
                .endMetadata()
                .build());
        cluster.forgetCalls();
    }
}
