package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.APIGroupList;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which of some kinds the API server has. Discovery is open to every account and asks for no permission, so that what is
 * not installed needs none.
 */
final class InstalledKinds {
    private InstalledKinds() {}

    /** Those of the candidates that are installed, in their order. */
    static List<ApiKind> of(KubernetesClient client, List<ApiKind> candidates) {
        APIGroupList groups = client.getApiGroups();
        Set<String> versions = groups == null
                ? Set.of()
                : groups.getGroups().stream()
                        .flatMap(group -> group.getVersions().stream())
                        .map(version -> version.getGroupVersion())
                        .collect(Collectors.toSet());
        Map<String, Set<String>> plurals = new LinkedHashMap<>();
        List<ApiKind> installed = new ArrayList<>();
        for (ApiKind kind : candidates) {
            if (versions.contains(kind.apiVersion())
                    && plurals.computeIfAbsent(kind.apiVersion(), version -> plurals(client, version))
                            .contains(kind.plural())) {
                installed.add(kind);
            }
        }
        return installed;
    }

    private static Set<String> plurals(KubernetesClient client, String version) {
        APIResourceList resources = client.getApiResources(version);
        return resources == null
                ? Set.of()
                : resources.getResources().stream()
                        .map(resource -> resource.getName())
                        .collect(Collectors.toSet());
    }
}
