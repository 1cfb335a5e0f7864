package io.kordon.streams.rule;

import java.util.Arrays;

/**
 * Tests of text. Case is ignored as {@link String#equalsIgnoreCase} ignores it, character by character, so that no event's
 * text is ever copied.
 */
sealed interface TextTest extends ValueTest {
    boolean test(String text);

    @Override
    default boolean test(Object scalar) {
        return test(scalar instanceof String text ? text : SigmaString.textOf(scalar));
    }

    /** One character for all cases of a character. */
    static char fold(char c) {
        if (c < 0x80) {
            return c >= 'A' && c <= 'Z' ? (char) (c + 0x20) : c;
        }
        return Character.toLowerCase(Character.toUpperCase(c));
    }

    /** Any value at all. */
    enum Any implements TextTest {
        ANY;

        @Override
        public boolean test(String text) {
            return true;
        }
    }

    /** The whole text. */
    record Equal(String expected, boolean cased) implements TextTest {
        @Override
        public boolean test(String text) {
            return text.length() == expected.length() && text.regionMatches(!cased, 0, expected, 0, text.length());
        }
    }

    /** The beginning of a text. */
    record StartsWith(String start, boolean cased) implements TextTest {
        @Override
        public boolean test(String text) {
            return text.regionMatches(!cased, 0, start, 0, start.length());
        }
    }

    /** The end of a text. */
    record EndsWith(String end, boolean cased) implements TextTest {
        @Override
        public boolean test(String text) {
            return text.regionMatches(!cased, text.length() - end.length(), end, 0, end.length());
        }
    }

    /** A part of a text; {@code part} is folded unless cased, and not empty. */
    record Contains(String part, boolean cased) implements TextTest {
        @Override
        public boolean test(String text) {
            if (cased) {
                return text.contains(part);
            }
            char first = part.charAt(0);
            int last = text.length() - part.length();
            for (int at = 0; at <= last; at++) {
                if (fold(text.charAt(at)) == first && matchesAt(text, at)) {
                    return true;
                }
            }
            return false;
        }

        private boolean matchesAt(String text, int at) {
            for (int i = 1; i < part.length(); i++) {
                if (fold(text.charAt(at + i)) != part.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Wildcards inside. Only the last {@code *} is ever gone back to, so the time is at most the text's length times the
     * pattern's.
     */
    final class Glob implements TextTest {
        private final int[] units;
        private final boolean cased;

        Glob(int[] units, boolean cased) {
            this.units = units.clone();
            this.cased = cased;
        }

        @Override
        public boolean test(String text) {
            int at = 0;
            int unit = 0;
            int star = -1;
            int afterStar = 0;
            while (at < text.length()) {
                if (unit < units.length && SigmaString.isMany(units[unit])) {
                    star = unit++;
                    afterStar = at;
                } else if (unit < units.length && SigmaString.fits(units[unit], unitOf(text.charAt(at)))) {
                    at += SigmaString.isOne(units[unit]) ? width(text, at) : 1;
                    unit++;
                } else if (star >= 0) {
                    unit = star + 1;
                    afterStar++;
                    at = afterStar;
                } else {
                    return false;
                }
            }
            while (unit < units.length && SigmaString.isMany(units[unit])) {
                unit++;
            }
            return unit == units.length;
        }

        private char unitOf(char c) {
            return cased ? c : fold(c);
        }

        /** A {@code ?} stands for a character, which may be two UTF-16 units. */
        private static int width(String text, int at) {
            return Character.charCount(text.codePointAt(at));
        }

        @Override
        public String toString() {
            return "Glob" + Arrays.toString(units);
        }
    }
}
