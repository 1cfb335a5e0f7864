package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.ContainerContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodBoundsTest {
    @Test
    void leavesUsualLabelsAsTheyAre() {
        Map<String, String> labels = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            labels.put("app.kubernetes.io/label-" + i, "value-" + i);
        }
        assertThat(PodBounds.labels(labels)).isEqualTo(labels);
    }

    @Test
    void keepsTheFirstLabelsByKeyAndSaysHowManyThereWere() {
        Map<String, String> labels = new HashMap<>();
        for (int i = 1_000; i < 2_000; i++) {
            labels.put("k" + i, "v".repeat(59)); // 64 bytes each
        }
        Map<String, String> kept = PodBounds.labels(labels);
        assertThat(kept)
                .hasSize(PodBounds.LABELS / 64 + 1)
                .containsKeys("k1000", "k1383")
                .doesNotContainKey("k1384")
                .containsEntry(PodBounds.OMITTED, Integer.toString(1_000 - PodBounds.LABELS / 64));
        assertThat(PodBounds.labels(new HashMap<>(labels))).isEqualTo(kept);
    }

    @Test
    void prefersContainersThatRunSinceEventsSpeakOfThem() {
        List<ContainerContext> containers = new ArrayList<>(Collections.nCopies(1_000, container("waits", null)));
        containers.add(container("runs", "f".repeat(64)));
        assertThat(PodBounds.containers(containers))
                .hasSizeLessThan(1_000)
                .first()
                .satisfies(container -> assertThat(container.getName()).isEqualTo("runs"));
    }

    @Test
    void keepsTheOrderOfContainersThatFit() {
        List<ContainerContext> containers = List.of(container("a", null), container("b", "f".repeat(64)));
        assertThat(PodBounds.containers(containers)).isEqualTo(containers);
    }

    @Test
    void cutsBetweenCharacters() {
        assertThat(PodBounds.cut("name", 4)).isEqualTo("name");
        assertThat(PodBounds.cut("names", 4)).isEqualTo("name");
        assertThat(PodBounds.cut("nam\uD83D\uDC0B", 4)).isEqualTo("nam");
    }

    private static ContainerContext container(String name, @org.jspecify.annotations.Nullable String id) {
        return ContainerContext.newBuilder()
                .setName(name)
                .setImage("registry.example/image:" + "t".repeat(80))
                .setId(id)
                .build();
    }
}
