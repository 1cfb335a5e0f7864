package io.kordon.kubernetes;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What steps and inventory declare, as the file that the chart makes its RBAC rules from. */
final class DeclaredPermissions {
    private static final String HEAD = """
            # What each step, and the inventory, asks of the API server: written from their declarations, and held to them by
            # ChartPermissionsTest. Do not edit; `./mvnw -pl connectors/kubernetes -am test -Dpermissions.update=true`.
            """;

    private DeclaredPermissions() {}

    static String yaml(Collection<ContainmentStep> steps) {
        StringBuilder yaml = new StringBuilder(HEAD).append("actuator:\n  resolve:\n");
        rules(ContainmentStep.RESOLVE, "    ", yaml);
        yaml.append("  steps:\n");
        steps.stream().sorted(Comparator.comparing(ContainmentStep::action)).forEach(step -> {
            yaml.append("    ").append(step.action()).append(":\n");
            rules(step.permissions(), "      ", yaml);
        });
        yaml.append("inventory:\n");
        rules(Inventory.permissions(), "  ", yaml);
        return yaml.toString();
    }

    /** One rule per API group and set of verbs. */
    private static void rules(Set<Permission> permissions, String indent, StringBuilder yaml) {
        Map<String, Set<String>> verbs = new TreeMap<>();
        permissions.forEach(one -> verbs.computeIfAbsent(one.group() + "\n" + one.resource(), key -> new TreeSet<>())
                .add(one.verb()));
        Map<String, Set<String>> resources = new TreeMap<>();
        verbs.forEach((key, value) -> {
            String[] parts = key.split("\n", -1);
            resources
                    .computeIfAbsent(parts[0] + "\n" + String.join(", ", value), rule -> new TreeSet<>())
                    .add(parts[1]);
        });
        resources.forEach((key, value) -> {
            String[] parts = key.split("\n", -1);
            yaml.append(indent)
                    .append("- {apiGroups: [")
                    .append(parts[0].isEmpty() ? "\"\"" : parts[0])
                    .append("], resources: [")
                    .append(value.stream().collect(Collectors.joining(", ")))
                    .append("], verbs: [")
                    .append(parts[1])
                    .append("]}\n");
        });
    }
}
