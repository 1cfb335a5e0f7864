package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kordon.avro.StepStatus;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptureStepTest extends CaptureContract {
    @Test
    void storesWhatCanBeHadOfThePod() throws StepFailure {
        StepOutcome outcome = captured();

        assertThat(bundles.pieces.keySet())
                .contains(
                        "pod.json",
                        "namespace.json",
                        "node.json",
                        "network-policies.json",
                        "services.json",
                        "endpoint-slices.json",
                        "owners/ReplicaSet-tomcat-depl-89bb8c5c7.json",
                        "owners/Deployment-tomcat-depl.json",
                        "events/Pod-" + Commands.AFFECTED + ".json",
                        "events/Deployment-tomcat-depl.json",
                        "role-bindings.json",
                        "cluster-role-bindings.json",
                        "containers/tomcat/current.log",
                        "containers/tomcat/processes.txt",
                        "containers/tomcat/connections.txt",
                        "containers/tomcat/connections-decoded.txt",
                        "containers/tomcat/changed-files.txt",
                        "checkpoints/tomcat.json",
                        "capture.json");
        assertThat(json("pod.json").path("metadata").path("uid").asString()).isEqualTo(uid());
        assertThat(json("services.json")
                        .path("items")
                        .get(0)
                        .path("metadata")
                        .path("name")
                        .asString())
                .isEqualTo("tomcat");
        assertThat(piece("containers/tomcat/connections-decoded.txt").text())
                .contains("tcp4 10.244.1.17:50010 -> 198.51.100.7:80 ESTABLISHED uid=0 inode=40077");
        assertThat(json("checkpoints/tomcat.json").path("items").get(0).asString())
                .contains("checkpoint-" + Commands.AFFECTED + "_tomcat-tomcat");
        assertThat(json("capture.json").path("podAtTheEnd").asString()).isEqualTo("same");
        assertThat(changed).isTrue();
        assertThat(outcome.bundle()).isNotNull();
        assertThat(outcome.bundle().getOrigin()).isEqualTo("capture");
        assertThat(outcome.bundle().getFiles()).isEqualTo(bundles.pieces.size());
        assertThat(outcome.observed())
                .containsEntry("bundle", outcome.bundle().getLocation())
                .containsEntry("digest", outcome.bundle().getDigest())
                .containsEntry("missing", Integer.toString(bundles.missing.size()));
    }

    @Test
    void marksAsUntrustedWhateverComesOutOfTheContainersAndNothingElse() throws StepFailure {
        captured();

        bundles.pieces.forEach((name, piece) -> assertThat(piece.facts())
                .as(name)
                .containsEntry("trusted", name.startsWith("containers/") ? "false" : "true"));
    }

    @Test
    void takesTheEventsOfThePodAndNotThoseOfOthers() throws StepFailure {
        for (String pod : new String[] {Commands.AFFECTED, Commands.OTHER}) {
            cluster.store(new EventBuilder()
                    .withNewMetadata()
                    .withNamespace("tomcat")
                    .withName(pod + ".1")
                    .endMetadata()
                    .withNewInvolvedObject()
                    .withKind("Pod")
                    .withName(pod)
                    .withUid(pod("tomcat", pod).getMetadata().getUid())
                    .endInvolvedObject()
                    .withReason("Unhealthy")
                    .build());
        }

        captured();

        assertThat(json("events/Pod-" + Commands.AFFECTED + ".json").path("items"))
                .singleElement()
                .satisfies(event -> assertThat(
                                event.path("involvedObject").path("name").asString())
                        .isEqualTo(Commands.AFFECTED));
    }

    @Test
    void changesNothingOnReplayAndSaysTheSame() throws StepFailure {
        StepOutcome before = captured();
        cluster.forgetCalls();

        StepOutcome after = captured();

        assertThat(after.observed()).isEqualTo(before.observed());
        assertThat(after.bundle()).isEqualTo(before.bundle());
        assertThat(changed).isFalse();
        assertThat(bundles.begun).isEqualTo(1);
        assertThat(writes()).isEmpty();
    }

    @Test
    void isDoneOnReplayThoughThePodIsGone() throws StepFailure {
        String uid = uid();
        captured();
        cluster.remove(affected());

        assertThat(capture(uid, Map.of()).status()).isEqualTo(StepStatus.DONE);
    }

    @Test
    void failsWhereThePodIsGoneAndNothingIsStored() {
        String uid = uid();
        cluster.remove(affected());

        assertThatThrownBy(() -> capture(uid, Map.of()))
                .isInstanceOf(StepFailure.class)
                .hasMessageContaining("is gone");
        assertThat(bundles.begun).isZero();
    }

    @Test
    void leavesAPodAloneThatTookTheName() {
        assertThatThrownBy(() -> capture("another", Map.of()))
                .isInstanceOf(StepFailure.class)
                .hasMessageContaining("replaced");
        assertThat(writes()).isEmpty();
    }

    @Test
    void failsWithoutAStore() {
        assertThatThrownBy(() -> new CaptureStep().run(stepRun(uid(), false, Map.of())))
                .isInstanceOf(StepFailure.class)
                .hasMessage("no evidence store is set: kordon.evidence.store");
    }

    @Test
    void triesAgainWhileTheStoreIsAway() throws StepFailure {
        bundles.away(2);

        captured();

        assertThat(pauses)
                .filteredOn(pause -> pause.equals(Duration.ofMillis(1)))
                .hasSize(2);
        assertThat(bundles.pieces).containsKey("pod.json");
    }

    @Test
    void failsWhereTheStoreStaysAwayAndSaysSo() {
        bundles.away(100);

        assertThatThrownBy(() -> capture(uid(), Map.of()))
                .isInstanceOf(StepFailure.class)
                .hasMessage("the evidence could not be stored, nothing is sealed: s3://evidence does not answer"
                        + " (tried 3 times)");
        assertThat(writes()).isEmpty();
    }

    @Test
    void saysWhatIsWrongWithAFileWhereItsExceptionNamesThePathAlone() {
        bundles.away(100, new AccessDeniedException("/var/lib/kordon/evidence/=incoming"));

        assertThatThrownBy(() -> capture(uid(), Map.of()))
                .hasMessage("the evidence could not be stored, nothing is sealed: AccessDeniedException:"
                        + " /var/lib/kordon/evidence/=incoming (tried 3 times)");
    }

    @Test
    void takesAllAgainWhereTheStoreGoesAwayBeforeTheSeal() throws StepFailure {
        bundles.awayAtTheEnd(1);

        captured();

        assertThat(bundles.begun).isEqualTo(2);
        assertThat(bundles.pieces).containsKeys("pod.json", "containers/tomcat/current.log");
    }

    @Test
    void admitsWhatItHasChangedThoughNothingIsSealed() {
        bundles.awayAtTheEnd(100);

        assertThatThrownBy(() -> capture(uid(), Map.of()))
                .isInstanceOf(StepFailure.class)
                .hasMessageContaining("nothing is sealed");
        assertThat(changed).isTrue(); // the checkpoint on the node
    }

    @Test
    void leavesItToTheCallerToAskAgainForAPodThatCannotBeReadJustNow() {
        String uid = uid();
        cluster.failNext("get", "pods", 503, 1);

        assertThatThrownBy(() -> capture(uid, Map.of()))
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(503));
    }

    @Test
    void saysInADryRunWhatItWouldTakeAndTakesNothing() throws StepFailure {
        StepOutcome outcome = step().run(stepRun(uid(), true, Map.of("logBytes", "4096")));

        assertThat(outcome.status()).isEqualTo(StepStatus.DRY_RUN);
        assertThat(outcome.detail())
                .contains("the pod's manifest")
                .contains("the last 4096 bytes of the logs of tomcat")
                .contains("processes, connections and changed files of tomcat")
                .contains("checkpoints by the kubelet");
        assertThat(bundles.begun).isZero();
        assertThat(writes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "logBytes, 0, 'parameter logBytes: ''0'' is not a number of bytes'",
        "logBytes, 8MiB, 'parameter logBytes: ''8MiB'''",
        "exec, yes, 'parameter exec: ''yes'' is neither true nor false'",
        "checkpoint, TRUE, 'parameter checkpoint'",
        "snapshot, '', 'parameter snapshot'",
        "containers, 'tomcat,../x', 'parameter containers: ''../x'''",
        "debugImage, '-v /:/host', 'parameter debugImage'",
        "log-bytes, 1024, 'there is no parameter log-bytes'"
    })
    void refusesParametersThatAreNone(String name, String value, String message) {
        assertThatThrownBy(() -> capture(uid(), Map.of(name, value)))
                .isInstanceOf(StepFailure.class)
                .hasMessageContaining(message);
        assertThat(bundles.begun).isZero();
    }

    @Test
    void findsTheServicesThatSelectedThePodBeforeItWasDetached() throws StepFailure {
        run(command("detach"));

        captured();

        assertThat(json("services.json").path("items"))
                .singleElement()
                .satisfies(service -> assertThat(
                                service.path("metadata").path("name").asString())
                        .isEqualTo("tomcat"));
    }

    @Test
    void throwsAwayWhatMayBeAnotherPods() throws StepFailure {
        String uid = uid();
        Pod other = edit().editMetadata().withUid("another").endMetadata().build();
        cluster.simulated().kubelet().afterNextLog(() -> cluster.store(other));

        StepOutcome outcome = capture(uid, Map.of());

        assertThat(outcome.status()).isEqualTo(StepStatus.DONE);
        assertThat(bundles.pieces).doesNotContainKey("containers/tomcat/current.log");
        assertThat(bundles.missing)
                .hasEntrySatisfying(
                        "containers/tomcat/current.log",
                        why -> assertThat(why).contains("another pod has taken the name"));
        assertThat(json("pod.json").path("metadata").path("uid").asString()).isEqualTo(uid);
        assertThat(json("capture.json").path("podAtTheEnd").asString()).isEqualTo("replaced");
    }

    @Test
    void storesWhatThereIsWhereThePodGoesMidway() throws StepFailure {
        String uid = uid();
        Pod pod = affected();
        cluster.simulated().kubelet().afterNextLog(() -> cluster.remove(pod));

        StepOutcome outcome = capture(uid, Map.of());

        assertThat(outcome.status()).isEqualTo(StepStatus.DONE);
        assertThat(piece("containers/tomcat/current.log").facts()).containsEntry("pod", "gone when it had been read");
        assertThat(json("capture.json").path("podAtTheEnd").asString()).isEqualTo("gone");
    }

    @Test
    void takesNoOwnerThatOnlyBearsTheName() throws StepFailure {
        store(edit().editMetadata()
                .editFirstOwnerReference()
                .withUid("someone-elses")
                .endOwnerReference()
                .endMetadata());

        captured();

        assertThat(bundles.pieces.keySet()).noneMatch(name -> name.startsWith("owners/"));
        assertThat(bundles.missing)
                .hasEntrySatisfying(
                        "owners/ReplicaSet-tomcat-depl-89bb8c5c7.json",
                        why -> assertThat(why).contains("another stands under this name now"));
    }

    @Test
    void goesOnWhereTheApiServerRefusesAPart() throws StepFailure {
        cluster.failNext("list", "networkpolicies", 403, 1);
        cluster.failNext("get", "nodes", 500, 1);

        captured();

        assertThat(bundles.missing).containsKeys("network-policies.json", "node.json");
        assertThat(bundles.missing.get("network-policies.json")).startsWith("403: ");
        assertThat(bundles.pieces).containsKeys("services.json", "containers/tomcat/current.log");
    }
}
