package io.kordon.streams.rule;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** One entry of a search: a field (or none, for keywords) with its modifiers, and the values that it is held against. */
final class FieldItem {
    private FieldItem() {}

    /** An entry {@code field|modifier: values}. */
    static Matcher read(ScalarNode key, List<Node> values, Expansion expansion) {
        String text = key.getValue();
        int bar = text.indexOf('|');
        String field = bar < 0 ? text : text.substring(0, bar);
        Modifiers modifiers = Modifiers.read(key, bar < 0 ? text.length() : bar);
        String shown = modifiers.negated() ? text.replace("|neq", "") : text;
        Matcher matcher;
        if (field.isBlank()) {
            if (bar < 0) {
                throw Refusal.at(key, "a field name is empty");
            }
            matcher = keywords(modifiers, values, expansion);
        } else if (modifiers.existence()) {
            matcher = existence(shown, field, values);
        } else if (modifiers.reference()) {
            matcher = references(shown, field, modifiers, values, expansion);
        } else {
            List<Expected> expected = values.stream()
                    .map(value -> new Expected(written(value), modifiers.compile(value, expansion)))
                    .toList();
            matcher = new FieldMatcher(shown, field, expected, modifiers.all());
        }
        return modifiers.negated() ? Matcher.not(matcher) : matcher;
    }

    /** Values without a field: any text of the event may hold any of them. */
    static Matcher keywords(List<Node> values, Expansion expansion) {
        return keywords(Modifiers.NONE, values, expansion);
    }

    private static Matcher keywords(Modifiers modifiers, List<Node> values, Expansion expansion) {
        if (modifiers.existence() || modifiers.reference()) {
            throw Refusal.at(values.get(0), "'exists' and 'fieldref' need a field");
        }
        List<Matcher> parts = new ArrayList<>();
        for (Node value : values) {
            if (DetectionSection.isNull(value)) {
                throw Refusal.at(value, "a keyword cannot be null");
            }
            parts.add(new KeywordMatcher(written(value), modifiers.asKeyword().compile(value, expansion)));
        }
        return modifiers.all() ? Matcher.allOf(parts) : Matcher.anyOf(parts);
    }

    private static Matcher existence(String shown, String field, List<Node> values) {
        Node value = values.get(0);
        if (!Tag.BOOL.equals(value.getTag()) || values.size() > 1) {
            throw Refusal.at(value, "'exists' needs true or false");
        }
        return new Existence(shown, field, Boolean.parseBoolean(((ScalarNode) value).getValue()));
    }

    private static Matcher references(
            String shown, String field, Modifiers modifiers, List<Node> values, Expansion expansion) {
        List<Matcher> parts = new ArrayList<>();
        for (Node value : values) {
            if (DetectionSection.isNull(value)
                    || ((ScalarNode) value).getValue().isBlank()) {
                throw Refusal.at(value, "'fieldref' needs the name of a field");
            }
            for (String other : modifiers.texts((ScalarNode) value, expansion)) {
                parts.add(
                        new SameAs(shown, field, other, modifiers.openStart(), modifiers.openEnd(), modifiers.cased()));
            }
        }
        return modifiers.all() ? Matcher.allOf(parts) : Matcher.anyOf(parts);
    }

    /** A value as its author wrote it. */
    private static String written(Node node) {
        if (DetectionSection.isNull(node) || !(node instanceof ScalarNode scalar)) {
            return "null";
        }
        String text = scalar.getValue();
        return scalar.getScalarStyle() == ScalarStyle.PLAIN ? text : "'" + text + "'";
    }

    /** A value of the rule. */
    record Expected(String written, ValueTest test) {}

    /** A field against its values: any of them, or all, be it by different elements of a list. */
    record FieldMatcher(String key, String field, List<Expected> expected, ValueTest test) implements Matcher {
        FieldMatcher(String key, String field, List<Expected> expected, boolean all) {
            this(
                    key,
                    field,
                    expected,
                    Several.of(expected.stream().map(Expected::test).toList(), all));
        }

        @Override
        public boolean matches(Fields event) {
            return test.accepts(event.field(field));
        }

        @Override
        public Explanation explain(Fields event) {
            Object value = event.field(field);
            boolean one = expected.size() == 1;
            return new Explanation(
                    one ? key + ": " + expected.get(0).written : key,
                    test.accepts(value),
                    Explanation.shown(value),
                    one
                            ? List.of()
                            : expected.stream()
                                    .map(part -> Explanation.of(part.written, part.test.accepts(value), List.of()))
                                    .toList());
        }
    }

    /** Any text of the event against a test. */
    record KeywordMatcher(String written, ValueTest test) implements Matcher {
        @Override
        public boolean matches(Fields event) {
            return found(event) != null;
        }

        @Override
        public Explanation explain(Fields event) {
            String found = found(event);
            return new Explanation("keyword " + written, found != null, Explanation.shown(found), List.of());
        }

        private @Nullable String found(Fields event) {
            for (String text : event.texts()) {
                if (test.test(text)) {
                    return text;
                }
            }
            return null;
        }
    }

    /** Whether an event has a field, whatever its value. */
    record Existence(String key, String field, boolean expected) implements Matcher {
        @Override
        public boolean matches(Fields event) {
            return event.has(field) == expected;
        }

        @Override
        public Explanation explain(Fields event) {
            return new Explanation(
                    key + ": " + expected, matches(event), Explanation.shown(event.field(field)), List.of());
        }
    }

    /** Several tests of one value. */
    record Several(List<ValueTest> tests, boolean all) implements ValueTest {
        static ValueTest of(List<ValueTest> tests, boolean all) {
            return tests.size() == 1 ? tests.get(0) : new Several(tests, all);
        }

        @Override
        public boolean test(Object scalar) {
            return accepts(scalar);
        }

        @Override
        public boolean accepts(@Nullable Object value) {
            for (int i = 0; i < tests.size(); i++) {
                if (tests.get(i).accepts(value) != all) {
                    return !all;
                }
            }
            return all;
        }
    }

    /** Two fields of one event held against each other; a field that is absent is the same as nothing. */
    record SameAs(String key, String field, String other, boolean openStart, boolean openEnd, boolean cased)
            implements Matcher {
        @Override
        public boolean matches(Fields event) {
            Object right = event.field(other);
            if (right == null) {
                return false;
            }
            List<?> expected = right instanceof List<?> list ? list : List.of(right);
            Object left = event.field(field);
            return expected.stream()
                    .anyMatch(value -> value != null && test(value).accepts(left));
        }

        @Override
        public Explanation explain(Fields event) {
            String right = Explanation.shown(event.field(other));
            String test = key + ": " + other + (right == null ? " (absent)" : " (" + right + ")");
            return new Explanation(test, matches(event), Explanation.shown(event.field(field)), List.of());
        }

        private ValueTest test(Object value) {
            BigDecimal number = value instanceof String ? null : NumberTest.number(value);
            return number != null && !openStart && !openEnd
                    ? new NumberTest(NumberTest.Comparison.EQ, number)
                    : SigmaString.literal(SigmaString.textOf(value))
                            .open(openStart, openEnd)
                            .compile(cased);
        }
    }
}
