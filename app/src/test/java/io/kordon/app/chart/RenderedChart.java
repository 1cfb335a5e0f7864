package io.kordon.app.chart;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What Helm makes of the chart for a release {@value #RELEASE} in a namespace of that name, hooks and notes included.
 *
 * @param documents every document as plain YAML; a key that comes twice is an error
 */
record RenderedChart(List<Map<String, Object>> documents) {
    static final String RELEASE = "kordon";
    static final KubernetesSerialization KINDS = new KubernetesSerialization();

    private static final Path FOLDER = prepared();

    RenderedChart {
        documents = List.copyOf(documents);
    }

    /** @throws IllegalStateException with Helm's words where the chart refuses the values */
    static RenderedChart of(String valueSet) {
        return of(valueSet, Map.of());
    }

    /** @param set values over those of the value set, by their path */
    static RenderedChart of(String valueSet, Map<String, Object> set) {
        return of(valueSet, set, "1.34.0");
    }

    /** The same for another version of Kubernetes. */
    @SuppressWarnings("unchecked")
    static RenderedChart of(String valueSet, Map<String, Object> set, String version) {
        TemplateCommand template = new Helm(FOLDER)
                .template()
                .withName(RELEASE)
                .withNamespace(RELEASE)
                .withKubeVersion(version)
                .withValuesFile(ChartFolder.file(valueSet));
        set.forEach(template::set);
        List<Map<String, Object>> documents = new ArrayList<>();
        for (Object document :
                new Load(LoadSettings.builder().setLabel(valueSet).build()).loadAllFromString(template.call())) {
            documents.add((Map<String, Object>) document);
        }
        return new RenderedChart(documents);
    }

    /** All of one kind, but the notes. */
    <T extends HasMetadata> List<T> all(Class<T> kind) {
        return documents.stream()
                .filter(document -> HasMetadata.getKind(kind).equals(document.get("kind")))
                .map(document -> KINDS.unmarshal(KINDS.asJson(document), kind))
                .filter(object -> !object.getMetadata().getName().equals("notes"))
                .toList();
    }

    /** Templates of all pods, by the kind and name of what makes them. */
    Map<String, PodTemplateSpec> pods() {
        Map<String, PodTemplateSpec> pods = new LinkedHashMap<>();
        all(Deployment.class).forEach(one -> pods.put(path(one), one.getSpec().getTemplate()));
        all(StatefulSet.class).forEach(one -> pods.put(path(one), one.getSpec().getTemplate()));
        all(Job.class).forEach(one -> pods.put(path(one), one.getSpec().getTemplate()));
        return pods;
    }

    /** Text of the settings file of a part. */
    String settings(String part) {
        return all(ConfigMap.class).stream()
                .filter(map -> map.getMetadata().getName().equals(RELEASE + "-" + part))
                .map(map -> map.getData().get("kordon.yaml"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no settings of " + part));
    }

    String notes() {
        return documents.stream()
                .map(document -> KINDS.unmarshal(KINDS.asJson(document), HasMetadata.class))
                .filter(object -> object instanceof ConfigMap
                        && object.getMetadata().getName().equals("notes"))
                .map(object -> ((ConfigMap) object).getData().get("notes"))
                .findFirst()
                .orElseThrow();
    }

    static String path(HasMetadata object) {
        return object.getKind() + "/" + object.getMetadata().getName();
    }

    private static Path prepared() {
        try {
            return ChartFolder.withHooksAndNotes(
                    Files.createTempDirectory(Files.createDirectories(Path.of("target")), "chart"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
