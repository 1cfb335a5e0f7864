package io.kordon.streams.rule;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.kordon.streams.rule.NumberTest.Comparison;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * The modifiers of one field, and what they make of its values: transformations in the order written, then one kind of
 * comparison.
 *
 * @param type the type modifier ({@code re}, {@code cidr}, {@code gt} …), empty for plain values
 * @param transformations in order
 * @see <a
 *     href="https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-appendix-modifiers.md">Sigma
 *     modifiers</a>
 */
record Modifiers(
        String type,
        int regexFlags,
        boolean all,
        boolean cased,
        boolean negated,
        List<Transformation> transformations) {
    static final Modifiers NONE = new Modifiers("", 0, false, false, false, List.of());

    private static final Set<String> TYPES = Set.of("re", "cidr", "lt", "lte", "gt", "gte", "exists", "fieldref");
    private static final Set<String> LATER = Set.of("expand", "minute", "hour", "day", "week", "month", "year");

    static Modifiers read(ScalarNode key, int from) {
        String text = key.getValue();
        String type = "";
        int flags = 0;
        boolean all = false;
        boolean cased = false;
        boolean negated = false;
        List<Transformation> transformations = new ArrayList<>();
        int at = from;
        while (at < text.length()) {
            int start = at + 1;
            int bar = text.indexOf('|', start);
            at = bar < 0 ? text.length() : bar;
            String modifier = text.substring(start, at);
            Transformation transformation = Transformation.named(modifier);
            if (transformation != null) {
                transformations.add(transformation);
            } else if (TYPES.contains(modifier)) {
                if (!type.isEmpty()) {
                    throw Refusal.at(key, start, "'" + modifier + "' and '" + type + "' exclude each other");
                }
                type = modifier;
            } else if (type.equals("re") && regexFlag(modifier) != 0) {
                flags |= regexFlag(modifier);
            } else if (modifier.equals("all")) {
                all = true;
            } else if (modifier.equals("cased")) {
                cased = true;
            } else if (modifier.equals("neq")) {
                negated = true;
            } else if (LATER.contains(modifier)) {
                throw Refusal.at(key, start, "modifier '" + modifier + "' is not supported yet");
            } else {
                throw Refusal.at(key, start, "unknown modifier '" + modifier + "'");
            }
        }
        Modifiers modifiers = new Modifiers(type, flags, all, cased, negated, List.copyOf(transformations));
        if (!transformations.isEmpty() && !modifiers.transformable()) {
            throw Refusal.at(
                    key,
                    from,
                    "'" + type + "' cannot be combined with "
                            + transformations.get(0).name().toLowerCase(Locale.ROOT));
        }
        return modifiers;
    }

    private static int regexFlag(String modifier) {
        return switch (modifier) {
            case "i" -> Pattern.CASE_INSENSITIVE;
            case "m" -> Pattern.MULTILINE;
            case "s" -> Pattern.DOTALL;
            default -> 0;
        };
    }

    private boolean transformable() {
        return type.isEmpty()
                || (type.equals("fieldref") && transformations.stream().allMatch(Transformation::opens));
    }

    boolean existence() {
        return type.equals("exists");
    }

    boolean reference() {
        return type.equals("fieldref");
    }

    boolean openStart() {
        return transformations.contains(Transformation.CONTAINS) || transformations.contains(Transformation.ENDSWITH);
    }

    boolean openEnd() {
        return transformations.contains(Transformation.CONTAINS) || transformations.contains(Transformation.STARTSWITH);
    }

    /** The same for values that name no field: they may stand anywhere in a text. */
    Modifiers asKeyword() {
        if (!type.isEmpty() || openStart() || openEnd()) {
            return this;
        }
        List<Transformation> open = new ArrayList<>(transformations);
        open.add(Transformation.CONTAINS);
        return new Modifiers(type, regexFlags, all, cased, negated, open);
    }

    /** The test that a value of the rule asks for. */
    ValueTest compile(Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            throw Refusal.at(node, "a value must be text, a number, true, false or null");
        }
        String text = scalar.getValue();
        return switch (type) {
            case "re" -> regex(scalar);
            case "cidr" -> network(scalar);
            case "lt", "lte", "gt", "gte" -> {
                BigDecimal limit = NumberTest.number(text);
                if (limit == null) {
                    throw Refusal.at(node, "'" + type + "' needs a number, not '" + text + "'");
                }
                yield new NumberTest(Comparison.valueOf(type.toUpperCase(Locale.ROOT)), limit);
            }
            default -> plain(scalar);
        };
    }

    private ValueTest plain(ScalarNode scalar) {
        Tag tag = scalar.getTag();
        String text = scalar.getValue();
        if (transformations.isEmpty()) {
            if (DetectionSection.isNull(scalar)) {
                return ValueTest.Null.NULL;
            }
            if (Tag.BOOL.equals(tag)) {
                return new ValueTest.Truth(Boolean.parseBoolean(text));
            }
            BigDecimal number = Tag.INT.equals(tag) || Tag.FLOAT.equals(tag) ? NumberTest.number(text) : null;
            if (number != null) {
                return new NumberTest(Comparison.EQ, number);
            }
        } else if (DetectionSection.isNull(scalar)) {
            throw Refusal.at(scalar, "null cannot be modified");
        }
        List<SigmaString> forms = List.of(SigmaString.parse(text));
        for (Transformation transformation : transformations) {
            List<SigmaString> next = new ArrayList<>();
            for (SigmaString form : forms) {
                next.addAll(transformation.apply(form, scalar));
            }
            forms = next;
        }
        List<ValueTest> tests =
                forms.stream().<ValueTest>map(form -> form.compile(cased)).toList();
        return tests.size() == 1 ? tests.get(0) : new FieldItem.Several(tests, false);
    }

    private ValueTest regex(ScalarNode scalar) {
        String expression = scalar.getValue();
        @Nullable String excess = RegexSize.excess(expression);
        if (excess != null) {
            throw Refusal.at(scalar, excess);
        }
        try {
            return new ValueTest.Regex(Pattern.compile(expression, regexFlags));
        } catch (PatternSyntaxException e) {
            throw Refusal.at(
                    scalar,
                    "not a regular expression of linear time (RE2; no look-around, no back-reference): "
                            + e.getMessage());
        }
    }

    private static ValueTest network(ScalarNode scalar) {
        Network network = Network.parse(scalar.getValue());
        if (network == null) {
            throw Refusal.at(scalar, "'" + scalar.getValue() + "' is no network in CIDR notation");
        }
        return new ValueTest.InNetwork(network);
    }
}
