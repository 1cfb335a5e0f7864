package io.kordon.streams.rule;

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
 * The modifiers of one field, and what they make of its values: placeholders first, then transformations in the order
 * written, then one kind of comparison.
 *
 * @param type the type modifier ({@code re}, {@code cidr}, {@code gt} …), empty for plain values
 * @param time the part of a date that is compared, or null
 * @param regexFlags of {@code i}, {@code m}, {@code s}, those that stand after {@code re}
 * @param transformations in order
 * @param expands whether placeholders are put in; else {@code %name%} is plain text
 * @see <a
 *     href="https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-appendix-modifiers.md">Sigma
 *     modifiers</a>
 */
record Modifiers(
        String type,
        @Nullable TimePart time,
        String regexFlags,
        boolean all,
        boolean cased,
        boolean negated,
        List<Transformation> transformations,
        boolean expands) {
    static final Modifiers NONE = new Modifiers("", null, "", false, false, false, List.of(), false);

    private static final Set<String> TYPES = Set.of("re", "cidr", "lt", "lte", "gt", "gte", "exists", "fieldref");
    private static final Set<String> COMPARISONS = Set.of("lt", "lte", "gt", "gte");

    static Modifiers read(ScalarNode key, int from) {
        String text = key.getValue();
        Modifiers modifiers = NONE;
        int at = from;
        while (at < text.length()) {
            int start = at + 1;
            int bar = text.indexOf('|', start);
            at = bar < 0 ? text.length() : bar;
            modifiers = modifiers.with(key, start, text.substring(start, at));
        }
        return modifiers;
    }

    private Modifiers with(ScalarNode key, int start, String word) {
        Transformation transformation = Transformation.named(word);
        TimePart part = TimePart.named(word);
        Modifiers next = this;
        if (transformation != null) {
            List<Transformation> longer = new ArrayList<>(transformations);
            longer.add(transformation);
            next = new Modifiers(type, time, regexFlags, all, cased, negated, List.copyOf(longer), expands);
        } else if (part != null && time == null) {
            next = new Modifiers(type, part, regexFlags, all, cased, negated, transformations, expands);
        } else if (TYPES.contains(word) && type.isEmpty()) {
            next = new Modifiers(word, time, regexFlags, all, cased, negated, transformations, expands);
        } else if (part != null || TYPES.contains(word)) {
            String other = part == null || time == null ? type : time.modifier();
            throw Refusal.at(key, start, "'" + word + "' and '" + other + "' exclude each other");
        } else if (type.equals("re") && word.length() == 1 && "ims".contains(word)) {
            next = new Modifiers(type, time, regexFlags + word, all, cased, negated, transformations, expands);
        } else if (word.equals("all")) {
            next = new Modifiers(type, time, regexFlags, true, cased, negated, transformations, expands);
        } else if (word.equals("cased")) {
            next = new Modifiers(type, time, regexFlags, all, true, negated, transformations, expands);
        } else if (word.equals("neq")) {
            next = new Modifiers(type, time, regexFlags, all, cased, true, transformations, expands);
        } else if (word.equals("expand")) {
            next = new Modifiers(type, time, regexFlags, all, cased, negated, transformations, true);
        } else {
            throw Refusal.at(key, start, "unknown modifier '" + word + "'");
        }
        next.check(key, start, word);
        return next;
    }

    private void check(ScalarNode key, int start, String word) {
        boolean opens = transformations.stream().allMatch(Transformation::opens);
        boolean transformable = type.isEmpty() || (opens && (type.equals("fieldref") || type.equals("re")));
        if (!transformations.isEmpty() && (!transformable || time != null)) {
            String other = time == null ? type : time.modifier();
            throw Refusal.at(
                    key,
                    start,
                    word.equals(other)
                            ? "'" + word + "' cannot be combined with "
                                    + transformations.get(0).name().toLowerCase(Locale.ROOT)
                            : "'" + other + "' cannot be combined with " + word);
        }
        if (time != null && !type.isEmpty() && !COMPARISONS.contains(type)) {
            throw Refusal.at(key, start, "'" + time.modifier() + "' cannot be combined with " + type);
        }
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
        if (!type.isEmpty() || time != null || openStart() || openEnd()) {
            return this;
        }
        List<Transformation> open = new ArrayList<>(transformations);
        open.add(Transformation.CONTAINS);
        return new Modifiers(type, time, regexFlags, all, cased, negated, open, expands);
    }

    /** What a value says once its placeholders are known. */
    List<String> texts(ScalarNode value, Expansion rule) {
        return expands ? rule.of(value) : List.of(value.getValue());
    }

    /** The test that a value of the rule asks for. */
    ValueTest compile(Node node, Expansion rule) {
        if (!(node instanceof ScalarNode scalar)) {
            throw Refusal.at(node, "a value must be text, a number, true, false or null");
        }
        if (transformations.isEmpty() && type.isEmpty() && time == null && DetectionSection.isNull(scalar)) {
            return ValueTest.Null.NULL;
        }
        if (DetectionSection.isNull(scalar)) {
            throw Refusal.at(scalar, "null cannot be modified");
        }
        List<ValueTest> tests = texts(scalar, rule).stream()
                .map(text -> compile(scalar, text, rule))
                .toList();
        return FieldItem.Several.of(tests, false);
    }

    private ValueTest compile(ScalarNode node, String text, Expansion rule) {
        if (time != null) {
            return date(time, node, text);
        }
        return switch (type) {
            case "re" -> regex(node, text);
            case "cidr" -> network(node, text);
            case "lt", "lte", "gt", "gte" -> new NumberTest(comparison(), limit(node, text));
            default -> transformations.isEmpty() && !expands ? typed(node, text) : text(node, text, rule);
        };
    }

    private Comparison comparison() {
        return type.isEmpty() ? Comparison.EQ : Comparison.valueOf(type.toUpperCase(Locale.ROOT));
    }

    private BigDecimal limit(ScalarNode node, String text) {
        BigDecimal limit = NumberTest.number(text);
        if (limit == null) {
            throw Refusal.at(node, "'" + type + "' needs a number, not '" + text + "'");
        }
        return limit;
    }

    private ValueTest date(TimePart part, ScalarNode node, String text) {
        BigDecimal number = NumberTest.number(text);
        String excess = part.excess(number);
        if (number == null || excess != null) {
            throw Refusal.at(node, excess + ", not '" + text + "'");
        }
        return new TimePart.Test(part, comparison(), number.longValueExact());
    }

    /** A value of the type that YAML gives it. */
    private ValueTest typed(ScalarNode node, String text) {
        Tag tag = node.getTag();
        if (Tag.BOOL.equals(tag)) {
            return new ValueTest.Truth(Boolean.parseBoolean(text));
        }
        if (!Tag.INT.equals(tag) && !Tag.FLOAT.equals(tag)) {
            return plain(text);
        }
        BigDecimal number = NumberTest.literal(text);
        if (number == null) {
            return plain(text);
        }
        NumberTest same = new NumberTest(Comparison.EQ, number);
        // 0x17 is 23, but an event that writes it as 0x17 is meant as well
        return NumberTest.number(text) == null ? new FieldItem.Several(List.of(same, plain(text)), false) : same;
    }

    private ValueTest plain(String text) {
        return SigmaString.parse(text).compile(cased);
    }

    private ValueTest text(ScalarNode node, String text, Expansion rule) {
        List<SigmaString> forms = List.of(SigmaString.parse(text));
        for (Transformation transformation : transformations) {
            List<SigmaString> next = new ArrayList<>();
            for (SigmaString form : forms) {
                List<SigmaString> spelled = transformation.encodes() ? rule.spelled(node, form) : List.of(form);
                spelled.forEach(one -> next.addAll(transformation.apply(one, node)));
            }
            forms = next;
        }
        List<ValueTest> tests =
                forms.stream().<ValueTest>map(form -> form.compile(cased)).toList();
        return FieldItem.Several.of(tests, false);
    }

    /** An expression is found anywhere, so {@code contains} adds nothing to it. */
    private ValueTest regex(ScalarNode node, String text) {
        boolean contains = transformations.contains(Transformation.CONTAINS);
        String start = !contains && transformations.contains(Transformation.STARTSWITH) ? "\\A" : "";
        String end = !contains && transformations.contains(Transformation.ENDSWITH) ? "\\z" : "";
        try {
            return RegularExpression.compile(
                    start.isEmpty() && end.isEmpty() ? text : start + "(?:" + text + ")" + end, regexFlags);
        } catch (IllegalArgumentException e) {
            throw Refusal.at(node, String.valueOf(e.getMessage()));
        }
    }

    private static ValueTest network(ScalarNode node, String text) {
        Network network = Network.parse(text);
        if (network == null) {
            throw Refusal.at(node, "'" + text + "' is no network in CIDR notation");
        }
        return new ValueTest.InNetwork(network);
    }
}
