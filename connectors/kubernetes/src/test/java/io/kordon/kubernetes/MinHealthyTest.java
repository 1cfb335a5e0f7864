package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ReplicationControllerBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.kordon.avro.Command;
import io.kordon.avro.Mode;
import io.kordon.avro.Owner;
import io.kordon.avro.Result;
import io.kordon.avro.StepStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Containment must not take a service down unless somebody says so. */
class MinHealthyTest extends ContainmentContract {
    /** Its objects are no more than what it is about; a real API server would want whole ones, as {@link EveryStepTest} has. */
    @BeforeEach
    void runOnTheSimulatedClusterAlone() {
        assertThat(cluster.simulated()).isNotNull();
    }

    private static final LabelSelector OWNED =
            new LabelSelectorBuilder().addToMatchLabels("owned", "yes").build();

    @BeforeEach
    void keepEvidence() {
        evidence.keep("incident-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"detach", "isolate", "terminate"})
    void waitsWhereNoOtherPodWouldServe(String action) {
        change(other(), pod -> pod.getStatus().getConditions().get(0).setStatus("False"));

        List<Result> results = run(command("label", action));

        assertThat(results).singleElement().satisfies(result -> {
            assertThat(result.getStatus()).isEqualTo(StepStatus.WAITING);
            assertThat(result.getStep()).isEqualTo(CommandRunner.RUN);
            assertThat(result.getDetail())
                    .contains("Deployment tomcat/tomcat-depl wants 2 pods")
                    .contains("left with 0 healthy")
                    .contains("kordon.actuator.min-healthy");
        });
        assertThat(writes()).isEmpty();
    }

    @Test
    void actsWhereAnotherPodServes() {
        assertThat(run(command("detach"))).extracting(Result::getStatus).containsOnly(StepStatus.DONE);
    }

    @Test
    void doesNotCountAPodThatIsContainedAlreadyAndCountsOneThatIsOnlyLabelled() {
        run(onOther("label").setIncidentId("incident-2"));
        assertThat(whole(run(command("label", "isolate").setMode(Mode.DRY_RUN))).getDetail())
                .doesNotContain("wait");

        run(onOther("isolate").setIncidentId("incident-2"));
        assertThat(run(command("isolate")))
                .singleElement()
                .extracting(Result::getStatus)
                .isEqualTo(StepStatus.WAITING);
    }

    @Test
    void doesNotCountAPodOnItsWayOut() {
        change(other(), pod -> pod.getMetadata().setDeletionTimestamp(Commands.NOW.toString()));

        assertThat(first(run(command("isolate"))).getStatus()).isEqualTo(StepStatus.WAITING);
    }

    @Test
    void actsWhenSomebodyApproves() {
        change(other(), pod -> pod.getStatus().getConditions().get(0).setStatus("False"));

        assertThat(run(command("detach").setApproval(Commands.APPROVAL)))
                .extracting(Result::getStatus)
                .containsOnly(StepStatus.DONE);
    }

    @Test
    void finishesWhatItHasBegunThoughOthersFellIllMeanwhile() {
        run(command("label", "detach"));
        change(other(), pod -> pod.getStatus().getConditions().get(0).setStatus("False"));

        assertThat(run(command("label", "detach", "isolate")))
                .extracting(Result::getStatus)
                .containsOnly(StepStatus.DONE);
    }

    @Test
    void waitsBeforeItScalesMoreThanOnePodToZero() {
        assertThat(run(command("scale")))
                .singleElement()
                .extracting(Result::getStatus)
                .isEqualTo(StepStatus.WAITING);
    }

    @Test
    void waitsBeforeItScalesWhatThePodWasOfThoughThePodIsLetGoOrGone() {
        Command.Builder command = command("scale")
                .setWorkload(Owner.newBuilder()
                        .setKind("Deployment")
                        .setName("tomcat-depl")
                        .setUid(client.apps()
                                .deployments()
                                .inNamespace("tomcat")
                                .withName("tomcat-depl")
                                .get()
                                .getMetadata()
                                .getUid())
                        .setController(true)
                        .build());
        change(affected(), pod -> pod.getMetadata().setOwnerReferences(List.of()));
        assertThat(run(command)).singleElement().extracting(Result::getStatus).isEqualTo(StepStatus.WAITING);

        cluster.remove(affected());
        assertThat(run(command)).singleElement().extracting(Result::getStatus).isEqualTo(StepStatus.WAITING);
        assertThat(run(command.setApproval(Commands.APPROVAL)))
                .extracting(Result::getStatus)
                .containsOnly(StepStatus.DONE);
    }

    @Test
    void waitsForAPodThatSaysThatItsDeploymentControlsIt() {
        HasMetadata deployment = client.apps()
                .deployments()
                .inNamespace("tomcat")
                .withName("tomcat-depl")
                .get();
        change(
                affected(),
                pod -> pod.getMetadata()
                        .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                                .withApiVersion("apps/v1")
                                .withKind("Deployment")
                                .withName("tomcat-depl")
                                .withUid(deployment.getMetadata().getUid())
                                .withController(true)
                                .build())));

        assertThat(run(command("scale")))
                .singleElement()
                .extracting(Result::getStatus)
                .isEqualTo(StepStatus.WAITING);
    }

    @Test
    void leavesTheNumberAloneForStepsThatTakeNothingOutOfService() {
        change(other(), pod -> pod.getStatus().getConditions().get(0).setStatus("False"));

        assertThat(run(command("label", "cordon")))
                .extracting(Result::getStatus)
                .containsOnly(StepStatus.DONE);
    }

    @Test
    void asksForNoMoreThanAWorkloadOfOneCanKeep() {
        Pod cart = client.pods().inNamespace("shop").list().getItems().get(0);

        assertThat(run(Commands.onPod(
                        "shop", cart.getMetadata().getName(), cart.getMetadata().getUid(), "detach")))
                .extracting(Result::getStatus)
                .containsOnly(StepStatus.DONE);
    }

    @Test
    void canBeSwitchedOff() {
        change(other(), pod -> pod.getStatus().getConditions().get(0).setStatus("False"));
        runner = runner(new ActuatorConfig(
                Commands.CLUSTER,
                new ProtectionConfig(java.util.Set.of(), null, ProtectionConfig.DEFAULT_LABEL, 0),
                false,
                ActuatorConfig.DEFAULT_STEP_TIMEOUT));

        assertThat(run(command("isolate"))).extracting(Result::getStatus).containsOnly(StepStatus.DONE);
    }

    static List<HasMetadata> owners() {
        return List.of(
                new StatefulSetBuilder()
                        .withNewSpec()
                        .withReplicas(2)
                        .withSelector(OWNED)
                        .endSpec()
                        .build(),
                new DaemonSetBuilder()
                        .withNewSpec()
                        .withSelector(OWNED)
                        .endSpec()
                        .withNewStatus()
                        .withDesiredNumberScheduled(2)
                        .endStatus()
                        .build(),
                new ReplicationControllerBuilder()
                        .withNewSpec()
                        .withReplicas(2)
                        .withSelector(Map.of("owned", "yes"))
                        .endSpec()
                        .build());
    }

    @ParameterizedTest
    @MethodSource("owners")
    void countsThePodsOfEveryKindOfOwner(HasMetadata owner) {
        store(owner, "owner", "owner-uid");
        owned("first", owner, "owner-uid");
        owned("second", owner, "owner-uid");
        owned("stranger", owner, "another-uid");

        assertThat(run(Commands.onPod("tomcat", "first", "first", "isolate")))
                .extracting(Result::getStatus)
                .containsOnly(StepStatus.DONE);
        assertThat(run(Commands.onPod("tomcat", "second", "second", "isolate").setIncidentId("incident-2")))
                .singleElement()
                .satisfies(result -> {
                    assertThat(result.getStatus()).isEqualTo(StepStatus.WAITING);
                    assertThat(result.getDetail()).contains(owner.getKind() + " tomcat/owner");
                });
    }

    @Test
    void doesNotHoldBackWhatNothingKeepsANumberOf() {
        HasMetadata job = new JobBuilder().withNewSpec().endSpec().build();
        store(job, "owner", "owner-uid");
        owned("worker", job, "owner-uid");
        owned("claims-another-owner", new StatefulSetBuilder().build(), "nobody");

        assertThat(run(Commands.onPod("tomcat", "worker", "worker", "isolate")))
                .extracting(Result::getStatus)
                .containsOnly(StepStatus.DONE);
        assertThat(run(Commands.onPod("tomcat", "claims-another-owner", "claims-another-owner", "isolate")))
                .extracting(Result::getStatus)
                .containsOnly(StepStatus.DONE);
    }

    /** Two commands at once each find the other's pod healthy: one of them must wait for the other to be done. */
    @Test
    void letsOneOfTwoCommandsAtOnceTakeTheLastButOne() throws Exception {
        ExecutorService lanes = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 10; round++) {
                cluster.seedTomcat();
                List<Callable<Result>> both = List.of(
                        () -> whole(run(command("isolate"))),
                        () -> whole(run(onOther("isolate").setIncidentId("incident-2"))));
                List<StepStatus> outcomes = new ArrayList<>();
                for (Future<Result> outcome : lanes.invokeAll(both)) {
                    outcomes.add(outcome.get().getStatus());
                }
                assertThat(outcomes).containsExactlyInAnyOrder(StepStatus.DONE, StepStatus.WAITING);
            }
        } finally {
            lanes.shutdownNow();
        }
    }

    private Pod other() {
        return pod("tomcat", Commands.OTHER);
    }

    private Command.Builder onOther(String... actions) {
        return Commands.onPod("tomcat", Commands.OTHER, other().getMetadata().getUid(), actions)
                .setId("command-2");
    }

    private void change(Pod pod, java.util.function.Consumer<Pod> change) {
        change.accept(pod);
        cluster.store(pod);
        cluster.forgetCalls();
    }

    private void store(HasMetadata owner, String name, String uid) {
        owner.setMetadata(new ObjectMetaBuilder()
                .withNamespace("tomcat")
                .withName(name)
                .withUid(uid)
                .build());
        cluster.store(owner);
    }

    private void owned(String name, HasMetadata owner, String uid) {
        cluster.store(new PodBuilder(affected())
                .editMetadata()
                .withName(name)
                .withUid(name)
                .withLabels(Map.of("owned", "yes"))
                .withAnnotations(Map.of())
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(owner.getApiVersion())
                        .withKind(owner.getKind())
                        .withName("owner")
                        .withUid(uid)
                        .withController(true)
                        .build())
                .endMetadata()
                .build());
    }
}
