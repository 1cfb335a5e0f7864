package io.kordon.kubernetes;

import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A service account by its name, as subjects of bindings name it. */
record ServiceAccount(String namespace, String name) {
    private static final String USER = "system:serviceaccount:";
    private static final String GROUP = "system:serviceaccounts";

    /** Reads what {@link #toString} wrote. */
    static Optional<ServiceAccount> parse(String text) {
        String[] parts = text.split("/", -1);
        return parts.length == 2 ? Optional.of(new ServiceAccount(parts[0], parts[1])) : Optional.empty();
    }

    /** As whom the API server knows it. */
    String username() {
        return USER + namespace + ":" + name;
    }

    /** Whether a subject is exactly this account, be it by the one name or the other. */
    boolean is(JsonNode subject) {
        String kind = subject.path("kind").asString("");
        String called = subject.path("name").asString("");
        return switch (kind) {
            case "ServiceAccount" ->
                called.equals(name) && subject.path("namespace").asString("").equals(namespace);
            case "User" -> called.equals(username());
            default -> false;
        };
    }

    /** Whether a subject is a group that the account is in by being one. */
    boolean isIn(JsonNode subject) {
        return subject.path("kind").asString("").equals("Group")
                && Set.of(GROUP, GROUP + ":" + namespace, "system:authenticated")
                        .contains(subject.path("name").asString(""));
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
