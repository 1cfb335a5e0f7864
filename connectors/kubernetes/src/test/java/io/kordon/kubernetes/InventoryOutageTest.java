package io.kordon.kubernetes;

import static io.kordon.kubernetes.InventoryRun.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.kordon.avro.Pod;
import io.kordon.schemas.EntityKey;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the API server, Kafka and the topic do to the inventory, and that it has no gaps for it. */
class InventoryOutageTest {
    private final InventoryRun run = new InventoryRun();

    @AfterEach
    void stop() {
        run.close();
    }

    @Test
    void listsAgainWhenTheApiServerNoLongerKnowsWhereTheWatchStood() {
        run.begin(InventoryConfig.of("demo"));
        await().until(() -> run.written().size() == 4);
        run.cluster.forgetCalls();

        run.cluster.forgetHistory();
        await().until(() -> run.cluster.calls().stream()
                .anyMatch(call -> call.verb().equals("list") && call.resource().equals("pods")));
        run.cluster.store(relabelled("again"));

        await().until(() ->
                "again".equals(run.last(KEY).getContext().getLabels().get("status")));
        await().untilAsserted(() -> assertThat(run.inventory().problem()).isNull());
        assertThat(run.written()).hasSize(5);
    }

    @Test
    void findsOutWhatHappenedWhileTheApiServerWasAway() {
        run.begin(InventoryConfig.of("demo"));
        await().until(() -> run.written().size() == 4);
        io.fabric8.kubernetes.api.model.Pod live = run.live();
        io.fabric8.kubernetes.api.model.Pod cart = run.cluster
                .client()
                .pods()
                .inNamespace("shop")
                .list()
                .getItems()
                .get(0);

        run.cluster.goAway();
        await().untilAsserted(() -> assertThat(run.inventory().problem()).contains("watch of the pods is broken"));
        assertThat(watching("pods")).isZero();
        run.cluster.remove(live);
        run.cluster.store(reborn(live, "tomcat-2"));
        run.cluster.remove(cart);
        run.cluster.comeBack();

        String cartKey = EntityKey.pod("demo", "shop", cart.getMetadata().getName());
        await().untilAsserted(() -> {
            assertThat(run.written(cartKey))
                    .extracting(pod -> pod.getDeletedAt() != null)
                    .containsExactly(false, true);
            assertThat(run.written(KEY))
                    .extracting(pod -> pod.getEntity().getUid(), pod -> pod.getDeletedAt() != null)
                    .containsExactly(
                            tuple(live.getMetadata().getUid(), false),
                            tuple(live.getMetadata().getUid(), true),
                            tuple("tomcat-2", false));
            assertThat(run.inventory().problem()).isNull();
            assertThat(watching("pods")).isEqualTo(1);
        });
        assertThat(run.gauge("kordon.inventory.silence")).isBetween(0.0, 60.0);
    }

    private double watching(String kind) {
        return run.meters
                .get("kordon.inventory.watching")
                .tag("kind", kind)
                .gauge()
                .value();
    }

    @Test
    void aPodDeletedAndMadeAgainUnderItsNameEndsBeforeItBegins() {
        run.begin(InventoryConfig.of("demo"));
        await().until(() -> run.written().size() == 4);
        io.fabric8.kubernetes.api.model.Pod live = run.live();

        run.cluster.remove(live);
        run.cluster.store(reborn(live, "tomcat-2"));

        await().untilAsserted(() -> assertThat(run.written(KEY))
                .extracting(pod -> pod.getEntity().getUid(), pod -> pod.getDeletedAt() != null)
                .containsExactly(
                        tuple(live.getMetadata().getUid(), false),
                        tuple(live.getMetadata().getUid(), true),
                        tuple("tomcat-2", false)));
    }

    @Test
    void writesWhatKafkaDidNotTakeWhenItIsBackAndSaysSoMeanwhile() {
        run.producer.sendException = new TimeoutException("no broker");
        run.start(InventoryRun.restless());
        await().untilAsserted(
                        () -> assertThat(run.inventory().problem()).contains("pods cannot be written: no broker"));
        assertThat(run.written()).isEmpty();

        run.producer.sendException = null;

        await().untilAsserted(() -> assertThat(run.compacted()).hasSize(4));
        await().untilAsserted(() -> assertThat(run.inventory().problem()).isNull());
        assertThat(run.failures("write")).isPositive();
    }

    @Test
    void anEndThatKafkaDidNotTakeIsWrittenAndTheSuccessorHasTheLastWord() {
        run.begin(InventoryRun.restless());
        await().until(() -> run.written().size() == 4);
        io.fabric8.kubernetes.api.model.Pod live = run.live();

        run.producer.sendException = new TimeoutException("no broker");
        run.cluster.remove(live);
        run.cluster.store(reborn(live, "tomcat-2"));
        await().until(() -> run.failures("write") > 2);
        run.producer.sendException = null;

        await().untilAsserted(() -> {
            assertThat(run.written(KEY))
                    .anyMatch(pod -> pod.getDeletedAt() != null
                            && pod.getEntity()
                                    .getUid()
                                    .equals(live.getMetadata().getUid()));
            assertThat(run.last(KEY).getEntity().getUid()).isEqualTo("tomcat-2");
            assertThat(run.last(KEY).getDeletedAt()).isNull();
        });
    }

    @Test
    void waitsForTheTopicSinceWithoutItGapsWouldStay() {
        Pod vanished = PodRecords.of(
                "demo",
                new PodBuilder(run.live())
                        .editMetadata()
                        .withName("long-gone")
                        .withUid("gone")
                        .endMetadata()
                        .build(),
                Instant.EPOCH);
        AtomicInteger tries = new AtomicInteger();
        run.start(InventoryRun.restless(), () -> {
            MockConsumer<byte[], byte[]> consumer = run.consumer(vanished);
            if (tries.incrementAndGet() < 3) {
                consumer.setOffsetsException(new KafkaException("no broker"));
            }
            return consumer;
        });

        run.settled();

        assertThat(tries).hasValue(3);
        assertThat(run.failures("read")).isEqualTo(2);
        await().untilAsserted(
                        () -> assertThat(run.last(vanished.getEntity().getKey()).getDeletedAt())
                                .isNotNull());
    }

    private io.fabric8.kubernetes.api.model.Pod relabelled(String status) {
        return new PodBuilder(run.live())
                .editMetadata()
                .addToLabels("status", status)
                .endMetadata()
                .build();
    }

    private static io.fabric8.kubernetes.api.model.Pod reborn(io.fabric8.kubernetes.api.model.Pod pod, String uid) {
        return new PodBuilder(pod)
                .editMetadata()
                .withUid(uid)
                .withCreationTimestamp(Instant.now().toString())
                .endMetadata()
                .build();
    }
}
