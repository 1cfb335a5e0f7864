package io.kordon.streams.response;

import io.kordon.streams.incident.Mode;
import io.kordon.streams.rule.Level;
import io.kordon.streams.rule.RuleProblem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads playbooks from YAML, one per document:
 *
 * <pre>{@code
 * name: contain-pod
 * when: {level: critical, score: 85, except-namespaces: [kube-system]}
 * mode: automatic            # or dry-run
 * steps: [label, detach, isolate, cordon]
 * }</pre>
 *
 * A step is an action's name, or the name with its parameters: {@code terminate: {gracePeriodSeconds: 30}}. A playbook
 * that cannot be used is a problem with file, line and reason; the others stand.
 */
public final class PlaybookParser {
    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setCodePointLimit(1_000_000)
            .setMaxAliasesForCollections(10)
            .build();

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
        try {
            for (Node document : new Compose(SETTINGS).composeAllFromString(yaml)) {
                try {
                    Playbook playbook = playbook(document);
                    if (!names.add(playbook.name())) {
                        throw new Unusable(document, "name '" + playbook.name() + "' is already taken in this file");
                    }
                    playbooks.add(playbook);
                } catch (Unusable e) {
                    problems.add(problem(origin, e.node, e.reason));
                } catch (IllegalArgumentException e) {
                    problems.add(problem(origin, document, String.valueOf(e.getMessage())));
                }
            }
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            int column = e.getProblemMark().map(mark -> mark.getColumn() + 1).orElse(1);
            problems.add(new RuleProblem(origin, line, column, "not YAML: " + e.getProblem()));
        } catch (YamlEngineException e) {
            problems.add(new RuleProblem(origin, 1, 1, "not YAML: " + e.getMessage()));
        }
        return new Parsed(playbooks, problems);
    }

    private static Playbook playbook(Node document) {
        Map<String, Node> fields = mapping(document, "a playbook");
        known(fields, Set.of("name", "description", "when", "mode", "steps"));
        Node name = required(document, fields, "name");
        Node steps = required(document, fields, "steps");
        Node description = fields.get("description");
        return new Playbook(
                text(name, "name"),
                description == null ? "" : text(description, "description"),
                condition(fields.get("when")),
                mode(fields.get("mode")),
                items(steps, "steps").stream().map(PlaybookParser::step).toList());
    }

    private static Condition condition(@Nullable Node node) {
        Map<String, Node> fields = node == null ? Map.of() : mapping(node, "when");
        known(fields, Set.of("score", "level", "rules", "tags", "namespaces", "except-namespaces"));
        Node score = fields.get("score");
        Node level = fields.get("level");
        return new Condition(
                score == null ? 0 : number(score, "score"),
                level == null ? Level.INFORMATIONAL : level(level),
                texts(fields.get("rules"), "rules"),
                texts(fields.get("tags"), "tags"),
                texts(fields.get("namespaces"), "namespaces"),
                texts(fields.get("except-namespaces"), "except-namespaces"));
    }

    private static Mode mode(@Nullable Node node) {
        String text = node == null ? "dry-run" : text(node, "mode");
        return switch (text) {
            case "automatic" -> Mode.AUTOMATIC;
            case "dry-run" -> Mode.DRY_RUN;
            case "approval" ->
                throw new Unusable(
                        node,
                        "mode 'approval' needs analysts' decisions, which this release does not read: use"
                                + " automatic or dry-run");
            default -> throw new Unusable(node, "mode '" + text + "' is unknown: use automatic or dry-run");
        };
    }

    private static Level level(Node node) {
        String text = text(node, "level");
        return Level.named(text)
                .orElseThrow(() -> new Unusable(
                        node, "level '" + text + "' is unknown: use informational, low, medium, high or critical"));
    }

    private static Step step(Node node) {
        try {
            if (node instanceof ScalarNode) {
                return new Step(text(node, "step"), Map.of());
            }
            Map<String, Node> single = mapping(node, "a step");
            if (single.size() != 1) {
                throw new Unusable(node, "a step is one action, not " + single.size());
            }
            Map.Entry<String, Node> step = single.entrySet().iterator().next();
            Map<String, String> parameters = new HashMap<>();
            mapping(step.getValue(), "parameters of " + step.getKey())
                    .forEach((name, value) -> parameters.put(name, text(value, name)));
            return new Step(step.getKey(), parameters);
        } catch (IllegalArgumentException e) {
            throw new Unusable(node, String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, Node> mapping(Node node, String what) {
        if (!(node instanceof MappingNode mapping)) {
            throw new Unusable(node, what + " is a mapping of names to values");
        }
        Map<String, Node> fields = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String name = text(tuple.getKeyNode(), "a name");
            if (fields.put(name, tuple.getValueNode()) != null) {
                throw new Unusable(tuple.getKeyNode(), "'" + name + "' is given twice");
            }
        }
        return fields;
    }

    private static void known(Map<String, Node> fields, Set<String> names) {
        fields.forEach((name, node) -> {
            if (!names.contains(name)) {
                throw new Unusable(node, "'" + name + "' is unknown here: use " + new TreeSet<>(names));
            }
        });
    }

    private static Node required(Node parent, Map<String, Node> fields, String name) {
        Node node = fields.get(name);
        if (node == null) {
            throw new Unusable(parent, "'" + name + "' is missing");
        }
        return node;
    }

    private static List<Node> items(Node node, String what) {
        if (!(node instanceof SequenceNode sequence)) {
            throw new Unusable(node, what + " is a list");
        }
        return sequence.getValue();
    }

    private static Set<String> texts(@Nullable Node node, String what) {
        Set<String> texts = new HashSet<>();
        if (node != null) {
            items(node, what).forEach(item -> texts.add(text(item, what)));
        }
        return texts;
    }

    private static String text(Node node, String what) {
        if (!(node instanceof ScalarNode scalar) || scalar.getValue().isBlank()) {
            throw new Unusable(node, what + " is a text");
        }
        return scalar.getValue();
    }

    private static double number(Node node, String what) {
        try {
            return Double.parseDouble(text(node, what));
        } catch (NumberFormatException e) {
            throw new Unusable(node, what + " is a number");
        }
    }

    private static RuleProblem problem(String origin, @Nullable Node node, String reason) {
        Optional<Mark> mark = Optional.ofNullable(node).flatMap(Node::getStartMark);
        return new RuleProblem(
                origin,
                mark.map(at -> at.getLine() + 1).orElse(1),
                mark.map(at -> at.getColumn() + 1).orElse(1),
                reason);
    }

    /** Why a document cannot be used, and where. */
    private static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient @Nullable Node node;
        private final String reason;

        Unusable(@Nullable Node node, String reason) {
            super(reason);
            this.node = node;
            this.reason = reason;
        }
    }
}
