package io.kordon.kubernetes.simulated;

import io.fabric8.mockwebserver.http.RecordedRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to the API, in the words of RBAC.
 *
 * @param verb {@code get}, {@code list}, {@code watch}, {@code create}, {@code update}, {@code patch}, {@code delete} or
 *     {@code deletecollection}
 * @param group API group, empty for the core group
 * @param resource plural, with its subresource after a slash if there is one
 * @param namespace namespace, or null for what is cluster-wide
 * @param name name of the object, or null for a collection
 */
public record ApiCall(
        String verb,
        String group,
        String resource,
        @Nullable String namespace,
        @Nullable String name) {

    /** Reads a request line as the API server does; null where the path is no resource's, as {@code /version}. */
    static @Nullable ApiCall of(RecordedRequest request) {
        return of(request.getMethod(), URI.create(request.getPath()));
    }

    /**
     * Reads a method and an address as the API server does; null where the path is no resource's.
     *
     * @param uri with its query
     */
    public static @Nullable ApiCall of(String method, URI uri) {
        List<String> parts = new ArrayList<>(List.of(uri.getPath().substring(1).split("/", -1)));
        boolean core = parts.size() > 2 && parts.get(0).equals("api");
        boolean grouped = parts.size() > 3 && parts.get(0).equals("apis");
        if (!core && !grouped) {
            return null;
        }
        String group = core ? "" : parts.get(1);
        List<String> rest = parts.subList(core ? 2 : 3, parts.size());
        String namespace = null;
        if (rest.size() > 2 && rest.get(0).equals("namespaces")) {
            namespace = rest.get(1);
            rest = rest.subList(2, rest.size());
        }
        String name = rest.size() > 1 ? rest.get(1) : null;
        String resource = rest.get(0) + (rest.size() > 2 ? "/" + rest.get(2) : "");
        return new ApiCall(verb(method, name, query(uri)), group, resource, namespace, name);
    }

    /** Query parameters, decoded. */
    static Map<String, String> query(RecordedRequest request) {
        return query(URI.create(request.getPath()));
    }

    private static Map<String, String> query(URI uri) {
        String query = uri.getQuery();
        Map<String, String> parameters = new LinkedHashMap<>();
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                int equals = pair.indexOf('=');
                parameters.put(
                        equals < 0 ? pair : pair.substring(0, equals), equals < 0 ? "" : pair.substring(equals + 1));
            }
        }
        return parameters;
    }

    /** The request's path without its query. */
    static String path(RecordedRequest request) {
        return URI.create(request.getPath()).getRawPath();
    }

    private static String verb(String method, @Nullable String name, Map<String, String> query) {
        return switch (method.toUpperCase(Locale.ROOT)) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> name == null ? "deletecollection" : "delete";
            default -> "true".equals(query.get("watch")) ? "watch" : name == null ? "list" : "get";
        };
    }
}
