package io.kordon.streams.rule;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads Sigma rule files: one or many YAML documents, each a detection or a correlation. Every problem names its line and
 * column; a document with a problem gives no rule, and the other documents stand.
 */
public final class RuleParser {
    private static final int LONGEST_TITLE = 256;

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
        for (YamlDocument document : YamlDocument.split(yaml)) {
            Reading reading = new Reading(origin, document);
            Rule rule = reading.rule();
            problems.addAll(reading.problems);
            if (rule != null && reading.problems.isEmpty()) {
                rules.add(rule);
                documents.add(
                        new RuleDocument(rule.id(), rule.version(), rule.head().place(), document.body()));
            }
        }
        return new ParsedRules(rules, documents, problems);
    }

    /** The reading of one document. Its sections are independent: each reports its own first problem. */
    private static final class Reading {
        private final String origin;
        private final YamlDocument document;
        private final List<RuleProblem> problems = new ArrayList<>();

        Reading(String origin, YamlDocument document) {
            this.origin = origin;
            this.document = document;
        }

        @Nullable
        Rule rule() {
            YamlMap map = attempt(() -> YamlMap.of(document.compose(), "a rule"));
            if (map == null) {
                return null;
            }
            RuleHead head = attempt(() -> head(map));
            return attempt(() -> body(map, head));
        }

        private @Nullable Rule body(YamlMap map, @Nullable RuleHead head) {
            if (map.keys().contains("action")) {
                throw Refusal.at(map.key("action"), "rule collections with 'action' are not supported yet");
            }
            if (map.keys().contains("filter")) {
                throw Refusal.at(map.key("filter"), "filters are not supported yet");
            }
            if (map.keys().contains("correlation")) {
                if (map.keys().contains("detection")) {
                    throw Refusal.at(map.key("detection"), "a rule is a detection or a correlation, not both");
                }
                CorrelationSection section = CorrelationSection.read(map.required("correlation", "a correlation rule"));
                boolean generate = map.flag("generate") || section.generate();
                return head == null ? null : section.rule(head, generate, this::place);
            }
            LogSource logSource = attempt(() -> logSource(map));
            Matcher matcher = attempt(() -> DetectionSection.read(map.required("detection", "a rule")));
            return head == null || logSource == null || matcher == null
                    ? null
                    : new DetectionRule(head, logSource, matcher);
        }

        private RuleHead head(YamlMap map) {
            Node titleNode = map.required("title", "a rule");
            String title = map.text("title");
            if (title == null || title.isBlank() || title.length() > LONGEST_TITLE) {
                throw Refusal.at(titleNode, "a title has 1 to " + LONGEST_TITLE + " characters");
            }
            String name = blankless(map, "name");
            String declared = blankless(map, "id");
            String id = declared != null ? declared : name != null ? name : "title:" + slug(title);
            List<String> tags =
                    map.texts("tags").stream().map(ScalarNode::getValue).toList();
            return new RuleHead(
                    id, name, title, document.version(), level(map), weight(map), null, tags, place(map.node()));
        }

        private static @Nullable String blankless(YamlMap map, String key) {
            String text = map.text(key);
            if (text != null && text.isBlank()) {
                throw Refusal.at(map.key(key), "'" + key + "' is empty");
            }
            return text;
        }

        private static @Nullable Level level(YamlMap map) {
            String word = map.text("level");
            return word == null
                    ? null
                    : Level.named(word)
                            .orElseThrow(() -> Refusal.at(
                                    map.required("level", "a rule"),
                                    "level '" + word + "' is none of informational, low, medium, high, critical"));
        }

        private static @Nullable Double weight(YamlMap map) {
            Node node = map.value("kordon");
            if (node == null) {
                return null;
            }
            YamlMap own = YamlMap.of(node, "'kordon'");
            own.allowOnly(Set.of("weight"), "'kordon'");
            Node value = own.value("weight");
            if (value == null) {
                return null;
            }
            BigDecimal weight = Tag.INT.equals(value.getTag()) || Tag.FLOAT.equals(value.getTag())
                    ? NumberTest.number(((ScalarNode) value).getValue())
                    : null; // what YAML takes for a number need not be one in decimal: .nan, 0x1F
            if (weight == null || weight.signum() < 0 || weight.compareTo(BigDecimal.valueOf(100)) > 0) {
                throw Refusal.at(value, "'weight' must be a number in [0, 100]");
            }
            return weight.doubleValue();
        }

        private static LogSource logSource(YamlMap map) {
            YamlMap source = YamlMap.of(map.required("logsource", "a rule"), "'logsource'");
            LogSource logSource =
                    new LogSource(source.text("product"), source.text("category"), source.text("service"));
            if (logSource.equals(new LogSource(null, null, null))) {
                throw Refusal.at(source.node(), "'logsource' needs a product, a category or a service");
            }
            return logSource;
        }

        private static String slug(String title) {
            String slug = title.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "-");
            return slug.replaceAll("^-|-$", "");
        }

        private Place place(Node node) {
            return Refusal.at(node, "").place(origin, document.firstLine());
        }

        private <T> @Nullable T attempt(Supplier<@Nullable T> section) {
            try {
                return section.get();
            } catch (Refusal refusal) {
                problems.add(refusal.problem(origin, document.firstLine()));
                return null;
            }
        }
    }
}
