package io.kordon.streams.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads Sigma rule files: one or many YAML documents, each a detection, a correlation or a filter, or a part of a rule
 * collection. Every problem names its line and column; a document with a problem gives no rule, and the other documents
 * stand.
 */
public final class RuleParser {
    private final Placeholders placeholders;

    /** For rules without placeholders; one that has some is a problem. */
    public RuleParser() {
        this(Placeholders.NONE);
    }

    public RuleParser(Placeholders placeholders) {
        this.placeholders = placeholders;
    }

    /**
     * Reads a file.
     *
     * @param origin how problems call it, a file name as a rule
     * @param yaml its text
     */
    public ParsedRules parse(String origin, String yaml) {
        List<Rule> rules = new ArrayList<>();
        List<RuleDocument> documents = new ArrayList<>();
        List<RuleProblem> problems = new ArrayList<>();
        RuleCollection collection = new RuleCollection();
        for (YamlDocument document : YamlDocument.split(yaml)) {
            Reading reading = new Reading(origin, placeholders);
            RuleCollection.Part part = reading.attempt(() -> collection.next(document));
            Rule rule = part == null ? null : reading.rule(part);
            problems.addAll(reading.problems);
            if (part != null && rule != null && reading.problems.isEmpty()) {
                rules.add(rule);
                documents.add(
                        new RuleDocument(rule.id(), rule.version(), rule.head().place(), part.body()));
            }
        }
        return new ParsedRules(rules, documents, problems);
    }

    /** The reading of one document. Its sections are independent: each reports its own first problem. */
    private static final class Reading {
        private final String origin;
        private final Expansion expansion;
        private final List<RuleProblem> problems = new ArrayList<>();

        Reading(String origin, Placeholders placeholders) {
            this.origin = origin;
            this.expansion = new Expansion(placeholders);
        }

        @Nullable
        Rule rule(RuleCollection.Part part) {
            YamlMap map = part.map();
            RuleHead head = attempt(() -> HeadSection.read(map, YamlDocument.version(part.body()), place(map.node())));
            Set<String> keys = map.keys();
            String kind =
                    keys.contains("correlation") ? "correlation" : keys.contains("filter") ? "filter" : "detection";
            for (String other : List.of("filter", "detection")) {
                if (!kind.equals(other) && keys.contains(other)) {
                    String problem = "a rule is a detection, a correlation or a filter, not several";
                    problems.add(Refusal.at(map.key(other), problem).problem(origin));
                    return null;
                }
            }
            return switch (kind) {
                case "correlation" -> correlation(map, head);
                case "filter" -> filter(map, head);
                default -> detection(map, head);
            };
        }

        private @Nullable Rule detection(YamlMap map, @Nullable RuleHead head) {
            LogSource logSource = attempt(() -> HeadSection.logSource(map));
            Matcher matcher = attempt(() -> DetectionSection.read(map.required("detection", "a rule"), expansion));
            KordonSection own = attempt(() -> KordonSection.ofDetection(map));
            return head == null || logSource == null || matcher == null || own == null
                    ? null
                    : new DetectionRule(own.into(head), logSource, matcher);
        }

        private @Nullable Rule filter(YamlMap map, @Nullable RuleHead head) {
            LogSource logSource = attempt(() -> HeadSection.logSource(map));
            FilterSection section = attempt(() -> FilterSection.read(map.required("filter", "a filter"), expansion));
            KordonSection own = attempt(() -> KordonSection.ofFilter(map));
            return head == null || logSource == null || section == null || own == null
                    ? null
                    : section.rule(head, logSource, this::place);
        }

        private @Nullable Rule correlation(YamlMap map, @Nullable RuleHead head) {
            CorrelationSection section =
                    attempt(() -> CorrelationSection.read(map.required("correlation", "a correlation rule")));
            Boolean generate = attempt(() -> map.flag("generate"));
            KordonSection own = attempt(() -> KordonSection.ofCorrelation(map));
            if (head == null || section == null || generate == null || own == null) {
                return null;
            }
            return attempt(() -> section.rule(own.into(head), own, generate || section.generate(), this::place));
        }

        private Place place(Node node) {
            return Refusal.at(node, "").place(origin);
        }

        <T> @Nullable T attempt(Supplier<@Nullable T> section) {
            try {
                return section.get();
            } catch (Refusal refusal) {
                problems.add(refusal.problem(origin));
                return null;
            }
        }
    }
}
