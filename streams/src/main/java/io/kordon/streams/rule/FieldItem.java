package io.kordon.streams.rule;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** One entry of a search: a field (or none, for keywords) with its modifiers, and the values that it is held against. */
final class FieldItem {
    private FieldItem() {}

    /** An entry {@code field|modifier: values}. */
    static Matcher read(ScalarNode key, List<Node> values) {
        String text = key.getValue();
        int bar = text.indexOf('|');
        String field = bar < 0 ? text : text.substring(0, bar);
        Modifiers modifiers = Modifiers.read(key, bar < 0 ? text.length() : bar);
        if (field.isBlank()) {
            if (bar < 0) {
                throw Refusal.at(key, "a field name is empty");
            }
            return keywords(modifiers, values);
        }
        Matcher matcher = modifiers.existence() || modifiers.reference()
                ? special(field, modifiers, values)
                : new FieldMatcher(field, join(modifiers, tests(modifiers, values)));
        return modifiers.negated() ? Matcher.not(matcher) : matcher;
    }

    /** Values without a field: any text of the event may hold any of them. */
    static Matcher keywords(List<Node> values) {
        return keywords(Modifiers.NONE, values);
    }

    private static Matcher keywords(Modifiers modifiers, List<Node> values) {
        if (modifiers.existence() || modifiers.reference()) {
            throw Refusal.at(values.get(0), "'exists' and 'fieldref' need a field");
        }
        List<Matcher> parts = new ArrayList<>();
        for (Node value : values) {
            if (DetectionSection.isNull(value)) {
                throw Refusal.at(value, "a keyword cannot be null");
            }
            parts.add(new KeywordMatcher(modifiers.asKeyword().compile(value)));
        }
        Matcher matcher = modifiers.all() ? Matcher.allOf(parts) : Matcher.anyOf(parts);
        return modifiers.negated() ? Matcher.not(matcher) : matcher;
    }

    private static List<ValueTest> tests(Modifiers modifiers, List<Node> values) {
        return values.stream().map(modifiers::compile).toList();
    }

    private static ValueTest join(Modifiers modifiers, List<ValueTest> tests) {
        return tests.size() == 1 ? tests.get(0) : new Several(tests, modifiers.all());
    }

    private static Matcher special(String field, Modifiers modifiers, List<Node> values) {
        List<Matcher> parts = new ArrayList<>();
        for (Node value : values) {
            String text = ((ScalarNode) value).getValue();
            if (modifiers.reference()) {
                if (DetectionSection.isNull(value) || text.isBlank()) {
                    throw Refusal.at(value, "'fieldref' needs the name of a field");
                }
                parts.add(new SameAs(field, text, modifiers.openStart(), modifiers.openEnd(), modifiers.cased()));
            } else {
                if (!Tag.BOOL.equals(value.getTag()) || values.size() > 1) {
                    throw Refusal.at(value, "'exists' needs true or false");
                }
                boolean expected = Boolean.parseBoolean(text);
                parts.add(event -> event.has(field) == expected);
            }
        }
        return modifiers.all() ? Matcher.allOf(parts) : Matcher.anyOf(parts);
    }

    /** A field against a test. */
    record FieldMatcher(String field, ValueTest test) implements Matcher {
        @Override
        public boolean matches(Fields event) {
            return test.accepts(event.field(field));
        }
    }

    /** Any text of the event against a test. */
    record KeywordMatcher(ValueTest test) implements Matcher {
        @Override
        public boolean matches(Fields event) {
            for (String text : event.texts()) {
                if (test.test(text)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Several values of one field. With {@code all}, each must be met, be it by different elements of a list. */
    record Several(List<ValueTest> tests, boolean all) implements ValueTest {
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
    record SameAs(String field, String other, boolean openStart, boolean openEnd, boolean cased) implements Matcher {
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
