package io.kordon.streams.response;

import io.kordon.streams.incident.Incident;
import io.kordon.streams.incident.Subject;
import io.kordon.streams.rule.Level;
import io.kordon.streams.scoring.Contribution;
import java.util.Set;

/**
 * When a playbook applies: all of these at once, and only to pods. Every part that evidence decides can only become true as
 * evidence comes in, so the order of evidence does not decide whether a playbook runs. What the inventory says of the pod
 * counts as it is whenever the incident changes.
 *
 * @param minScore lowest score, in [0, 100]
 * @param minLevel lowest severity
 * @param rules ids or names, one of which must have matched; empty for any
 * @param tags Sigma tags in ATT&amp;CK form ({@code attack.t1190}), one of which must be on the incident; empty for any
 * @param namespaces namespaces that it applies to; empty for all
 * @param exceptNamespaces namespaces that it never applies to
 * @param pod what the inventory has to say of the pod
 */
public record Condition(
        double minScore,
        Level minLevel,
        Set<String> rules,
        Set<String> tags,
        Set<String> namespaces,
        Set<String> exceptNamespaces,
        PodCondition pod) {

    /** Of any pod in these namespaces. */
    public Condition(
            double minScore,
            Level minLevel,
            Set<String> rules,
            Set<String> tags,
            Set<String> namespaces,
            Set<String> exceptNamespaces) {
        this(minScore, minLevel, rules, tags, namespaces, exceptNamespaces, PodCondition.ANY);
    }

    public Condition {
        if (!(minScore >= 0 && minScore <= 100)) {
            throw new IllegalArgumentException("score is " + minScore + ", not in [0, 100]");
        }
        rules = Set.copyOf(rules);
        tags = Set.copyOf(tags);
        namespaces = Set.copyOf(namespaces);
        exceptNamespaces = Set.copyOf(exceptNamespaces);
    }

    boolean holds(Incident incident) {
        return covers(incident)
                && incident.score() >= minScore
                && incident.severity().compareTo(minLevel) >= 0
                && (rules.isEmpty()
                        || incident.findings().contributions().stream().anyMatch(this::named))
                && (tags.isEmpty() || tags.stream().anyMatch(tag -> tagged(incident, tag)));
    }

    /** Whether it may apply to such a pod at all, however bad the incident is. */
    boolean covers(Incident incident) {
        Subject subject = incident.subject();
        String namespace = subject.namespace();
        return subject.kind() == Subject.Kind.POD
                && namespace != null
                && (namespaces.isEmpty() || namespaces.contains(namespace))
                && !exceptNamespaces.contains(namespace)
                && pod.holds(incident.context());
    }

    private boolean named(Contribution contribution) {
        String name = contribution.ruleName();
        return rules.contains(contribution.ruleId()) || (name != null && rules.contains(name));
    }

    private static boolean tagged(Incident incident, String tag) {
        String id = tag.startsWith("attack.") ? tag.substring("attack.".length()) : tag;
        return incident.findings().tactics().stream().anyMatch(id::equalsIgnoreCase)
                || incident.findings().techniques().stream().anyMatch(id::equalsIgnoreCase);
    }
}
