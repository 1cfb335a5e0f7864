package io.kordon.streams.response;

import io.kordon.streams.incident.CommandState;
import io.kordon.streams.incident.OnFailure;
import io.kordon.streams.response.YamlFields.Unusable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The {@code steps} of a playbook. */
final class StepSection {
    private static final String TIMEOUT = "timeout";
    private static final String ON_FAILURE = "on-failure";
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    private StepSection() {}

    static List<Step> read(Node node) {
        List<Node> items = YamlFields.items(node, "steps");
        if (items.size() > Playbook.MAX_STEPS) {
            throw new Unusable(node, items.size() + " steps are more than " + Playbook.MAX_STEPS);
        }
        List<Step> steps = new ArrayList<>();
        for (Node item : items) {
            steps.add(step(item));
            String reason = Playbook.refusal(steps, steps.size() - 1);
            if (reason != null) {
                throw new Unusable(item, reason);
            }
        }
        return steps;
    }

    private static Step step(Node node) {
        if (node instanceof ScalarNode) {
            return new Step(action(node), Map.of());
        }
        YamlFields single = YamlFields.of(node, "a step");
        if (single.names().size() != 1) {
            throw new Unusable(
                    node, "a step is one action, not " + single.names().size());
        }
        String name = single.names().iterator().next();
        String action = action(single.key(name));
        YamlFields settings = YamlFields.of(single.required(name), "what '" + action + "' is told");
        Set<String> known = Actions.PARAMETERS.getOrDefault(action, Set.of());
        Map<String, String> parameters = new HashMap<>();
        for (String key : settings.names()) {
            if (known.contains(key)) {
                parameters.put(key, value(action, key, settings.required(key)));
            } else if (!key.equals(TIMEOUT) && !key.equals(ON_FAILURE)) {
                throw new Unusable(settings.key(key), unknown(action, key, known));
            }
        }
        return new Step(action, parameters, settings.duration(TIMEOUT, SHORTEST, LONGEST), onFailure(settings));
    }

    private static String value(String action, String key, Node node) {
        String value = YamlFields.joined(node, key);
        String reason = ParameterValues.refusal(action, key, value);
        if (reason != null) {
            throw new Unusable(node, reason);
        }
        return value;
    }

    private static String action(Node node) {
        String action = YamlFields.text(node, "step");
        if (!Actions.OF_PLAYBOOKS.contains(action) && !action.equals(CommandState.RELEASE)) {
            throw new Unusable(node, "unknown step '" + action + "': use one of " + Actions.OF_PLAYBOOKS);
        }
        return action;
    }

    private static String unknown(String action, String key, Set<String> known) {
        Set<String> all = new TreeSet<>(known);
        all.add(TIMEOUT);
        all.add(ON_FAILURE);
        return "'" + action + "' has no parameter '" + key + "': use " + all;
    }

    private static OnFailure onFailure(YamlFields settings) {
        String text = settings.text(ON_FAILURE, "stop");
        return switch (text) {
            case "stop" -> OnFailure.STOP;
            case "continue" -> OnFailure.CONTINUE;
            default ->
                throw new Unusable(
                        settings.required(ON_FAILURE), "on-failure '" + text + "' is unknown: use stop or continue");
        };
    }
}
