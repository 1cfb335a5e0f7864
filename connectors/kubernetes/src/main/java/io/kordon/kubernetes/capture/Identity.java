package io.kordon.kubernetes.capture;

import io.kordon.kubernetes.Permission;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** Who the pod is to the API server: its service account, and what that is bound to. */
final class Identity implements Exhibit {

    @Override
    public List<String> plan(PodView pod, CaptureParameters parameters) {
        return List.of("service account and its bindings");
    }

    @Override
    public Set<Permission> permissions(CaptureParameters parameters) {
        return Set.of(
                new Permission("get", "", "serviceaccounts"),
                new Permission("list", "rbac.authorization.k8s.io", "rolebindings"),
                new Permission("list", "rbac.authorization.k8s.io", "clusterrolebindings"));
    }

    @Override
    public void gather(Scene scene) throws IOException, InterruptedException {
        String account = scene.pod.serviceAccount();
        if (account == null) {
            scene.missing("service-account.json", scene.path("/api/v1", "serviceaccounts"), "the pod names none");
            return;
        }
        scene.object("service-account.json", scene.path("/api/v1", "serviceaccounts") + "/" + account);
        String rbac = "/apis/rbac.authorization.k8s.io/v1";
        bindings(scene, account, "role-bindings.json", scene.path(rbac, "rolebindings"));
        bindings(scene, account, "cluster-role-bindings.json", rbac + "/clusterrolebindings");
    }

    private static void bindings(Scene scene, String account, String name, String path)
            throws IOException, InterruptedException {
        JsonNode list = scene.listed(name, path);
        if (list == null) {
            return;
        }
        ArrayNode items = JsonMapper.shared().createArrayNode();
        for (JsonNode binding : list.path("items")) {
            for (JsonNode subject : binding.path("subjects")) {
                if (names(subject, scene.subject.namespace(), account)) {
                    items.add(binding);
                    break;
                }
            }
        }
        scene.chosen(name, path, list, items);
    }

    /** By its own name, or by a group that every service account is in. */
    private static boolean names(JsonNode subject, String namespace, String account) {
        String name = subject.path("name").asString("");
        return switch (subject.path("kind").asString("")) {
            case "ServiceAccount" ->
                name.equals(account) && subject.path("namespace").asString("").equals(namespace);
            case "User" -> name.equals("system:serviceaccount:" + namespace + ":" + account);
            case "Group" ->
                Set.of("system:serviceaccounts", "system:serviceaccounts:" + namespace, "system:authenticated")
                        .contains(name);
            default -> false;
        };
    }
}
