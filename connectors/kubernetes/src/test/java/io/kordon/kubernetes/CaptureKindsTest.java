package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Objects of kinds that others may have installed. */
class CaptureKindsTest extends CaptureContract {
    private static final String SNAPSHOTS = "snapshot.storage.k8s.io/v1";
    private static final String CHECKPOINTS = "forensics.keikoproj.io/v1alpha1";

    @BeforeEach
    void giveThePodAVolume() {
        store(edit().editSpec()
                .addNewVolume()
                .withName("data")
                .withNewPersistentVolumeClaim()
                .withClaimName("uploads")
                .endPersistentVolumeClaim()
                .endVolume()
                .endSpec());
    }

    @Test
    void snapshotsTheVolumesOfThePodForTheIncident() throws StepFailure {
        cluster.simulated().install("snapshot.storage.k8s.io", "v1", "VolumeSnapshot", "volumesnapshots", true);

        captured();

        assertThat(objects(SNAPSHOTS, "VolumeSnapshot")).singleElement().satisfies(snapshot -> {
            assertThat(snapshot.<String>get("spec", "source", "persistentVolumeClaimName"))
                    .isEqualTo("uploads");
            assertThat(snapshot.getMetadata().getLabels()).containsEntry("kordon.io/incident", "incident-1");
            assertThat(json("snapshots/uploads.json")
                            .path("metadata")
                            .path("name")
                            .asString())
                    .isEqualTo(snapshot.getMetadata().getName());
        });
    }

    @Test
    void makesNoSecondSnapshotWhenItIsRunAgain() throws StepFailure {
        cluster.simulated().install("snapshot.storage.k8s.io", "v1", "VolumeSnapshot", "volumesnapshots", true);
        captured();
        bundles.forget();

        captured();

        assertThat(objects(SNAPSHOTS, "VolumeSnapshot")).hasSize(1);
        assertThat(bundles.pieces).containsKey("snapshots/uploads.json");
    }

    @Test
    void takesNoSnapshotOfAnotherVolumeForItsOwn() throws StepFailure {
        cluster.simulated().install("snapshot.storage.k8s.io", "v1", "VolumeSnapshot", "volumesnapshots", true);
        captured();
        GenericKubernetesResource forged = objects(SNAPSHOTS, "VolumeSnapshot").get(0);
        forged.setAdditionalProperty("spec", Map.of("source", Map.of("persistentVolumeClaimName", "decoy")));
        forged.getMetadata().setResourceVersion(null);
        client.resource(forged).delete();
        client.resource(forged).create();
        bundles.forget();

        captured();

        assertThat(bundles.missing)
                .hasEntrySatisfying(
                        "snapshots/uploads.json", why -> assertThat(why).contains("is another's"));
    }

    @Test
    void notesThatTheClusterHasNoSnapshots() throws StepFailure {
        captured();

        assertThat(bundles.missing)
                .containsEntry(
                        "snapshots/", "the cluster has no kind VolumeSnapshot of /apis/snapshot.storage.k8s.io/v1");
    }

    @Test
    void asksForNoSnapshotWhereThePlaybookForbidsIt() throws StepFailure {
        cluster.simulated().install("snapshot.storage.k8s.io", "v1", "VolumeSnapshot", "volumesnapshots", true);

        captured("snapshot=false");

        assertThat(objects(SNAPSHOTS, "VolumeSnapshot")).isEmpty();
        assertThat(bundles.missing).containsEntry("snapshots/", "the playbook says snapshot: false");
    }

    @Test
    void tellsKubeForensicsToTakeThePod() throws StepFailure {
        cluster.simulated().install("forensics.keikoproj.io", "v1alpha1", "PodCheckpoint", "podcheckpoints", true);
        podCheckpointDestination = "s3://forensics";

        captured();
        bundles.forget();
        captured();

        assertThat(objects(CHECKPOINTS, "PodCheckpoint")).singleElement().satisfies(checkpoint -> {
            assertThat(checkpoint.<String>get("spec", "destination")).isEqualTo("s3://forensics");
            assertThat(checkpoint.<String>get("spec", "subpath")).isEqualTo("incident-1");
            assertThat(checkpoint.<String>get("spec", "pod")).isEqualTo(Commands.AFFECTED);
            assertThat(checkpoint.<String>get("spec", "namespace")).isEqualTo("tomcat");
        });
        assertThat(bundles.pieces).containsKey("pod-checkpoint.json");
    }

    @Test
    void notesThatKubeForensicsIsNotThere() throws StepFailure {
        podCheckpointDestination = "s3://forensics";

        captured();

        assertThat(bundles.missing)
                .hasEntrySatisfying(
                        "pod-checkpoint.json", why -> assertThat(why).contains("no kind PodCheckpoint"));
    }

    private List<GenericKubernetesResource> objects(String apiVersion, String kind) {
        return client.genericKubernetesResources(apiVersion, kind)
                .inNamespace("tomcat")
                .list()
                .getItems();
    }
}
