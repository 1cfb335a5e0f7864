package io.kordon.kubernetes.simulated;

import io.fabric8.kubernetes.api.model.APIGroupBuilder;
import io.fabric8.kubernetes.api.model.APIGroupList;
import io.fabric8.kubernetes.api.model.APIGroupListBuilder;
import io.fabric8.kubernetes.api.model.APIResourceBuilder;
import io.fabric8.kubernetes.api.model.APIResourceListBuilder;
import io.fabric8.kubernetes.api.model.GroupVersionForDiscoveryBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.http.MockResponse;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The kinds that are not Kubernetes' own, which a cluster has only where somebody installed them: what discovery says of
 * them, and 404 for those that nobody did.
 */
final class CustomKinds {
    private static final Set<String> CUSTOM_IN_SPITE_OF_THEIR_NAME =
            Set.of("policy.networking.k8s.io", "snapshot.storage.k8s.io");

    private record Kind(String group, String version, String name, String plural, boolean namespaced) {
        String groupVersion() {
            return group + "/" + version;
        }
    }

    private final Set<Kind> installed = new CopyOnWriteArraySet<>();

    void install(String group, String version, String kind, String plural, boolean namespaced) {
        if (isCustom(group)) {
            installed.add(new Kind(group, version, kind, plural.toLowerCase(Locale.ROOT), namespaced));
        }
    }

    /** Whether the API server would not know what the call is about. */
    boolean lacks(ApiCall call) {
        String plural = call.resource().replaceAll("/.*", "");
        return isCustom(call.group())
                && installed.stream().noneMatch(kind -> kind.group.equals(call.group()) && kind.plural.equals(plural));
    }

    /** What discovery answers at this path, or null where the path is none of its. */
    @Nullable
    MockResponse discovery(String path) {
        if (path.equals("/apis")) {
            return answer(groups());
        }
        String[] parts = path.split("/", -1);
        if (parts.length != 4 || !parts[1].equals("apis") || !isCustom(parts[2])) {
            return null;
        }
        String groupVersion = parts[2] + "/" + parts[3];
        List<Kind> kinds = installed.stream()
                .filter(kind -> kind.groupVersion().equals(groupVersion))
                .toList();
        if (kinds.isEmpty()) {
            return Refusal.notFound("the server could not find the requested resource", groupVersion)
                    .response();
        }
        return answer(new APIResourceListBuilder()
                .withGroupVersion(groupVersion)
                .addAllToResources(kinds.stream()
                        .map(kind -> new APIResourceBuilder()
                                .withName(kind.plural)
                                .withSingularName(kind.name.toLowerCase(Locale.ROOT))
                                .withKind(kind.name)
                                .withNamespaced(kind.namespaced)
                                .build())
                        .toList())
                .build());
    }

    private APIGroupList groups() {
        APIGroupListBuilder list = new APIGroupListBuilder();
        installed.stream().collect(Collectors.groupingBy(Kind::group)).forEach((group, kinds) -> {
            APIGroupBuilder builder = new APIGroupBuilder().withName(group);
            kinds.stream()
                    .map(Kind::version)
                    .distinct()
                    .forEach(version -> builder.addToVersions(new GroupVersionForDiscoveryBuilder()
                            .withGroupVersion(group + "/" + version)
                            .withVersion(version)
                            .build()));
            list.addToGroups(builder.build());
        });
        return list.build();
    }

    private static boolean isCustom(String group) {
        return CUSTOM_IN_SPITE_OF_THEIR_NAME.contains(group) || (group.contains(".") && !group.endsWith(".k8s.io"));
    }

    private static MockResponse answer(Object body) {
        return new MockResponse()
                .setResponseCode(200)
                .setHeader("Content-Type", "application/json")
                .setBody(Serialization.asJson(body));
    }
}
