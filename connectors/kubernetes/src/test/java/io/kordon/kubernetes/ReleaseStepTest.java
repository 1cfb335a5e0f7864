package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.kordon.avro.Command;
import io.kordon.avro.Mode;
import io.kordon.avro.Result;
import io.kordon.avro.StepStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way back. */
class ReleaseStepTest extends ContainmentContract {
    @Test
    void givesBackLabelsAndSchedulingAsTheyWere() {
        Pod podBefore = affected();
        Node nodeBefore = node("worker-1");
        run(command("label", "detach", "cordon"));

        List<Result> results = run(release());

        assertThat(results).hasSize(2).extracting(Result::getStatus).containsOnly(StepStatus.DONE);
        assertThat(results).extracting(Result::getChanged).containsOnly(true);
        assertThat(affected().getMetadata().getLabels())
                .isEqualTo(podBefore.getMetadata().getLabels());
        assertThat(affected().getMetadata().getAnnotations())
                .isEqualTo(podBefore.getMetadata().getAnnotations());
        assertThat(node("worker-1").getSpec()).isEqualTo(nodeBefore.getSpec());
        assertThat(node("worker-1").getMetadata().getLabels())
                .isEqualTo(nodeBefore.getMetadata().getLabels());
        assertThat(node("worker-1").getMetadata().getAnnotations())
                .isEqualTo(nodeBefore.getMetadata().getAnnotations());
        assertThat(first(results).getDetail())
                .contains("Pod tomcat/" + Commands.AFFECTED + " is as before (app=tomcat,"
                        + " no status, pod-template-hash=89bb8c5c7)")
                .contains("Node worker-1 is as before (no status, spec.unschedulable unset)")
                .contains("ReplicaSet tomcat-depl-89bb8c5c7 takes the pod back, and deletes one pod of its own")
                .contains("Service tomcat sends it requests again");
    }

    @Test
    void changesNothingWhenItIsAskedTwice() {
        run(command("label", "detach", "isolate", "cordon"));
        run(release());
        Map<String, String> released = Snapshot.of(cluster.simulated());
        cluster.forgetCalls();

        List<Result> again = run(release().setId("release-2"));

        assertThat(again).extracting(Result::getStatus).containsOnly(StepStatus.DONE);
        assertThat(again).extracting(Result::getChanged).containsOnly(false);
        assertThat(first(again).getDetail()).contains("nothing is held for incident incident-1 any more");
        assertThat(writes()).isEmpty();
        assertThat(Snapshot.of(cluster.simulated())).isEqualTo(released);
    }

    @Test
    void leavesToOtherIncidentsWhatTheyHold() {
        Map<String, String> before = affectedLabels();
        run(command("label", "detach", "cordon"));
        run(command("label", "cordon").setIncidentId("incident-2"));

        Result result = first(run(release()));

        assertThat(result.getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(result.getDetail())
                .contains("Pod tomcat/" + Commands.AFFECTED + " is still held by incident incident-2")
                .contains("Node worker-1 is still held by incident incident-2");
        assertThat(affectedLabels()).containsEntry("status", "affected").doesNotContainKey("app");
        assertThat(node("worker-1").getSpec().getUnschedulable()).isTrue();

        run(release().setIncidentId("incident-2"));
        assertThat(affectedLabels()).isEqualTo(before);
        assertThat(node("worker-1").getSpec().getUnschedulable()).isNull();
    }

    @Test
    void leavesWhatSomebodyChangedSinceAndSaysSo() {
        run(command("label", "detach"));
        client.pods().inNamespace("tomcat").withName(Commands.AFFECTED).edit(pod -> {
            pod.getMetadata().getLabels().put("app", "forensics");
            return pod;
        });

        Result result = first(run(release()));

        assertThat(affectedLabels())
                .containsEntry("app", "forensics")
                .containsEntry("pod-template-hash", "89bb8c5c7")
                .doesNotContainKey("status");
        assertThat(result.getDetail()).contains("keeps what somebody else changed since: metadata.labels.app");
        assertThat(result.getObserved().get("stillHeld")).contains("metadata.labels.app");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leavesANodeCordonedThatSomebodyElseHadCordoned(boolean was) {
        client.nodes().withName("worker-1").edit(node -> {
            node.getSpec().setUnschedulable(was);
            return node;
        });
        run(command("cordon"));

        assertThat(first(run(release())).getStatus()).isEqualTo(StepStatus.DONE);

        assertThat(node("worker-1").getSpec().getUnschedulable()).isEqualTo(was);
        assertThat(node("worker-1").getMetadata().getLabels()).doesNotContainKey("status");
    }

    @Test
    void findsTheNodeOfAPodThatIsGone() {
        evidence.keep("incident-1");
        Command.Builder release = release();
        run(command("label", "cordon", "terminate"));

        List<Result> results = run(release);

        assertThat(results).extracting(Result::getStatus).containsOnly(StepStatus.DONE);
        assertThat(first(results).getDetail())
                .contains("Node worker-1 is as before")
                .contains("is gone");
        assertThat(node("worker-1").getSpec().getUnschedulable()).isNull();
    }

    @Test
    void findsTheNodeThoughTheCommandNamesAnother() {
        evidence.keep("incident-1");
        Command release = release().build();
        release.getEntity().setNode("control-plane-1");
        run(command("cordon", "terminate"));

        assertThat(first(run(Command.newBuilder(release))).getDetail()).contains("Node worker-1 is as before");
        assertThat(node("worker-1").getSpec().getUnschedulable()).isNull();
    }

    @Test
    void findsTheNodeThoughTheCommandDoesNotNameIt() {
        evidence.keep("incident-1");
        Command release = release().build();
        release.getEntity().setNode(null);
        run(command("cordon", "terminate"));

        assertThat(first(run(Command.newBuilder(release))).getDetail()).contains("Node worker-1 is as before");
        assertThat(node("worker-1").getSpec().getUnschedulable()).isNull();
    }

    @Test
    void leavesAPodAloneThatTookTheName() {
        Command.Builder release = release();
        run(command("label", "detach", "cordon"));
        cluster.store(new PodBuilder(affected())
                .editMetadata()
                .withUid("another")
                .endMetadata()
                .build());
        cluster.forgetCalls();

        Result result = first(run(release));

        assertThat(result.getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(writes()).containsExactly("patch nodes/worker-1");
        assertThat(affectedLabels()).containsEntry("status", "affected");
    }

    @Test
    void releasesWhatHasBecomeProtectedMeanwhile() {
        run(command("label", "cordon"));
        runner = runner(new ActuatorConfig(Commands.CLUSTER, java.util.Set.of("tomcat"), false));

        assertThat(first(run(release())).getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(affectedLabels()).doesNotContainKey("status");
    }

    @Test
    void doesNotLetOtherStepsHideBehindARelease() {
        runner = runner(new ActuatorConfig(Commands.CLUSTER, java.util.Set.of("tomcat"), false));

        assertThat(run(command("release", "label")))
                .extracting(Result::getStatus)
                .containsOnly(StepStatus.REFUSED);
    }

    @Test
    void isRefusedWhenItIsStale() {
        run(command("label"));

        assertThat(run(release().setExpiresAt(Commands.NOW.minusSeconds(1))))
                .extracting(Result::getStatus)
                .containsOnly(StepStatus.REFUSED);
    }

    @Test
    void undoesAllItCanWhereOnePartIsForbiddenAndSaysWhatIsMissing() {
        run(command("label", "cordon"));
        cluster.failNext("patch", "nodes", 403, 99);

        Result result = first(run(release()));

        assertThat(result.getStatus()).isEqualTo(StepStatus.FAILED);
        assertThat(result.getDetail()).startsWith("403").contains("patch nodes");
        assertThat(affectedLabels()).doesNotContainKey("status");
        assertThat(node("worker-1").getSpec().getUnschedulable()).isTrue();
    }

    @Test
    void saysInADryRunWhatItWouldLetGoOf() {
        run(command("label", "cordon"));
        cluster.forgetCalls();

        Result result = first(run(release().setMode(Mode.DRY_RUN)));

        assertThat(result.getStatus()).isEqualTo(StepStatus.DRY_RUN);
        assertThat(result.getDetail())
                .contains("Pod tomcat/" + Commands.AFFECTED)
                .contains("Node worker-1");
        assertThat(writes()).isEmpty();
    }

    @Test
    void containsAPodWhoseAnnotationsAreFullAndSaysThatThereIsNoWayBack() {
        cluster.store(new PodBuilder(affected())
                .editMetadata()
                .addToAnnotations("full", "x".repeat(Hold.MAX_ANNOTATIONS - "full".length()))
                .endMetadata()
                .build());

        Result result = first(run(command("label")));

        assertThat(result.getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(result.getDetail()).contains("no room to remember");
        assertThat(affectedLabels()).containsEntry("status", "affected");
        assertThat(affected().getMetadata().getAnnotations()).containsOnlyKeys("full");
    }

    @Test
    void doesNotObeyAForgedHoldOnANode() {
        client.nodes()
                .withName("worker-1")
                .edit(node -> new NodeBuilder(node)
                        .editMetadata()
                        .addToAnnotations(
                                Hold.ANNOTATION,
                                "{\"uid\":\"" + node.getMetadata().getUid() + "\",\"incidents\":{\"incident-1\":\"\"},"
                                        + "\"before\":{\"metadata\":{\"labels\":{\"node-role.kubernetes.io/control-plane\":\"\"}}},"
                                        + "\"applied\":{\"metadata\":{\"labels\":{\"node-role.kubernetes.io/control-plane\":null}}}}")
                        .endMetadata()
                        .build());

        run(release());

        assertThat(node("worker-1").getMetadata().getLabels())
                .doesNotContainKey("node-role.kubernetes.io/control-plane");
        assertThat(node("worker-1").getMetadata().getAnnotations()).isNullOrEmpty();
    }

    private Command.Builder release() {
        return Commands.release("tomcat", Commands.AFFECTED, uid());
    }
}
