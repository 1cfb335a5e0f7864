package io.kordon.kubernetes;

import static io.kordon.kubernetes.InventoryRun.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EphemeralContainerBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.kordon.avro.ContainerContext;
import io.kordon.avro.Owner;
import io.kordon.avro.Pod;
import io.kordon.avro.PodContext;
import io.kordon.kubernetes.simulated.SimulatedCluster;
import io.kordon.schemas.EntityKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class InventoryTest {
    private final InventoryRun run = new InventoryRun();
    private final SimulatedCluster cluster = run.cluster;

    @AfterEach
    void stop() {
        run.close();
    }

    @Test
    void writesEveryPodOnceWithWhatResolvesEvents() {
        run.begin(InventoryConfig.of("demo"));

        await().untilAsserted(() -> assertThat(run.written()).hasSize(4));
        Pod pod = run.last(KEY);
        assertThat(pod.getEntity().getUid()).isEqualTo(run.live().getMetadata().getUid());
        assertThat(pod.getEntity().getCluster()).isEqualTo("demo");
        assertThat(pod.getDeletedAt()).isNull();
        assertThat(pod.getPhase()).isEqualTo("Running");
        assertThat(pod.getContext().getNode()).isEqualTo("worker-1");
        assertThat(pod.getContext().getLabels()).containsEntry("app", "tomcat");
        assertThat(pod.getContext().getServiceAccount()).isEqualTo("tomcat");
        assertThat(pod.getContext().getOwners()).singleElement().satisfies(owner -> {
            assertThat(owner.getKind()).isEqualTo("ReplicaSet");
            assertThat(owner.getController()).isTrue();
        });
        assertThat(pod.getContext().getContainers()).singleElement().satisfies(container -> {
            assertThat(container.getName()).isEqualTo("tomcat");
            assertThat(container.getId()).matches("[0-9a-f]{64}");
        });
        assertThat(run.gauge("kordon.inventory.pods")).isEqualTo(4);
    }

    @Test
    void writesWhatMattersAndNotWhatDoesNot() {
        run.begin(InventoryConfig.of("demo"));

        cluster.client()
                .pods()
                .inNamespace("tomcat")
                .withName(Commands.AFFECTED)
                .edit(pod -> {
                    pod.getStatus().getConditions().get(0).setLastProbeTime("2026-11-24T00:00:00Z");
                    return pod;
                });
        cluster.client()
                .pods()
                .inNamespace("tomcat")
                .withName(Commands.AFFECTED)
                .edit(pod -> {
                    pod.getMetadata().getLabels().put("status", "affected");
                    return pod;
                });

        await().until(() -> run.last(KEY).getContext().getLabels().containsKey("status"));
        assertThat(run.written()).hasSize(5);
    }

    @Test
    void knowsAPodThatKordonDetachedAsItWasBefore() {
        run.begin(InventoryConfig.of("demo"));
        await().untilAsserted(() -> assertThat(run.written()).hasSize(4));
        Owner workload = run.last(KEY).getContext().getWorkload();
        assertThat(workload).isNotNull();
        cluster.client()
                .pods()
                .inNamespace("tomcat")
                .withName(Commands.AFFECTED)
                .edit(pod -> {
                    ObjectNode detach = (ObjectNode) JsonMapper.shared()
                            .readTree("{'metadata':{'labels':{'app':null,'status':'affected'}}}".replace('\'', '"'));
                    String hold = Hold.none()
                            .with("inc-1", Instant.EPOCH, detach, pod)
                            .json(pod.getMetadata().getUid());
                    pod.getMetadata().getLabels().remove("app");
                    pod.getMetadata().getLabels().putAll(Map.of("status", "affected", "somebody", "else"));
                    pod.getMetadata().setAnnotations(Map.of(Hold.ANNOTATION, hold, "other", "annotation"));
                    pod.getMetadata().setOwnerReferences(List.of());
                    return pod;
                });

        await().until(() -> run.last(KEY).getContext().getLabels().containsKey("somebody"));
        PodContext context = run.last(KEY).getContext();
        assertThat(context.getLabels()).containsEntry("app", "tomcat").doesNotContainKey("status");
        assertThat(context.getOwners()).isEmpty();
        assertThat(context.getWorkload()).isEqualTo(workload);
    }

    @Test
    void saysThatAPodIsGoneByItsLastStateWithTheTimeOfItsEnd() {
        run.begin(InventoryConfig.of("demo"));

        cluster.client()
                .pods()
                .inNamespace("tomcat")
                .withName(Commands.AFFECTED)
                .delete();

        await().until(() -> run.last(KEY).getDeletedAt() != null);
        assertThat(run.last(KEY).getEntity().getUid()).isNotBlank();
        assertThat(run.gauge("kordon.inventory.pods")).isEqualTo(3);
    }

    @Test
    void endsThePodsThatVanishedWhileNobodyWatched() {
        Pod vanished = PodRecords.of(
                "demo",
                new PodBuilder(run.live())
                        .editMetadata()
                        .withName("long-gone")
                        .withUid("gone")
                        .endMetadata()
                        .build(),
                Instant.EPOCH);
        Pod elsewhere = PodRecords.of("another-cluster", run.live(), Instant.EPOCH);

        run.begin(InventoryConfig.of("demo"), vanished, elsewhere);

        await().untilAsserted(() -> assertThat(run.written())
                .hasSize(5)
                .noneMatch(pod -> pod.getEntity().getCluster().equals("another-cluster")));
        assertThat(run.last(vanished.getEntity().getKey()).getDeletedAt()).isNotNull();
    }

    @Test
    void endsThePodThatBoreTheNameBeforeTheNewOneBegins() {
        Pod predecessor = PodRecords.of(
                "demo",
                new PodBuilder(run.live())
                        .editMetadata()
                        .withUid("predecessor")
                        .endMetadata()
                        .build(),
                Instant.EPOCH);

        run.begin(InventoryConfig.of("demo"), predecessor);

        await().untilAsserted(() -> assertThat(run.written(KEY))
                .extracting(pod -> pod.getEntity().getUid().equals("predecessor"), pod -> pod.getDeletedAt() != null)
                .containsExactly(tuple(true, true), tuple(false, false)));
        // It was gone before the new one could have its name, however long nobody watched.
        assertThat(run.written(KEY).get(0).getDeletedAt())
                .isEqualTo(run.written(KEY).get(1).getCreatedAt().plusSeconds(1));
    }

    @Test
    void writesNothingAfterARestartWithoutChanges() {
        Pod known = PodRecords.withWorkload(
                PodRecords.of("demo", run.live(), Instant.EPOCH),
                Owner.newBuilder()
                        .setKind("Deployment")
                        .setName("tomcat-depl")
                        .setUid(deployment())
                        .setController(true)
                        .build(),
                Instant.EPOCH);

        run.begin(InventoryConfig.of("demo"), known);

        await().untilAsserted(() -> assertThat(run.written()).hasSize(3));
        assertThat(run.written(KEY)).isEmpty();
    }

    @Test
    void watchesTheNamespacesItIsToldToAndEndsNothingElsewhere() {
        Pod elsewhere = PodRecords.of(
                "demo",
                new PodBuilder(run.live())
                        .editMetadata()
                        .withNamespace("unwatched")
                        .endMetadata()
                        .build(),
                Instant.EPOCH);

        run.begin(
                new InventoryConfig(
                        "demo", Set.of("shop"), Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofDays(1)),
                elsewhere);

        await().untilAsserted(() -> assertThat(run.written())
                .singleElement()
                .satisfies(pod -> assertThat(pod.getEntity().getNamespace()).isEqualTo("shop")));
    }

    @Test
    void takesPodsOutOfTheTopicThatEndedLongAgo() {
        Pod ended = PodRecords.deleted(
                PodRecords.of(
                        "demo",
                        new PodBuilder(run.live())
                                .editMetadata()
                                .withName("long-gone")
                                .endMetadata()
                                .build(),
                        Instant.EPOCH),
                Instant.EPOCH);

        run.begin(
                new InventoryConfig(
                        "demo", Set.of("shop"), Duration.ofSeconds(5), Duration.ofMillis(50), Duration.ofDays(1)),
                ended);

        await().until(() -> run.producer.history().stream().anyMatch(record -> record.value() == null));
        ProducerRecord<byte[], byte[]> tombstone = run.producer.history().stream()
                .filter(record -> record.value() == null)
                .findFirst()
                .orElseThrow();
        assertThat(new String(tombstone.key(), StandardCharsets.UTF_8))
                .isEqualTo(ended.getEntity().getKey());
    }

    @Test
    void saysThatItDoesNotFollowWhileTheApiServerIsAway() {
        run.begin(InventoryConfig.of("demo"));

        cluster.close();

        await().untilAsserted(() -> assertThat(run.inventory().problem()).contains("watch of the pods is broken"));
    }

    @Test
    void saysWhyThePodsCannotBeListed() {
        cluster.failNext("list", "pods", 403, 1_000);

        run.start(InventoryConfig.of("demo"));

        await().untilAsserted(() -> assertThat(run.inventory().problem())
                .contains("cannot be listed: 403")
                .contains("list pods, watch pods"));
        assertThat(run.written()).isEmpty();
    }

    @Test
    void asksForWhatItDeclaresAndNothingElse() {
        cluster.forgetCalls();
        run.begin(InventoryConfig.of("demo"));

        assertThat(cluster.calls().stream().map(call -> new Permission(call.verb(), call.group(), call.resource())))
                .containsAll(Inventory.permissions())
                .allMatch(Inventory.permissions()::contains);
    }

    @Test
    void writesTheNewContainerIdWhenAContainerRestarts() {
        run.begin(InventoryConfig.of("demo"));
        String first = container(0).getId();

        edit(pod -> pod.getStatus().getContainerStatuses().get(0).setContainerID("containerd://" + "b".repeat(64)));

        await().until(() -> "b".repeat(64).equals(container(0).getId()));
        assertThat(run.written(KEY))
                .extracting(pod -> pod.getContext().getContainers().get(0).getId())
                .containsExactly(first, "b".repeat(64));
    }

    @Test
    void writesAnEphemeralContainerAndItsIdWhenItHasStarted() {
        run.begin(InventoryConfig.of("demo"));

        edit(pod -> pod.getSpec()
                .setEphemeralContainers(List.of(new EphemeralContainerBuilder()
                        .withName("debugger")
                        .withImage("busybox:1.37")
                        .withTargetContainerName("tomcat")
                        .build())));
        await().until(() -> run.last(KEY).getContext().getContainers().size() == 2);
        assertThat(container(1).getName()).isEqualTo("debugger");
        assertThat(container(1).getId()).isNull();

        edit(pod -> pod.getStatus()
                .setEphemeralContainerStatuses(List.of(new ContainerStatusBuilder()
                        .withName("debugger")
                        .withContainerID("containerd://" + "e".repeat(64))
                        .build())));
        await().until(() -> "e".repeat(64).equals(container(1).getId()));
    }

    @Test
    void writesNoMoreThanKafkaTakesOfAPodThatIsMadeToBeLarge() {
        Map<String, String> labels = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            labels.put("l" + i + "-" + "k".repeat(50), "v".repeat(63));
        }
        List<Container> containers = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            containers.add(new ContainerBuilder()
                    .withName("c" + i)
                    .withImage("i".repeat(3_000))
                    .build());
        }
        run.begin(InventoryConfig.of("demo"));

        cluster.store(new PodBuilder(run.live())
                .editMetadata()
                .withName("large")
                .withUid("large")
                .withLabels(labels)
                .withOwnerReferences(Collections.nCopies(
                        100,
                        new OwnerReferenceBuilder()
                                .withApiVersion("v1")
                                .withKind("k".repeat(5_000))
                                .withName("n".repeat(5_000))
                                .withUid("u".repeat(5_000))
                                .build()))
                .endMetadata()
                .editSpec()
                .withContainers(containers)
                .endSpec()
                .build());

        String key = EntityKey.pod("demo", "tomcat", "large");
        await().until(() -> !run.written(key).isEmpty());
        assertThat(run.producer.history())
                .allSatisfy(record -> assertThat(record.value()).hasSizeLessThan(128 * 1024));
        int kept = run.last(key).getContext().getLabels().size() - 1;
        assertThat(kept).isBetween(100, 9_999);
        assertThat(run.last(key).getContext().getLabels())
                .containsEntry(PodBounds.OMITTED, Integer.toString(10_000 - kept));
        assertThat(run.last(key).getContext().getContainers().size()).isBetween(50, 4_999);
    }

    @Test
    void leavesOutAPodWhoseNameMakesNoKeyAndGoesOn() {
        run.begin(InventoryConfig.of("demo"));

        cluster.store(new PodBuilder(run.live())
                .editMetadata()
                .withName("n".repeat(2_000))
                .withUid("nameless")
                .endMetadata()
                .build());
        edit(pod -> pod.getMetadata().getLabels().put("status", "affected"));

        await().until(() -> run.last(KEY).getContext().getLabels().containsKey("status"));
        assertThat(run.written()).noneMatch(pod -> pod.getEntity().getKey().length() > 1_024);
        assertThat(run.failures("name")).isPositive();
    }

    private ContainerContext container(int index) {
        return run.last(KEY).getContext().getContainers().get(index);
    }

    private void edit(Consumer<io.fabric8.kubernetes.api.model.Pod> change) {
        cluster.client()
                .pods()
                .inNamespace("tomcat")
                .withName(Commands.AFFECTED)
                .edit(pod -> {
                    change.accept(pod);
                    return pod;
                });
    }

    private String deployment() {
        return cluster.client()
                .apps()
                .deployments()
                .inNamespace("tomcat")
                .withName("tomcat-depl")
                .get()
                .getMetadata()
                .getUid();
    }
}
