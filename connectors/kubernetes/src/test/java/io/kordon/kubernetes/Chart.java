package io.kordon.kubernetes;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Kordon's Helm chart, rendered by Helm itself, for a release {@value #RELEASE} in a namespace of that name, with the least
 * values that it needs. What the chart makes besides accounts and rights is looked at in {@code app/}.
 */
final class Chart {
    static final String RELEASE = "kordon";
    static final Path FOLDER = Path.of("../../helm/kordon");

    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    private Chart() {}

    /** @throws IllegalStateException with Helm's words where the chart refuses the values */
    static List<HasMetadata> render(Map<String, Object> values) {
        TemplateCommand template = new Helm(FOLDER)
                .template()
                .withName(RELEASE)
                .withNamespace(RELEASE)
                .withKubeVersion("1.34.0")
                .withValuesFile(FOLDER.resolve("ci/default-values.yaml"));
        values.forEach(template::set);
        return Arrays.stream(template.call().split("(?m)^---\\s*$", -1))
                .filter(document -> document.lines().anyMatch(line -> line.startsWith("kind:")))
                .map(document -> YAML.<HasMetadata>unmarshal(document))
                .toList();
    }

    static <T extends HasMetadata> List<T> of(Class<T> kind, List<HasMetadata> objects) {
        return objects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** What a role of the release grants; nothing where there is no such role. */
    static Set<Permission> granted(String role, List<HasMetadata> objects) {
        Set<Permission> granted = new HashSet<>();
        of(ClusterRole.class, objects).stream()
                .filter(one -> one.getMetadata().getName().equals(role))
                .flatMap(one -> one.getRules().stream())
                .forEach(rule -> rule.getApiGroups()
                        .forEach(group -> rule.getResources()
                                .forEach(resource -> rule.getVerbs()
                                        .forEach(verb -> granted.add(new Permission(verb, group, resource))))));
        return granted;
    }
}
