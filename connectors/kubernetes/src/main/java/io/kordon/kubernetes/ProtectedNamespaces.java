package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which namespaces are left alone, by name or by their label. Asks once for each; to be used for one run. */
final class ProtectedNamespaces {
    private final ProtectionConfig protection;
    private final KubernetesClient client;
    private final Map<String, Boolean> labelled = new HashMap<>();

    ProtectedNamespaces(ProtectionConfig protection, KubernetesClient client) {
        this.protection = protection;
        this.client = client;
    }

    boolean covers(@Nullable String namespace) {
        return namespace != null
                && (protection.covers(namespace) || labelled.computeIfAbsent(namespace, this::carriesTheLabel));
    }

    private boolean carriesTheLabel(String namespace) {
        Namespace live = client.namespaces().withName(namespace).get();
        return live != null && protection.isMarked(Labels.of(live.getMetadata()));
    }
}
