package io.kordon.kubernetes;

import static io.kordon.kubernetes.InventoryRun.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.kordon.avro.Owner;
import io.kordon.avro.Pod;
import io.kordon.schemas.EntityKey;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The workloads of pods: what their controllers lead up to. */
class InventoryOwnersTest {
    private final InventoryRun run = new InventoryRun();

    @AfterEach
    void stop() {
        run.close();
    }

    @Test
    void aPodOfAReplicaSetBelongsToItsDeployment() {
        run.begin(InventoryConfig.of("demo"));

        await().until(() -> !run.written(KEY).isEmpty());
        assertThat(run.written(KEY)).singleElement().satisfies(pod -> {
            assertThat(workload(pod)).isEqualTo("Deployment/tomcat-depl");
            assertThat(pod.getContext().getOwners()).extracting(Owner::getKind).containsExactly("ReplicaSet");
        });
        assertThat(run.gauge("kordon.inventory.owners")).isEqualTo(3);
        assertThat(run.gauge("kordon.inventory.pods.waiting")).isZero();
    }

    @Test
    void aPodOfAJobBelongsToItsCronJobAndAJobAloneStandsForItself() {
        run.cluster.store(new JobBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("report-29")
                .withUid("job-29")
                .withOwnerReferences(controller("batch/v1", "CronJob", "report", "cron"))
                .endMetadata()
                .build());
        run.cluster.store(new JobBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("once")
                .withUid("job-once")
                .endMetadata()
                .build());
        pod("report-29-x", controller("batch/v1", "Job", "report-29", "job-29"));
        pod("once-x", controller("batch/v1", "Job", "once", "job-once"));

        run.begin(InventoryConfig.of("demo"));

        await().untilAsserted(() -> {
            assertThat(workload("report-29-x")).isEqualTo("CronJob/report");
            assertThat(workload("once-x")).isEqualTo("Job/once");
        });
    }

    @Test
    void kindsThatNobodyFollowsStandForThemselvesAndABarePodForNothing() {
        pod("set-0", controller("apps/v1", "StatefulSet", "set", "sts"));
        pod("volcano-0", controller("batch.volcano.sh/v1alpha1", "Job", "volcano", "vj"));
        pod("bare");
        pod(
                "not-managed",
                new OwnerReferenceBuilder(controller("v1", "ConfigMap", "config", "cm"))
                        .withController(false)
                        .build());
        run.cluster.store(new ReplicaSetBuilder(replicaSet())
                .editMetadata()
                .withNamespace("shop")
                .withName("rollout-1")
                .withUid("rollout-rs")
                .withOwnerReferences(controller("argoproj.io/v1alpha1", "Rollout", "rollout", "ro"))
                .endMetadata()
                .build());
        pod("rollout-1-x", controller("apps/v1", "ReplicaSet", "rollout-1", "rollout-rs"));

        run.begin(InventoryConfig.of("demo"));

        await().untilAsserted(() -> {
            assertThat(workload("set-0")).isEqualTo("StatefulSet/set");
            assertThat(workload("volcano-0")).isEqualTo("Job/volcano");
            assertThat(workload("bare")).isEqualTo("-");
            assertThat(workload("not-managed")).isEqualTo("-");
            assertThat(workload("rollout-1-x")).isEqualTo("Rollout/rollout");
        });
        assertThat(run.gauge("kordon.inventory.pods.waiting")).isZero();
    }

    @Test
    void aPodSeenBeforeItsOwnerIsWrittenWithWhatIsKnownAndAgainWhenTheOwnerAppears() {
        ReplicaSet replicaSet = replicaSet();
        run.cluster.remove(replicaSet);
        run.begin(InventoryConfig.of("demo"));
        await().until(() -> !run.written(KEY).isEmpty());
        assertThat(workload(run.last(KEY))).startsWith("ReplicaSet/");
        assertThat(run.gauge("kordon.inventory.pods.waiting")).isEqualTo(2);

        run.cluster.store(replicaSet);

        await().until(() -> run.written(KEY).size() == 2);
        assertThat(workload(run.last(KEY))).isEqualTo("Deployment/tomcat-depl");
        assertThat(run.gauge("kordon.inventory.pods.waiting")).isZero();
    }

    @Test
    void anOwnerThatIsAdoptedTakesItsPodsAlong() {
        ReplicaSet replicaSet = replicaSet();
        run.cluster.store(new ReplicaSetBuilder(replicaSet)
                .editMetadata()
                .withOwnerReferences(List.of())
                .endMetadata()
                .build());
        run.begin(InventoryConfig.of("demo"));
        await().until(() -> !run.written(KEY).isEmpty());
        assertThat(workload(run.last(KEY))).startsWith("ReplicaSet/");

        run.cluster.store(replicaSet);

        await().until(() -> workload(run.last(KEY)).equals("Deployment/tomcat-depl"));
    }

    @Test
    void aWorkloadStaysKnownWhenTheOwnerGoesBeforeThePod() {
        run.begin(InventoryConfig.of("demo"));
        await().until(() -> !run.written(KEY).isEmpty());

        run.cluster.remove(replicaSet());
        await().until(() -> run.gauge("kordon.inventory.owners") == 2);
        run.cluster.remove(run.live());

        await().until(() -> run.last(KEY).getDeletedAt() != null);
        assertThat(run.written(KEY))
                .extracting(InventoryOwnersTest::workload, pod -> pod.getDeletedAt() != null)
                .containsExactly(tuple("Deployment/tomcat-depl", false), tuple("Deployment/tomcat-depl", true));
    }

    @Test
    void anOwnerOfAnotherNameOrNamespaceIsNotBelieved() {
        String uid = replicaSet().getMetadata().getUid();
        pod("liar", controller("apps/v1", "ReplicaSet", "tomcat-depl-89bb8c5c7", uid));

        run.begin(InventoryConfig.of("demo"));

        await().untilAsserted(() -> assertThat(workload("liar")).isEqualTo("ReplicaSet/tomcat-depl-89bb8c5c7"));
    }

    @Test
    void podsAreWrittenAndTheReasonIsToldWhereOwnersMayNotBeSeen() {
        run.cluster.failNext("list", "replicasets", 403, 1_000);
        run.start(InventoryConfig.of("demo"));

        await().until(() -> run.written().size() == 4);
        assertThat(workload(run.last(KEY))).startsWith("ReplicaSet/");
        await().untilAsserted(() -> assertThat(run.inventory().problem())
                .contains("watch of the replicasets is broken")
                .contains("403")
                .contains("list replicasets.apps, watch replicasets.apps"));
        assertThat(run.failures("owners")).isPositive();
        assertThat(run.gauge("kordon.inventory.pods.waiting")).isEqualTo(4);
    }

    @Test
    void podsGetTheirWorkloadWhenThePermissionIsGivenLater() {
        run.cluster.failNext("list", "replicasets", 403, 2);

        run.begin(InventoryConfig.of("demo"));

        await().until(() -> workload(run.last(KEY)).equals("Deployment/tomcat-depl"));
        assertThat(run.inventory().problem()).isNull();
    }

    @Test
    void aRestartWithoutPermissionForOwnersKeepsWhatTheTopicKnows() {
        Owner deployment = Owner.newBuilder()
                .setKind("Deployment")
                .setName("tomcat-depl")
                .setUid("d")
                .setController(true)
                .build();
        Pod known = PodRecords.withWorkload(
                PodRecords.of("demo", run.live(), java.time.Instant.EPOCH), deployment, java.time.Instant.EPOCH);
        run.cluster.failNext("list", "replicasets", 403, 1_000);

        run.start(InventoryConfig.of("demo"), known);

        await().until(() -> run.written().size() == 3);
        assertThat(run.written(KEY)).isEmpty();
    }

    private ReplicaSet replicaSet() {
        return run.cluster
                .client()
                .apps()
                .replicaSets()
                .inNamespace("tomcat")
                .withName("tomcat-depl-89bb8c5c7")
                .get();
    }

    private void pod(String name, OwnerReference... owners) {
        run.cluster.store(new PodBuilder(run.live())
                .editMetadata()
                .withNamespace("shop")
                .withName(name)
                .withUid(name)
                .withOwnerReferences(owners)
                .endMetadata()
                .build());
    }

    private String workload(String pod) {
        return workload(run.last(EntityKey.pod("demo", "shop", pod)));
    }

    private static String workload(Pod pod) {
        Owner workload = pod.getContext().getWorkload();
        return workload == null ? "-" : workload.getKind() + "/" + workload.getName();
    }

    private static OwnerReference controller(String apiVersion, String kind, String name, String uid) {
        return new OwnerReferenceBuilder()
                .withApiVersion(apiVersion)
                .withKind(kind)
                .withName(name)
                .withUid(uid)
                .withController(true)
                .build();
    }
}
