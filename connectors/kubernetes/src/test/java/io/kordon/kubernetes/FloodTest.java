package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.kordon.avro.Command;
import io.kordon.avro.StepStatus;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Incidents on five hundred pods at once, in places where containment is welcome and in places where it is not. */
class FloodTest extends ContainmentContract {
    /** Its objects are no more than what it is about; a real API server would want whole ones, as {@link EveryStepTest} has. */
    @BeforeEach
    void runOnTheSimulatedClusterAlone() {
        assertThat(cluster.simulated()).isNotNull();
    }

    private static final String OWN = "kordon-system";
    private static final int APPS = 14;
    private static final int REPLICAS = 25;
    private static final Set<String> UNTOUCHABLE = Set.of("kube-system", OWN, "vault");

    /** Pods that are made again under the same name after their incident: one in five of each application. */
    private static final int REPLACED_OF_EACH = 5;

    private final List<Command> commands = new ArrayList<>();

    @Test
    void touchesNothingThatIsProtectedAndLeavesEveryWorkloadAPod() throws Exception {
        runner = runner(new ActuatorConfig(
                Commands.CLUSTER,
                new ProtectionConfig(ProtectionConfig.DEFAULT_NAMESPACES, OWN, ProtectionConfig.DEFAULT_LABEL, 1),
                false,
                ActuatorConfig.DEFAULT_STEP_TIMEOUT));
        for (int app = 0; app < APPS; app++) {
            pods("app-" + app, REPLICAS);
        }
        UNTOUCHABLE.forEach(namespace -> pods(namespace, 50));
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("vault")
                        .addToLabels("kordon.io/protected", "true")
                        .endMetadata()
                        .build())
                .create();
        assertThat(commands).hasSize(500);
        List<String> replaced = replaceSome();
        Map<String, String> untouchable = Snapshot.of(cluster.simulated(), UNTOUCHABLE::contains);
        Map<String, String> newcomers = only(replaced);

        Map<StepStatus, Integer> outcomes = flood();

        assertThat(Snapshot.of(cluster.simulated(), UNTOUCHABLE::contains)).isEqualTo(untouchable);
        assertThat(only(replaced)).isEqualTo(newcomers);
        assertThat(outcomes)
                .containsEntry(StepStatus.REFUSED, 150)
                .containsEntry(StepStatus.FAILED, APPS * REPLACED_OF_EACH)
                .containsEntry(StepStatus.DONE, APPS * (REPLICAS - REPLACED_OF_EACH));
    }

    @Test
    void leavesEveryWorkloadItsLastHealthyPodAndLetsTheRestWait() throws Exception {
        for (int app = 0; app < APPS; app++) {
            pods("app-" + app, REPLICAS);
        }

        Map<StepStatus, Integer> outcomes = flood();

        assertThat(outcomes)
                .containsOnly(Map.entry(StepStatus.DONE, APPS * (REPLICAS - 1)), Map.entry(StepStatus.WAITING, APPS));
        for (int app = 0; app < APPS; app++) {
            assertThat(client.pods().inNamespace("app-" + app).list().getItems())
                    .filteredOn(pod -> !HealthyReplicas.isOutOfService(pod))
                    .hasSize(1);
        }
    }

    private Map<StepStatus, Integer> flood() throws InterruptedException, ExecutionException {
        ExecutorService lanes = Executors.newFixedThreadPool(4);
        try {
            List<Future<StepStatus>> running = new ArrayList<>();
            for (Command command : commands) {
                running.add(lanes.submit(
                        () -> whole(run(runner, Command.newBuilder(command))).getStatus()));
            }
            Map<StepStatus, Integer> outcomes = new EnumMap<>(StepStatus.class);
            for (Future<StepStatus> one : running) {
                outcomes.merge(one.get(), 1, Integer::sum);
            }
            return outcomes;
        } finally {
            lanes.shutdownNow();
        }
    }

    private List<String> replaceSome() {
        List<String> names = new ArrayList<>();
        for (int app = 0; app < APPS; app++) {
            for (int i = 0; i < REPLACED_OF_EACH; i++) {
                Pod pod = pod("app-" + app, "app-" + app + "-" + i);
                pod.getMetadata().setUid("new-" + pod.getMetadata().getUid());
                cluster.store(pod);
                names.add("Pod app-" + app + "/" + pod.getMetadata().getName());
            }
        }
        return names;
    }

    private Map<String, String> only(List<String> names) {
        Map<String, String> objects = Snapshot.of(cluster.simulated());
        objects.keySet().retainAll(names);
        assertThat(objects).hasSize(names.size());
        return objects;
    }

    private void pods(String namespace, int count) {
        cluster.store(new StatefulSetBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(namespace)
                .withUid(namespace)
                .endMetadata()
                .withNewSpec()
                .withReplicas(count)
                .withNewSelector()
                .addToMatchLabels("app", namespace)
                .endSelector()
                .endSpec()
                .build());
        for (int i = 0; i < count; i++) {
            String name = namespace + "-" + i;
            cluster.store(new PodBuilder(affected())
                    .editMetadata()
                    .withNamespace(namespace)
                    .withName(name)
                    .withUid("uid-" + name)
                    .withLabels(Map.of("app", namespace))
                    .withOwnerReferences(new OwnerReferenceBuilder()
                            .withApiVersion("apps/v1")
                            .withKind("StatefulSet")
                            .withName(namespace)
                            .withUid(namespace)
                            .withController(true)
                            .build())
                    .endMetadata()
                    .build());
            commands.add(Commands.onPod(namespace, name, "uid-" + name, "label", "isolate")
                    .setId("command-" + name)
                    .setIncidentId("incident-" + name)
                    .build());
        }
    }
}
