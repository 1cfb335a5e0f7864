package io.kordon.streams.response;

import io.kordon.streams.response.YamlFields.Unusable;
import io.kordon.streams.rule.Level;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** The {@code when} of a playbook. */
final class ConditionSection {
    private static final Set<String> NAMES = Set.of(
            "score",
            "level",
            "rules",
            "tags",
            "namespaces",
            "except-namespaces",
            "labels",
            "workloads",
            "service-accounts",
            "images",
            "nodes",
            "privileged",
            "host-network",
            "host-pid",
            "host-ipc");
    private static final Pattern WORKLOAD = Pattern.compile("[A-Z][A-Za-z0-9]{0,62}(/[A-Za-z0-9.*?-]{1,253})?");

    private ConditionSection() {}

    static Condition read(@Nullable Node node) {
        if (node == null) {
            return new Condition(0, Level.INFORMATIONAL, Set.of(), Set.of(), Set.of(), Set.of());
        }
        YamlFields fields = YamlFields.of(node, "when");
        fields.allowOnly(NAMES);
        double score = fields.number("score", 0);
        if (!(score >= 0 && score <= 100)) {
            throw new Unusable(fields.required("score"), "score is " + score + ", not in [0, 100]");
        }
        return new Condition(
                score,
                level(fields),
                fields.texts("rules"),
                fields.texts("tags"),
                fields.texts("namespaces"),
                fields.texts("except-namespaces"),
                new PodCondition(
                        fields.parsed("labels", LabelSelector::parse),
                        workloads(fields),
                        fields.texts("service-accounts"),
                        fields.texts("images"),
                        fields.texts("nodes"),
                        fields.flag("privileged"),
                        fields.flag("host-network"),
                        fields.flag("host-pid"),
                        fields.flag("host-ipc")));
    }

    private static Level level(YamlFields fields) {
        Node node = fields.value("level");
        if (node == null) {
            return Level.INFORMATIONAL;
        }
        String text = YamlFields.text(node, "level");
        return Level.named(text)
                .orElseThrow(() -> new Unusable(
                        node, "level '" + text + "' is unknown: use informational, low, medium, high or critical"));
    }

    private static Set<String> workloads(YamlFields fields) {
        Set<String> workloads = fields.texts("workloads");
        for (String workload : workloads) {
            if (!WORKLOAD.matcher(workload).matches()) {
                throw new Unusable(
                        fields.required("workloads"),
                        "workload '" + workload + "' is neither Kind nor Kind/name, as Deployment or Deployment/web-*");
            }
        }
        return workloads;
    }
}
