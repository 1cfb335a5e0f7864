package io.kordon.app.access;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Operations on a resource of Kafka.
 *
 * @param pattern whether the name is whole, or only how names begin
 * @param operations as Kafka has them: READ and WRITE include DESCRIBE
 */
public record Grant(ResourceType type, PatternType pattern, String name, Set<AclOperation> operations) {
    public Grant {
        operations = Set.copyOf(operations);
    }

    static Grant topic(String name, AclOperation... operations) {
        return new Grant(ResourceType.TOPIC, PatternType.LITERAL, name, Set.of(operations));
    }

    static Grant group(String name) {
        return new Grant(ResourceType.GROUP, PatternType.LITERAL, name, Set.of(AclOperation.READ));
    }

    static Grant transactionalId(PatternType pattern, String name) {
        return new Grant(ResourceType.TRANSACTIONAL_ID, pattern, name, Set.of(AclOperation.WRITE));
    }

    /** For a reader: {@code kordon-streams-*} where only the beginning is given. */
    String resource() {
        return pattern == PatternType.PREFIXED ? name + "*" : name;
    }

    /** In the order of the alphabet. */
    Set<String> spelledOperations() {
        return operations.stream()
                .map(operation -> camel(operation.name()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Kafka's own entries, allowed from any host. */
    Stream<AclBinding> bindings(String principal) {
        ResourcePattern resource = new ResourcePattern(type, name, pattern);
        return operations.stream()
                .sorted()
                .map(operation -> new AclBinding(
                        resource, new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW)));
    }

    /** What Kafka's own tool wants, without where the brokers are. */
    String command(String principal) {
        String option = switch (type) {
            case TOPIC -> "--topic";
            case GROUP -> "--group";
            case TRANSACTIONAL_ID -> "--transactional-id";
            default -> throw new IllegalStateException("no option for " + type);
        };
        return "--add --allow-principal " + quoted(principal)
                + spelledOperations().stream()
                        .map(operation -> " --operation " + operation)
                        .collect(Collectors.joining())
                + " " + option + " " + quoted(name)
                + (pattern == PatternType.PREFIXED ? " --resource-pattern-type prefixed" : "");
    }

    /** For a POSIX shell. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** {@code DESCRIBE_CONFIGS} is {@code DescribeConfigs} to Kafka's tool. */
    static String camel(String name) {
        return Stream.of(name.split("_", -1))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }
}
