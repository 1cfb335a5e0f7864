package io.kordon.app.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of each value set: Helm's own checks, and every object held to its kind. */
class ChartObjectsTest {
    static Stream<String> valueSets() {
        return ChartFolder.valueSets().stream();
    }

    @Test
    void hasTheValueSetsThatItPromises() {
        assertThat(valueSets()).contains("default", "production", "air-gapped", "central", "edge");
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void passesHelmsOwnChecks(String valueSet, @TempDir Path folder) throws IOException {
        LintResult result = new Helm(ChartFolder.withDefaults(folder.resolve("kordon"), valueSet))
                .lint()
                .strict()
                .quiet()
                .call();

        assertThat(result.isFailed())
                .as(String.join("\n", result.getMessages()))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void makesObjectsThatAreExactlyOfTheirKinds(String valueSet) {
        assertThat(RenderedChart.of(valueSet).documents())
                .hasSizeGreaterThan(10)
                .allSatisfy(document -> assertThat(StrictDecoding.problems(document))
                        .as("%s %s", document.get("kind"), document.get("metadata"))
                        .isEmpty());
    }

    @Test
    void wouldFindAFieldThatDoesNotExistAndAValueOfAnotherType() {
        Map<String, Object> service = Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Service",
                "metadata",
                Map.of("name", "one", "labels", Map.of("version", 1)),
                "spec",
                Map.of("ports", List.of(Map.of("port", 80, "portt", 81))));

        assertThat(StrictDecoding.problems(service))
                .anyMatch(problem -> problem.contains("has no field portt"))
                .anyMatch(problem -> problem.contains("labels.version is 1"))
                .hasSize(2);
        assertThat(StrictDecoding.problems(Map.of("apiVersion", "v2", "kind", "Pod")))
                .isNotEmpty();
        assertThat(StrictDecoding.problems(Map.of(
                        "apiVersion",
                        "keda.sh/v1alpha1",
                        "kind",
                        "ScaledObject",
                        "spec",
                        Map.of("triggers", List.of(Map.of("metadata", Map.of("lagThreshold", 5)))))))
                .containsExactly("ScaledObject.spec.triggers[].metadata.lagThreshold is 5, and should be text");
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void makesEveryObjectOnceInItsNamespaceAndWithItsLabels(String valueSet) {
        List<HasMetadata> objects = RenderedChart.of(valueSet).documents().stream()
                .map(document -> RenderedChart.KINDS.unmarshal(RenderedChart.KINDS.asJson(document), HasMetadata.class))
                .filter(object -> !object.getMetadata().getName().equals("notes"))
                .toList();

        assertThat(objects)
                .extracting(object -> object.getApiVersion() + "/" + RenderedChart.path(object))
                .doesNotHaveDuplicates();
        assertThat(objects).allSatisfy(object -> {
            assertThat(object.getMetadata().getNamespace())
                    .as(RenderedChart.path(object))
                    .isEqualTo(object.getKind().startsWith("ClusterRole") ? null : RenderedChart.RELEASE);
            assertThat(object.getMetadata().getName()).startsWith(RenderedChart.RELEASE + "-");
            assertThat(object.getMetadata().getLabels())
                    .containsEntry("app.kubernetes.io/name", "kordon")
                    .containsEntry("app.kubernetes.io/instance", RenderedChart.RELEASE)
                    .containsEntry("app.kubernetes.io/managed-by", "Helm");
        });
        assertThat(objects).extracting(HasMetadata::getKind).doesNotContain("Secret");
    }
}
