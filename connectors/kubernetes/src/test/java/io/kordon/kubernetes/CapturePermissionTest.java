package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.kordon.kubernetes.capture.Capture;
import io.kordon.kubernetes.capture.CaptureParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a capture asks of the API server is what it declares for its parameters, no more and no less. */
class CapturePermissionTest extends CaptureContract {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "debugImage=busybox",
                "exec=false",
                "exec=false,checkpoint=false,snapshot=false",
                "checkpoint=false",
                "snapshot=false,debugImage=busybox"
            })
    void asksForWhatItDeclares(String parameters) throws StepFailure {
        podCheckpointDestination = "s3://forensics";
        cluster.simulated().install("snapshot.storage.k8s.io", "v1", "VolumeSnapshot", "volumesnapshots", true);
        cluster.simulated().install("forensics.keikoproj.io", "v1alpha1", "PodCheckpoint", "podcheckpoints", true);
        cluster.simulated()
                .kubelet()
                .programs(Commands.AFFECTED, "tomcat", (command, console) -> console.notFound(command.get(0)));
        everyKindOfOwnerAndAVolume();
        Map<String, String> given = Arrays.stream(parameters.split(",", -1))
                .filter(parameter -> !parameter.isEmpty())
                .map(parameter -> parameter.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        String uid = uid();
        cluster.forgetCalls();

        capture(uid, given);

        Set<Permission> declared = new HashSet<>(Capture.permissions(CaptureParameters.parse(given), true));
        declared.add(new Permission("get", "", "pods")); // of RESOLVE, what looks at the pod's UID
        // A WebSocket opens with a GET; servers from 1.35 on ask for create besides, though no request line shows it.
        declared.remove(new Permission("create", "", "pods/exec"));
        assertThat(cluster.calls().stream()
                        .map(call -> new Permission(call.verb(), call.group(), call.resource()))
                        .collect(Collectors.toSet()))
                .isEqualTo(declared);
        assertThat(step().permissions()).containsAll(declared);
    }

    private void everyKindOfOwnerAndAVolume() {
        List<String> kinds = List.of(
                "apps/v1 Deployment", "apps/v1 StatefulSet", "apps/v1 DaemonSet", "batch/v1 Job", "batch/v1 CronJob");
        List<OwnerReference> owners = new ArrayList<>(affected().getMetadata().getOwnerReferences());
        kinds.forEach(kind -> owners.add(new OwnerReferenceBuilder()
                .withApiVersion(kind.split(" ", 2)[0])
                .withKind(kind.split(" ", 2)[1])
                .withName("claimed")
                .withUid("claimed-" + owners.size())
                .build()));
        store(edit().editMetadata()
                .withOwnerReferences(owners)
                .endMetadata()
                .editSpec()
                .addNewVolume()
                .withName("data")
                .withNewPersistentVolumeClaim()
                .withClaimName("uploads")
                .endPersistentVolumeClaim()
                .endVolume()
                .endSpec());
    }
}
