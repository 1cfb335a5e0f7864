package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What controllers make of a containment: on the simulated cluster and, in {@code peers/check.sh}, with the real ones. */
class ReplacementTest extends ContainmentContract {
    @BeforeEach
    void startControllers() {
        cluster.startControllers();
        soon(() -> assertThat(serving()).containsExactlyInAnyOrder(Commands.AFFECTED, Commands.OTHER));
    }

    @Test
    void leavesAlonePodsThatAreAsTheyShouldBe() {
        client.pods()
                .inNamespace("tomcat")
                .withName(Commands.OTHER)
                .edit(pod -> new PodBuilder(pod)
                        .editMetadata()
                        .addToAnnotations("touched", "yes")
                        .endMetadata()
                        .build());

        soon(() -> assertThat(pods()).containsExactlyInAnyOrder(Commands.AFFECTED, Commands.OTHER));
        assertThat(owners(Commands.AFFECTED)).containsExactly("tomcat-depl-89bb8c5c7");
    }

    @Test
    void replacesADetachedPodAndServesByTheReplacement() {
        run(command("label", "cordon", "detach", "isolate")); // cordoned first: no replacement beside the intruder

        soon(() -> {
            assertThat(owners(Commands.AFFECTED)).isEmpty();
            assertThat(replacements()).hasSize(1);
            assertThat(serving())
                    .hasSize(2)
                    .contains(Commands.OTHER)
                    .containsAll(replacements())
                    .doesNotContain(Commands.AFFECTED);
        });
        Pod replacement = pod("tomcat", replacements().iterator().next());
        assertThat(replacement.getSpec().getNodeName()).isEqualTo("worker-2");
        assertThat(replacement.getMetadata().getLabels())
                .isEqualTo(pod("tomcat", Commands.OTHER).getMetadata().getLabels());
        assertThat(affected().getMetadata().getDeletionTimestamp()).isNull();
    }

    @Test
    void takesAPodBackThatHasItsLabelsAgainAndEndsTheReplacement() {
        Map<String, String> before = affectedLabels();
        run(command("detach"));
        soon(() -> assertThat(serving()).hasSize(2).doesNotContain(Commands.AFFECTED));

        client.pods()
                .inNamespace("tomcat")
                .withName(Commands.AFFECTED)
                .edit(pod -> new PodBuilder(pod)
                        .editMetadata()
                        .withLabels(before)
                        .endMetadata()
                        .build());

        soon(() -> {
            assertThat(owners(Commands.AFFECTED)).containsExactly("tomcat-depl-89bb8c5c7");
            assertThat(pods()).hasSize(2);
            assertThat(serving()).isEqualTo(pods());
        });
    }

    @Test
    void followsTheNumberOfADeployment() {
        scale(0);
        soon(() -> {
            assertThat(pods()).isEmpty();
            assertThat(serving()).isEmpty();
        });

        scale(3);
        soon(() -> assertThat(serving()).hasSize(3).isEqualTo(pods()));
    }

    private void scale(int replicas) {
        client.apps()
                .deployments()
                .inNamespace("tomcat")
                .withName("tomcat-depl")
                .edit(deployment -> {
                    deployment.getSpec().setReplicas(replicas);
                    return deployment;
                });
    }

    /** The simulated controllers are done when a request is answered; real ones a moment later. */
    private static void soon(ThrowingRunnable check) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(check);
    }

    private Set<String> pods() {
        return client.pods().inNamespace("tomcat").list().getItems().stream()
                .map(pod -> pod.getMetadata().getName())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> replacements() {
        Set<String> names = pods();
        names.removeAll(List.of(Commands.AFFECTED, Commands.OTHER));
        return names;
    }

    private List<String> owners(String pod) {
        return pod("tomcat", pod).getMetadata().getOwnerReferences().stream()
                .map(owner -> owner.getName())
                .toList();
    }

    /** Pods that the Service sends requests to. */
    private Set<String> serving() {
        Set<String> serving = new TreeSet<>();
        client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace("tomcat")
                .withLabel("kubernetes.io/service-name", "tomcat")
                .list()
                .getItems()
                .forEach(slice -> Objects.requireNonNullElse(
                                slice.getEndpoints(),
                                new ArrayList<io.fabric8.kubernetes.api.model.discovery.v1.Endpoint>())
                        .stream()
                        .filter(one -> Boolean.TRUE.equals(one.getConditions().getReady()))
                        .forEach(one -> serving.add(one.getTargetRef().getName())));
        return serving;
    }
}
