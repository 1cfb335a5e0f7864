package io.kordon.kubernetes;

/**
 * One RBAC permission, as a rule of a ClusterRole spells it.
 *
 * @param verb {@code get}, {@code list}, {@code watch}, {@code create}, {@code patch}, {@code delete}
 * @param group API group, empty for the core group
 * @param resource plural of the resource
 */
public record Permission(String verb, String group, String resource) {
    public Permission {
        if (verb.isBlank() || resource.isBlank()) {
            throw new IllegalArgumentException("a permission needs a verb and a resource");
        }
    }

    @Override
    public String toString() {
        return verb + " " + resource + (group.isEmpty() ? "" : "." + group);
    }
}
