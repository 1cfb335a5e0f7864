package io.kordon.streams.rule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A test of one value of a field. */
@FunctionalInterface
interface ValueTest {
    /** Tests a text, number or boolean. */
    boolean test(Object scalar);

    /** Tests a field's value as {@link Fields#field} gives it: any element of a list, and null only where null is meant. */
    default boolean accepts(@Nullable Object value) {
        if (value == null) {
            return false;
        }
        if (!(value instanceof List<?> list)) {
            return test(value);
        }
        for (int i = 0; i < list.size(); i++) {
            Object element = list.get(i);
            if (element != null && test(element)) {
                return true;
            }
        }
        return false;
    }

    /** The value {@code null} of a rule: a field that is absent or null. */
    enum Null implements ValueTest {
        NULL;

        @Override
        public boolean test(Object scalar) {
            return false;
        }

        @Override
        public boolean accepts(@Nullable Object value) {
            return value == null;
        }
    }

    /** A boolean, which some senders write as text. */
    record Truth(boolean expected) implements ValueTest {
        @Override
        public boolean test(Object scalar) {
            return scalar instanceof Boolean bool
                    ? bool == expected
                    : scalar instanceof String text && text.equalsIgnoreCase(String.valueOf(expected));
        }
    }

    /** A regular expression, found anywhere unless it is anchored; linear in the text, whatever the expression. */
    record Regex(com.google.re2j.Pattern pattern) implements ValueTest {
        @Override
        public boolean test(Object scalar) {
            return pattern.matcher(SigmaString.textOf(scalar)).find();
        }
    }

    /** An IP network of either family. */
    record InNetwork(Network network) implements ValueTest {
        @Override
        public boolean test(Object scalar) {
            return scalar instanceof String text && network.contains(text);
        }
    }
}
