package io.kordon.streams.response;

import io.kordon.streams.incident.Mode;
import io.kordon.streams.response.YamlFields.Unusable;
import io.kordon.streams.rule.RuleProblem;
import io.kordon.streams.rule.YamlFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads playbooks from YAML, one per document; docs/playbooks.md says all that they can hold:
 *
 * <pre>{@code
 * name: contain-pod
 * when: {level: critical, score: 85, except-namespaces: [kube-system]}
 * mode: automatic            # or approval, or dry-run
 * steps: [label, detach, isolate, cordon, capture: {timeout: 5m, on-failure: continue}]
 * release-after: 4h
 * }</pre>
 *
 * A playbook that cannot be used is a problem with file, line and reason; the others stand.
 */
public final class PlaybookParser {
    private static final Duration SHORTEST_HOLD = Duration.ofMinutes(1);

    /** Shorter than the engine remembers what an incident did. */
    private static final Duration LONGEST_HOLD = Duration.ofDays(30);

    /** What a file held. */
    public record Parsed(List<Playbook> playbooks, List<RuleProblem> problems) {
        public Parsed {
            playbooks = List.copyOf(playbooks);
            problems = List.copyOf(problems);
        }
    }

    /**
     * Reads every document of a file.
     *
     * @param origin file name, for messages
     */
    public Parsed parse(String origin, String yaml) {
        List<Playbook> playbooks = new ArrayList<>();
        List<RuleProblem> problems = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (YamlFile.Document document : YamlFile.read(origin, yaml)) {
            Node node = document.node();
            RuleProblem problem = document.problem();
            if (problem != null) {
                problems.add(problem);
            } else if (node != null) {
                try {
                    Playbook playbook = playbook(node);
                    if (!names.add(playbook.name())) {
                        throw new Unusable(node, "name '" + playbook.name() + "' is already taken in this file");
                    }
                    playbooks.add(playbook);
                } catch (Unusable e) {
                    problems.add(YamlFile.problem(origin, e.node, e.reason));
                } catch (IllegalArgumentException e) {
                    problems.add(YamlFile.problem(origin, node, String.valueOf(e.getMessage())));
                }
            }
        }
        return new Parsed(playbooks, problems);
    }

    private static Playbook playbook(Node document) {
        YamlFields fields = YamlFields.of(document, "a playbook");
        fields.allowOnly(Set.of("name", "description", "when", "mode", "steps", "release-after"));
        return new Playbook(
                YamlFields.text(fields.required("name"), "name"),
                fields.text("description", ""),
                ConditionSection.read(fields.value("when")),
                mode(fields.value("mode")),
                StepSection.read(fields.required("steps")),
                fields.duration("release-after", SHORTEST_HOLD, LONGEST_HOLD));
    }

    private static Mode mode(@Nullable Node node) {
        if (node == null) {
            return Mode.DRY_RUN;
        }
        String text = YamlFields.text(node, "mode");
        return switch (text) {
            case "automatic" -> Mode.AUTOMATIC;
            case "approval" -> Mode.APPROVAL;
            case "dry-run" -> Mode.DRY_RUN;
            default -> throw new Unusable(node, "mode '" + text + "' is unknown: use automatic, approval or dry-run");
        };
    }
}
