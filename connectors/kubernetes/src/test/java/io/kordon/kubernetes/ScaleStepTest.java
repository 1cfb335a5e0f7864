package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ReplicationControllerBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.kordon.avro.Command;
import io.kordon.avro.Owner;
import io.kordon.avro.StepStatus;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ScaleStepTest extends SingleStepContract {
    private final ScaleStep scale = new ScaleStep();

    @Test
    void scalesTheDeploymentToNoneAndGivesBackItsNumber() {
        JsonNode before = withoutVersions(deployment());

        StepOutcome outcome = run(scale, "incident-1", Map.of());

        assertThat(outcome.status()).isEqualTo(StepStatus.DONE);
        assertThat(outcome.observed())
                .containsEntry("workload", "Deployment tomcat-depl")
                .containsEntry("replicas", "0");
        assertThat(deployment().getSpec().getReplicas()).isZero();
        cluster.forgetCalls();
        assertThat(run(scale, "incident-1", Map.of()).status()).isEqualTo(StepStatus.DONE);
        assertThat(changes()).isEmpty();

        assertThat(release(scale, "incident-1").released()).containsExactly("Deployment tomcat-depl");
        assertThat(withoutVersions(deployment())).isEqualTo(before);
        cluster.forgetCalls();
        assertThat(release(scale, "incident-1").released()).isEmpty();
        assertThat(changes()).isEmpty();
    }

    @Test
    void leavesTheReplicasThatItIsToldToAndNeverScalesUp() {
        assertThat(run(scale, "incident-1", Map.of("replicas", "1")).status()).isEqualTo(StepStatus.DONE);
        assertThat(deployment().getSpec().getReplicas()).isOne();

        assertThat(run(scale, "incident-1", Map.of("replicas", "5")).status()).isEqualTo(StepStatus.DONE);
        assertThat(deployment().getSpec().getReplicas()).isOne();
    }

    @Test
    void keepsItDownWhileAnotherIncidentHoldsIt() {
        run(scale, "incident-1", Map.of());
        run(scale, "incident-2", Map.of());

        assertThat(release(scale, "incident-1").stillHeld()).containsExactly("Deployment tomcat-depl");
        assertThat(deployment().getSpec().getReplicas()).isZero();
        assertThat(release(scale, "incident-2").released()).containsExactly("Deployment tomcat-depl");
        assertThat(deployment().getSpec().getReplicas()).isEqualTo(2);
    }

    @Test
    void leavesANumberThatSomebodySetSince() {
        run(scale, "incident-1", Map.of());
        client.apps()
                .deployments()
                .inNamespace("tomcat")
                .withName("tomcat-depl")
                .edit(deployment -> {
                    deployment.getSpec().setReplicas(7);
                    return deployment;
                });

        assertThat(release(scale, "incident-1").released())
                .singleElement()
                .asString()
                .contains("spec.replicas left");
        assertThat(deployment().getSpec().getReplicas()).isEqualTo(7);
    }

    @Test
    void goesByTheInventoryWhereTheControllerLetThePodGo() {
        cluster.store(new PodBuilder(affected())
                .editMetadata()
                .withOwnerReferences()
                .endMetadata()
                .build());

        assertThat(outcome(scale, stepRun(known(deploymentUid()), Map.of(), false))
                        .status())
                .isEqualTo(StepStatus.DONE);
        assertThat(deployment().getSpec().getReplicas()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"apps/v1, Deployment", "batch/v1, CronJob"})
    void doesNotBelieveAPodThatSaysItIsOfWhatMakesNoPods(String apiVersion, String kind) {
        cluster.store(new PodBuilder(affected())
                .editMetadata()
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(apiVersion)
                        .withKind(kind)
                        .withName("tomcat-depl")
                        .withUid(deploymentUid())
                        .withController(true)
                        .build())
                .endMetadata()
                .build());

        assertThat(run(scale, "incident-1", Map.of()).detail()).contains("makes no pods itself");
        assertThat(deployment().getSpec().getReplicas()).isEqualTo(2);
    }

    @Test
    void goesByTheInventoryWhereThePodIsGone() {
        Command.Builder command = known(deploymentUid());
        cluster.remove(affected());

        try {
            assertThat(scale.whenGone(stepRun(command, Map.of(), false)).status())
                    .isEqualTo(StepStatus.DONE);
        } catch (StepFailure e) {
            throw new AssertionError(e);
        }
        assertThat(deployment().getSpec().getReplicas()).isZero();
        assertThat(release(scale, command).released()).containsExactly("Deployment tomcat-depl");
        assertThat(deployment().getSpec().getReplicas()).isEqualTo(2);
    }

    @Test
    void touchesNothingThatHasTakenTheNameOfTheWorkload() {
        Command.Builder command = known("another-uid");
        cluster.remove(affected());
        cluster.forgetCalls();

        StepOutcome outcome = outcome(scale, stepRun(command, Map.of(), false));

        assertThat(outcome.status()).isEqualTo(StepStatus.FAILED);
        assertThat(outcome.detail())
                .contains("Deployment tomcat-depl now is uid")
                .contains("Nothing was touched");
        assertThat(changes()).isEmpty();
    }

    @Test
    void doesNotBelieveAReferenceToAnotherDeploymentsName() {
        cluster.store(new ReplicaSetBuilder(client.apps()
                        .replicaSets()
                        .inNamespace("tomcat")
                        .withName("tomcat-depl-89bb8c5c7")
                        .get())
                .editMetadata()
                .withOwnerReferences(owner("apps/v1", "Deployment", "tomcat-depl", "another-uid"))
                .endMetadata()
                .build());
        cluster.forgetCalls();

        assertThat(run(scale, "incident-1", Map.of()).status()).isEqualTo(StepStatus.FAILED);
        assertThat(changes()).isEmpty();
    }

    @Test
    void scalesWhatIsItsOwnWorkload() {
        for (HasMetadata workload : List.of(
                new StatefulSetBuilder()
                        .withNewMetadata()
                        .withNamespace("tomcat")
                        .withName("db")
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(3)
                        .endSpec()
                        .build(),
                new ReplicaSetBuilder()
                        .withNewMetadata()
                        .withNamespace("tomcat")
                        .withName("alone")
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .build(),
                new ReplicationControllerBuilder()
                        .withNewMetadata()
                        .withNamespace("tomcat")
                        .withName("old")
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(2)
                        .endSpec()
                        .build())) {
            HasMetadata created = client.resource(workload).create();
            JsonNode before = withoutVersions(created);
            ownedBy(created);

            StepOutcome outcome = run(scale, "incident-1", Map.of());

            assertThat(outcome.observed())
                    .containsEntry("workload", name(created))
                    .containsEntry("replicas", "0");
            assertThat(release(scale, "incident-1").released()).containsExactly(name(created));
            assertThat(withoutVersions(client.resource(created).get())).isEqualTo(before);
        }
    }

    @Test
    void suspendsTheCronJobFirstAndThenItsJobs() {
        CronJob cronJob = client.resource(new CronJobBuilder()
                        .withNewMetadata()
                        .withNamespace("tomcat")
                        .withName("nightly")
                        .endMetadata()
                        .withNewSpec()
                        .withSchedule("0 3 * * *")
                        .endSpec()
                        .build())
                .create();
        Job job = job("nightly-1", cronJob, null);
        Job finished = job("nightly-0", cronJob, "Complete");
        ownedBy(job);
        cluster.forgetCalls();

        StepOutcome outcome = run(scale, "incident-1", Map.of());

        assertThat(outcome.status()).isEqualTo(StepStatus.DONE);
        assertThat(outcome.observed()).containsEntry("workload", "CronJob nightly,Job nightly-1");
        assertThat(changes())
                .extracting(call -> call.resource() + "/" + call.name())
                .containsExactly("cronjobs/nightly", "jobs/nightly-1");
        assertThat(client.resource(cronJob).get().getSpec().getSuspend()).isTrue();
        assertThat(client.resource(job).get().getSpec().getSuspend()).isTrue();
        assertThat(client.resource(finished).get()).isEqualTo(finished);

        assertThat(release(scale, "incident-1").released()).hasSize(2);
        assertThat(client.resource(cronJob).get().getSpec().getSuspend()).isNull();
        assertThat(client.resource(job).get().getSpec().getSuspend()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "apps/v1,DaemonSet,no replicas",
        "argoproj.io/v1alpha1,Rollout,by hand",
        "example.org/v1,Deployment,by hand"
    })
    void saysWhatToDoAboutWhatItCannotScale(String apiVersion, String kind, String advice) {
        cluster.store(new PodBuilder(affected())
                .editMetadata()
                .withOwnerReferences(owner(apiVersion, kind, "tomcat-depl", deploymentUid()))
                .endMetadata()
                .build());
        cluster.forgetCalls();

        StepOutcome outcome = run(scale, "incident-1", Map.of());

        assertThat(outcome.status()).isEqualTo(StepStatus.FAILED);
        assertThat(outcome.detail()).contains(kind).contains(advice);
        assertThat(changes()).isEmpty();
    }

    @Test
    void saysThatNothingMakesABarePodAnew() {
        cluster.store(new PodBuilder(affected())
                .editMetadata()
                .withOwnerReferences()
                .endMetadata()
                .build());

        assertThat(run(scale, "incident-1", Map.of()).detail()).contains("no controller");
    }

    @Test
    void namesWhatWouldScaleItUpAgain() {
        client.resource(new HorizontalPodAutoscalerBuilder()
                        .withNewMetadata()
                        .withNamespace("tomcat")
                        .withName("web")
                        .endMetadata()
                        .withNewSpec()
                        .withNewScaleTargetRef("apps/v1", "Deployment", "tomcat-depl")
                        .endSpec()
                        .build())
                .create();
        create(ScaleStep.SCALED_OBJECT, """
            apiVersion: keda.sh/v1alpha1
            kind: ScaledObject
            metadata: {name: queue, namespace: tomcat}
            spec: {scaleTargetRef: {name: tomcat-depl}}
            """);

        StepOutcome outcome = run(scale, "incident-1", Map.of());

        assertThat(outcome.status()).isEqualTo(StepStatus.DONE);
        assertThat(outcome.observed()).containsEntry("autoscalers", "HorizontalPodAutoscaler web, ScaledObject queue");
        assertThat(outcome.detail()).contains("web rests while").contains("paused-replicas");
    }

    @Test
    void saysInADryRunWhatItWouldDo() {
        cluster.forgetCalls();

        assertThat(dryRun(scale, Map.of()).detail()).contains("would scale Deployment tomcat-depl from 2 to 0");
        assertThat(changes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "none", "1.5", "", "9999999"})
    void takesOnlyANumberOfReplicas(String replicas) {
        cluster.forgetCalls();

        assertThat(run(scale, "incident-1", Map.of("replicas", replicas)).detail())
                .contains("parameter replicas");
        assertThat(changes()).isEmpty();
    }

    private Command.Builder known(String uid) {
        return command()
                .setWorkload(Owner.newBuilder()
                        .setKind("Deployment")
                        .setName("tomcat-depl")
                        .setUid(uid)
                        .setController(true)
                        .build());
    }

    private Deployment deployment() {
        return client.apps()
                .deployments()
                .inNamespace("tomcat")
                .withName("tomcat-depl")
                .get();
    }

    private String deploymentUid() {
        return deployment().getMetadata().getUid();
    }

    private void ownedBy(HasMetadata owner) {
        cluster.store(new PodBuilder(affected())
                .editMetadata()
                .withOwnerReferences(owner(
                        owner.getApiVersion(),
                        owner.getKind(),
                        owner.getMetadata().getName(),
                        owner.getMetadata().getUid()))
                .endMetadata()
                .build());
    }

    private Job job(String name, CronJob owner, @Nullable String condition) {
        JobBuilder job = new JobBuilder()
                .withNewMetadata()
                .withNamespace("tomcat")
                .withName(name)
                .withUid(name)
                .withOwnerReferences(owner(
                        "batch/v1",
                        "CronJob",
                        owner.getMetadata().getName(),
                        owner.getMetadata().getUid()))
                .endMetadata()
                .withNewSpec()
                .endSpec();
        if (condition != null) {
            job.withNewStatus()
                    .addNewCondition()
                    .withType(condition)
                    .withStatus("True")
                    .endCondition()
                    .endStatus();
        }
        cluster.store(job.build());
        return client.batch().v1().jobs().inNamespace("tomcat").withName(name).get();
    }

    private static OwnerReference owner(String apiVersion, String kind, String name, String uid) {
        return new OwnerReferenceBuilder()
                .withApiVersion(apiVersion)
                .withKind(kind)
                .withName(name)
                .withUid(uid)
                .withController(true)
                .build();
    }

    private static String name(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }
}
