package io.kordon.app.access;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;

/** Kafka's own authorizer, which remembers what it was asked. Of one broker in a JVM. */
public final class RecordingAuthorizer extends StandardAuthorizer {
    private static final Set<Use> ALLOWED = ConcurrentHashMap.newKeySet();
    private static final Set<Use> DENIED = ConcurrentHashMap.newKeySet();

    /** Who did what, or was kept from it. */
    public record Use(String principal, AclOperation operation, ResourceType type, String name) {}

    public static void forget() {
        ALLOWED.clear();
        DENIED.clear();
    }

    public static Set<Use> allowed() {
        return Set.copyOf(ALLOWED);
    }

    /** Without what a list is only filtered by. */
    public static Set<Use> denied() {
        return Set.copyOf(DENIED);
    }

    @Override
    public List<AuthorizationResult> authorize(AuthorizableRequestContext context, List<Action> actions) {
        List<AuthorizationResult> results = super.authorize(context, actions);
        for (int i = 0; i < actions.size(); i++) {
            Action action = actions.get(i);
            Use use = new Use(
                    context.principal().toString(),
                    action.operation(),
                    action.resourcePattern().resourceType(),
                    action.resourcePattern().name());
            if (results.get(i) == AuthorizationResult.ALLOWED) {
                ALLOWED.add(use);
            } else if (action.logIfDenied()) {
                DENIED.add(use);
            }
        }
        return results;
    }
}
