package io.kordon.streams.rule;

import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression that RE2 refuses, for look-around or back-references, behind a budget: such an expression can take
 * time exponential in a text that an attacker chooses. A search that reads more than {@value #MOST_STEPS} characters,
 * counting each as often as it is read, finds nothing ({@link BacktrackingSyntax} sees to it that every choice reads); a text is looked at up to its first {@value #LONGEST_TEXT}.
 */
public final class Backtracking implements ValueTest {
    /** Some ten milliseconds. */
    static final int MOST_STEPS = 1_000_000;

    static final int LONGEST_TEXT = 65_536;

    private static final LongAdder EXHAUSTED = new LongAdder();

    private final Pattern pattern;

    Backtracking(String expression, int flags) throws PatternSyntaxException {
        this.pattern = Pattern.compile(BacktrackingSyntax.java(expression), flags | Pattern.UNIX_LINES);
    }

    /** How many searches of this process were given up, before their end or before the end of the text. */
    public static long exhausted() {
        return EXHAUSTED.sum();
    }

    @Override
    public boolean test(Object scalar) {
        String text = SigmaString.textOf(scalar);
        java.util.regex.Matcher matcher = text.isEmpty() ? nothing() : matcher(text);
        try {
            boolean found = matcher.find();
            if (!found && text.length() > LONGEST_TEXT) {
                EXHAUSTED.increment(); // what is behind was not looked at
            }
            return found;
        } catch (Exhausted | StackOverflowError e) { // java.util.regex recurses for each repeat of a group
            EXHAUSTED.increment();
            return false;
        }
    }

    private java.util.regex.Matcher matcher(String text) {
        return pattern.matcher(new Counted(text, new Budget(), 0, text.length()))
                .useAnchoringBounds(false)
                .region(0, Math.min(text.length(), LONGEST_TEXT));
    }

    /** The empty text, with a line's end behind it, for in an empty text nothing is read and so nothing counted. */
    private java.util.regex.Matcher nothing() {
        return pattern.matcher(new Counted("\n", new Budget(), 0, 1))
                .useTransparentBounds(true)
                .region(0, 0);
    }

    /** A text that counts how often it is read. */
    private record Counted(String text, Budget budget, int from, int to) implements CharSequence {
        @Override
        public char charAt(int index) {
            budget.spend();
            return text.charAt(from + index);
        }

        @Override
        public int length() {
            return to - from;
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text, budget, from + start, from + end);
        }

        @Override
        public String toString() {
            return text.substring(from, to);
        }
    }

    private static final class Budget {
        private int steps = MOST_STEPS;

        void spend() {
            steps--;
            if (steps < 0) {
                throw new Exhausted();
            }
        }
    }

    private static final class Exhausted extends RuntimeException {
        private static final long serialVersionUID = 1;

        Exhausted() {
            super("the budget of a regular expression is spent", null, false, false);
        }
    }
}
